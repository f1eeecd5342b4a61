-- SPDX-License-Identifier: GPL-3.0-or-later
-- Visits that holidays move to other days (lib/plan/makeup.c).

-- Days of which visits were moved.
-- name: makeup_days many
-- in: int plan, date from
-- out: date day
SELECT DISTINCT for_day FROM visit_made_up WHERE plan_id = :plan AND for_day >= :from ORDER BY for_day;

-- name: makeup_drop_visits exec
-- in: int plan, date from
DELETE v FROM visit_made_up u STRAIGHT_JOIN visit v ON v.plan_id = u.plan_id AND v.day = u.day AND v.need_id = u.need_id
WHERE u.plan_id = :plan AND u.for_day >= :from;

-- name: makeup_forget exec
-- in: int plan, date from
DELETE FROM visit_made_up WHERE plan_id = :plan AND for_day >= :from;

-- Holidays of the whole of a territory.
-- name: makeup_holidays many
-- in: int territory, date from, date to
-- out: date day
SELECT DISTINCT h.day FROM holiday h LEFT JOIN territory_closure c ON c.ancestor = h.territory_id AND c.descendant = :territory
WHERE h.day BETWEEN :from AND :to AND (h.territory_id = 0 OR c.ancestor IS NOT NULL) ORDER BY h.day;

-- Holidays of places within a territory, and the needs there, by day and need.
-- name: makeup_closed many
-- in: int territory, date from, date to
-- out: date day, int need
SELECT DISTINCT h.day, n.id FROM holiday h JOIN territory_closure u ON u.descendant = h.territory_id AND u.ancestor = :territory AND u.depth > 0
JOIN territory_closure c ON c.ancestor = h.territory_id JOIN outlet o ON o.territory_id = c.descendant JOIN need n ON n.outlet_id = o.id
WHERE h.day BETWEEN :from AND :to ORDER BY h.day, n.id;

-- What a version has on a day.
-- name: makeup_stops many
-- in: int version, date anchor, int days, date day
-- out: int need, int seat, opt int beat
SELECT need_id, seat_id, beat_id FROM plan_stop WHERE version_id = :version AND day = MOD(DATEDIFF(:day, :anchor), :days)
  AND (from_date IS NULL OR from_date <= :day) AND (to_date IS NULL OR to_date >= :day) ORDER BY seat_id, pos, need_id;

-- name: makeup_around many
-- in: int plan, date from, date to
-- out: date day, int need, int seat, opt int beat
SELECT day, need_id, seat_id, beat_id FROM visit WHERE plan_id = :plan AND day BETWEEN :from AND :to ORDER BY seat_id, day, pos, need_id;

-- name: makeup_put exec
-- in: int plan, date day, int need, int seat, opt int beat, int pos, int version
INSERT INTO visit (plan_id, day, need_id, seat_id, beat_id, pos, version_id) VALUES (:plan, :day, :need, :seat, :beat, :pos, :version);

-- name: makeup_note exec
-- in: int plan, date day, int need, date for_day
INSERT INTO visit_made_up (plan_id, day, need_id, for_day) VALUES (:plan, :day, :need, :for_day);

-- name: makeup_take exec
-- in: int plan, date day, int need
DELETE FROM visit WHERE plan_id = :plan AND day = :day AND need_id = :need;

-- The committed plans of a territory and beneath it whose list goes on, from whatever day on they hold.
-- name: makeup_plans many
-- in: int territory, date day
-- out: int id, int version_id, int territory_id, date anchor, int weeks
SELECT p.id, v.id, p.territory_id, v.anchor, v.weeks FROM territory_closure c JOIN plan p ON p.territory_id = c.descendant
JOIN plan_version v ON v.id = p.current_version
WHERE c.ancestor = :territory AND EXISTS (SELECT 1 FROM visit x WHERE x.plan_id = p.id AND x.day >= :day) ORDER BY p.id;

-- How many outlets a version visits.
-- name: makeup_size one
-- in: int version
-- out: int outlets
SELECT COUNT(DISTINCT n.outlet_id) FROM (SELECT DISTINCT need_id FROM plan_stop WHERE version_id = :version) s JOIN need n ON n.id = s.need_id;
