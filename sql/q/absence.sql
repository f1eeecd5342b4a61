-- SPDX-License-Identifier: GPL-3.0-or-later
-- When the people of seats are away.

-- name: absence_list many
-- in: int user, int world, opt int territory, opt int seat, date from, int after, int limit
-- out: int id, int seat_id, str seat_code, opt str person, date from, opt date to, str kind, str relief, str note
SELECT a.id, a.seat_id, s.code, r.name, a.from_date, a.to_date, a.kind, a.relief, a.note
FROM seat_absence a JOIN seat s ON s.id = a.seat_id
LEFT JOIN seat_holder h ON h.seat_id = s.id AND h.from_date = (SELECT MAX(y.from_date) FROM seat_holder y
  WHERE y.seat_id = s.id AND y.from_date <= UTC_DATE() AND (y.to_date IS NULL OR y.to_date >= UTC_DATE()))
LEFT JOIN resource r ON r.id = h.resource_id
WHERE a.id > :after AND s.active = 1 AND COALESCE(a.to_date >= :from, 1) AND (:seat IS NULL OR a.seat_id = :seat)
  AND (:territory IS NULL OR EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = :territory AND c.descendant = s.territory_id))
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
    WHERE c.descendant = s.territory_id AND u.user_id = :user))
ORDER BY a.id LIMIT :limit;

-- name: absence_get one
-- in: int seat, int id
-- out: date from, opt date to, str kind, str relief, str note
SELECT from_date, to_date, kind, relief, note FROM seat_absence WHERE seat_id = :seat AND id = :id;

-- One writes about a seat at a time.
-- name: absence_turn one
-- in: int seat
-- out: int id
SELECT id FROM seat WHERE id = :seat FOR UPDATE;

-- Another absence of the seat in that time.
-- name: absence_clash one
-- in: int seat, int id, date from, opt date to
-- out: date from, opt date to, str kind
SELECT from_date, to_date, kind FROM seat_absence WHERE seat_id = :seat AND id <> :id AND COALESCE(to_date >= :from, 1)
  AND (:to IS NULL OR from_date <= :to) ORDER BY from_date LIMIT 1;

-- name: absence_add exec
-- in: int seat, date from, opt date to, str kind, str relief, str note
INSERT INTO seat_absence (seat_id, from_date, to_date, kind, relief, note) VALUES (:seat, :from, :to, :kind, :relief, :note);

-- name: absence_change exec
-- in: int id, date from, opt date to, str kind, str relief, str note
UPDATE seat_absence SET from_date = :from, to_date = :to, kind = :kind, relief = :relief, note = :note WHERE id = :id;

-- name: absence_drop exec
-- in: int id
DELETE FROM seat_absence WHERE id = :id;

-- Those of a unit's seats that a cycle that is shown may still meet.
-- name: absence_of_unit many
-- in: int territory, date from
-- out: int seat_id, date from, opt date to, str kind, str relief, str note
SELECT a.seat_id, a.from_date, a.to_date, a.kind, a.relief, a.note FROM seat_absence a JOIN seat s ON s.id = a.seat_id
JOIN territory_closure c ON c.descendant = s.territory_id
WHERE c.ancestor = :territory AND COALESCE(a.to_date >= :from, 1) ORDER BY a.seat_id, a.from_date;

-- Committed plans that the seat may work for, and the last day of their visit lists.
-- name: absence_plans many
-- in: int seat, date today
-- out: int id, int version_id, int territory_id, date anchor, int weeks, date effective, date last
SELECT p.id, v.id, p.territory_id, v.anchor, v.weeks, COALESCE(v.effective_date, v.anchor), MAX(x.day)
FROM seat s JOIN territory_closure c ON c.descendant = s.territory_id JOIN plan p ON p.territory_id = c.ancestor
JOIN plan_version v ON v.id = p.current_version JOIN visit x ON x.plan_id = p.id
WHERE s.id = :seat AND x.day >= :today
GROUP BY p.id, v.id, p.territory_id, v.anchor, v.weeks, v.effective_date ORDER BY p.id;

-- Visits of a plan on dates on which their person is away and nobody stands in.
-- name: absence_drop_visits exec
-- in: int plan, date from, date to
DELETE v FROM seat_absence a STRAIGHT_JOIN visit v ON v.seat_id = a.seat_id AND v.day BETWEEN a.from_date AND COALESCE(a.to_date, :to)
WHERE a.relief = '' AND v.plan_id = :plan AND v.day BETWEEN :from AND :to;

-- Of an import: what is to be written; the absence of the same seat that begins on the same day is changed.
-- name: import_staged_absences many
-- in: int session
-- out: int seat, int id, date from, opt date to, str kind, str relief, str note
SELECT t.id, COALESCE(a.id, 0), s.from_date, s.to_date, COALESCE(s.kind, a.kind, 'LEAVE'), COALESCE(s.relief, a.relief, ''), COALESCE(s.note, a.note, '')
FROM stage_absences s JOIN seat t ON t.code = s.seat LEFT JOIN seat_absence a ON a.seat_id = t.id AND a.from_date = s.from_date
WHERE s.session_id = :session AND s.bad = 0 AND s.state <> 2 ORDER BY t.id, s.from_date;

-- Seats whose absences a set changed.
-- name: import_undo_absences many
-- in: int set
-- out: int seat
SELECT DISTINCT k1 FROM row_change WHERE set_id = :set AND tbl = 'seat_absence' ORDER BY k1;
