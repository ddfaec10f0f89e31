-- CreateIndex
CREATE INDEX "report_requested_at_idx" ON "report"("requested_at");

-- CreateIndex
CREATE INDEX "report_delivery_idx" ON "report"("delivery");
