#!/usr/bin/env bash
# Installs one hash-locked file into a virtual environment: by uv, and by pip where uv cannot reach what pip can.
set -euo pipefail
venv="$1" lock="$2"

# uv does not read pip's configuration: a machine that knows its mirror or its certificates only there must work too.
setting() { "$venv/bin/python" -m pip config get "$1" 2>/dev/null || true; }
index="${PIP_INDEX_URL:-$(setting global.index-url)}"
certificates="${PIP_CERT:-$(setting global.cert)}"
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
[ -z "$certificates" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$certificates}"

"$venv/bin/uv" pip install -q --python "$venv/bin/python" --compile-bytecode --require-hashes -r "$lock" || {
  echo "uv could not install; trying pip, which takes longer ..." >&2
  "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r "$lock"
}
