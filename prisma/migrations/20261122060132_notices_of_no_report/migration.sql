-- AlterTable
ALTER TABLE "notice" ALTER COLUMN "report_number" DROP NOT NULL;
