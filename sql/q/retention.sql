-- SPDX-License-Identifier: GPL-3.0-or-later
-- What has been kept long enough (lib/plan/retention.h, daemon/tick_sweep.c).

-- Not the plan in force or the newest version, nor what somebody works on or waits for.
-- name: version_expired many
-- in: int auto_days, int days, int most
-- out: int id
SELECT v.id FROM plan_version v JOIN plan p ON p.id = v.plan_id
WHERE v.created_at < UTC_TIMESTAMP(3) - INTERVAL IF(v.kind = 'AUTO', :auto_days, :days) DAY AND IF(v.kind = 'AUTO', :auto_days, :days) > 0
  AND v.id <> COALESCE(p.current_version, 0) AND v.number < (SELECT MAX(n.number) FROM plan_version n WHERE n.plan_id = v.plan_id)
  AND NOT EXISTS (SELECT 1 FROM planning_session s WHERE s.plan_id = v.plan_id AND s.status = 'ACTIVE' AND (s.base_version = v.id OR s.opened_at <= v.created_at))
  AND NOT EXISTS (SELECT 1 FROM plan_submission u WHERE u.plan_id = v.plan_id AND u.state = 'WAITING' AND v.id IN (u.version_id, u.base_version))
ORDER BY v.id LIMIT :most;

-- name: version_drop_stops exec
-- in: int version
DELETE FROM plan_stop WHERE version_id = :version;

-- name: version_drop_unserved exec
-- in: int version
DELETE FROM plan_unserved WHERE version_id = :version;

-- name: version_drop_tours exec
-- in: int version
DELETE FROM plan_tour WHERE version_id = :version;

-- name: version_drop_pins exec
-- in: int version
DELETE FROM plan_pin WHERE version_id = :version;

-- name: version_drop_comments exec
-- in: int version
DELETE FROM plan_comment WHERE version_id = :version OR base_id = :version;

-- name: version_orphan exec
-- in: int version
UPDATE plan_version SET parent_id = NULL WHERE parent_id = :version;

-- name: version_drop exec
-- in: int version
DELETE FROM plan_version WHERE id = :version;

-- Operations of sessions that came to their end.
-- name: op_sweep exec
-- in: int days
DELETE FROM plan_op WHERE :days > 0 AND session_id IN (SELECT id FROM planning_session
  WHERE status <> 'ACTIVE' AND saved_at < UTC_TIMESTAMP(3) - INTERVAL :days DAY) LIMIT 20000;

-- Not the last one of an import, which its session shows.
-- name: job_sweep exec
-- in: int days
DELETE FROM job WHERE :days > 0 AND state IN ('done', 'failed', 'cancelled') AND finished_at < UTC_TIMESTAMP(3) - INTERVAL :days DAY
  AND id NOT IN (SELECT job_id FROM import_session WHERE job_id IS NOT NULL) LIMIT 5000;

-- name: notice_sweep exec
-- in: int days
DELETE FROM notice WHERE :days > 0 AND at < UTC_TIMESTAMP(3) - INTERVAL :days DAY LIMIT 20000;
