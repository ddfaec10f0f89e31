-- Whoever was bound to an account by the identity provider may have been bound by an address that nobody verified, and
-- without the issuer's name: each signs in again with a verified address, and is bound anew. Passwords stay.
ALTER TABLE "user" ADD COLUMN     "joined_at" TIMESTAMPTZ(3),
ADD COLUMN     "linkable" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "password_link" INTEGER NOT NULL DEFAULT 0;
UPDATE "user" SET "joined_at" = "created_at";
UPDATE "user" SET "linkable" = true
WHERE "id" IN (SELECT "user_id" FROM "account" WHERE "provider_id" = 'oidc');
DELETE FROM "session" WHERE "user_id" IN (SELECT "user_id" FROM "account" WHERE "provider_id" = 'oidc');
DELETE FROM "account" WHERE "provider_id" <> 'credential';
DELETE FROM "account" AS older USING "account" AS newer
WHERE older."user_id" = newer."user_id" AND (older."created_at", older."id") < (newer."created_at", newer."id");

-- A ban that has ended is none. Roles were names joined by commas.
UPDATE "user" SET "banned" = false WHERE "banned" AND "ban_expires" < now();
UPDATE "user" SET "role" = CASE WHEN 'admin' = ANY (string_to_array("role", ',')) THEN 'admin' ELSE 'user' END;
ALTER TABLE "user" ADD CONSTRAINT "user_role_check" CHECK ("role" IN ('admin', 'user'));

-- Keys made before opened everything, for ever: they keep what they open, for a year.
UPDATE "api_key" SET
  "permissions" = '{"reports":["read","write"],"scheduled-reports":["write"],"people":["write"]}',
  "expires_at" = COALESCE("expires_at", now() + interval '1 year');

-- DropIndex
DROP INDEX "account_user_id_idx";

-- AlterTable
ALTER TABLE "user" DROP COLUMN "ban_expires",
DROP COLUMN "ban_reason";

-- AlterTable
ALTER TABLE "session" DROP COLUMN "impersonated_by",
ADD COLUMN     "via_provider" BOOLEAN NOT NULL DEFAULT false;

-- Tokens of the provider are not kept.
ALTER TABLE "account" ADD CONSTRAINT "account_no_tokens" CHECK (
  "access_token" IS NULL AND "refresh_token" IS NULL AND "id_token" IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "account_provider_id_account_id_key" ON "account"("provider_id", "account_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_user_id_provider_id_key" ON "account"("user_id", "provider_id");
