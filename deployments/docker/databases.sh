#!/bin/sh
# A database and an owner for each of the two; run once by the image of PostgreSQL, on an empty volume.
set -eu
for name in sectorwatch prefect; do
    psql --set ON_ERROR_STOP=1 --set name="$name" --set password="$(cat "/run/secrets/${name}_password")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
psql --dbname prefect --command 'CREATE EXTENSION IF NOT EXISTS pg_trgm'
