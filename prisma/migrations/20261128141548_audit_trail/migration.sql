-- CreateTable
CREATE TABLE "audit_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "key_name" TEXT,
    "ip_address" TEXT,
    "request_id" TEXT,
    "subject_type" TEXT,
    "subject_id" TEXT,
    "subject" TEXT,
    "changes" JSONB NOT NULL DEFAULT '[]',
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at" DESC);

-- CreateIndex
CREATE INDEX "audit_event_actor_id_at_idx" ON "audit_event"("actor_id", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_event_kind_at_idx" ON "audit_event"("kind", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_event_subject_type_subject_id_at_idx" ON "audit_event"("subject_type", "subject_id", "at" DESC);

-- CreateIndex
CREATE INDEX "api_key_expires_at_idx" ON "api_key"("expires_at");

-- An entry is written once. Only retention deletes, and says so for its own transaction. (The migrations are cut at
-- every semicolon, hence \x3b.)
CREATE FUNCTION "audit_event_stays"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  IF TG_OP = ''DELETE'' AND current_setting(''rapporteur.audit_retention'', true) = ''on'' THEN
    RETURN OLD\x3b
  END IF\x3b
  RAISE EXCEPTION ''the audit trail is never changed'' USING ERRCODE = ''insufficient_privilege''\x3b
END';
CREATE TRIGGER "audit_event_stays" BEFORE UPDATE OR DELETE ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION "audit_event_stays"();
CREATE TRIGGER "audit_event_is_not_emptied" BEFORE TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_event_stays"();
