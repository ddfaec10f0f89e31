#!/bin/sh
# The image's commands; `exec`, so that SIGTERM reaches the process itself.
set -eu
if [ -n "${COMPOSE_PROFILES:-}" ]; then . docker/compose-parts.sh; fi
case "${1:-}" in
  api) exec node api/server.ts ;;
  # As config/lean-node.ts says.
  worker)
    export MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576
    exec node --max-semi-space-size=2 activities/worker.ts
    ;;
  migrate)
    node --disable-warning=ExperimentalWarning prisma/migrate.ts
    # Production has no demo, whatever DEMO says.
    if [ "${DEMO:-false}" = true ] && [ "${NODE_ENV:-}" != production ]; then
      node demo/data/seed.ts
      node demo/seed-accounts.ts
    fi
    ;;
  create-admin) shift; exec node api/auth/create-admin.ts "$@" ;;
  rapporteur) shift; exec node cli/rapporteur.ts "$@" ;;
  deactivate-demo-accounts) exec node demo/deactivate-demo-accounts.ts ;;
  *) echo "Commands: api, worker, migrate, create-admin EMAIL, rapporteur, deactivate-demo-accounts" >&2; exit 64 ;;
esac
