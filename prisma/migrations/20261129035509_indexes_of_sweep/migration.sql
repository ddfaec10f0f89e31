-- CreateIndex
CREATE INDEX "report_log_archived_status_number_idx" ON "report"("log_archived", "status", "number");

-- CreateIndex
CREATE INDEX "notice_kind_created_at_idx" ON "notice"("kind", "created_at");
