-- AlterTable
ALTER TABLE "user" ADD COLUMN     "anonymised_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "report" ADD COLUMN     "removed_details" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "verification_expires_at_idx" ON "verification"("expires_at");

-- CreateIndex
CREATE INDEX "report_file_removed_at_file_available_at_idx" ON "report"("file_removed_at", "file_available_at");

-- CreateIndex
CREATE INDEX "report_removed_details_requested_at_idx" ON "report"("removed_details", "requested_at");
