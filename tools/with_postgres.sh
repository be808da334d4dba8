#!/usr/bin/env bash
# Runs a command against a throw-away PostgreSQL of its own: tools/with_postgres.sh pytest …
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || { initdb=$(command -v initdb || true); [ -n "$initdb" ] && bin=$(dirname "$(readlink -f "$initdb")"); }
if [ -z "$bin" ]; then
    echo "没有 PostgreSQL，不能在其上运行。请由管理员执行：apt-get install postgresql" >&2
    exit 1
fi
folder=$(mktemp -d /tmp/xinmei-postgres-XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL does not run as root
    id postgres >/dev/null 2>&1 || useradd --system postgres
    chown postgres "$folder"
    as=(runuser -u postgres --)
fi
stop() {
    (cd / && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap stop EXIT
# Nothing here outlives the command, so nothing waits for the disk; who measures sets XINMEI_POSTGRES_DURABLE=1.
speed="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
[ -z "${XINMEI_POSTGRES_DURABLE:-}" ] || speed=""
(
    cd /
    "${as[@]}" "$bin/initdb" -D "$folder/data" -U xinmei -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -o "-c listen_addresses='' -c unix_socket_directories=$folder $speed -c shared_buffers=256MB" -l "$folder/log" start >/dev/null
    "${as[@]}" "$bin/createdb" -h "$folder" -U xinmei xinmei
)
chmod 755 "$folder"
XINMEI_DATABASE="postgresql://xinmei@/xinmei?host=$folder" "$@"
