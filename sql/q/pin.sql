-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/territory/pin.c: outlets that are pinned to a planning unit.

-- The unit, where it is one at or beneath the territory.
-- name: pin_unit one
-- in: int territory, int unit
-- out: str name
SELECT t.name FROM territory_closure c JOIN territory t ON t.id = c.descendant AND t.is_unit = 1 WHERE c.ancestor = :territory AND c.descendant = :unit;

-- Of a list those that do not lie beneath the territory.
-- name: pin_unknown one
-- in: int territory, str ids
-- out: int n, opt int first
SELECT COUNT(*), MIN(j.id) FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j LEFT JOIN outlet o ON o.id = j.id
LEFT JOIN territory_closure c ON c.ancestor = :territory AND c.descendant = o.territory_id WHERE c.ancestor IS NULL;

-- name: pin_put exec
-- in: int unit, str ids, str reason, int user
INSERT INTO design_pin (outlet_id, territory_id, reason, user_id, at)
SELECT DISTINCT j.id, :unit, :reason, NULLIF(:user, 0), UTC_TIMESTAMP(3) FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j
ON DUPLICATE KEY UPDATE territory_id = VALUES(territory_id), reason = VALUES(reason), user_id = VALUES(user_id), at = VALUES(at);

-- name: pin_drop exec
-- in: str ids
DELETE p FROM design_pin p JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j ON j.id = p.outlet_id;

-- Those of outlets beneath a territory; one whose unit has ended is told by `over`.
-- name: pin_list many
-- in: int territory, int after, int limit
-- out: int outlet, str code, str name, int unit_id, str unit, int over, str reason, opt str person, time at
SELECT p.outlet_id, o.code, o.name, u.id, u.name, u.is_unit = 0, p.reason, w.name, p.at
FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant JOIN design_pin p ON p.outlet_id = o.id JOIN territory u ON u.id = p.territory_id
LEFT JOIN user w ON w.id = p.user_id WHERE c.ancestor = :territory AND p.outlet_id > :after ORDER BY p.outlet_id LIMIT :limit;

-- name: pin_count one
-- in: int territory
-- out: int n
SELECT COUNT(*) FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant JOIN design_pin p ON p.outlet_id = o.id WHERE c.ancestor = :territory;
