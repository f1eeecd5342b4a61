-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/territory/choose.c: the level of planning, chosen by a person.

-- What is a unit at or beneath a territory, or would be one: of that level, with outlets.
-- name: choice_units many
-- in: int territory, str level
-- out: int id, str name, int rank, int outlets, int was, int became
SELECT id, name, rank, outlets, was, became FROM (SELECT t.id, t.name, t.rank, COALESCE(s.outlets, 0) AS outlets, t.is_unit AS was, COALESCE(l.code = :level, 0)
    AND EXISTS (SELECT 1 FROM territory_closure d JOIN outlet o ON o.territory_id = d.descendant WHERE d.ancestor = t.id) AS became
  FROM territory_closure c JOIN territory t ON t.id = c.descendant AND t.model_id = 1 JOIN territory_level l ON l.model_id = 1 AND l.rank = t.rank
  LEFT JOIN territory_stat s ON s.territory_id = t.id WHERE c.ancestor = :territory AND (t.is_unit = 1 OR l.code = :level)) x
WHERE was OR became ORDER BY id;

-- Plans in force of units that another level would end, and what of them waits for approval.
-- name: choice_plans many
-- in: str ended
-- out: int plan, int territory, str name, str channel, int version, int number, int waits
SELECT p.id, t.id, t.name, p.channel, COALESCE(p.current_version, 0), COALESCE(v.number, 0), w.plan_id IS NOT NULL
FROM JSON_TABLE(:ended, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN territory t ON t.id = j.id JOIN plan p ON p.territory_id = t.id
LEFT JOIN plan_version v ON v.id = p.current_version LEFT JOIN plan_submission w ON w.plan_id = p.id AND w.waiting = 1
WHERE p.current_version IS NOT NULL OR w.plan_id IS NOT NULL ORDER BY t.name, p.channel;

-- name: choice_locks many
-- in: int territory
-- out: str name, str channel, opt str holder
SELECT t.name, l.channel, u.name FROM territory_closure c JOIN plan_lock l ON l.territory_id = c.descendant JOIN territory t ON t.id = c.descendant
LEFT JOIN user u ON u.id = l.user_id WHERE c.ancestor = :territory ORDER BY t.name, l.channel LIMIT 100;

-- Outlets and seats at or beneath a territory that lie in none of the level.
-- name: choice_left one
-- in: int territory, int rank
-- out: int outlets, int seats
SELECT CAST(COALESCE(SUM(x.outlets), 0) AS UNSIGNED), CAST(COALESCE(SUM(x.seats), 0) AS UNSIGNED) FROM (SELECT c.descendant AS id,
    (SELECT COUNT(*) FROM outlet o WHERE o.territory_id = c.descendant AND o.status <> 'closed') AS outlets,
    (SELECT COUNT(*) FROM seat s WHERE s.territory_id = c.descendant AND s.active = 1) AS seats
  FROM territory_closure c WHERE c.ancestor = :territory
    AND NOT EXISTS (SELECT 1 FROM territory_closure k JOIN territory t ON t.id = k.ancestor AND t.rank = :rank WHERE k.descendant = c.descendant)) x;

-- The unit in which a territory lies.
-- name: choice_above many
-- in: int territory
-- out: str name
SELECT t.name FROM territory_closure c JOIN territory t ON t.id = c.ancestor AND t.is_unit = 1 WHERE c.descendant = :territory AND c.depth > 0 LIMIT 1;

-- A job that draws on the units at, above or beneath a territory.
-- name: choice_work many
-- in: int territory
-- out: int id
SELECT j.id FROM job j WHERE j.kind IN ('TERRITORY_DESIGN', 'TERRITORY_PUBLISH', 'TERRITORY_UNDO') AND j.state IN ('queued', 'running')
  AND EXISTS (SELECT 1 FROM territory_closure c WHERE (c.ancestor = j.territory_id AND c.descendant = :territory)
    OR (c.ancestor = :territory AND c.descendant = j.territory_id)) ORDER BY j.id LIMIT 1;

-- name: choice_add exec
-- in: int set, int territory, int rank
INSERT INTO unit_choice (set_id, territory_id, rank) VALUES (:set, :territory, :rank);

-- name: choice_put exec
-- in: int set, str rows
INSERT INTO unit_choice_territory (set_id, territory_id, was, became)
SELECT :set, j.t, j.w, j.b FROM JSON_TABLE(:rows, '$[*]' COLUMNS (t BIGINT UNSIGNED PATH '$[0]', w INT PATH '$[1]', b INT PATH '$[2]')) j;

-- name: choice_do exec
-- in: int set
UPDATE territory t JOIN unit_choice_territory x ON x.territory_id = t.id SET t.is_unit = x.became WHERE x.set_id = :set;

-- name: choice_note_plans exec
-- in: int set
INSERT INTO unit_choice_plan (set_id, plan_id, version_id)
SELECT x.set_id, p.id, p.current_version FROM unit_choice_territory x JOIN plan p ON p.territory_id = x.territory_id AND p.current_version IS NOT NULL
WHERE x.set_id = :set AND x.became = 0;

-- name: choice_end_plans exec
-- in: int set
UPDATE plan p JOIN unit_choice_plan x ON x.plan_id = p.id SET p.current_version = NULL WHERE x.set_id = :set;

-- The last one of a territory that has not been taken back.
-- name: choice_last many
-- in: int territory
-- out: int set, int rank, str level, time at, opt str person, str reason
SELECT u.set_id, u.rank, l.code, c.at, p.name, c.reason FROM unit_choice u JOIN change_set c ON c.id = u.set_id AND c.undone_by IS NULL
JOIN territory_level l ON l.model_id = 1 AND l.rank = u.rank LEFT JOIN user p ON p.id = c.user_id
WHERE u.territory_id = :territory ORDER BY u.set_id DESC LIMIT 1;

-- What was decided later about units at, above or beneath a territory: `id` is a scenario, 0 = a level was chosen.
-- name: choice_later many
-- in: int territory, int set
-- out: int id, str name, str territory
SELECT x.id, x.name, t.name FROM (SELECT s.id, s.name, s.territory_id, s.change_set AS set_id FROM design_scenario s WHERE s.status = 'PUBLISHED'
  UNION ALL SELECT 0, l.code, u.territory_id, u.set_id FROM unit_choice u JOIN change_set c ON c.id = u.set_id AND c.undone_by IS NULL
    JOIN territory_level l ON l.model_id = 1 AND l.rank = u.rank) x JOIN territory t ON t.id = x.territory_id
WHERE x.set_id > :set AND EXISTS (SELECT 1 FROM territory_closure c WHERE (c.ancestor = x.territory_id AND c.descendant = :territory)
    OR (c.ancestor = :territory AND c.descendant = x.territory_id)) ORDER BY x.id, x.set_id DESC;

-- Units since a choice that would end with it: those it made, and those of its level that came later.
-- name: choice_since many
-- in: int set
-- out: int id
SELECT t.id FROM unit_choice u JOIN territory_closure c ON c.ancestor = u.territory_id JOIN territory t ON t.id = c.descendant AND t.is_unit = 1
LEFT JOIN unit_choice_territory x ON x.set_id = u.set_id AND x.territory_id = t.id
WHERE u.set_id = :set AND COALESCE(x.was, t.rank <> u.rank) = 0 ORDER BY t.id;

-- name: choice_end exec
-- in: str ids
UPDATE territory t JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j ON j.id = t.id SET t.is_unit = 0;

-- name: choice_back exec
-- in: int set
UPDATE territory t JOIN unit_choice_territory x ON x.territory_id = t.id SET t.is_unit = 1 WHERE x.set_id = :set AND x.was = 1;

-- name: choice_plans_back exec
-- in: int set
UPDATE plan p JOIN unit_choice_plan x ON x.plan_id = p.id JOIN plan_version v ON v.id = x.version_id SET p.current_version = x.version_id
WHERE x.set_id = :set AND p.current_version IS NULL;

-- Who plans a territory at or beneath it. The locks, and the gaps where there is none, are kept until the transaction ends.
-- name: choice_lock many
-- in: int territory
-- out: str name, opt str holder
SELECT t.name, u.name FROM territory_closure x STRAIGHT_JOIN plan_lock l FORCE INDEX (unit) ON l.territory_id = x.descendant JOIN territory t ON t.id = l.territory_id
LEFT JOIN user u ON u.id = l.user_id WHERE x.ancestor = :territory ORDER BY t.name LIMIT 5 FOR UPDATE;
