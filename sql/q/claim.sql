-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whose visit list has the visits of a need, when its outlet goes from one unit to another (lib/plan/claim.c).

-- Needs of a version that are not the plan's yet: read without locks, since most commits have none, and claim_put locks what it reads.
-- name: claim_new one
-- in: int plan, int version, date from
-- out: int n
SELECT COUNT(*) FROM plan_stop s LEFT JOIN need_plan g ON g.need_id = s.need_id AND g.plan_id = :plan AND g.until IS NULL
WHERE s.version_id = :version AND g.need_id IS NULL AND (s.to_date IS NULL OR s.to_date >= :from);

-- Needs of a version that are not the plan's yet become its own where their outlets lie in its unit, or where nobody else visits them.
-- name: claim_put exec
-- in: int plan, int version, int territory, str channel, date from
INSERT INTO need_plan (need_id, plan_id, until)
SELECT x.need_id, :plan, IF(c.ancestor IS NULL AND EXISTS (SELECT 1 FROM need_plan y WHERE y.need_id = x.need_id AND y.plan_id <> :plan AND y.until IS NULL), :from, NULL)
FROM (SELECT DISTINCT s.need_id FROM plan_stop s LEFT JOIN need_plan g ON g.need_id = s.need_id AND g.plan_id = :plan AND g.until IS NULL
  WHERE s.version_id = :version AND g.need_id IS NULL AND (s.to_date IS NULL OR s.to_date >= :from)) x
JOIN need n ON n.id = x.need_id JOIN outlet o ON o.id = n.outlet_id
LEFT JOIN territory_closure c ON c.ancestor = :territory AND c.descendant = o.territory_id AND IF(o.channel = 'MT', 'MT', 'GT') = :channel
ON DUPLICATE KEY UPDATE until = IF(VALUES(until) IS NULL, NULL, until);

-- How many of what it visited are another's.
-- name: claim_lost one
-- in: int plan
-- out: int n
SELECT COUNT(*) FROM need_plan WHERE plan_id = :plan AND until IS NOT NULL;

-- What is its own is no other's from a day on.
-- name: claim_end exec
-- in: int plan, date from
UPDATE need_plan g JOIN need_plan x ON x.need_id = g.need_id AND x.plan_id <> g.plan_id AND (x.until IS NULL OR x.until > :from)
SET x.until = :from WHERE g.plan_id = :plan AND g.until IS NULL;

-- name: claim_drop_visits exec
-- in: int plan, date from, date to
DELETE v FROM (
  WITH RECURSIVE d (day) AS (SELECT CAST(:from AS DATE) UNION ALL SELECT day + INTERVAL 1 DAY FROM d WHERE day < :to)
  SELECT x.plan_id, x.need_id, d.day FROM need_plan g JOIN need_plan x ON x.need_id = g.need_id AND x.plan_id <> g.plan_id AND x.until <= :from
  JOIN d WHERE g.plan_id = :plan AND g.until IS NULL) y
STRAIGHT_JOIN visit v ON v.plan_id = y.plan_id AND v.day = y.day AND v.need_id = y.need_id;

-- Plans in force with needs that they lost to another, whose outlets lie in their unit again.
-- name: claim_back many
-- in: date today
-- out: int id, int territory_id
SELECT DISTINCT p.id, p.territory_id FROM need_plan g JOIN plan p ON p.id = g.plan_id JOIN need n ON n.id = g.need_id JOIN outlet o ON o.id = n.outlet_id
JOIN territory_closure c ON c.ancestor = p.territory_id AND c.descendant = o.territory_id AND p.channel = IF(o.channel = 'MT', 'MT', 'GT')
WHERE g.until IS NOT NULL AND EXISTS (SELECT 1 FROM plan_stop s WHERE s.version_id = p.current_version AND s.need_id = g.need_id
  AND (s.to_date IS NULL OR s.to_date >= :today)) ORDER BY p.id;
