-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/db/migrate.c.

-- name: schema_patch_get one
-- in: str name
-- out: str sha256
SELECT sha256 FROM schema_patch WHERE name = :name;

-- name: schema_patch_add exec
-- in: str name, str sha256
INSERT INTO schema_patch (name, sha256, applied_at) VALUES (:name, :sha256, UTC_TIMESTAMP(3));

-- name: schema_tables many
-- out: str name
SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name;

-- From where an account may connect: 'bp_app'@'localhost'.
-- name: schema_accounts many
-- in: str app
-- out: str host
SELECT DISTINCT TRIM(TRAILING '\'' FROM SUBSTRING(grantee, CHAR_LENGTH(:app) + 5)) AS host FROM information_schema.user_privileges
WHERE LEFT(grantee, CHAR_LENGTH(:app) + 4) = CONCAT('\'', :app, '\'@\'') ORDER BY host;

-- name: ping one
-- out: int one
SELECT 1;
