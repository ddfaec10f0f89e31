-- AlterTable
ALTER TABLE "report" ADD COLUMN     "ended_round" INTEGER,
ADD COLUMN     "unsubscribed" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "installation_fault" (
    "part" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "installation_fault_pkey" PRIMARY KEY ("part")
);
