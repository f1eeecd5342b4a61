-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/intake about drop folders.

-- name: watch_add exec
-- in: str name, str folder, str pattern, str entity, opt str mapping, int publish, int every_minutes, int stop_percent, int active, int user
INSERT INTO import_watch (name, folder, pattern, entity, mapping, publish, every_minutes, stop_percent, active, created_by, created_at, next_at)
VALUES (:name, :folder, :pattern, :entity, :mapping, :publish, :every_minutes, :stop_percent, :active, :user, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));

-- name: watch_set exec
-- in: int id, str name, str folder, str pattern, str entity, opt str mapping, int publish, int every_minutes, int stop_percent, int active
UPDATE import_watch SET name = :name, folder = :folder, pattern = :pattern, entity = :entity, mapping = :mapping, publish = :publish,
  every_minutes = :every_minutes, stop_percent = :stop_percent, active = :active,
  next_at = LEAST(next_at, UTC_TIMESTAMP(3) + INTERVAL :every_minutes MINUTE)
WHERE id = :id;

-- name: watch_get one
-- in: int id
-- out: int id, str name, str folder, str pattern, str entity, opt str mapping, int publish, int every_minutes, int stop_percent, int active, int created_by, opt str creator, time next_at, opt time last_at, opt str last_problem
SELECT w.id, w.name, w.folder, w.pattern, w.entity, w.mapping, w.publish, w.every_minutes, w.stop_percent, w.active, w.created_by, u.name,
  w.next_at, w.last_at, w.last_problem
FROM import_watch w LEFT JOIN user u ON u.id = w.created_by WHERE w.id = :id;

-- name: watches many
-- out: int id, str name, str folder, str pattern, str entity, opt str mapping, int publish, int every_minutes, int stop_percent, int active, int created_by, opt str creator, time next_at, opt time last_at, opt str last_problem
SELECT w.id, w.name, w.folder, w.pattern, w.entity, w.mapping, w.publish, w.every_minutes, w.stop_percent, w.active, w.created_by, u.name,
  w.next_at, w.last_at, w.last_problem
FROM import_watch w LEFT JOIN user u ON u.id = w.created_by ORDER BY w.name LIMIT 500;

-- name: watch_named one
-- in: str name
-- out: int id
SELECT id FROM import_watch WHERE name = :name;

-- name: watch_remove exec
-- in: int id
DELETE FROM import_watch WHERE id = :id;

-- name: watch_files_remove exec
-- in: int watch
DELETE FROM import_watch_file WHERE watch_id = :watch;

-- name: watches_due many
-- out: int id
SELECT id FROM import_watch WHERE active = 1 AND next_at <= UTC_TIMESTAMP(3) ORDER BY next_at LIMIT 100;

-- One machine of several takes the turn.
-- name: watch_turn exec
-- in: int id
UPDATE import_watch SET next_at = UTC_TIMESTAMP(3) + INTERVAL every_minutes MINUTE WHERE id = :id AND active = 1 AND next_at <= UTC_TIMESTAMP(3);

-- As job_clock.
-- name: watch_clock exec
UPDATE import_watch SET next_at = UTC_TIMESTAMP(3) WHERE active = 1 AND next_at > UTC_TIMESTAMP(3) + INTERVAL every_minutes MINUTE + INTERVAL 1 MINUTE;

-- name: watch_looked exec
-- in: int id, opt str problem
UPDATE import_watch SET last_at = UTC_TIMESTAMP(3), last_problem = LEFT(:problem, 400) WHERE id = :id;

-- name: watch_file_add exec
-- in: int watch, opt int session, str name, int bytes, int inode, int changed, opt str sha256, str state, str moved_to, opt str problem
INSERT INTO import_watch_file (watch_id, session_id, name, bytes, inode, changed, sha256, state, moved_to, problem, found_at, ended_at)
VALUES (:watch, :session, LEFT(:name, 255), :bytes, :inode, :changed, :sha256, :state, :moved_to, LEFT(:problem, 1000), UTC_TIMESTAMP(3),
  IF(:state = 'REFUSED', UTC_TIMESTAMP(3), NULL));

-- name: watch_file_known one
-- in: int watch, str name, int bytes, int inode, int changed
-- out: int id, str moved_to
SELECT id, moved_to FROM import_watch_file
WHERE watch_id = :watch AND name = :name AND bytes = :bytes AND inode = :inode AND changed = :changed ORDER BY id DESC LIMIT 1;

-- What waits for its session to end.
-- name: watch_files_open many
-- in: opt int session, opt int watch
-- out: int id, int watch_id, int session_id, str name, str moved_to, str state, str folder, str status, int publish, opt str error_code, opt str error_detail, int created_by
SELECT f.id, f.watch_id, s.id, f.name, f.moved_to, f.state, w.folder, s.status, s.publish, s.error_code, s.error_detail, s.created_by
FROM import_watch_file f JOIN import_watch w ON w.id = f.watch_id JOIN import_session s ON s.id = f.session_id
WHERE f.state IN ('TAKEN', 'WAITING') AND (:session IS NULL OR f.session_id = :session) AND (:watch IS NULL OR f.watch_id = :watch)
ORDER BY f.id LIMIT 200;

-- name: watch_file_end exec
-- in: int id, str state, str moved_to, opt str problem
UPDATE import_watch_file SET state = :state, moved_to = :moved_to, problem = LEFT(:problem, 1000),
  ended_at = IF(:state = 'WAITING', NULL, UTC_TIMESTAMP(3))
WHERE id = :id;

-- name: watch_files many
-- in: int watch, int before, int limit
-- out: int id, opt int session_id, str name, int bytes, opt str sha256, str state, str moved_to, opt str problem, time found_at, opt time ended_at
SELECT id, session_id, name, bytes, sha256, state, moved_to, problem, found_at, ended_at FROM import_watch_file
WHERE watch_id = :watch AND id < :before ORDER BY id DESC LIMIT :limit;
