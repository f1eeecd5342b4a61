-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/job and of the jobs resource.

-- name: job_add exec
-- in: str kind, int subject, int territory, str payload, int delay_ms, int user, str correlation
INSERT INTO job (kind, subject, territory_id, payload, not_before, created_by, correlation_id, created_at)
VALUES (:kind, :subject, :territory, :payload, UTC_TIMESTAMP(3) + INTERVAL :delay_ms * 1000 MICROSECOND, :user, :correlation,
  UTC_TIMESTAMP(3));

-- The next job; one on the same thing as another that runs waits until that has ended. Of kinds that begin with `family` at
-- most `most` run at once, 0 = any number.
-- name: job_claim_pick one
-- in: str kind, str family, int most
-- out: int id, int subject, int territory_id, str payload, opt str checkpoint, int attempts, int created_by, str correlation_id
SELECT id, subject, territory_id, payload, checkpoint, attempts, created_by, correlation_id FROM job
WHERE kind = :kind AND ((state = 'queued' AND not_before <= UTC_TIMESTAMP(3))
  OR (state = 'running' AND lease_until < UTC_TIMESTAMP(3)))
  AND NOT EXISTS (SELECT 1 FROM job r WHERE r.kind = job.kind AND r.subject = job.subject AND r.state = 'running'
    AND r.lease_until >= UTC_TIMESTAMP(3))
  AND (:most = 0 OR (SELECT COUNT(*) FROM job r WHERE r.state = 'running' AND r.lease_until >= UTC_TIMESTAMP(3)
    AND LEFT(r.kind, CHAR_LENGTH(:family)) = :family) < :most)
ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: job_claim_take exec
-- in: int id, int token, int lease
UPDATE job SET state = 'running', attempts = attempts + 1, lease_token = :token,
  lease_until = UTC_TIMESTAMP(3) + INTERVAL :lease SECOND, started_at = COALESCE(started_at, UTC_TIMESTAMP(3))
WHERE id = :id;

-- name: job_renew exec
-- in: int id, int token, int lease, str step, num percent, opt str progress
UPDATE job SET lease_until = UTC_TIMESTAMP(3) + INTERVAL :lease SECOND, step = :step, percent = :percent,
  progress = COALESCE(:progress, progress)
WHERE id = :id AND lease_token = :token AND state = 'running';

-- Unless somebody has it locked.
-- name: job_held one
-- in: int id, int token
-- out: int id
SELECT id FROM job WHERE id = :id AND lease_token = :token AND state = 'running' FOR UPDATE SKIP LOCKED;

-- name: job_keep exec
-- in: int id, int lease
UPDATE job SET lease_until = UTC_TIMESTAMP(3) + INTERVAL :lease SECOND WHERE id = :id;

-- What waits, or is held, for longer than anything may be was written before the clock was set back: its time is now, and who holds it
-- and lives says so again within seconds.
-- name: job_clock exec
UPDATE job SET not_before = LEAST(not_before, UTC_TIMESTAMP(3)), lease_until = LEAST(lease_until, UTC_TIMESTAMP(3) + INTERVAL 10 SECOND)
WHERE state IN ('queued', 'running') AND (not_before > UTC_TIMESTAMP(3) + INTERVAL 1 MINUTE OR lease_until > UTC_TIMESTAMP(3) + INTERVAL 5 MINUTE);

-- name: job_wanted one
-- in: int id, int token
-- out: int cancel_wanted
SELECT cancel_wanted FROM job WHERE id = :id AND lease_token = :token AND state = 'running';

-- name: job_checkpoint exec
-- in: int id, int token, str checkpoint
UPDATE job SET checkpoint = :checkpoint WHERE id = :id AND lease_token = :token AND state = 'running';

-- name: job_finish exec
-- in: int id, int token, str state, opt str result, opt str code, opt str detail
UPDATE job SET state = :state, result = :result, error_code = :code, error_detail = LEFT(:detail, 1000),
  percent = IF(:state = 'done', 100, percent), finished_at = UTC_TIMESTAMP(3), lease_until = NULL
WHERE id = :id AND lease_token = :token AND state = 'running';

-- An import session that waits for a job which ended without having run moves on, to where a person can act.
-- name: job_settle_session exec
-- in: int id
UPDATE job j JOIN import_session s ON s.id = j.subject AND s.job_id = j.id AND s.status IN ('VALIDATING', 'PROCESSING')
SET s.error_code = j.error_code, s.error_detail = j.error_detail,
  s.status = IF(j.state = 'failed', 'FAILED', IF(s.status = 'PROCESSING', 'READY', 'UPLOADING'))
WHERE j.id = :id AND j.state IN ('failed', 'cancelled');

-- name: job_requeue exec
-- in: int id, int token, int delay_ms, int uncount
UPDATE job SET state = 'queued', lease_until = NULL, attempts = attempts - :uncount,
  not_before = UTC_TIMESTAMP(3) + INTERVAL :delay_ms * 1000 MICROSECOND
WHERE id = :id AND lease_token = :token AND state = 'running';

-- name: job_cancel_queued exec
-- in: int id
UPDATE job SET state = 'cancelled', finished_at = UTC_TIMESTAMP(3) WHERE id = :id AND state = 'queued';

-- name: job_cancel_running exec
-- in: int id
UPDATE job SET cancel_wanted = 1 WHERE id = :id AND state = 'running';

-- name: job_get one
-- in: int id
-- out: int id, str kind, str state, int subject, int territory_id, opt str territory, str step, num percent, opt str progress, opt str result, opt str error_code, opt str error_detail, opt str by, time created_at, opt time started_at, opt time finished_at
SELECT j.id, j.kind, j.state, j.subject, j.territory_id, t.name, j.step, j.percent, j.progress, j.result, j.error_code, j.error_detail,
  u.name, j.created_at, j.started_at, j.finished_at
FROM job j LEFT JOIN territory t ON t.id = j.territory_id LEFT JOIN user u ON u.id = j.created_by WHERE j.id = :id;

-- name: job_list many
-- in: opt str kind, opt str state, opt int created_by, int before, int limit
-- out: int id, str kind, str state, int subject, int territory_id, opt str territory, str step, num percent, opt str progress, opt str result, opt str error_code, opt str error_detail, opt str by, time created_at, opt time started_at, opt time finished_at
SELECT j.id, j.kind, j.state, j.subject, j.territory_id, t.name, j.step, j.percent, j.progress, NULL, j.error_code, j.error_detail,
  u.name, j.created_at, j.started_at, j.finished_at
FROM job j LEFT JOIN territory t ON t.id = j.territory_id LEFT JOIN user u ON u.id = j.created_by
WHERE j.id < :before AND (:kind IS NULL OR j.kind = :kind) AND (:state IS NULL OR j.state = :state)
  AND (:created_by IS NULL OR j.created_by = :created_by)
ORDER BY j.id DESC LIMIT :limit;

-- Of the same wish, word for word, where one is given.
-- name: job_waiting one
-- in: str kind, int subject, opt str payload
-- out: int id
SELECT id FROM job WHERE kind = :kind AND subject = :subject AND state = 'queued' AND (:payload IS NULL OR payload = :payload) ORDER BY id LIMIT 1;

-- Once more from its checkpoint, as if it had just been asked for.
-- name: job_retry exec
-- in: int id
UPDATE job SET state = 'queued', attempts = 0, cancel_wanted = 0, error_code = NULL, error_detail = NULL, finished_at = NULL,
  not_before = UTC_TIMESTAMP(3) WHERE id = :id AND state = 'failed';

-- Its session goes back to what it was doing, when this is still its last job.
-- name: job_retry_session exec
-- in: int id, str from, str to
UPDATE import_session SET status = :to, error_code = NULL, error_detail = NULL WHERE job_id = :id AND status = :from;

-- name: job_open one
-- out: int n
SELECT COUNT(*) FROM job WHERE state IN ('queued', 'running') AND not_before <= UTC_TIMESTAMP(3);

-- name: job_log_add exec
-- in: int job, int attempt, str what, str text
INSERT INTO job_log (job_id, at, attempt, what, text) VALUES (:job, UTC_TIMESTAMP(3), :attempt, :what, LEFT(:text, 1000));

-- name: job_log many
-- in: int job, int after, int limit
-- out: int id, time at, int attempt, str what, str text
SELECT id, at, attempt, what, text FROM job_log WHERE job_id = :job AND id > :after ORDER BY id LIMIT :limit;

-- What is done by the clock.
-- name: schedule_add exec
-- in: str name
INSERT IGNORE INTO schedule (name, next_at) VALUES (:name, UTC_TIMESTAMP(3));

-- One machine of several takes the turn. A turn further ahead than one can be was set before the clock was set back.
-- name: schedule_turn exec
-- in: str name, int seconds, str machine
UPDATE schedule SET next_at = UTC_TIMESTAMP(3) + INTERVAL :seconds SECOND, begun_at = UTC_TIMESTAMP(3), took_ms = NULL, problem = NULL, machine = LEFT(:machine, 64)
WHERE name = :name AND (next_at <= UTC_TIMESTAMP(3) OR next_at > UTC_TIMESTAMP(3) + INTERVAL :seconds SECOND);

-- name: schedule_ended exec
-- in: str name, int ms, opt str problem
UPDATE schedule SET took_ms = :ms, problem = LEFT(:problem, 400) WHERE name = :name;

-- name: schedule_now exec
-- in: str name
UPDATE schedule SET next_at = UTC_TIMESTAMP(3) WHERE name = :name;

-- name: schedules many
-- out: str name, time next_at, opt time begun_at, opt int took_ms, opt str problem, str machine
SELECT name, next_at, begun_at, took_ms, problem, machine FROM schedule ORDER BY name;

-- The last runs of a kind that came to their end: what they took, what they tell.
-- name: job_runs many
-- in: str kind, int most
-- out: num seconds, str result
SELECT CAST(TIMESTAMPDIFF(MICROSECOND, started_at, finished_at) / 1e6 AS DOUBLE), COALESCE(result, '') FROM job
WHERE kind = :kind AND state = 'done' AND result IS NOT NULL AND started_at IS NOT NULL AND finished_at IS NOT NULL ORDER BY id DESC LIMIT :most;

-- How many of a kind have not ended.
-- name: job_unended one
-- in: str kind
-- out: int n
SELECT COUNT(*) FROM job WHERE kind = :kind AND state IN ('queued', 'running');
