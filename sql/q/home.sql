-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of the home resource. Figures are those of the user's territories.

-- name: home_counts one
-- in: int user
-- out: int outlets, int missing_coordinates, int territories, int seats, int plans
WITH mine AS (SELECT DISTINCT c.descendant AS id FROM user_scope s JOIN territory_closure c
    ON c.ancestor = s.territory_id OR s.territory_id = 0 WHERE s.user_id = :user)
SELECT (SELECT COUNT(*) FROM outlet o WHERE o.territory_id IN (SELECT id FROM mine)),
  (SELECT COUNT(*) FROM outlet o WHERE o.lat IS NULL AND o.territory_id IN (SELECT id FROM mine)),
  (SELECT COUNT(*) FROM territory t WHERE t.is_unit = 1 AND t.id IN (SELECT id FROM mine)),
  (SELECT COUNT(*) FROM seat x WHERE x.active = 1 AND x.territory_id IN (SELECT id FROM mine)),
  (SELECT COUNT(*) FROM plan p WHERE p.current_version IS NOT NULL AND p.territory_id IN (SELECT id FROM mine));

-- name: home_drafts many
-- in: int user
-- out: int id, int territory_id, str territory, str channel, time opened_at, time saved_at
SELECT s.id, p.territory_id, t.name, p.channel, s.opened_at, s.saved_at FROM planning_session s JOIN plan p ON p.id = s.plan_id
JOIN territory t ON t.id = p.territory_id WHERE s.user_id = :user AND s.status <> 'COMMITTED' ORDER BY s.saved_at DESC LIMIT 10;

-- name: home_locks many
-- in: int user
-- out: int territory_id, str territory, str channel, time since
SELECT l.territory_id, t.name, l.channel, l.since FROM plan_lock l JOIN territory t ON t.id = l.territory_id
WHERE l.user_id = :user ORDER BY l.since DESC LIMIT 10;
