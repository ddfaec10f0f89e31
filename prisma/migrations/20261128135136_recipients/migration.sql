-- CreateTable
CREATE TABLE "request_unsubscription" (
    "owner_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "unsubscribed_at" TIMESTAMPTZ(3),

    CONSTRAINT "request_unsubscription_pkey" PRIMARY KEY ("owner_id","email")
);

-- CreateTable
CREATE TABLE "recipient_quota" (
    "user_id" TEXT NOT NULL,
    "recipients" INTEGER NOT NULL,
    "window_ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recipient_quota_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "recipient_quota_window_ends_at_idx" ON "recipient_quota"("window_ends_at");

-- AddForeignKey
ALTER TABLE "request_unsubscription" ADD CONSTRAINT "request_unsubscription_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recipient_quota" ADD CONSTRAINT "recipient_quota_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
