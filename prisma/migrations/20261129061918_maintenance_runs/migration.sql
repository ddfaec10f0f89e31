-- CreateTable
CREATE TABLE "maintenance_run" (
    "job" TEXT NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "maintenance_run_pkey" PRIMARY KEY ("job")
);
