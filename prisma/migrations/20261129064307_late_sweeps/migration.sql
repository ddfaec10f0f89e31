-- AlterTable
ALTER TABLE "installation" ADD COLUMN     "late_sweep_claimed_at" TIMESTAMPTZ(3),
ADD COLUMN     "late_sweep_told_at" TIMESTAMPTZ(3),
ADD COLUMN     "reconciled_at" TIMESTAMPTZ(3),
ADD COLUMN     "swept_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp();
