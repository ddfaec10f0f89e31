-- CreateTable
CREATE TABLE "catalogue_in_use" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "version" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalogue_in_use_pkey" PRIMARY KEY ("id")
);
