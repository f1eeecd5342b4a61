-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/territory/transfer.c: what a scenario of planning units means for the seats.

-- Outlets that move, with the units that get them and each seat that visits them, as it is told to be or as the plan of their unit has it.
-- name: transfer_lost many
-- in: int scenario
-- out: int outlet, int number, int seat
SELECT d.outlet_id AS outlet, d.number AS number, n.seat_id AS seat FROM design_outlet d JOIN need n ON n.outlet_id = d.outlet_id
WHERE d.scenario_id = :scenario AND d.moved = 1 AND n.seat_id IS NOT NULL
UNION SELECT d.outlet_id, d.number, p.seat_id FROM design_outlet d JOIN plan q ON q.territory_id = d.was JOIN need n ON n.outlet_id = d.outlet_id
  JOIN plan_stop p ON p.version_id = q.current_version AND p.need_id = n.id WHERE d.scenario_id = :scenario AND d.moved = 1
ORDER BY seat, outlet;

-- name: transfer_moved many
-- in: int scenario
-- out: int outlet, int number
SELECT outlet_id, number FROM design_outlet WHERE scenario_id = :scenario AND moved = 1;

-- Those seats, and all at or beneath the territory, with the unit of the scenario in which they lie.
-- name: transfer_seats many
-- in: int scenario, int territory, str ids
-- out: int id, str code, str name, opt str person, opt int number, opt str unit
SELECT s.id, s.code, s.name, (SELECT r.name FROM seat_holder h JOIN resource r ON r.id = h.resource_id WHERE h.seat_id = s.id
    AND h.from_date <= UTC_DATE() AND (h.to_date IS NULL OR h.to_date >= UTC_DATE()) ORDER BY h.from_date DESC LIMIT 1), u.number, u.name
FROM seat s JOIN (SELECT x.id FROM territory_closure c JOIN seat x ON x.territory_id = c.descendant AND x.active = 1 WHERE c.ancestor = :territory
  UNION SELECT j.id FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j) i ON i.id = s.id
LEFT JOIN (SELECT d.number, d.name, k.descendant FROM design_unit d JOIN territory_closure k ON k.ancestor = d.territory_id WHERE d.scenario_id = :scenario) u
  ON u.descendant = s.territory_id ORDER BY s.code, s.id;
