# Where the parts are that docker-compose.yml starts by COMPOSE_PROFILES, for what has no address of its own. A password
# stays apart from the address, so that it may have any character. Read by entrypoint.sh.

# Whether compose starts a part: by its own profile, or by that of all.
is_here() {
  case ",${COMPOSE_PROFILES:-}," in
    *",$1,"* | *,demo,*) true ;;
    *) false ;;
  esac
}

# By itself, or in a file.
is_given() { eval "[ -n \"\${$1:-}\${$1_FILE:-}\" ]"; }

# use NAME VALUE
use() {
  if ! is_given "$1"; then export "$1=$2"; fi
}

if is_here postgres && ! is_given DATABASE_URL; then
  export DATABASE_URL=postgresql://rapporteur@postgres:5432/rapporteur
  use DATABASE_PASSWORD "${POSTGRES_PASSWORD:-rapporteur}"
  if ! is_given SOURCE_DATABASE_URL; then
    # The demo: one role writes it, another one reads it and may do nothing else.
    export SOURCE_DATABASE_URL=postgresql://rapporteur_reader@postgres:5432/demo
    use SOURCE_DATABASE_PASSWORD "${DEMO_READER_PASSWORD:-rapporteur-reader}"
    export DEMO_DATABASE_URL=postgresql://rapporteur@postgres:5432/demo
    use DEMO_DATABASE_PASSWORD "${POSTGRES_PASSWORD:-rapporteur}"
    use DEMO true
  fi
fi

if is_here temporal && ! is_given TEMPORAL_ADDRESS; then
  export TEMPORAL_ADDRESS=temporal:7233
  use TEMPORAL_WEB_URL http://localhost:8233
fi

if is_here storage && ! is_given S3_ENDPOINT && ! is_given S3_BUCKET; then
  export S3_ENDPOINT=http://storage:7070 S3_BUCKET=rapporteur
  use S3_PUBLIC_ENDPOINT "http://localhost:${S3_PORT:-9000}"
  use S3_ACCESS_KEY_ID rapporteur
  use S3_SECRET_ACCESS_KEY rapporteur-local-storage
fi

if is_here inbox; then use SMTP_URL smtp://inbox:1025; fi
