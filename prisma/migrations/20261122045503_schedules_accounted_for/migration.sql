-- DropIndex
DROP INDEX "report_scheduled_report_id_scheduled_for_key";

-- AlterTable
ALTER TABLE "scheduled_report" ADD COLUMN     "accounted_until" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "owner_gone_told_at" TIMESTAMPTZ(3),
ADD COLUMN     "pause_after_failures" INTEGER,
ADD COLUMN     "spread_minutes" INTEGER;

-- AlterTable
ALTER TABLE "report" ADD COLUMN     "repetition" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE UNIQUE INDEX "report_scheduled_report_id_scheduled_for_repetition_key" ON "report"("scheduled_report_id", "scheduled_for", "repetition");
