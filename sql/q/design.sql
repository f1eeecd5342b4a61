-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/territory/scenario.c and of the designs resource.

-- Outlets beneath a territory with their unit; what they ask for is weighed beside (lib/territory/weigh.h). Closed ones ask for nothing,
-- and go with their unit as those without coordinates do: none is left behind in a unit that ends.
-- name: design_outlets many
-- in: int territory
-- out: int id, opt int lat, opt int lon, int unit, opt int partner, str postcode, int closed, num work
SELECT o.id, IF(o.status = 'closed', NULL, o.lat), IF(o.status = 'closed', NULL, o.lon), u.id, o.partner_id, o.postcode, o.status = 'closed', 0e0
FROM territory_closure c JOIN territory u ON u.id = c.descendant AND u.is_unit = 1
JOIN territory_closure d ON d.ancestor = u.id JOIN outlet o ON o.territory_id = d.descendant
WHERE c.ancestor = :territory ORDER BY o.id;

-- Open outlets with coordinates beneath a territory that lie in no unit: gaps to fill.
-- name: design_gaps many
-- in: int territory
-- out: int id, opt int lat, opt int lon, opt int partner, str postcode
SELECT o.id, o.lat, o.lon, o.partner_id, o.postcode FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant
WHERE c.ancestor = :territory AND o.status <> 'closed' AND o.lat IS NOT NULL AND o.lon IS NOT NULL
  AND c.descendant NOT IN (SELECT k.descendant FROM territory_closure k JOIN territory h ON h.id = k.ancestor AND h.is_unit = 1) ORDER BY o.id;

-- The same without what they ask for, along an index alone.
-- name: design_in_units many
-- in: int territory
-- out: int id, int unit
SELECT o.id, u.id FROM territory_closure c JOIN territory u ON u.id = c.descendant AND u.is_unit = 1
JOIN territory_closure d ON d.ancestor = u.id JOIN outlet o FORCE INDEX (territory_id) ON o.territory_id = d.descendant
WHERE c.ancestor = :territory ORDER BY o.id;

-- name: design_units_of_today many
-- in: int territory
-- out: int id, int rank, str code, str name
SELECT t.id, t.rank, t.code, t.name FROM territory_closure c JOIN territory t ON t.id = c.descendant
WHERE c.ancestor = :territory AND t.is_unit = 1 ORDER BY t.id;

-- name: design_scenario_add exec
-- in: int territory, int job, str name, str border, opt int border_of, int redraw, num tolerance, int seed, int units, int outlets, int unplaced, int moved, num deviation, num compactness, int whole, int cut, int exact, int user
INSERT INTO design_scenario (territory_id, job_id, name, border, border_of, redraw, tolerance, seed, units, outlets, unplaced, moved, max_deviation, compactness,
  whole, cut, exact, created_by, created_at)
VALUES (:territory, :job, LEFT(:name, 120), :border, :border_of, :redraw, :tolerance, :seed, :units, :outlets, :unplaced, :moved, :deviation, :compactness,
  :whole, :cut, :exact, :user, UTC_TIMESTAMP(3));

-- name: design_units_put exec
-- in: int scenario, str rows
INSERT INTO design_unit (scenario_id, number, territory_id, made, beside, code, name, outlets, work, pieces, lat, lon)
SELECT :scenario, j.n, j.t, j.t IS NULL, j.b, j.c, j.m, j.o, j.w, j.p, j.a, j.l FROM JSON_TABLE(:rows, '$[*]' COLUMNS (n INT PATH '$.n',
  t BIGINT PATH '$.t', b BIGINT PATH '$.b', c VARCHAR(64) PATH '$.c', m VARCHAR(120) PATH '$.m', o INT PATH '$.o', w DOUBLE PATH '$.w',
  p INT PATH '$.p', a INT PATH '$.a', l INT PATH '$.l')) j;

-- name: design_outlets_put exec
-- in: int scenario, str rows
INSERT INTO design_outlet (scenario_id, outlet_id, number, was, moved, came)
SELECT :scenario, j.o, j.n, j.w, j.m, j.c FROM JSON_TABLE(:rows, '$[*]' COLUMNS (o BIGINT PATH '$[0]', n INT PATH '$[1]', w BIGINT PATH '$[2]',
  m INT PATH '$[3]', c INT PATH '$[4]')) j ON DUPLICATE KEY UPDATE number = VALUES(number), was = VALUES(was), moved = VALUES(moved), came = VALUES(came);

-- Outlets that are there no longer.
-- name: design_outlets_forget exec
-- in: int scenario, str rows
DELETE FROM design_outlet WHERE scenario_id = :scenario AND outlet_id IN (SELECT j.o FROM JSON_TABLE(:rows, '$[*]' COLUMNS (o BIGINT PATH '$')) j);

-- What an earlier attempt of a job kept, whatever became of it; two attempts at once do not keep both.
-- name: design_job_kept many
-- in: int job
-- out: int id, int outlets, int units
SELECT id, outlets, units FROM design_scenario WHERE job_id = :job ORDER BY id FOR UPDATE;

-- Of a discarded scenario only the head stays, and which nodes it made that still stand.
-- name: design_outlets_drop exec
-- in: int scenario
DELETE FROM design_outlet WHERE scenario_id = :scenario;

-- Counts in cells of some units of a scenario, or of all.
-- name: design_cells_drop exec
-- in: int scenario, opt str numbers
DELETE FROM design_cell WHERE scenario_id = :scenario AND (:numbers IS NULL OR number IN (SELECT j.n FROM JSON_TABLE(:numbers, '$[*]' COLUMNS (n INT PATH '$')) j));

-- name: design_cells_put exec
-- in: int scenario, int level, str rows
INSERT INTO design_cell (scenario_id, number, level, y, x, outlets)
SELECT :scenario, j.u, :level, j.y, j.x, j.n FROM JSON_TABLE(:rows, '$[*]' COLUMNS (u INT PATH '$[0]', y INT PATH '$[1]', x INT PATH '$[2]', n INT PATH '$[3]')) j;

-- name: design_units_drop exec
-- in: int scenario
DELETE FROM design_unit WHERE scenario_id = :scenario AND (made = 0 OR territory_id IS NULL);

-- name: design_edits_drop exec
-- in: int scenario
DELETE FROM design_edit WHERE scenario_id = :scenario;

-- Scenarios that nobody decided about or changed for so many days; or whether one is.
-- name: design_old many
-- in: int days, opt int id
-- out: int id, int territory_id
SELECT id, territory_id FROM design_scenario WHERE :days > 0 AND status = 'READY' AND COALESCE(changed_at, created_at) < UTC_TIMESTAMP(3) - INTERVAL :days DAY
  AND (:id IS NULL OR id = :id) ORDER BY id;

-- name: design_list many
-- in: int territory, opt int id, int after, int limit
-- out: int id, int job_id, str name, str status, int redraw, num tolerance, int units, int outlets, int unplaced, int moved, num max_deviation, num compactness, int whole, int cut, int exact, time created_at, opt str author, opt time decided_at, opt int work_job, time changed_at
SELECT s.id, s.job_id, s.name, s.status, s.redraw, s.tolerance, s.units, s.outlets, s.unplaced, s.moved, s.max_deviation, s.compactness, s.whole,
  s.cut, s.exact, s.created_at, u.name, s.decided_at,
  (SELECT MAX(j.id) FROM job j WHERE j.kind IN ('TERRITORY_PUBLISH', 'TERRITORY_UNDO') AND j.subject = s.id AND j.state IN ('queued', 'running')),
  COALESCE(s.changed_at, s.created_at)
FROM design_scenario s LEFT JOIN user u ON u.id = s.created_by
WHERE s.territory_id = :territory AND s.id > :after AND (:id IS NULL OR s.id = :id) AND s.status <> 'DISCARDED' ORDER BY s.id LIMIT :limit;

-- name: design_units many
-- in: int scenario
-- out: int number, opt int territory_id, int made, int beside, str code, str name, int outlets, num work, int pieces, opt int lat, opt int lon
SELECT number, territory_id, made, beside, code, name, outlets, work, pieces, lat, lon FROM design_unit WHERE scenario_id = :scenario ORDER BY number;

-- Who loses and who gets it, and the seats that visit it now, as they are told to be or as the plan of its unit has it.
-- name: design_transfers many
-- in: int scenario, int after, int limit
-- out: int outlet_id, str code, str name, str from_unit, str to_unit, opt str seats
SELECT o.id, o.code, o.name, COALESCE(w.name, '–'), u.name, (SELECT GROUP_CONCAT(DISTINCT s.code ORDER BY s.code SEPARATOR '\n') FROM need n
  LEFT JOIN plan q ON q.territory_id = d.was LEFT JOIN plan_stop x ON x.version_id = q.current_version AND x.need_id = n.id
  JOIN seat s ON s.id IN (n.seat_id, x.seat_id) WHERE n.outlet_id = o.id)
FROM design_outlet d JOIN outlet o ON o.id = d.outlet_id LEFT JOIN territory w ON w.id = d.was
JOIN design_unit u ON u.scenario_id = d.scenario_id AND u.number = d.number
WHERE d.scenario_id = :scenario AND d.moved = 1 AND d.outlet_id > :after ORDER BY d.outlet_id LIMIT :limit;

-- Seats that visit an outlet which moves, as it is told to be or as the current plan has it.
-- name: design_seats one
-- in: int scenario
-- out: int n
SELECT COUNT(DISTINCT x.seat_id) FROM (SELECT n.seat_id FROM design_outlet d JOIN need n ON n.outlet_id = d.outlet_id
    WHERE d.scenario_id = :scenario AND d.moved = 1 AND n.seat_id IS NOT NULL
  UNION SELECT p.seat_id FROM design_outlet d JOIN plan q ON q.territory_id = d.was JOIN need n ON n.outlet_id = d.outlet_id
    JOIN plan_stop p ON p.version_id = q.current_version AND p.need_id = n.id WHERE d.scenario_id = :scenario AND d.moved = 1) x;

-- Changes with whatever is planned.
-- name: design_planned one
-- out: int sum
SELECT CAST(COALESCE(SUM(current_version), 0) AS UNSIGNED) FROM plan;

-- Outlets by their numbers, as a list tells them to people, with the seat that visits each now.
-- name: design_named many
-- in: str ids
-- out: int id, str code, str name, str city, opt str seat
SELECT o.id, o.code, o.name, o.city, COALESCE((SELECT s.code FROM need n JOIN seat s ON s.id = n.seat_id WHERE n.outlet_id = o.id LIMIT 1),
  (SELECT s.code FROM territory_closure c JOIN plan q ON q.territory_id = c.ancestor JOIN need n ON n.outlet_id = o.id
    JOIN plan_stop x ON x.version_id = q.current_version AND x.need_id = n.id JOIN seat s ON s.id = x.seat_id WHERE c.descendant = o.territory_id LIMIT 1))
FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN outlet o ON o.id = j.id ORDER BY o.id;

-- name: design_get one
-- in: int id, int territory
-- out: int id, str status, opt int change_set, str name, str border, opt int border_of, int moved, opt int decided_job
SELECT id, status, change_set, name, border, (SELECT MIN(o.scenario_id) FROM design_outlet o WHERE o.scenario_id = border_of), moved, decided_job FROM design_scenario WHERE id = :id AND territory_id = :territory FOR UPDATE;

-- name: design_move exec
-- in: int id, str from, str to, int user, opt int set
UPDATE design_scenario SET status = :to, decided_by = :user, decided_at = UTC_TIMESTAMP(3), change_set = COALESCE(:set, change_set)
WHERE id = :id AND status = :from;

-- name: design_decided exec
-- in: int id, int job
UPDATE design_scenario SET decided_job = :job WHERE id = :id;

-- Who publishes or undoes it just now.
-- name: design_at_work many
-- in: int scenario
-- out: int id
SELECT id FROM job WHERE kind IN ('TERRITORY_PUBLISH', 'TERRITORY_UNDO') AND subject = :scenario AND state IN ('queued', 'running') ORDER BY id LIMIT 1;

-- Which of these units somebody plans. The locks of the units, and the gaps where there is none, are kept until the transaction ends:
-- nobody takes one before the units have changed.
-- name: design_lock many
-- in: str units
-- out: str name, opt str holder
SELECT t.name, u.name FROM JSON_TABLE(:units, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) x
STRAIGHT_JOIN plan_lock l FORCE INDEX (unit) ON l.territory_id = x.id JOIN territory t ON t.id = l.territory_id
LEFT JOIN user u ON u.id = l.user_id ORDER BY t.name LIMIT 5 FOR UPDATE;

-- A scenario that was published after this one and draws on a unit that this one has, made or ended.
-- name: design_later many
-- in: int scenario
-- out: int id, str name, str territory
SELECT l.id, l.name, t.name FROM design_scenario s JOIN design_scenario l ON l.status = 'PUBLISHED' AND l.change_set > s.change_set
JOIN territory t ON t.id = l.territory_id
WHERE s.id = :scenario AND EXISTS (SELECT 1 FROM (SELECT scenario_id, territory_id FROM design_unit
    UNION ALL SELECT scenario_id, territory_id FROM design_ended) mine
  JOIN (SELECT scenario_id, territory_id FROM design_unit UNION ALL SELECT scenario_id, territory_id FROM design_ended) theirs
    ON theirs.territory_id = mine.territory_id WHERE mine.scenario_id = s.id AND theirs.scenario_id = l.id)
ORDER BY l.change_set DESC LIMIT 1;

-- What became of the outlets since a scenario was made: `came` beneath the territory; `fresh` not yet in the scenario as they are, that is those of
-- them that are not kept, gaps that are filled, and new ones; `gone` from there, deleted or elsewhere.
-- name: design_since one
-- in: int scenario, int territory
-- out: int came, int fresh, int gone
WITH node AS (SELECT c.descendant AS id, EXISTS (SELECT 1 FROM territory_closure k JOIN territory u ON u.id = k.ancestor AND u.is_unit = 1
    WHERE k.descendant = c.descendant) AS covered FROM territory_closure c WHERE c.ancestor = :territory)
SELECT n.new + w.came, n.fresh, w.gone FROM (SELECT COUNT(*) AS fresh, CAST(COALESCE(SUM(d.outlet_id IS NULL), 0) AS UNSIGNED) AS new
  FROM node x JOIN outlet o ON o.territory_id = x.id LEFT JOIN design_outlet d ON d.scenario_id = :scenario AND d.outlet_id = o.id
  WHERE (x.covered OR (o.lat IS NOT NULL AND o.lon IS NOT NULL AND o.status <> 'closed')) AND (d.outlet_id IS NULL OR x.covered <> (d.was <> 0))) n
JOIN (SELECT CAST(COALESCE(SUM(y.came AND NOT y.gone), 0) AS UNSIGNED) AS came, CAST(COALESCE(SUM(y.gone), 0) AS UNSIGNED) AS gone
  FROM (SELECT d.came, x.id IS NULL OR NOT (x.covered OR (o.lat IS NOT NULL AND o.lon IS NOT NULL AND o.status <> 'closed')) AS gone
    FROM design_outlet d LEFT JOIN outlet o ON o.id = d.outlet_id LEFT JOIN node x ON x.id = o.territory_id WHERE d.scenario_id = :scenario) y) w;

-- Outlets that somebody moved from one unit beneath the territory to another since, those of most first; `all` of them together.
-- name: design_strayed many
-- in: int scenario, int territory
-- out: str from, str to, int n, int all
SELECT w.name, x.name, COUNT(*) AS n, CAST(SUM(COUNT(*)) OVER () AS UNSIGNED)
FROM design_outlet d JOIN outlet o ON o.id = d.outlet_id
JOIN (SELECT b.descendant AS node, u.id, u.name FROM territory_closure c JOIN territory u ON u.id = c.descendant AND u.is_unit = 1
  JOIN territory_closure b ON b.ancestor = u.id WHERE c.ancestor = :territory) x ON x.node = o.territory_id
JOIN territory w ON w.id = d.was
WHERE d.scenario_id = :scenario AND x.id <> d.was GROUP BY d.was, x.id ORDER BY n DESC, d.was, x.id LIMIT 1;

-- Units of a scenario's beginning that are none any more.
-- name: design_no_units many
-- in: int scenario
-- out: str name
SELECT t.name FROM (SELECT DISTINCT was AS id FROM design_outlet WHERE scenario_id = :scenario
  UNION SELECT territory_id FROM design_unit WHERE scenario_id = :scenario AND made = 0) x JOIN territory t ON t.id = x.id
WHERE t.is_unit = 0 ORDER BY t.name LIMIT 1;

-- Where a unit is made: beneath the unit that is cut as a whole, as long as there is a level for it, else beside the unit.
-- name: design_unit_place one
-- in: int scenario, int number, int territory
-- out: int rank, opt int parent
SELECT CAST(IF(t.id = :territory AND t.rank < 5, t.rank + 1, t.rank) AS UNSIGNED), IF(t.id = :territory AND t.rank < 5, t.id, t.parent_id)
FROM design_unit u JOIN territory t ON t.id = u.beside WHERE u.scenario_id = :scenario AND u.number = :number;

-- name: design_unit_made exec
-- in: int scenario, int number, int territory
UPDATE design_unit SET territory_id = :territory WHERE scenario_id = :scenario AND number = :number;

-- The last of the next `most` outlets that move.
-- name: design_next one
-- in: int scenario, int after, int most
-- out: opt int last
SELECT MAX(outlet_id) FROM (SELECT outlet_id FROM design_outlet WHERE scenario_id = :scenario AND moved = 1 AND outlet_id > :after
  ORDER BY outlet_id LIMIT :most) x;

-- name: design_outlets_go exec
-- in: int scenario, int after, int last
UPDATE design_outlet d JOIN design_unit u ON u.scenario_id = d.scenario_id AND u.number = d.number JOIN outlet o ON o.id = d.outlet_id
SET o.territory_id = u.territory_id, o.updated_at = UTC_TIMESTAMP(3) WHERE d.scenario_id = :scenario AND d.moved = 1 AND d.outlet_id > :after AND d.outlet_id <= :last;

-- Imports go around what a person decided.
-- name: design_edits_put exec
-- in: int scenario, int user, int after, int last
INSERT INTO outlet_edit (outlet_id, field, source_value, user_id, at)
SELECT d.outlet_id, 'territory', w.code, :user, UTC_TIMESTAMP(3) FROM design_outlet d LEFT JOIN territory w ON w.id = d.was
WHERE d.scenario_id = :scenario AND d.moved = 1 AND d.outlet_id > :after AND d.outlet_id <= :last ON DUPLICATE KEY UPDATE user_id = VALUES(user_id), at = VALUES(at);

-- name: design_end_note exec
-- in: int scenario, int territory
INSERT IGNORE INTO design_ended (scenario_id, territory_id)
SELECT :scenario, t.id FROM territory_closure c JOIN territory t ON t.id = c.descendant WHERE c.ancestor = :territory AND t.is_unit = 1
  AND t.id NOT IN (SELECT u.territory_id FROM design_unit u WHERE u.scenario_id = :scenario AND u.territory_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM design_outlet d WHERE d.scenario_id = u.scenario_id AND d.number = u.number));

-- name: design_end_units exec
-- in: int scenario
UPDATE territory t JOIN design_ended x ON x.territory_id = t.id SET t.is_unit = 0 WHERE x.scenario_id = :scenario;

-- Plans in force of units that it ends; their visits stay until the plan of the unit that takes over is committed (visits_drop_ended).
-- name: design_note_plans exec
-- in: int scenario
INSERT IGNORE INTO design_ended_plan (scenario_id, plan_id, version_id)
SELECT x.scenario_id, p.id, p.current_version FROM design_ended x JOIN plan p ON p.territory_id = x.territory_id AND p.current_version IS NOT NULL
WHERE x.scenario_id = :scenario;

-- name: design_end_plans exec
-- in: int scenario
UPDATE plan p JOIN design_ended_plan x ON x.plan_id = p.id SET p.current_version = NULL WHERE x.scenario_id = :scenario;

-- A plan of a unit that it ends, which waits for approval.
-- name: design_waiting many
-- in: int scenario
-- out: str name, str channel
SELECT t.name, p.channel FROM design_ended x JOIN territory t ON t.id = x.territory_id JOIN plan p ON p.territory_id = t.id
JOIN plan_submission w ON w.plan_id = p.id AND w.waiting = 1 WHERE x.scenario_id = :scenario ORDER BY t.name, p.channel LIMIT 1;

-- How many plans in force its publication would put out of force.
-- name: design_plans_count one
-- in: int scenario, int territory
-- out: int n
SELECT COUNT(*) FROM territory_closure c JOIN territory t ON t.id = c.descendant AND t.is_unit = 1 JOIN plan p ON p.territory_id = t.id AND p.current_version IS NOT NULL
WHERE c.ancestor = :territory AND EXISTS (SELECT 1 FROM design_outlet o WHERE o.scenario_id = :scenario)
  AND t.id NOT IN (SELECT u.territory_id FROM design_unit u WHERE u.scenario_id = :scenario AND u.territory_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM design_outlet d WHERE d.scenario_id = u.scenario_id AND d.number = u.number));

-- Plans that it put out of force and that are out of force still.
-- name: design_ended_plans many
-- in: int scenario
-- out: int plan, int version
SELECT x.plan_id, x.version_id FROM design_ended_plan x JOIN plan p ON p.id = x.plan_id AND p.current_version IS NULL
JOIN plan_version v ON v.id = x.version_id WHERE x.scenario_id = :scenario ORDER BY x.plan_id;

-- Plans of units that it made end with them, and with their visits from a day on.
-- name: design_made_visits_drop exec
-- in: int scenario, date from
DELETE v FROM design_unit u JOIN plan p ON p.territory_id = u.territory_id JOIN visit v ON v.plan_id = p.id AND v.day >= :from
WHERE u.scenario_id = :scenario AND u.made = 1;

-- name: design_made_plans_end exec
-- in: int scenario
UPDATE plan p JOIN design_unit u ON u.territory_id = p.territory_id AND u.made = 1 SET p.current_version = NULL WHERE u.scenario_id = :scenario;

-- Visits of units that went on, to outlets that are in a unit again whose plan comes back.
-- name: design_visits_return exec
-- in: int scenario, date from
DELETE v FROM design_unit u JOIN plan p ON p.territory_id = u.territory_id JOIN visit v ON v.plan_id = p.id AND v.day >= :from
JOIN need n ON n.id = v.need_id JOIN outlet o ON o.id = n.outlet_id
WHERE u.scenario_id = :scenario AND u.made = 0 AND EXISTS (SELECT 1 FROM design_ended_plan x JOIN plan q ON q.id = x.plan_id AND q.channel = p.channel
  JOIN territory_closure c ON c.ancestor = q.territory_id AND c.descendant = o.territory_id WHERE x.scenario_id = :scenario);

-- name: design_begin_units exec
-- in: int scenario
UPDATE territory t JOIN design_unit u ON u.territory_id = t.id SET t.is_unit = 1, t.name = IF(u.renamed, u.name, t.name)
WHERE u.scenario_id = :scenario AND u.outlets > 0;

-- What came since to a unit that a scenario made goes to the unit beside which it was made, before the publication is taken back.
-- name: design_guests_go exec
-- in: int scenario, int set
UPDATE outlet o JOIN design_unit u ON u.scenario_id = :scenario AND u.made = 1 AND u.territory_id = o.territory_id
LEFT JOIN row_change r ON r.set_id = :set AND r.tbl = 'outlet' AND r.k1 = o.id AND r.k2 = '' AND r.field = 'territory_id' AND r.new_value = o.territory_id
SET o.territory_id = u.beside, o.updated_at = UTC_TIMESTAMP(3) WHERE r.k1 IS NULL;

-- The same when it is undone: ended units are units again, those it made are none, should they be kept by what hangs on them.
-- name: design_units_back exec
-- in: int scenario
UPDATE territory t LEFT JOIN design_ended x ON x.territory_id = t.id AND x.scenario_id = :scenario
LEFT JOIN design_unit u ON u.territory_id = t.id AND u.scenario_id = :scenario AND u.made = 1
SET t.is_unit = (x.territory_id IS NOT NULL) WHERE x.territory_id IS NOT NULL OR u.territory_id IS NOT NULL;

-- name: design_units_forget exec
-- in: int scenario
UPDATE design_unit u LEFT JOIN territory t ON t.id = u.territory_id SET u.territory_id = NULL WHERE u.scenario_id = :scenario AND t.id IS NULL;

-- name: territory_closure_sweep exec
DELETE c FROM territory_closure c LEFT JOIN territory t ON t.id = c.descendant WHERE t.id IS NULL;

-- name: territory_snapshot_sweep exec
DELETE s FROM snapshot s LEFT JOIN territory t ON t.id = s.territory_id WHERE t.id IS NULL;

-- What a scenario changes: units that give or get outlets, that it makes, ends or names. `unit`: it is one now.
-- name: design_touched many
-- in: int scenario
-- out: int id, int unit
SELECT t.id, t.is_unit FROM territory t JOIN (SELECT was AS id FROM design_outlet WHERE scenario_id = :scenario AND moved = 1
  UNION SELECT u.territory_id FROM design_outlet d JOIN design_unit u ON u.scenario_id = d.scenario_id AND u.number = d.number
    WHERE d.scenario_id = :scenario AND d.moved = 1
  UNION SELECT territory_id FROM design_unit WHERE scenario_id = :scenario AND (made = 1 OR renamed = 1)
  UNION SELECT territory_id FROM design_ended WHERE scenario_id = :scenario) x ON x.id = t.id ORDER BY t.id;

-- What came back and what stayed of a set.
-- name: design_undo_count one
-- in: int set
-- out: int back, int kept
SELECT COALESCE(SUM(back), 0), COALESCE(SUM(kept), 0) FROM undo_count WHERE set_id = :set AND tbl = 'outlet' AND field = 'territory_id';

-- Territories at and beneath one, for the check of the planning units; `above` = how many units they lie in.
-- name: check_nodes many
-- in: int territory
-- out: int id, opt int parent_id, int rank, str level, str level_name, str name, int unit, int above, int bytes
SELECT t.id, t.parent_id, t.rank, l.code, COALESCE(l.name, l.code), t.name, t.is_unit, (SELECT COUNT(*) FROM territory_closure k JOIN territory x ON x.id = k.ancestor
    WHERE k.descendant = t.id AND k.depth > 0 AND x.is_unit = 1), COALESCE(n.bytes + n.details_bytes, 0)
FROM territory_closure c JOIN territory t ON t.id = c.descendant JOIN territory_level l ON l.model_id = t.model_id AND l.rank = t.rank
LEFT JOIN snapshot n ON n.territory_id = t.id
WHERE c.ancestor = :territory ORDER BY t.id;

-- Outlets that lie directly in each of them.
-- name: check_outlets many
-- in: int territory
-- out: int territory_id, int outlets, int placed
SELECT c.descendant, COUNT(*), COUNT(o.lat) FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant
WHERE c.ancestor = :territory AND o.status <> 'closed' GROUP BY c.descendant;

-- Outlets that lie in no territory at all.
-- name: check_nowhere one
-- out: int outlets
SELECT COUNT(*) FROM outlet WHERE territory_id IS NULL AND status <> 'closed';

-- Where a scenario puts each outlet.
-- name: design_numbers many
-- in: int scenario
-- out: int outlet_id, int number, int was, int came
SELECT outlet_id, number, was, came FROM design_outlet WHERE scenario_id = :scenario ORDER BY outlet_id;

-- The same of one that is to be a border.
-- name: design_border many
-- in: int scenario, int territory
-- out: int outlet_id, int number
SELECT o.outlet_id, o.number FROM design_scenario s JOIN design_outlet o ON o.scenario_id = s.id WHERE s.id = :scenario AND s.territory_id = :territory ORDER BY o.outlet_id;

-- Is there one?
-- name: design_border_known one
-- in: int scenario, int territory
-- out: int known
SELECT EXISTS (SELECT 1 FROM design_scenario s JOIN design_outlet o ON o.scenario_id = s.id WHERE s.id = :scenario AND s.territory_id = :territory);

-- Steps of a scenario that are done, and those that were undone: the last and the first of them, 0 = none.
-- name: design_steps one
-- in: int scenario
-- out: int done, int undone, int last, int next
SELECT CAST(COALESCE(SUM(undone = 0), 0) AS UNSIGNED), CAST(COALESCE(SUM(undone), 0) AS UNSIGNED), COALESCE(MAX(IF(undone, NULL, step)), 0),
  COALESCE(MIN(IF(undone, step, NULL)), 0)
FROM design_edit WHERE scenario_id = :scenario;

-- name: design_steps_forget exec
-- in: int scenario
DELETE FROM design_edit WHERE scenario_id = :scenario AND undone = 1;

-- name: design_step_add exec
-- in: int scenario, int step, int user
INSERT INTO design_edit (scenario_id, step, user_id, at) VALUES (:scenario, :step, :user, UTC_TIMESTAMP(3));

-- name: design_step_put exec
-- in: int scenario, int step, str rows
INSERT INTO design_edit_outlet (scenario_id, step, outlet_id, from_number, to_number)
SELECT :scenario, :step, j.o, j.f, j.t FROM JSON_TABLE(:rows, '$[*]' COLUMNS (o BIGINT PATH '$[0]', f INT PATH '$[1]', t INT PATH '$[2]')) j;

-- Units that a step takes outlets from, or gives them.
-- name: design_step_units many
-- in: int scenario, int step
-- out: int number
SELECT from_number FROM design_edit_outlet WHERE scenario_id = :scenario AND step = :step
UNION SELECT to_number FROM design_edit_outlet WHERE scenario_id = :scenario AND step = :step;

-- name: design_step_done exec
-- in: int scenario, int step
UPDATE design_outlet d JOIN design_edit_outlet e ON e.scenario_id = d.scenario_id AND e.step = :step AND e.outlet_id = d.outlet_id
JOIN design_unit u ON u.scenario_id = d.scenario_id AND u.number = e.to_number
SET d.number = e.to_number, d.moved = NOT (u.territory_id <=> d.was) WHERE d.scenario_id = :scenario;

-- name: design_step_undone exec
-- in: int scenario, int step
UPDATE design_outlet d JOIN design_edit_outlet e ON e.scenario_id = d.scenario_id AND e.step = :step AND e.outlet_id = d.outlet_id
JOIN design_unit u ON u.scenario_id = d.scenario_id AND u.number = e.from_number
SET d.number = e.from_number, d.moved = NOT (u.territory_id <=> d.was) WHERE d.scenario_id = :scenario;

-- name: design_step_mark exec
-- in: int scenario, int step, int undone
UPDATE design_edit SET undone = :undone WHERE scenario_id = :scenario AND step = :step;

-- name: design_units_count exec
-- in: int scenario, str rows
UPDATE design_unit u JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (n INT PATH '$.n', o INT PATH '$.o', w DOUBLE PATH '$.w', p INT PATH '$.p',
  a INT PATH '$.a', l INT PATH '$.l')) j ON j.n = u.number
SET u.outlets = j.o, u.work = j.w, u.pieces = j.p, u.lat = j.a, u.lon = j.l WHERE u.scenario_id = :scenario;

-- name: design_figures_put exec
-- in: int scenario, int units, int outlets, int unplaced, int moved, num deviation, num compactness, int whole, int cut
UPDATE design_scenario SET units = :units, outlets = :outlets, unplaced = :unplaced, moved = :moved, max_deviation = :deviation, compactness = :compactness, whole = :whole,
  cut = :cut, exact = 0, changed_at = UTC_TIMESTAMP(3) WHERE id = :scenario;

-- name: design_unit_name exec
-- in: int scenario, int number, str name
UPDATE design_unit u JOIN design_scenario s ON s.id = u.scenario_id SET u.name = :name, u.renamed = 1, s.changed_at = UTC_TIMESTAMP(3)
WHERE u.scenario_id = :scenario AND u.number = :number;

-- Outlets beneath a territory that no map shows.
-- name: design_unplaced many
-- in: int territory, int after, int limit
-- out: int id, str code, str name, str city, str postcode, str unit
SELECT o.id, o.code, o.name, o.city, o.postcode, u.name
FROM territory_closure c JOIN territory u ON u.id = c.descendant AND u.is_unit = 1
JOIN territory_closure d ON d.ancestor = u.id JOIN outlet o ON o.territory_id = d.descendant
WHERE c.ancestor = :territory AND o.id > :after AND (o.lat IS NULL OR o.lon IS NULL) AND o.status <> 'closed' ORDER BY o.id LIMIT :limit;

-- What a drawing of units is made of, as a text that changes with it: every change of outlets and needs opens a change set (one that
-- began early may end late, hence the count), the day and the policies, units and their names, and of a scenario its units and steps.
-- name: design_drawn_version one
-- in: int territory, opt int scenario
-- out: str version
SELECT CONCAT_WS('/', :territory, m.last, (SELECT COUNT(*) FROM change_set WHERE id > GREATEST(m.last, 100000) - 100000),
  UTC_DATE(), (SELECT CONCAT_WS('.', COUNT(*), MAX(updated_at)) FROM plan_profile), (SELECT CONCAT_WS('.', COUNT(*), MAX(updated_at)) FROM account_rule),
  (SELECT CONCAT(COUNT(*), '.', BIT_XOR(CRC32(CONCAT_WS('|', t.id, t.code, t.name)))) FROM territory_closure c
    JOIN territory t ON t.id = c.descendant AND t.is_unit = 1 WHERE c.ancestor = :territory),
  COALESCE(:scenario, 0), (SELECT CONCAT(s.territory_id, s.status, s.decided_at) FROM design_scenario s WHERE s.id = :scenario),
  (SELECT BIT_XOR(CRC32(CONCAT_WS('|', u.number, u.territory_id, u.code, u.name, u.outlets, u.work))) FROM design_unit u WHERE u.scenario_id = :scenario),
  (SELECT CONCAT_WS('.', COUNT(*), SUM(x.undone), MAX(x.step), MAX(x.at)) FROM design_edit x WHERE x.scenario_id = :scenario))
FROM (SELECT COALESCE(MAX(id), 0) AS last FROM change_set) m;

-- Outlet and unit of today that a shell names by their codes.
-- name: design_pin one
-- in: int territory, str outlet, str unit
-- out: int outlet_id, int unit_id
SELECT o.id, t.id FROM outlet o JOIN territory_closure c ON c.ancestor = :territory JOIN territory t ON t.id = c.descendant AND t.is_unit = 1 AND t.code = :unit
WHERE o.code = :outlet ORDER BY t.id LIMIT 1;

-- Units at or beneath a territory with how many open outlets of each have coordinates, as they were counted with its snapshot.
-- name: overview_units many
-- in: int territory, int scenario
-- out: int id, opt int territory, str code, str name, int outlets, opt num work
SELECT t.id, t.id, t.code, t.name, CAST(COALESCE((SELECT SUM(s.outlets) FROM snapshot_cell s WHERE s.territory_id = t.id AND s.level = 9), 0) AS UNSIGNED), NULL
FROM territory_closure c JOIN territory t ON t.id = c.descendant WHERE :scenario = 0 AND c.ancestor = :territory AND t.is_unit = 1
UNION ALL SELECT u.number, u.territory_id, u.code, u.name, u.outlets, u.work FROM design_scenario d JOIN design_unit u ON u.scenario_id = d.id
WHERE d.id = :scenario AND d.territory_id = :territory ORDER BY 1;

-- Of a scenario: those of its units.
-- name: overview_cells many
-- in: int territory, int scenario, int level, int west, int east, int north, int south
-- out: int x, int y, int unit, int outlets
SELECT s.x AS x, s.y AS y, s.territory_id AS unit, s.outlets AS outlets FROM territory_closure c JOIN territory t ON t.id = c.descendant AND t.is_unit = 1
JOIN snapshot_cell s ON s.territory_id = t.id AND s.level = :level AND s.y BETWEEN :north AND :south AND s.x BETWEEN :west AND :east
WHERE :scenario = 0 AND c.ancestor = :territory
UNION ALL SELECT s.x, s.y, s.number, s.outlets FROM design_unit u
JOIN design_cell s ON s.scenario_id = u.scenario_id AND s.number = u.number AND s.level = :level AND s.y BETWEEN :north AND :south AND s.x BETWEEN :west AND :east
WHERE u.scenario_id = :scenario ORDER BY y, x, outlets DESC, unit;

-- Open outlets of some units of today in a box, in their units or in those of a scenario.
-- name: overview_outlets many
-- in: str units, int scenario, int west, int south, int east, int north
-- out: int id, opt int lat, opt int lon, int unit
SELECT o.id, o.lat, o.lon, IF(:scenario = 0, c.ancestor, d.number) FROM JSON_TABLE(:units, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN territory_closure c ON c.ancestor = j.id
JOIN outlet o ON o.territory_id = c.descendant AND o.lat BETWEEN :south AND :north AND o.lon BETWEEN :west AND :east
LEFT JOIN design_outlet d ON d.scenario_id = :scenario AND d.outlet_id = o.id
WHERE o.status <> 'closed' AND (:scenario = 0 OR d.outlet_id IS NOT NULL) ORDER BY o.id;

-- What the counts beneath a territory are made of, as a text that changes with them.
-- name: overview_version one
-- in: int territory
-- out: str version
SELECT CONCAT_WS('/', :territory, COUNT(*), MAX(s.made_at), BIT_XOR(CRC32(CONCAT_WS('|', t.id, t.code, t.name, s.cells))))
FROM territory_closure c JOIN territory t ON t.id = c.descendant AND t.is_unit = 1 LEFT JOIN snapshot s ON s.territory_id = t.id WHERE c.ancestor = :territory;

-- name: design_extent one
-- in: int territory
-- out: int outlets
SELECT COALESCE((SELECT outlets FROM territory_stat WHERE territory_id = :territory), 0);

-- Units of today that an outlet must be in (pinned, white) or must not be in. A pin to a unit elsewhere waits for a design that has both.
-- name: design_listed many
-- in: int territory
-- out: int outlet_id, int territory_id, int white, int pinned
SELECT p.outlet_id AS outlet, p.territory_id, 0, 1 FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant
JOIN design_pin p ON p.outlet_id = o.id JOIN territory u ON u.id = p.territory_id LEFT JOIN territory_closure k ON k.ancestor = :territory AND k.descendant = u.id
WHERE c.ancestor = :territory AND (k.ancestor IS NOT NULL OR u.is_unit = 0)
UNION ALL SELECT x.outlet_id, x.territory_id, x.list = 'WHITE', 0 FROM territory_closure c JOIN territory u ON u.id = c.descendant AND u.is_unit = 1
JOIN outlet_list x ON x.territory_id = u.id AND x.seat_id = 0 AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
WHERE c.ancestor = :territory ORDER BY outlet;
