-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/health.

-- name: health_database one
-- out: str version, int uptime, int connections, int connections_most, int deadlocks, int lock_waits, int lock_wait_ms, int slow, int statements, int timeouts
SELECT @@version,
  (SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'UPTIME'),
  (SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'THREADS_CONNECTED'),
  @@max_connections,
  (SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'INNODB_DEADLOCKS'),
  (SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'INNODB_ROW_LOCK_WAITS'),
  (SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'INNODB_ROW_LOCK_TIME'),
  (SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'SLOW_QUERIES'),
  (SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'QUESTIONS'),
  (SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status WHERE variable_name = 'MAX_STATEMENT_TIME_EXCEEDED');

-- name: health_counts one
-- out: int sessions, int drafts, int locks, int outbox, opt num outbox_age, int given_up, int audit_waiting, int imports, int imports_failed, int jobs_ended, int jobs_failed
SELECT (SELECT COUNT(DISTINCT user_id) FROM auth_session WHERE expires_at > UTC_TIMESTAMP(3) AND last_seen > UTC_TIMESTAMP(3) - INTERVAL 15 MINUTE),
  (SELECT COUNT(*) FROM planning_session WHERE status = 'ACTIVE' AND saved_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY),
  (SELECT COUNT(*) FROM plan_lock),
  (SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL),
  (SELECT CAST(TIMESTAMPDIFF(SECOND, MIN(COALESCE(since, created_at)), UTC_TIMESTAMP(3)) AS DOUBLE) FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL),
  (SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NOT NULL),
  (SELECT COUNT(*) FROM audit_event WHERE id > COALESCE((SELECT event_id FROM audit_seal ORDER BY seal DESC LIMIT 1), 0)
    AND at < UTC_TIMESTAMP(3) - INTERVAL 5 MINUTE),
  (SELECT COUNT(*) FROM job WHERE kind IN ('IMPORT_CHECK', 'IMPORT_PUBLISH') AND state IN ('done', 'failed') AND finished_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY),
  (SELECT COUNT(*) FROM job WHERE kind IN ('IMPORT_CHECK', 'IMPORT_PUBLISH') AND state = 'failed' AND finished_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY),
  (SELECT COUNT(*) FROM job WHERE state IN ('done', 'failed') AND finished_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY),
  (SELECT COUNT(*) FROM job WHERE state = 'failed' AND finished_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY);

-- Waiting, running, and what ended within a day.
-- name: health_jobs many
-- out: str kind, str state, int n, opt num oldest
SELECT kind, state, COUNT(*), CAST(IF(state IN ('queued', 'running'), GREATEST(0, TIMESTAMPDIFF(SECOND, MIN(GREATEST(created_at, not_before)), UTC_TIMESTAMP(3))), NULL) AS DOUBLE)
FROM job WHERE state IN ('queued', 'running') OR finished_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY GROUP BY kind, state ORDER BY kind, state;

-- Backups are to be made, by this machine: whoever looks from another one knows by that. The failures of one before go on.
-- name: backup_wanted exec
-- in: str place, str dir
INSERT INTO duty (name, place, target, at) VALUES ('backup', :place, LEFT(:dir, 200), UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE place = VALUES(place), target = VALUES(target), at = VALUES(at);

-- The machine that made them shall no longer.
-- name: backup_unwanted exec
-- in: str place
DELETE FROM duty WHERE name = 'backup' AND place = :place;

-- name: backup_add exec
-- in: str dir
INSERT INTO backup_run (dir, state, started_at) VALUES (:dir, 'running', UTC_TIMESTAMP(3));

-- name: backup_end exec
-- in: int id, str state, int bytes, str detail
UPDATE backup_run SET state = :state, bytes = :bytes, detail = LEFT(:detail, 500), ended_at = UTC_TIMESTAMP(3) WHERE id = :id;

-- name: backup_last one
-- out: str dir, time ended_at, int bytes
SELECT dir, COALESCE(ended_at, started_at), bytes FROM backup_run WHERE state = 'done' ORDER BY id DESC LIMIT 1;

-- name: backup_list many
-- in: int limit
-- out: int id, str dir, str state, int bytes, str detail, time started_at, opt time ended_at, str pushed_to, opt time push_begun_at, opt time pushed_at, int push_failures, str push_error, int push_bytes, str push_sha256
SELECT id, dir, state, bytes, detail, started_at, ended_at, pushed_to, push_begun_at, pushed_at, push_failures, push_error, push_bytes, push_sha256
FROM backup_run ORDER BY id DESC LIMIT :limit;

-- Has the backup in a folder arrived at a target?
-- name: backup_push_state one
-- in: str dir, str target
-- out: int id, int arrived
SELECT id, pushed_to = :target AND pushed_at IS NOT NULL FROM backup_run WHERE dir = :dir AND state = 'done' ORDER BY id DESC LIMIT 1;

-- Failures of the one before go on, so that an alarm stands until one arrives.
-- name: backup_push_begin exec
-- in: int id, str target
UPDATE backup_run SET push_failures = IF(pushed_to = '', COALESCE((SELECT b.push_failures FROM backup_run b WHERE b.pushed_to <> '' AND b.id < :id ORDER BY b.id DESC LIMIT 1), 0), push_failures),
  pushed_to = :target, push_begun_at = UTC_TIMESTAMP(3), pushed_at = NULL WHERE id = :id;

-- name: backup_push_end exec
-- in: int id, str error, int bytes, str sha256
UPDATE backup_run SET pushed_at = IF(:error = '', UTC_TIMESTAMP(3), NULL), push_failures = IF(:error = '', 0, push_failures + 1), push_error = LEFT(:error, 500),
  push_bytes = :bytes, push_sha256 = :sha256 WHERE id = :id;

-- They are sent nowhere any more.
-- name: backup_push_none exec
UPDATE backup_run SET pushed_to = '', push_failures = 0, push_error = '' WHERE pushed_to <> '' AND pushed_at IS NULL;

-- How it goes with those that are sent: when one last arrived, and what of the newest.
-- name: backup_push_last one
-- out: str target, int failures, str error, int arrived, int age, opt time last
SELECT pushed_to, push_failures, push_error, pushed_at IS NOT NULL, TIMESTAMPDIFF(SECOND, ended_at, UTC_TIMESTAMP(3)), (SELECT MAX(pushed_at) FROM backup_run)
FROM backup_run WHERE state = 'done' AND pushed_to <> '' ORDER BY id DESC LIMIT 1;

-- A backup that was begun and not ended; called by the one who holds the lock.
-- name: backup_abandoned exec
UPDATE backup_run SET state = 'failed', detail = 'it ended abruptly', ended_at = UTC_TIMESTAMP(3) WHERE state = 'running';

-- name: drill_add exec
-- in: str dir
INSERT INTO backup_drill (dir, state, started_at) VALUES (LEFT(:dir, 500), 'running', UTC_TIMESTAMP(3));

-- name: drill_end exec
-- in: int id, str state, int plans, int tables, int rows, int events, str detail
UPDATE backup_drill SET state = :state, plans = :plans, tables_n = :tables, rows_n = :rows, events = :events, detail = LEFT(:detail, 500), ended_at = UTC_TIMESTAMP(3)
WHERE id = :id;

-- A drill that was begun and not ended; called by the one who holds the lock.
-- name: drill_abandoned exec
UPDATE backup_drill SET state = 'failed', detail = 'it ended abruptly', ended_at = UTC_TIMESTAMP(3) WHERE state = 'running';

-- So many days after the last one, or after the first backup; one that failed is done again the next day.
-- name: drill_next one
-- in: int days
-- out: opt time due
SELECT COALESCE((SELECT started_at + INTERVAL IF(state = 'done', :days, 1) DAY FROM backup_drill ORDER BY id DESC LIMIT 1),
  (SELECT MIN(ended_at) + INTERVAL :days DAY FROM backup_run WHERE state = 'done'));

-- The last one that has ended, and since when there should have been a good one: the last of those, or the first backup.
-- name: drill_last one
-- out: str dir, str state, int plans, int tables, int rows, int events, str detail, time started_at, time ended_at
SELECT dir, state, plans, tables_n, rows_n, events, detail, started_at, COALESCE(ended_at, started_at) FROM backup_drill WHERE state <> 'running' ORDER BY id DESC LIMIT 1;

-- name: drill_since one
-- out: opt time good
SELECT COALESCE((SELECT MAX(started_at) FROM backup_drill WHERE state = 'done'), (SELECT MIN(ended_at) FROM backup_run WHERE state = 'done'));

-- Committed plans as a number each: two databases with the same numbers hold the same plans.
-- name: backup_plans many
-- out: int version_id, str plan_hash, int stops, int sum
SELECT v.id, v.plan_hash, COUNT(s.version_id),
  CAST(COALESCE(BIT_XOR(CRC32(CONCAT_WS('|', s.need_id, s.day, s.seq, s.seat_id, s.pos, s.from_date, s.to_date))), 0) AS SIGNED)
FROM plan_version v LEFT JOIN plan_stop s ON s.version_id = v.id GROUP BY v.id, v.plan_hash ORDER BY v.id;

-- name: backup_schema one
-- out: int patches, str newest
SELECT COUNT(*), COALESCE(MAX(name), '') FROM schema_patch;

-- What `beatplan faults` holds its promises against.
-- name: faults_outlets one
-- in: str prefix
-- out: int n, int codes
SELECT COUNT(*), COUNT(DISTINCT code) FROM outlet WHERE LEFT(code, CHAR_LENGTH(:prefix)) = :prefix;

-- name: faults_versions one
-- in: str notes
-- out: int n
SELECT COUNT(*) FROM plan_version WHERE notes = :notes;

-- name: faults_ops one
-- in: str client
-- out: int n, int standing
SELECT COUNT(*), COALESCE(SUM(undone = 0), 0) FROM plan_op WHERE client_id = :client;

-- How often a proposal was taken over.
-- name: faults_adopted one
-- in: int version
-- out: int n
SELECT COUNT(*) FROM plan_op WHERE kind = 'adopt' AND undone = 0 AND JSON_VALUE(body, '$.version') = :version;

-- Proposals, jobs of the optimiser that are done, and those of them whose proposal is not there.
-- name: faults_proposals one
-- out: int versions, int done, int missing
SELECT (SELECT COUNT(*) FROM plan_version WHERE kind = 'OPTIMISE'), COUNT(*),
  COALESCE(SUM(NOT EXISTS (SELECT 1 FROM plan_version v WHERE v.id = JSON_VALUE(j.result, '$.versionId') AND v.kind = 'OPTIMISE')), 0)
FROM job j WHERE j.kind = 'OPTIMIZE' AND j.state = 'done';

-- name: faults_open one
-- out: int n
SELECT COUNT(*) FROM job WHERE state IN ('queued', 'running');

-- name: upgrade_preflight one
-- out: int running, int queued, str patch, int patches
SELECT (SELECT COUNT(*) FROM job WHERE state = 'running'), (SELECT COUNT(*) FROM job WHERE state = 'queued'),
  COALESCE((SELECT MAX(name) FROM schema_patch), ''), (SELECT COUNT(*) FROM schema_patch);

-- name: schema_patch_names many
-- out: str name
SELECT name FROM schema_patch ORDER BY name;

-- name: doctor_settings one
-- out: int flush, int isolation, int no_network
SELECT @@innodb_flush_log_at_trx_commit, @@GLOBAL.innodb_snapshot_isolation, @@skip_networking;

-- Running jobs whose lease is over for minutes, and jobs that nobody takes.
-- name: doctor_jobs one
-- out: int lapsed, int waiting
SELECT (SELECT COUNT(*) FROM job WHERE state = 'running' AND lease_until < UTC_TIMESTAMP(3) - INTERVAL 5 MINUTE),
  (SELECT COUNT(*) FROM job WHERE state = 'queued' AND GREATEST(created_at, not_before) < UTC_TIMESTAMP(3) - INTERVAL 30 MINUTE);

-- name: support_tables many
-- out: str name, int row_guess, int bytes
SELECT table_name, COALESCE(table_rows, 0), COALESCE(data_length + index_length, 0) FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name;
