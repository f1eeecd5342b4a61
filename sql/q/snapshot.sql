-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/snapshot.

-- name: snapshot_territory one
-- in: int id
-- out: int id, str code, str name, int unit, opt str hash, opt str details, opt str cells, int stale
SELECT t.id, t.code, t.name, t.is_unit, s.hash, s.details, s.cells, COALESCE(s.stale, 0) FROM territory t LEFT JOIN snapshot s ON s.territory_id = t.id WHERE t.id = :id;

-- name: snapshot_outlets each
-- in: int territory
-- out: int id, str code, str name, opt int lat, opt int lon, str channel, int tier, str status, opt int account_id, opt int partner_id, num sales_volume, opt int nppd, int rural, opt date due, opt num every, opt num spread
SELECT o.id, o.code, o.name, o.lat, o.lon, o.channel, o.tier, o.status, o.account_id, o.partner_id, o.sales_volume, o.nppd, o.rural, d.due, d.every, d.spread
FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant LEFT JOIN outlet_due d ON d.outlet_id = o.id
WHERE c.ancestor = :territory ORDER BY o.id;

-- name: snapshot_needs each
-- in: int territory
-- out: int id, int outlet_id, int line_id, opt int visits, opt int minutes, str channel, int tier, str sales_model, opt int account_id
SELECT n.id, n.outlet_id, n.line_id, n.visits_per_4w, n.service_minutes, o.channel, o.tier, o.sales_model, o.account_id
FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant JOIN need n ON n.outlet_id = o.id
WHERE c.ancestor = :territory ORDER BY n.outlet_id, n.line_id;

-- name: snapshot_accounts many
-- in: int territory
-- out: int id, str name
SELECT a.id, a.name FROM account a WHERE a.id IN (
  SELECT o.account_id FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant WHERE c.ancestor = :territory) ORDER BY a.id;

-- name: snapshot_partners many
-- in: int territory
-- out: int id, str code, str name, opt int lat, opt int lon
SELECT p.id, p.code, p.name, p.lat, p.lon FROM partner p WHERE p.id IN (
  SELECT o.partner_id FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant WHERE c.ancestor = :territory) ORDER BY p.id;

-- name: snapshot_lines many
-- out: int id, str code
SELECT id, code FROM sales_line ORDER BY id;

-- name: snapshot_seats many
-- in: int territory
-- out: int id, str code, str name, opt str person, opt str vehicle, opt int lat, opt int lon
SELECT s.id, s.code, s.name, (SELECT r.name FROM seat_holder h JOIN resource r ON r.id = h.resource_id
    WHERE h.seat_id = s.id AND h.from_date <= UTC_DATE() AND (h.to_date IS NULL OR h.to_date >= UTC_DATE())
    ORDER BY h.from_date DESC LIMIT 1), s.vehicle, s.lat, s.lon
FROM territory_closure c JOIN seat s ON s.territory_id = c.descendant WHERE c.ancestor = :territory AND s.active = 1 ORDER BY s.code;

-- name: snapshot_current one
-- in: int territory
-- out: str hash
SELECT hash FROM snapshot WHERE territory_id = :territory FOR UPDATE;

-- name: snapshot_put exec
-- in: int territory, str hash, str details, int outlets, int bytes, int details_bytes, opt int west, opt int south, opt int east, opt int north, str cells, int visits, num minutes, int seen
INSERT INTO snapshot (territory_id, hash, details, outlets, bytes, details_bytes, made_at, west, south, east, north, cells, visits, minutes)
VALUES (:territory, :hash, :details, :outlets, :bytes, :details_bytes, UTC_TIMESTAMP(3), :west, :south, :east, :north, :cells, :visits, :minutes)
ON DUPLICATE KEY UPDATE hash = VALUES(hash), details = VALUES(details), outlets = VALUES(outlets), bytes = VALUES(bytes),
  details_bytes = VALUES(details_bytes), made_at = VALUES(made_at),
  west = VALUES(west), south = VALUES(south), east = VALUES(east), north = VALUES(north), cells = VALUES(cells), visits = VALUES(visits), minutes = VALUES(minutes),
  stale = stale - LEAST(stale, :seen);

-- Something in it has changed.
-- name: snapshot_changed exec
-- in: int territory
UPDATE snapshot SET stale = stale + 1 WHERE territory_id = :territory;

-- name: snapshot_cells_drop exec
-- in: int territory
DELETE FROM snapshot_cell WHERE territory_id = :territory;

-- name: snapshot_cells_put exec
-- in: int territory, int level, str rows
INSERT INTO snapshot_cell (territory_id, level, y, x, outlets)
SELECT :territory, :level, j.y, j.x, j.n FROM JSON_TABLE(:rows, '$[*]' COLUMNS (y INT PATH '$[0]', x INT PATH '$[1]', n INT PATH '$[2]')) j;

-- name: snapshot_hash_used one
-- in: str hash
-- out: int n
SELECT COUNT(*) FROM snapshot WHERE :hash IN (hash, details);

-- Planning units with what is current of them; turned: since it was made the calendar alone has changed who holds a seat there.
-- name: snapshot_units many
-- in: opt str code
-- out: int id, str code, opt str hash, opt str details, opt str cells, opt num minutes, int turned
SELECT t.id, t.code, s.hash, s.details, s.cells, s.minutes, EXISTS (SELECT 1 FROM territory_closure c JOIN seat x ON x.territory_id = c.descendant
    JOIN seat_holder h ON h.seat_id = x.id WHERE c.ancestor = t.id AND s.stale = 0 AND (h.from_date > DATE(s.made_at) AND h.from_date <= UTC_DATE()
      OR h.to_date >= DATE(s.made_at) AND h.to_date < UTC_DATE()))
FROM territory t LEFT JOIN snapshot s ON s.territory_id = t.id
WHERE t.is_unit = 1 AND (:code IS NULL OR t.code = :code) ORDER BY t.id;

-- The one that was not held against the database, or made, for the longest time, a day at least. Those that are built soon are not asked about.
-- name: snapshot_unverified one
-- out: int id, str code
SELECT t.id, t.code FROM snapshot s JOIN territory t ON t.id = s.territory_id
WHERE t.is_unit = 1 AND s.stale = 0 AND GREATEST(s.made_at, COALESCE(s.verified_at, s.made_at)) < UTC_TIMESTAMP(3) - INTERVAL 1 DAY
ORDER BY GREATEST(s.made_at, COALESCE(s.verified_at, s.made_at)), t.id LIMIT 1;

-- name: snapshot_verify exec
-- in: int territory
UPDATE snapshot SET verified_at = UTC_TIMESTAMP(3) WHERE territory_id = :territory;

-- All were good; what was not is told for a day.
-- name: snapshots_good exec
UPDATE duty SET ok_at = UTC_TIMESTAMP(3), error = IF(failed_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY, error, ''),
  failures = IF(failed_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY, failures, 0) WHERE name = 'snapshots';
