-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/db/migrate.c and lib/db/rights.c.

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

-- Rights on tables, of a grantee as in 'bp_web'@'localhost' on a database; without them of whoever asks on the one in use.
-- name: rights_of many
-- in: opt str grantee, opt str schema
-- out: str table, str rights
SELECT r.table_name, GROUP_CONCAT(IF(r.cols = '', r.verb, CONCAT(r.verb, ' (', r.cols, ')')) ORDER BY FIELD(r.verb, 'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'GRANT OPTION') SEPARATOR ', ')
FROM (
  SELECT p.grantee, p.table_schema, p.table_name, p.privilege_type AS verb, '' AS cols FROM information_schema.table_privileges p
  UNION
  SELECT p.grantee, p.table_schema, p.table_name, 'GRANT OPTION', '' FROM information_schema.table_privileges p WHERE p.is_grantable = 'YES'
  UNION
  SELECT p.grantee, p.table_schema, p.table_name, p.privilege_type, GROUP_CONCAT(p.column_name ORDER BY p.column_name SEPARATOR ', ')
  FROM information_schema.column_privileges p GROUP BY p.grantee, p.table_schema, p.table_name, p.privilege_type) r
WHERE r.grantee = COALESCE(:grantee, REPLACE(CONCAT('''', CURRENT_USER(), ''''), '@', '''@''')) AND r.table_schema = COALESCE(:schema, DATABASE())
GROUP BY r.table_name ORDER BY r.table_name;

-- What somebody may do on the whole of a database, by each name that GRANT knows it by.
-- name: rights_schemas many
-- in: str grantee, str schema
-- out: str name, str rights
SELECT table_schema, GROUP_CONCAT(privilege_type SEPARATOR ', ') FROM information_schema.schema_privileges
WHERE grantee = :grantee AND REPLACE(table_schema, '\\', '') = REPLACE(:schema, '\\', '') GROUP BY table_schema;

-- What whoever asks may do on more than tables, and is not meant to.
-- name: rights_beside one
-- out: opt str words
SELECT GROUP_CONCAT(DISTINCT p.privilege_type ORDER BY p.privilege_type SEPARATOR ', ') FROM (
  SELECT privilege_type FROM information_schema.user_privileges WHERE privilege_type <> 'USAGE'
  UNION ALL SELECT privilege_type FROM information_schema.schema_privileges WHERE privilege_type <> 'CREATE TEMPORARY TABLES') p;

-- name: analyst_views many
-- out: str name
SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE() AND table_name LIKE 'bi\\_%' ORDER BY table_name;

-- name: analysts many
-- in: opt str name
-- out: str name, opt str territory, time created_at, time renewed_at
SELECT a.username, t.code, a.created_at, a.renewed_at FROM analyst a LEFT JOIN territory t ON t.id = a.territory_id
WHERE :name IS NULL OR a.username = :name ORDER BY a.username;

-- name: analyst_add exec
-- in: str name, int territory
INSERT INTO analyst (username, territory_id, created_at, renewed_at) VALUES (:name, :territory, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));

-- name: analyst_renewed exec
-- in: str name
UPDATE analyst SET renewed_at = UTC_TIMESTAMP(3) WHERE username = :name;

-- name: analyst_drop exec
-- in: str name
DELETE FROM analyst WHERE username = :name;

-- name: ping one
-- out: int one
SELECT 1;
