-- AlterTable
ALTER TABLE "report" ADD COLUMN     "stuck" JSONB;
