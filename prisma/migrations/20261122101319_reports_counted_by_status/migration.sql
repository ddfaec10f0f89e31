-- CreateIndex
CREATE INDEX "report_owner_id_status_number_idx" ON "report"("owner_id", "status", "number" DESC);
