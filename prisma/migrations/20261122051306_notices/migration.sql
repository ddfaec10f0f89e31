-- AlterTable
ALTER TABLE "scheduled_report" ADD COLUMN     "alerted_at" TIMESTAMPTZ(3),
ADD COLUMN     "failed_in_a_row" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "notice" (
    "id" UUID NOT NULL,
    "report_number" INTEGER NOT NULL,
    "round" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "details" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempted_at" TIMESTAMPTZ(3),
    "message_id" TEXT,
    "response" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "notice_report_number_idx" ON "notice"("report_number");

-- CreateIndex
CREATE INDEX "notice_user_id_idx" ON "notice"("user_id");

-- CreateIndex
CREATE INDEX "notice_status_created_at_idx" ON "notice"("status", "created_at");

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_report_number_fkey" FOREIGN KEY ("report_number") REFERENCES "report"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
