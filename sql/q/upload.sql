-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/intake about uploads on their way, tickets, rows by API, and the sweep of raw files.

-- name: server_key_get one
-- in: str name
-- out: str secret
SELECT secret FROM server_key WHERE name = :name;

-- name: server_key_add exec
-- in: str name, str secret
INSERT IGNORE INTO server_key (name, secret) VALUES (:name, :secret);

-- name: transfer_add exec
-- in: int session, str name, opt str row, str entity, int bytes, int modified, opt int ticket, int user, int seconds
INSERT INTO import_transfer (session_id, name, row_element, entity, bytes, modified, ticket_id, created_by, created_at, expires_at)
VALUES (:session, LEFT(:name, 255), :row, :entity, :bytes, :modified, :ticket, :user, UTC_TIMESTAMP(3),
  UTC_TIMESTAMP(3) + INTERVAL :seconds SECOND);

-- name: transfer_get one
-- in: int id
-- out: int id, int session_id, str name, opt str row_element, str entity, int bytes, int modified, opt int ticket_id, str state, opt str sha256, opt int file_id, opt str tables, opt str problem, int created_by, time created_at, time expires_at, int expired
SELECT id, session_id, name, row_element, entity, bytes, modified, ticket_id, state, sha256, file_id, tables, problem, created_by,
  created_at, expires_at, expires_at < UTC_TIMESTAMP(3)
FROM import_transfer WHERE id = :id;

-- name: transfer_of_ticket one
-- in: int ticket
-- out: int id
SELECT id FROM import_transfer WHERE ticket_id = :ticket ORDER BY id DESC LIMIT 1;

-- name: transfers many
-- in: int session
-- out: int id, int session_id, str name, opt str row_element, str entity, int bytes, int modified, opt int ticket_id, str state, opt str sha256, opt int file_id, opt str tables, opt str problem, int created_by, time created_at, time expires_at, int expired
SELECT id, session_id, name, row_element, entity, bytes, modified, ticket_id, state, sha256, file_id, tables, problem, created_by,
  created_at, expires_at, expires_at < UTC_TIMESTAMP(3)
FROM import_transfer WHERE session_id = :session AND state = 'OPEN' AND expires_at >= UTC_TIMESTAMP(3) ORDER BY id LIMIT 500;

-- name: transfer_done exec
-- in: int id, opt int file, str tables, str sha256
UPDATE import_transfer SET state = 'DONE', file_id = :file, tables = :tables, sha256 = :sha256 WHERE id = :id AND state = 'OPEN';

-- name: transfer_refuse exec
-- in: int id, str problem
UPDATE import_transfer SET state = 'REFUSED', problem = LEFT(:problem, 1000) WHERE id = :id AND state = 'OPEN';

-- name: transfer_drop exec
-- in: int id
DELETE FROM import_transfer WHERE id = :id;

-- name: transfers_over many
-- in: int limit
-- out: int id
SELECT id FROM import_transfer WHERE expires_at < UTC_TIMESTAMP(3) ORDER BY id LIMIT :limit;

-- name: ticket_add exec
-- in: int session, str name, int user, int expires
INSERT INTO import_ticket (session_id, name, created_by, created_at, expires_at)
VALUES (:session, LEFT(:name, 255), :user, UTC_TIMESTAMP(3), :expires);

-- name: ticket_get one
-- in: int id
-- out: int id, int session_id, str name, int created_by, int expires_at, int expired, int used
SELECT t.id, t.session_id, t.name, t.created_by, t.expires_at, t.expires_at < UNIX_TIMESTAMP(), t.used_at IS NOT NULL
FROM import_ticket t JOIN user u ON u.id = t.created_by WHERE t.id = :id AND u.active = 1;

-- name: ticket_use exec
-- in: int id
UPDATE import_ticket SET used_at = UTC_TIMESTAMP(3) WHERE id = :id AND used_at IS NULL;

-- name: import_file_origin_set exec
-- in: int id, str sha256, int upload
UPDATE import_file SET sha256 = :sha256, upload = :upload WHERE id = :id;

-- Where a file came from, and the earlier file with the same bytes, if there is one.
-- name: import_file_origin one
-- in: int id
-- out: opt str sha256, opt time raw_gone_at, opt int twin_session, opt str twin_name, opt time twin_at
SELECT f.sha256, f.raw_gone_at, t.session_id, t.name, t.created_at
FROM import_file f LEFT JOIN import_file t ON t.id = (SELECT MIN(x.id) FROM import_file x
  WHERE x.sha256 = f.sha256 AND x.id < f.id AND NOT (x.session_id = f.session_id AND x.upload <=> f.upload))
WHERE f.id = :id;

-- name: import_limits one
-- in: int session
-- out: int stop_percent, int stop_after, int stop_rows, int publish
SELECT stop_percent, stop_after, stop_rows, publish FROM import_session WHERE id = :session;

-- name: import_limits_set exec
-- in: int session, int percent, int after, int rows
UPDATE import_session SET stop_percent = :percent, stop_after = :after, stop_rows = :rows WHERE id = :session;

-- How many imports wait before this one.
-- name: import_job_ahead one
-- in: int job
-- out: int ahead
SELECT COUNT(*) FROM job a JOIN job j ON j.id = :job
WHERE a.kind IN ('IMPORT_CHECK', 'IMPORT_PUBLISH') AND a.id <> j.id AND j.state = 'queued'
  AND (a.state = 'running' OR (a.state = 'queued' AND (a.priority > j.priority OR (a.priority = j.priority AND a.id < j.id))));

-- Raw files whose time is over: those of sessions that have ended, and of those that nobody went on with.
-- name: import_raw_over many
-- in: int days, int limit
-- out: int id, int session_id
SELECT f.id, f.session_id FROM import_file f JOIN import_session s ON s.id = f.session_id
WHERE f.raw_gone_at IS NULL AND f.created_at < UTC_TIMESTAMP(3) - INTERVAL :days DAY
  AND s.status IN ('COMPLETED', 'CANCELLED', 'FAILED', 'UPLOADING', 'READY')
  AND COALESCE(s.completed_at, s.created_at) < UTC_TIMESTAMP(3) - INTERVAL :days DAY
ORDER BY f.id LIMIT :limit;

-- name: import_raw_gone exec
-- in: int id
UPDATE import_file SET raw_gone_at = UTC_TIMESTAMP(3) WHERE id = :id;

-- name: transfer_renew exec
-- in: int id, int seconds
UPDATE import_transfer SET expires_at = GREATEST(expires_at, UTC_TIMESTAMP(3) + INTERVAL :seconds SECOND) WHERE id = :id AND state = 'OPEN';

-- Saved mappings are kept by name; the newest version counts.
-- name: import_schema_newest one
-- in: str name, str entity
-- out: str mapping
SELECT mapping FROM import_schema WHERE name = :name AND entity = :entity ORDER BY version DESC LIMIT 1;

-- name: import_session_unattended exec
-- in: int session, int publish, int percent
UPDATE import_session SET publish = :publish, stop_percent = :percent WHERE id = :session;
