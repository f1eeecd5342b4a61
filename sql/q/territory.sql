-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/territory and of the territories resource.

-- name: territory_find one
-- in: int model, int rank, opt int parent, str code
-- out: int id
SELECT id FROM territory WHERE model_id = :model AND rank = :rank AND parent_id <=> :parent AND code = :code LIMIT 1;

-- name: territory_find_any one
-- in: int rank, str code
-- out: int n, int id
SELECT COUNT(*), COALESCE(MIN(id), 0) FROM territory WHERE model_id = 1 AND rank = :rank AND code = :code;

-- name: territory_add exec
-- in: int model, int rank, opt int parent, str code, str name
INSERT INTO territory (model_id, rank, parent_id, code, name) VALUES (:model, :rank, :parent, :code, LEFT(:name, 120));

-- name: territory_closure_add exec
-- in: int id, opt int parent
INSERT INTO territory_closure (ancestor, descendant, depth)
SELECT ancestor, :id, depth + 1 FROM territory_closure WHERE descendant = :parent
UNION ALL SELECT :id, :id, 0;

-- name: territory_rename exec
-- in: int id, str name
UPDATE territory SET name = LEFT(:name, 120) WHERE id = :id;

-- name: territory_stat_clear exec
DELETE FROM territory_stat;

-- The whole table is read once: along an index it would be a lookup for each outlet.
-- name: territory_stat_fill exec
INSERT INTO territory_stat (territory_id, outlets, placed, partners)
SELECT c.ancestor, SUM(o.n), SUM(o.placed), COUNT(DISTINCT o.partner_id)
FROM (SELECT territory_id, partner_id, COUNT(*) AS n, COUNT(lat) AS placed
  FROM outlet IGNORE INDEX (territory_id, partner_id) WHERE territory_id IS NOT NULL
  GROUP BY territory_id, partner_id) o
JOIN territory_closure c ON c.descendant = o.territory_id GROUP BY c.ancestor;

-- Outlets of models beside the sales geography; their work is added.
-- name: territory_stat_fill_models exec
-- in: opt int model
INSERT INTO territory_stat (territory_id, outlets, placed, partners, visits, minutes)
SELECT c.ancestor, COUNT(*), COUNT(o.lat), COUNT(DISTINCT o.partner_id), 0, 0
FROM outlet_territory x JOIN outlet o ON o.id = x.outlet_id JOIN territory_closure c ON c.descendant = x.territory_id
WHERE :model IS NULL OR x.model_id = :model GROUP BY c.ancestor;

-- name: territory_stat_work exec
-- in: str rows
UPDATE territory_stat s JOIN (SELECT c.ancestor, SUM(j.v) AS visits, SUM(j.m) AS minutes
    FROM JSON_TABLE(:rows, '$[*]' COLUMNS (t BIGINT PATH '$[0]', v DOUBLE PATH '$[1]', m DOUBLE PATH '$[2]')) j
    JOIN territory_closure c ON c.descendant = j.t GROUP BY c.ancestor) w ON w.ancestor = s.territory_id
SET s.visits = s.visits + w.visits, s.minutes = s.minutes + w.minutes;

-- How the outlets of each level lie: in nodes of a good size, and how far the others are off (in logarithms).
-- name: territory_sizes many
-- in: int least, int most
-- out: int rank, int fitting, num misfit
SELECT t.rank, CAST(SUM(IF(s.outlets BETWEEN :least AND :most, s.outlets, 0)) AS UNSIGNED),
  SUM(s.outlets * ABS(LN(s.outlets / IF(s.outlets < :least, :least, :most)))) / SUM(s.outlets)
FROM territory_stat s JOIN territory t ON t.id = s.territory_id WHERE t.model_id = 1 GROUP BY t.rank ORDER BY t.rank;

-- The level of the units, as it was before published scenarios ended some and made others. Units are planned once somebody
-- plans one, has published a scenario of them or has chosen their level. Where a level was chosen for a part, that of the others counts.
-- name: territory_unit_rank one
-- out: opt int rank, int planned
SELECT (SELECT t.rank FROM territory t WHERE (t.is_unit = 1 OR EXISTS (SELECT 1 FROM design_ended x JOIN design_scenario s ON s.id = x.scenario_id
    WHERE x.territory_id = t.id AND s.status = 'PUBLISHED'))
    AND t.id NOT IN (SELECT territory_id FROM design_unit WHERE made = 1 AND territory_id IS NOT NULL)
    GROUP BY t.rank ORDER BY SUM(NOT EXISTS (SELECT 1 FROM unit_choice u JOIN change_set s ON s.id = u.set_id AND s.undone_by IS NULL
      JOIN territory_closure k ON k.ancestor = u.territory_id WHERE k.descendant = t.id)) DESC, COUNT(*) DESC LIMIT 1),
  (SELECT COUNT(*) FROM plan) + (SELECT COUNT(*) FROM plan_lock) + (SELECT COUNT(*) FROM design_scenario WHERE status = 'PUBLISHED')
    + (SELECT COUNT(*) FROM unit_choice u JOIN change_set c ON c.id = u.set_id AND c.undone_by IS NULL);

-- name: territory_set_units exec
-- in: int rank
UPDATE territory SET is_unit = (rank = :rank) WHERE model_id = 1;

-- What a published scenario ended is no unit again, nor is what lies beneath it; nor a node that an undone one made. Where a person
-- chose a level, it is that one.
-- name: territory_add_units exec
-- in: int rank
UPDATE territory t SET t.is_unit = 1 WHERE t.model_id = 1 AND t.is_unit = 0
  AND t.rank = COALESCE((SELECT u.rank FROM territory_closure k JOIN unit_choice u ON u.territory_id = k.ancestor
    JOIN change_set c ON c.id = u.set_id AND c.undone_by IS NULL WHERE k.descendant = t.id ORDER BY u.set_id DESC LIMIT 1), :rank)
  AND t.id NOT IN (SELECT territory_id FROM design_unit WHERE made = 1 AND territory_id IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM territory_closure k JOIN design_ended x ON x.territory_id = k.ancestor
    JOIN design_scenario s ON s.id = x.scenario_id WHERE k.descendant = t.id AND s.status = 'PUBLISHED');

-- Nodes with outlets that no unit covers become units themselves. Not where a published scenario ended the unit: the check of the
-- units counts these outlets, and a person decides.
-- name: territory_orphan_units exec
UPDATE territory t SET t.is_unit = 1 WHERE t.is_unit = 0 AND EXISTS (SELECT 1 FROM outlet o WHERE o.territory_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM territory_closure c JOIN (SELECT id FROM territory WHERE is_unit = 1) u ON u.id = c.ancestor
    WHERE c.descendant = t.id)
  AND NOT EXISTS (SELECT 1 FROM territory_closure k JOIN design_ended x ON x.territory_id = k.ancestor
    JOIN design_scenario s ON s.id = x.scenario_id WHERE k.descendant = t.id AND s.status = 'PUBLISHED');

-- Territories with their figures, the work in the sales geography as the snapshots of the units at and beneath them say, once all have one;
-- `user` sees what lies in the scopes given to that user, world = 1 everything.
-- name: territory_list many
-- in: int user, int world, opt int id, int model, opt int units, opt str channel, opt str q, opt int parent, opt int beneath, opt str level, int after, int limit
-- out: int id, int model_id, opt int visits, opt num minutes, str code, str name, str level, str level_name, opt int parent_id, int unit, int outlets, int placed, int seats, int partners, opt int plan_id, opt str plan_channel, opt int plan_version, opt time committed_at, opt int unserved, opt str snapshot, opt int west, opt int south, opt int east, opt int north
SELECT t.id, t.model_id, IF(t.model_id = 1, (SELECT IF(COUNT(*) = COUNT(y.minutes), CAST(SUM(y.visits) AS UNSIGNED), NULL) FROM territory_closure c
    JOIN territory u ON u.id = c.descendant AND u.is_unit = 1 JOIN territory_stat z ON z.territory_id = u.id AND z.outlets > 0
    LEFT JOIN snapshot y ON y.territory_id = u.id WHERE c.ancestor = t.id), s.visits),
  IF(t.model_id = 1, (SELECT IF(COUNT(*) = COUNT(y.minutes), SUM(y.minutes), NULL) FROM territory_closure c
    JOIN territory u ON u.id = c.descendant AND u.is_unit = 1 JOIN territory_stat z ON z.territory_id = u.id AND z.outlets > 0
    LEFT JOIN snapshot y ON y.territory_id = u.id WHERE c.ancestor = t.id), s.minutes), t.code, t.name, l.code, COALESCE(l.name, l.code), t.parent_id, t.is_unit, COALESCE(s.outlets, 0), COALESCE(s.placed, 0),
  (SELECT COUNT(*) FROM territory_closure c JOIN seat x ON x.territory_id = c.descendant WHERE c.ancestor = t.id AND x.active = 1),
  COALESCE(s.partners, 0), p.id, p.channel, v.number, v.committed_at, v.unserved, n.hash, n.west, n.south, n.east, n.north
FROM territory t JOIN territory_level l ON l.model_id = t.model_id AND l.rank = t.rank
LEFT JOIN territory_stat s ON s.territory_id = t.id
LEFT JOIN plan p ON p.id = (SELECT y.id FROM plan y WHERE y.territory_id = t.id AND (:channel IS NULL OR y.channel = :channel)
  ORDER BY y.current_version IS NULL, y.channel LIMIT 1)
LEFT JOIN plan_version v ON v.id = p.current_version
LEFT JOIN snapshot n ON n.territory_id = t.id
WHERE t.id > :after AND (t.id = :id OR (:id IS NULL AND t.model_id = :model)) AND (:units IS NULL OR t.is_unit = :units)
  AND (:q IS NULL OR LOCATE(:q, t.name) OR LOCATE(:q, t.code) = 1) AND (:parent IS NULL OR t.parent_id = :parent)
  AND (:beneath IS NULL OR EXISTS (SELECT 1 FROM territory_closure b WHERE b.ancestor = :beneath AND b.descendant = t.id)) AND (:level IS NULL OR l.code = :level)
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
    WHERE c.descendant = t.id AND u.user_id = :user))
ORDER BY t.id LIMIT :limit;

-- name: territory_locks many
-- in: opt int territory
-- out: int territory_id, str channel, int user_id, opt str user, time since, time last_seen, opt int session_id
SELECT l.territory_id, l.channel, l.user_id, u.name, l.since, l.last_seen, (SELECT MAX(s.id) FROM planning_session s
  JOIN plan p ON p.id = s.plan_id WHERE p.territory_id = l.territory_id AND p.channel = l.channel AND s.user_id = l.user_id
  AND s.status = 'ACTIVE')
FROM plan_lock l LEFT JOIN user u ON u.id = l.user_id WHERE :territory IS NULL OR l.territory_id = :territory
ORDER BY l.territory_id, l.channel;

-- name: territory_path many
-- in: int id
-- out: int id, str name
SELECT t.id, t.name FROM territory_closure c JOIN territory t ON t.id = c.ancestor WHERE c.descendant = :id ORDER BY c.depth DESC;

-- name: territory_assignments many
-- in: int territory, int after, int limit
-- out: int outlet_id, str outlet_code, str outlet_name, opt str partner, opt str seat
SELECT o.id, o.code, o.name, p.name, COALESCE((SELECT s.code FROM need n JOIN seat s ON s.id = n.seat_id WHERE n.outlet_id = o.id LIMIT 1),
  (SELECT s.code FROM need n JOIN plan_stop x ON x.need_id = n.id JOIN plan_version v ON v.id = x.version_id
    JOIN plan q ON q.current_version = v.id JOIN seat s ON s.id = x.seat_id WHERE n.outlet_id = o.id
    AND x.version_id IN (SELECT current_version FROM plan) LIMIT 1))
FROM (SELECT x.id FROM territory_closure c JOIN outlet x ON x.territory_id = c.descendant
  WHERE c.ancestor = :territory AND x.id > :after ORDER BY x.id LIMIT :limit) i
JOIN outlet o ON o.id = i.id LEFT JOIN partner p ON p.id = o.partner_id ORDER BY o.id;

-- name: seat_list many
-- in: int user, int world, opt int territory, opt str q, int after, int limit
-- out: int id, str code, str name, opt str person, opt date person_since, opt date person_until, opt str successor, opt date successor_from, opt str vehicle, opt int territory_id, opt str territory, str channel, opt int lat, opt int lon, opt int shift_start, opt int shift_minutes, opt int work_weekdays, opt int max_calls, opt str partners
SELECT s.id, s.code, s.name, r.name, h.from_date, h.to_date, z.name, g.from_date, s.vehicle, s.territory_id, t.name, s.channel, s.lat, s.lon, s.shift_start,
  s.shift_minutes, s.work_weekdays, s.max_calls,
  (SELECT GROUP_CONCAT(p.code ORDER BY p.code SEPARATOR ';') FROM seat_partner x JOIN partner p ON p.id = x.partner_id WHERE x.seat_id = s.id)
FROM seat s LEFT JOIN seat_holder h ON h.seat_id = s.id AND h.from_date = (SELECT MAX(y.from_date) FROM seat_holder y
  WHERE y.seat_id = s.id AND y.from_date <= UTC_DATE() AND (y.to_date IS NULL OR y.to_date >= UTC_DATE()))
LEFT JOIN resource r ON r.id = h.resource_id LEFT JOIN territory t ON t.id = s.territory_id
LEFT JOIN seat_holder g ON g.seat_id = s.id AND g.from_date = (SELECT MIN(y.from_date) FROM seat_holder y WHERE y.seat_id = s.id AND y.from_date > UTC_DATE())
LEFT JOIN resource z ON z.id = g.resource_id
WHERE s.id > :after AND s.active = 1
  AND (:q IS NULL OR LOCATE(:q, s.code) = 1 OR LOCATE(:q, s.name) OR LOCATE(:q, r.name))
  AND (:territory IS NULL OR EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = :territory AND c.descendant = s.territory_id))
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
    WHERE c.descendant = s.territory_id AND u.user_id = :user))
ORDER BY s.id LIMIT :limit;

-- --- models ---

-- name: model_list many
-- out: int id, str code, str name, str levels, str level_names, int territories, int outlets
SELECT m.id, m.code, m.name, COALESCE((SELECT GROUP_CONCAT(l.code ORDER BY l.rank SEPARATOR '\n') FROM territory_level l WHERE l.model_id = m.id), ''),
  COALESCE((SELECT GROUP_CONCAT(COALESCE(l.name, l.code) ORDER BY l.rank SEPARATOR '\n') FROM territory_level l WHERE l.model_id = m.id), ''),
  (SELECT COUNT(*) FROM territory t WHERE t.model_id = m.id),
  CAST(COALESCE((SELECT SUM(s.outlets) FROM territory t JOIN territory_stat s ON s.territory_id = t.id WHERE t.model_id = m.id AND t.parent_id IS NULL), 0) AS UNSIGNED)
FROM territory_model m ORDER BY m.id;

-- name: model_add exec
-- in: str code, str name
INSERT INTO territory_model (code, name) VALUES (UPPER(:code), :name);

-- name: model_rename exec
-- in: int id, str name
UPDATE territory_model SET name = :name WHERE id = :id;

-- The narrowest level that has nodes, 0 = none.
-- name: model_depth one
-- in: int id
-- out: int rank
SELECT COALESCE(MAX(rank), 0) FROM territory WHERE model_id = :id;

-- Levels of the sales geography that people call otherwise.
-- name: level_names many
-- out: int rank, str code, str name
SELECT rank, code, COALESCE(name, '') FROM territory_level WHERE model_id = 1 AND name IS NOT NULL ORDER BY rank;

-- name: level_rename exec
-- in: int model, int rank, str name
UPDATE territory_level SET name = NULLIF(:name, '') WHERE model_id = :model AND rank = :rank;

-- name: level_naming_add exec
-- in: int set, int model
INSERT INTO level_naming (set_id, model_id, was)
SELECT :set, :model, GROUP_CONCAT(COALESCE(name, code) ORDER BY rank SEPARATOR '\n') FROM territory_level WHERE model_id = :model;

-- The last renaming that was not taken back.
-- name: level_naming_last many
-- in: int model
-- out: int set, time at, opt str person, str reason, str was
SELECT n.set_id, c.at, u.name, c.reason, n.was FROM level_naming n JOIN change_set c ON c.id = n.set_id AND c.undone_by IS NULL
LEFT JOIN user u ON u.id = c.user_id WHERE n.model_id = :model ORDER BY n.set_id DESC LIMIT 1;

-- name: model_levels_drop exec
-- in: int id
DELETE FROM territory_level WHERE model_id = :id;

-- name: model_level_add exec
-- in: int id, int rank, str name
INSERT INTO territory_level (model_id, rank, code) VALUES (:id, :rank, :name);

-- name: model_drop_members exec
-- in: int id
DELETE FROM outlet_territory WHERE model_id = :id;

-- name: model_drop_stat exec
-- in: int id
DELETE s FROM territory_stat s JOIN territory t ON t.id = s.territory_id WHERE t.model_id = :id;

-- name: model_drop_closure exec
-- in: int id
DELETE c FROM territory_closure c JOIN territory t ON t.id = c.descendant WHERE t.model_id = :id;

-- name: model_drop_nodes exec
-- in: int id, int rank
DELETE FROM territory WHERE model_id = :id AND rank = :rank;

-- name: model_drop exec
-- in: int id
DELETE FROM territory_model WHERE id = :id;

-- Territories of a model with the names above them, and the outlets beneath a territory of the sales geography that lie in one.
-- name: member_nodes many
-- in: int model
-- out: int id, str code, str name
SELECT t.id, t.code, (SELECT GROUP_CONCAT(p.name ORDER BY c.depth DESC SEPARATOR ' › ') FROM territory_closure c JOIN territory p ON p.id = c.ancestor
  WHERE c.descendant = t.id) FROM territory t WHERE t.model_id = :model ORDER BY t.id;

-- name: member_places many
-- in: int territory, int model
-- out: int outlet_id, int territory_id
SELECT x.outlet_id, x.territory_id FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant
JOIN outlet_territory x ON x.outlet_id = o.id AND x.model_id = :model WHERE c.ancestor = :territory ORDER BY x.outlet_id;

-- name: model_levels_of one
-- in: int id
-- out: int levels
SELECT COUNT(*) FROM territory_level WHERE model_id = :id;

-- Outlets that are named and are not there.
-- name: member_unknown one
-- in: str ids
-- out: int n, opt int first
SELECT COUNT(*), MIN(j.id) FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j LEFT JOIN outlet o ON o.id = j.id WHERE o.id IS NULL;

-- Outlets that lie elsewhere than they are to, for their history.
-- name: member_note exec
-- in: int model, int territory, int set, str ids
INSERT INTO row_change (tbl, k1, set_id, field, old_value, new_value)
SELECT 'outlet', o.id, :set, LEFT(CONCAT('in ', m.code), 32), w.name, (SELECT t.name FROM territory t WHERE t.id = :territory)
FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN outlet o ON o.id = j.id JOIN territory_model m ON m.id = :model
LEFT JOIN outlet_territory x ON x.outlet_id = o.id AND x.model_id = m.id LEFT JOIN territory w ON w.id = x.territory_id
WHERE COALESCE(x.territory_id, 0) <> :territory GROUP BY o.id;

-- name: member_put exec
-- in: int model, int territory, str ids
INSERT INTO outlet_territory (outlet_id, model_id, territory_id)
SELECT j.id, :model, :territory FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j
ON DUPLICATE KEY UPDATE territory_id = VALUES(territory_id);

-- name: member_drop exec
-- in: int model, str ids
DELETE x FROM outlet_territory x JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j ON j.id = x.outlet_id WHERE x.model_id = :model;

-- name: model_change_add exec
-- in: int model, int set, int territory, int outlets
INSERT INTO model_change (model_id, set_id, territory_id, outlets) VALUES (:model, :set, :territory, :outlets);

-- name: model_change_get one
-- in: int model, int set
-- out: int territory, int outlets, opt int undone_by
SELECT x.territory_id, x.outlets, c.undone_by FROM model_change x JOIN change_set c ON c.id = x.set_id WHERE x.model_id = :model AND x.set_id = :set FOR UPDATE;

-- The newest first.
-- name: model_changes many
-- in: int model, int before, int limit
-- out: int set, time at, opt str person, str reason, opt str territory, int outlets, int undone
SELECT x.set_id, c.at, u.name, c.reason, IF(x.territory_id, COALESCE(t.name, '?'), NULL), x.outlets, c.undone_by IS NOT NULL
FROM model_change x JOIN change_set c ON c.id = x.set_id LEFT JOIN user u ON u.id = c.user_id LEFT JOIN territory t ON t.id = x.territory_id
WHERE x.model_id = :model AND x.set_id < :before ORDER BY x.set_id DESC LIMIT :limit;

-- What a change did, to take it back: a statement on outlet_territory cannot read row_change, into which its trigger writes.
-- name: member_undo_rows many
-- in: int model, int set
-- out: int outlet, opt int was
SELECT r.k1, MAX(IF(r.field = 'territory_id', CAST(r.old_value AS UNSIGNED), NULL)) FROM row_change r
WHERE r.tbl = 'outlet_territory' AND r.set_id = :set AND r.k2 = :model GROUP BY r.k1;

-- Where an outlet still lies as the change put it: moved ones go back, those that came leave; those that it took out come again.
-- name: member_back exec
-- in: int model, int territory, str rows
UPDATE outlet_territory x JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (o BIGINT UNSIGNED PATH '$[0]', w BIGINT UNSIGNED PATH '$[1]')) j ON j.o = x.outlet_id
JOIN territory t ON t.id = j.w AND t.model_id = :model SET x.territory_id = t.id WHERE x.model_id = :model AND x.territory_id = :territory;

-- name: member_leave exec
-- in: int model, int territory, str rows
DELETE x FROM outlet_territory x JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (o BIGINT UNSIGNED PATH '$[0]', w BIGINT UNSIGNED PATH '$[1]')) j ON j.o = x.outlet_id
WHERE x.model_id = :model AND x.territory_id = :territory AND j.w IS NULL;

-- name: member_again exec
-- in: int model, str rows
INSERT IGNORE INTO outlet_territory (outlet_id, model_id, territory_id)
SELECT o.id, :model, t.id FROM JSON_TABLE(:rows, '$[*]' COLUMNS (o BIGINT UNSIGNED PATH '$[0]', w BIGINT UNSIGNED PATH '$[1]')) j
JOIN outlet o ON o.id = j.o JOIN territory t ON t.id = j.w AND t.model_id = :model;

-- What a change that took another back says in the history of outlets.
-- name: member_note_back exec
-- in: int set, int own
INSERT INTO row_change (tbl, k1, set_id, field, old_value, new_value)
SELECT r.tbl, r.k1, :own, r.field, r.new_value, r.old_value FROM row_change r WHERE r.tbl = 'outlet' AND r.set_id = :set
  AND EXISTS (SELECT 1 FROM row_change y WHERE y.tbl = 'outlet_territory' AND y.k1 = r.k1 AND y.set_id = :own);

-- Territories that a change made, the lowest first; one of them, if nothing lies in it any more.
-- name: member_made many
-- in: int set
-- out: int id
SELECT t.id FROM row_change r JOIN territory t ON t.id = r.k1 WHERE r.tbl = 'territory' AND r.set_id = :set AND r.field = '+' ORDER BY t.rank DESC, t.id;

-- name: member_node_drop exec
-- in: int id
DELETE t FROM territory t LEFT JOIN territory b ON b.parent_id = t.id LEFT JOIN outlet_territory x ON x.territory_id = t.id
WHERE t.id = :id AND b.id IS NULL AND x.outlet_id IS NULL;

-- name: territory_model_of one
-- in: int id
-- out: int model_id
SELECT model_id FROM territory WHERE id = :id;

-- Where an outlet lies in models beside the sales geography.
-- name: outlet_models many
-- in: int outlet
-- out: int model_id, str code, str model, int territory_id, str path
SELECT m.id, m.code, m.name, x.territory_id, (SELECT GROUP_CONCAT(t.name ORDER BY c.depth DESC SEPARATOR ' › ') FROM territory_closure c
  JOIN territory t ON t.id = c.ancestor WHERE c.descendant = x.territory_id)
FROM outlet_territory x JOIN territory_model m ON m.id = x.model_id WHERE x.outlet_id = :outlet ORDER BY m.id;

-- A model and outlets that a shell names by their codes.
-- name: model_of_code one
-- in: str code
-- out: int id
SELECT id FROM territory_model WHERE code = UPPER(:code);

-- name: member_codes many
-- in: str codes
-- out: str code, opt int id
SELECT COALESCE(j.code, ''), o.id FROM JSON_TABLE(:codes, '$[*]' COLUMNS (code VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) j LEFT JOIN outlet o ON o.code = j.code;

-- --- outlets that a person puts elsewhere ---

-- Where these outlets lie, none = in no territory.
-- name: placing_from many
-- in: str ids
-- out: opt int id
SELECT DISTINCT o.territory_id FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN outlet o ON o.id = j.id;

-- Where the outlets of a placing lie now, and where they lay.
-- name: placing_undo_from many
-- in: int set
-- out: opt int id
SELECT o.territory_id FROM row_change r JOIN outlet o ON o.id = r.k1 WHERE r.set_id = :set AND r.tbl = 'outlet' AND r.field = 'territory_id'
UNION SELECT CAST(r.old_value AS UNSIGNED) FROM row_change r WHERE r.set_id = :set AND r.tbl = 'outlet' AND r.field = 'territory_id';

-- The units that these territories lie in.
-- name: placing_units many
-- in: str ids
-- out: int id
SELECT DISTINCT u.id FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN territory_closure c ON c.descendant = j.id
JOIN territory u ON u.id = c.ancestor AND u.is_unit = 1 ORDER BY u.id;

-- Outlets that the blacklist keeps out of a territory.
-- name: placing_barred one
-- in: str ids, int territory
-- out: int n, opt str first
SELECT COUNT(DISTINCT o.id), MIN(o.code) FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN outlet o ON o.id = j.id
JOIN outlet_list x ON x.outlet_id = o.id AND x.list = 'BLACK' AND x.seat_id = 0 AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
JOIN territory_closure c ON c.ancestor = x.territory_id AND c.descendant = :territory;

-- Imports go around what a person decided.
-- name: placing_edits exec
-- in: int territory, int user, str ids
INSERT INTO outlet_edit (outlet_id, field, source_value, user_id, at)
SELECT o.id, 'territory', w.code, :user, UTC_TIMESTAMP(3) FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN outlet o ON o.id = j.id
LEFT JOIN territory w ON w.id = o.territory_id WHERE NOT o.territory_id <=> :territory GROUP BY o.id
ON DUPLICATE KEY UPDATE user_id = VALUES(user_id), at = VALUES(at);

-- name: placing_go exec
-- in: int territory, str ids
UPDATE JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN outlet o ON o.id = j.id
SET o.territory_id = :territory, o.updated_at = UTC_TIMESTAMP(3) WHERE NOT o.territory_id <=> :territory;

-- name: placing_add exec
-- in: int set, int territory, int outlets
INSERT INTO outlet_placing (set_id, territory_id, outlets) VALUES (:set, :territory, :outlets);

-- name: placing_get one
-- in: int territory, int set
-- out: int outlets, opt int undone_by
SELECT x.outlets, c.undone_by FROM outlet_placing x JOIN change_set c ON c.id = x.set_id WHERE x.territory_id = :territory AND x.set_id = :set FOR UPDATE;

-- What a placing did, to take it back: a statement on outlet cannot read row_change, into which its trigger writes. `made`: until then nobody
-- had said anything else than the source.
-- name: placing_rows many
-- in: int set
-- out: int outlet, opt int was, int made
SELECT r.k1, CAST(r.old_value AS UNSIGNED), EXISTS (SELECT 1 FROM row_change y WHERE y.tbl = 'outlet_edit' AND y.k1 = r.k1 AND y.k2 = 'territory' AND y.set_id = r.set_id AND y.field = '+')
FROM row_change r WHERE r.tbl = 'outlet' AND r.set_id = :set AND r.field = 'territory_id';

-- Where an outlet still lies as it was put.
-- name: placing_back exec
-- in: int territory, str rows
UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$[0]', was BIGINT UNSIGNED PATH '$[1]')) j JOIN outlet o ON o.id = j.id
SET o.territory_id = j.was, o.updated_at = UTC_TIMESTAMP(3) WHERE o.territory_id = :territory;

-- name: placing_edits_end exec
-- in: str rows
DELETE e FROM JSON_TABLE(:rows, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$[0]', was BIGINT UNSIGNED PATH '$[1]', made INT PATH '$[2]')) j
JOIN outlet o ON o.id = j.id AND o.territory_id <=> j.was JOIN outlet_edit e ON e.outlet_id = j.id AND e.field = 'territory' WHERE j.made = 1;

-- At and beneath a territory, the newest first.
-- name: placing_list many
-- in: int territory, int before, int limit
-- out: int set, time at, opt str person, str reason, int territory_id, str territory, int outlets, int undone
SELECT x.set_id, c.at, u.name, c.reason, t.id, t.name, x.outlets, c.undone_by IS NOT NULL
FROM territory_closure k JOIN outlet_placing x ON x.territory_id = k.descendant JOIN territory t ON t.id = x.territory_id
JOIN change_set c ON c.id = x.set_id LEFT JOIN user u ON u.id = c.user_id
WHERE k.ancestor = :territory AND x.set_id < :before ORDER BY x.set_id DESC LIMIT :limit;

-- name: placing_outlet one
-- in: str code
-- out: int id
SELECT id FROM outlet WHERE code = :code;

-- The territory that a shell names by its code: the widest of them.
-- name: territory_of_code one
-- in: str code
-- out: int id, str name
SELECT id, name FROM territory WHERE model_id = 1 AND code = :code ORDER BY rank, id LIMIT 1;
