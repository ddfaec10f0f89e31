-- AlterTable
ALTER TABLE "scheduled_report" ADD COLUMN     "csv" JSONB;

-- AlterTable
ALTER TABLE "report" ADD COLUMN     "csv" JSONB;
