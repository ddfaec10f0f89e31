-- CreateTable
CREATE TABLE "unsubscription" (
    "scheduled_report_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "unsubscribed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unsubscription_pkey" PRIMARY KEY ("scheduled_report_id","email")
);

-- AddForeignKey
ALTER TABLE "unsubscription" ADD CONSTRAINT "unsubscription_scheduled_report_id_fkey" FOREIGN KEY ("scheduled_report_id") REFERENCES "scheduled_report"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The notices to owners said so until now.
INSERT INTO "unsubscription" ("scheduled_report_id", "email", "unsubscribed_at")
SELECT report."scheduled_report_id", lower(notice."details" ->> 'recipient'), max(notice."created_at")
FROM "notice" AS notice
JOIN "report" AS report ON report."number" = notice."report_number"
WHERE notice."kind" = 'recipient_unsubscribed' AND report."scheduled_report_id" IS NOT NULL
GROUP BY 1, 2;
