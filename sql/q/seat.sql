-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who holds a seat. Its beats and its plan are the seat's own: they stay whoever comes and goes.

-- Locked: one writes about a seat at a time.
-- name: seat_holder_now one
-- in: int seat, date day
-- out: opt str person
SELECT (SELECT r.name FROM seat_holder h JOIN resource r ON r.id = h.resource_id WHERE h.seat_id = s.id AND h.from_date <= :day
  AND COALESCE(h.to_date >= :day, 1) ORDER BY h.from_date DESC LIMIT 1)
FROM seat s WHERE s.id = :seat FOR UPDATE;

-- Whoever holds it until then, and whoever was to come later.
-- name: seat_holder_end exec
-- in: int seat, date from
UPDATE seat_holder SET to_date = :from - INTERVAL 1 DAY WHERE seat_id = :seat AND from_date < :from AND COALESCE(to_date >= :from, 1);

-- name: seat_holder_drop exec
-- in: int seat, date from
DELETE FROM seat_holder WHERE seat_id = :seat AND from_date >= :from;

-- name: person_put exec
-- in: str code, str name, str email
INSERT INTO resource (code, name, email) VALUES (:code, :name, :email)
ON DUPLICATE KEY UPDATE name = :name, email = IF(:email = '', email, :email);

-- name: seat_holder_add exec
-- in: int seat, str code, date from
INSERT INTO seat_holder (seat_id, resource_id, from_date) SELECT :seat, id, :from FROM resource WHERE code = :code;

-- Planning units whose snapshots name its person.
-- name: seat_units many
-- in: int seat
-- out: int id
SELECT u.id FROM seat s JOIN territory_closure c ON c.descendant = s.territory_id OR c.ancestor = s.territory_id
JOIN territory u ON u.id = IF(c.descendant = s.territory_id, c.ancestor, c.descendant) AND u.is_unit = 1 WHERE s.id = :seat GROUP BY u.id;
