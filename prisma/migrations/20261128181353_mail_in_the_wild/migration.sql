-- AlterTable
ALTER TABLE "report" ADD COLUMN     "uncertain_recipients" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "mail_pace" (
    "server" TEXT NOT NULL,
    "connections" DOUBLE PRECISION,
    "rate" DOUBLE PRECISION,
    "connections_refused" DOUBLE PRECISION,
    "rate_refused" DOUBLE PRECISION,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "paused_until" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "refusals" INTEGER NOT NULL DEFAULT 0,
    "lowered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "held" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "mail_pace_pkey" PRIMARY KEY ("server")
);
