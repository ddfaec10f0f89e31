#!/bin/sh
# Creates Temporal's two databases in PostgreSQL, or brings their schemas up to date. Harmless when they are.
set -eu
schemas=/etc/temporal/schema/postgresql/v12
for name in temporal temporal_visibility; do
  folder=${name#temporal_}
  tool="temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user $POSTGRES_USER --db $name"
  $tool create
  $tool setup-schema -v 0.0
  $tool update-schema -d "$schemas/$folder/versioned"
done
