#!/bin/sh
# Runs a command with secrets that lie in files: NAME_FILE=/run/secrets/x becomes NAME=<what is in it>.
set -eu
for variable in PREFECT_API_AUTH_STRING PREFECT_SERVER_API_AUTH_STRING PREFECT_SERVER_DATABASE_CONNECTION_URL \
    SECTORWATCH_STORE__URL; do
    file=$(printenv "${variable}_FILE" || true)
    if [ -n "$file" ]; then
        value=$(cat "$file")
        export "$variable=$value"
        unset "${variable}_FILE"
    fi
done
exec "$@"
