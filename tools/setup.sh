#!/usr/bin/env bash
# Makes .venv from the locked requirements; what the machine lacks is installed where that is allowed, else named.
#   tools/setup.sh           what the product needs
#   tools/setup.sh dev       what the checks need on top (Chromium, PostgreSQL, Redis, Chinese fonts)
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock

say() { printf '%s\n' "$*" >&2; }

# Installs Debian packages where we may; else says which are missing and ends with what the caller decided ($1: must or may).
need() {
    local how=$1; shift
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        say "安装系统软件包：$*"
        if { [ -n "$(ls -A /var/lib/apt/lists 2>/dev/null | grep -v -e lock -e partial)" ] || apt-get update -qq >/dev/null; } \
            && { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
                || { apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }; }; then
            return 0
        fi
    fi
    say "缺少系统软件包：$*。请由管理员执行：apt-get install $*"
    [ "$how" = may ] || exit 1
}

python=""
for name in python3.11 python3.12 python3.13 python3; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$name; break; fi
done
[ -n "$python" ] || { need must python3; python=python3; }
"$python" -c 'import ensurepip, venv' 2>/dev/null || need must python3-venv
# The screening engine is compiled where a compiler is; elsewhere a library gives the same hits more slowly.
if ! command -v gcc >/dev/null || ! "$python" -c 'import sysconfig, os, sys; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'; then
    need may gcc libc6-dev python3-dev
fi
if [ "$kind" = dev ]; then
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || need may chromium
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need may postgresql
    command -v redis-server >/dev/null || command -v valkey-server >/dev/null || need may redis-server
    fc-list :lang=zh 2>/dev/null | grep -q . || need may fonts-noto-cjk fontconfig
    command -v pdftoppm >/dev/null || need may poppler-utils
else
    fc-list :lang=zh 2>/dev/null | grep -q . || need may fonts-noto-cjk fontconfig
fi

stamp=.venv/.ready-$kind
wanted=$(cat "$lock" pyproject.toml setup.py $(git ls-files 'xinmei/*.c') 2>/dev/null | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    say "安装依赖（$lock）…"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$wanted" > "$stamp"
fi
# Every command and every worker starts from compiled modules, also where Python is told not to write them.
.venv/bin/python -m compileall -q xinmei || true
