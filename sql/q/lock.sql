-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/lock.

-- name: lock_get one
-- in: int territory, str channel
-- out: int id, int user_id, time since, time last_seen, opt str user, opt int set
SELECT l.id, l.user_id, l.since, l.last_seen, u.name, l.set_id FROM plan_lock l LEFT JOIN user u ON u.id = l.user_id
WHERE l.territory_id = :territory AND l.channel = :channel;

-- name: lock_take exec
-- in: int territory, str channel, int user
INSERT IGNORE INTO plan_lock (territory_id, channel, user_id, since, last_seen)
VALUES (:territory, :channel, :user, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));

-- name: lock_touch exec
-- in: int territory, str channel, int user
UPDATE plan_lock SET last_seen = UTC_TIMESTAMP(3) WHERE territory_id = :territory AND channel = :channel AND user_id = :user;

-- name: lock_touch_set exec
-- in: int set, int user
UPDATE plan_lock SET last_seen = UTC_TIMESTAMP(3) WHERE set_id = :set AND user_id = :user;

-- A lock comes into a set, with all of the set it was in.
-- name: lock_join exec
-- in: int id, int set
UPDATE plan_lock SET set_id = :set WHERE id = :id;

-- name: lock_merge exec
-- in: int old, int set
UPDATE plan_lock SET set_id = :set WHERE set_id = :old;

-- name: lock_drop_set exec
-- in: int set
DELETE FROM plan_lock WHERE set_id = :set;

-- Of one user, or of all.
-- name: lock_list many
-- in: opt int user
-- out: int id, int territory, str name, str channel, opt str holder, time since, time last_seen, opt int set
SELECT l.id, l.territory_id, t.name, l.channel, u.name, l.since, l.last_seen, l.set_id
FROM plan_lock l JOIN territory t ON t.id = l.territory_id LEFT JOIN user u ON u.id = l.user_id
WHERE :user IS NULL OR l.user_id = :user ORDER BY t.name, l.channel LIMIT 10000;

-- name: lock_drop exec
-- in: int territory, str channel
DELETE FROM plan_lock WHERE territory_id = :territory AND channel = :channel;

-- Units at or beneath a territory that are being changed, or are about to be (design_touched), and who wants that since when.
-- name: lock_recut many
-- in: int territory
-- out: int id, str name, opt str user, time since
WITH job_at_work AS (SELECT subject, created_by, created_at FROM job WHERE kind IN ('TERRITORY_PUBLISH', 'TERRITORY_UNDO') AND state IN ('queued', 'running'))
SELECT t.id, t.name, MIN(p.name), MIN(x.created_at) FROM (
  SELECT d.was AS id, j.created_by, j.created_at FROM job_at_work j JOIN design_outlet d ON d.scenario_id = j.subject AND d.moved = 1 GROUP BY j.subject, d.was
  UNION ALL SELECT u.territory_id, j.created_by, j.created_at FROM job_at_work j JOIN design_outlet d ON d.scenario_id = j.subject AND d.moved = 1
    JOIN design_unit u ON u.scenario_id = d.scenario_id AND u.number = d.number GROUP BY j.subject, u.territory_id
  UNION ALL SELECT u.territory_id, j.created_by, j.created_at FROM job_at_work j JOIN design_unit u ON u.scenario_id = j.subject AND (u.made = 1 OR u.renamed = 1)
  UNION ALL SELECT n.territory_id, j.created_by, j.created_at FROM job_at_work j JOIN design_ended n ON n.scenario_id = j.subject) x
JOIN territory t ON t.id = x.id JOIN territory_closure c ON c.ancestor = :territory AND c.descendant = t.id LEFT JOIN user p ON p.id = x.created_by
GROUP BY t.id ORDER BY t.id;

-- name: lock_units many
-- in: int territory
-- out: int id, str name
SELECT t.id, t.name FROM territory_closure c JOIN territory t ON t.id = c.descendant
WHERE c.ancestor = :territory AND t.is_unit = 1 ORDER BY t.id;
