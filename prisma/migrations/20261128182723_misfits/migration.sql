-- AlterTable
ALTER TABLE "report" ADD COLUMN     "misfits" JSONB;
