-- AlterTable
ALTER TABLE "user" ADD COLUMN     "link_generation" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "unsubscription" ADD COLUMN     "times" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "request_unsubscription" ADD COLUMN     "times" INTEGER NOT NULL DEFAULT 1;
