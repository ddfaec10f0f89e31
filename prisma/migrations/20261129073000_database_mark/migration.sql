-- CreateTable
CREATE TABLE "database_mark" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "written_by" BIGINT NOT NULL,
    "timeline" INTEGER,

    CONSTRAINT "database_mark_pkey" PRIMARY KEY ("id")
);

-- A row that is copied into another database, by a restored dump, was not written by the transaction that it names.
INSERT INTO "database_mark" ("written_by") VALUES (pg_current_xact_id()::text::bigint);
