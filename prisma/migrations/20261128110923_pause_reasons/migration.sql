-- AlterTable
ALTER TABLE "scheduled_report" ADD COLUMN     "pause_reason" JSONB;

-- Our own sentences, of either language, become the code they told. Anything else is what an operator wrote. The name
-- and "Paused in Rapporteur" are what a Schedule says that tells no reason. Semicolons in the texts are \u003B, since
-- the migration engine splits this file at each, in texts and comments too.
UPDATE "scheduled_report" AS definition
SET "pause_reason" = CASE
    WHEN failures IS NOT NULL THEN jsonb_build_object(
        'kind', 'failures', 'times', failures[1]::numeric, 'number', failures[2]::numeric)
    WHEN owners IS NOT NULL THEN jsonb_build_object(
        'kind', 'owner_inactive', 'owner', coalesce(owners[1], owners[2]))
    WHEN is_unsubscribed THEN jsonb_build_object('kind', 'unsubscribed')
    ELSE jsonb_build_object('kind', 'operator', 'note', note)
END
FROM (
    SELECT "id", "pause_note" AS note,
        regexp_match("pause_note",
            '^(?:Mis en pause après|Paused after) (\d+) (?:échec|failure)[^\u003B]*\u003B (?:dernier : N°|the last one: No\.) (\d+)\.$'
        ) AS failures,
        regexp_match("pause_note",
            '^(?:Mis en pause\u00A0: le compte de (.+) est désactivé|Paused: the account of (.+) is deactivated)\.$'
        ) AS owners,
        "pause_note" ~ '^(?:Mis en pause\u00A0: le dernier destinataire s’est désabonné|Paused: the last recipient unsubscribed)\.$'
        AS is_unsubscribed
    FROM "scheduled_report"
    WHERE "pause_note" NOT IN ('', "name", 'Paused in Rapporteur')
) AS told
WHERE told."id" = definition."id";

-- AlterTable
ALTER TABLE "scheduled_report" DROP COLUMN "pause_note";
