-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who holds a seat. Its beats and its plan are the seat's own: they stay whoever comes and goes.

-- Locked: one writes about a seat at a time. Who holds it on that day, since when, and who was to come after it.
-- name: seat_holder_now one
-- in: int seat, date day
-- out: int resource_id, opt str person, opt date since, opt str later
SELECT COALESCE(h.resource_id, 0), r.name, h.from_date,
  (SELECT GROUP_CONCAT(CONCAT(x.name, ' from ', y.from_date) ORDER BY y.from_date SEPARATOR ', ') FROM seat_holder y JOIN resource x ON x.id = y.resource_id
    WHERE y.seat_id = s.id AND y.from_date > :day)
FROM seat s LEFT JOIN seat_holder h ON h.seat_id = s.id AND h.from_date <= :day AND COALESCE(h.to_date >= :day, 1)
LEFT JOIN resource r ON r.id = h.resource_id WHERE s.id = :seat ORDER BY h.from_date DESC LIMIT 1 FOR UPDATE;

-- Whom a code or a name means; the code first.
-- name: people_named many
-- in: opt str code, str name
-- out: int id, str code, str name, str email
SELECT id, code, name, email FROM resource WHERE code = COALESCE(:code, :name) OR (:code IS NULL AND name = :name)
ORDER BY code = COALESCE(:code, :name) DESC, id LIMIT 5;

-- Whoever holds it until then, and whoever was to come later.
-- name: seat_holder_end exec
-- in: int seat, date from
UPDATE seat_holder SET to_date = :from - INTERVAL 1 DAY WHERE seat_id = :seat AND from_date < :from AND COALESCE(to_date >= :from, 1);

-- name: seat_holder_drop exec
-- in: int seat, date from
DELETE FROM seat_holder WHERE seat_id = :seat AND from_date >= :from;

-- name: person_add exec
-- in: str code, str name, str email
INSERT INTO resource (code, name, email) VALUES (:code, :name, :email);

-- name: seat_holder_add exec
-- in: int seat, int person, date from
INSERT INTO seat_holder (seat_id, resource_id, from_date) VALUES (:seat, :person, :from);

-- Where its days begin and end.
-- name: seat_start_get one
-- in: int seat
-- out: opt int lat, opt int lon
SELECT lat, lon FROM seat WHERE id = :seat FOR UPDATE;

-- Around it lies the country where a square of about two kilometres holds fewer than three outlets, as for outlets (im_note_surroundings); the
-- frames of the snapshots tell in which units they may lie.
-- name: seat_start_put exec
-- in: int seat, opt int lat, opt int lon
UPDATE seat SET lat = :lat, lon = :lon, rural = :lat IS NOT NULL AND :lon IS NOT NULL AND (
  SELECT COUNT(DISTINCT o.id) < 3 FROM snapshot n JOIN territory_closure c ON c.ancestor = n.territory_id JOIN outlet o ON o.territory_id = c.descendant
  WHERE n.south < (FLOOR(:lat / 20000) + 1) * 20000 AND n.north >= FLOOR(:lat / 20000) * 20000
    AND n.west < (FLOOR(:lon / 20000) + 1) * 20000 AND n.east >= FLOOR(:lon / 20000) * 20000
    AND FLOOR(o.lat / 20000) = FLOOR(:lat / 20000) AND FLOOR(o.lon / 20000) = FLOOR(:lon / 20000)) WHERE id = :seat;

-- The same of all seats, when outlets or starts have come or moved.
-- name: seat_surroundings exec
UPDATE seat s LEFT JOIN (SELECT FLOOR(lat / 20000) AS y, FLOOR(lon / 20000) AS x, COUNT(*) AS n FROM outlet
    WHERE lat IS NOT NULL AND lon IS NOT NULL GROUP BY y, x) g ON g.y = FLOOR(s.lat / 20000) AND g.x = FLOOR(s.lon / 20000)
SET s.rural = COALESCE(g.n, 0) < 3 WHERE s.lat IS NOT NULL AND s.lon IS NOT NULL AND s.rural <> (COALESCE(g.n, 0) < 3);

-- Planning units whose snapshots name its person and its start.
-- name: seat_units many
-- in: int seat
-- out: int id
SELECT u.id FROM seat s JOIN territory_closure c ON c.descendant = s.territory_id OR c.ancestor = s.territory_id
JOIN territory u ON u.id = IF(c.descendant = s.territory_id, c.ancestor, c.descendant) AND u.is_unit = 1 WHERE s.id = :seat GROUP BY u.id;
