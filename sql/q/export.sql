-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/export. Rows stream: nothing is kept in memory.

-- name: export_plan each
-- in: int version, opt int seat, opt int beat
-- out: str outlet_code, str outlet_name, str line, str seat, str seat_name, opt str beat, opt str beat_name, int day, int pos, opt date from, opt date to, date anchor, int weeks, opt str pinned, opt int lat, opt int lon, opt str models
SELECT o.code, o.name, l.code, s.code, s.name, b.code, b.name, p.day, p.pos, p.from_date, p.to_date, v.anchor, v.weeks, ELT(k.hold, 'person', 'days', 'both'), o.lat, o.lon,
  (SELECT GROUP_CONCAT(m.code, ': ', (SELECT GROUP_CONCAT(t.name ORDER BY c.depth DESC SEPARATOR ' › ') FROM territory_closure c
    JOIN territory t ON t.id = c.ancestor WHERE c.descendant = y.territory_id) ORDER BY m.id SEPARATOR '; ')
  FROM outlet_territory y JOIN territory_model m ON m.id = y.model_id WHERE y.outlet_id = o.id)
FROM plan_stop p JOIN plan_version v ON v.id = p.version_id JOIN need n ON n.id = p.need_id JOIN outlet o ON o.id = n.outlet_id
JOIN sales_line l ON l.id = n.line_id JOIN seat s ON s.id = p.seat_id LEFT JOIN beat b ON b.id = p.beat_id
LEFT JOIN plan_pin k ON k.version_id = p.version_id AND k.need_id = p.need_id
WHERE p.version_id = :version AND (:seat IS NULL OR p.seat_id = :seat) AND (:beat IS NULL OR p.beat_id = :beat)
ORDER BY s.code, p.day, p.pos, o.code, l.code, p.from_date, p.to_date;

-- name: export_visits each
-- in: int plan, date from, date to, opt int seat, opt int beat
-- out: str outlet_code, str outlet_name, str line, str seat, str seat_name, opt str beat, date day, int pos, str address, str city, opt int lat, opt int lon, opt str models
SELECT o.code, o.name, l.code, s.code, s.name, b.code, x.day, x.pos, o.address, o.city, o.lat, o.lon,
  (SELECT GROUP_CONCAT(m.code, ': ', (SELECT GROUP_CONCAT(t.name ORDER BY c.depth DESC SEPARATOR ' › ') FROM territory_closure c
    JOIN territory t ON t.id = c.ancestor WHERE c.descendant = y.territory_id) ORDER BY m.id SEPARATOR '; ')
  FROM outlet_territory y JOIN territory_model m ON m.id = y.model_id WHERE y.outlet_id = o.id)
FROM visit x JOIN need n ON n.id = x.need_id JOIN outlet o ON o.id = n.outlet_id JOIN sales_line l ON l.id = n.line_id
JOIN seat s ON s.id = x.seat_id LEFT JOIN beat b ON b.id = x.beat_id
WHERE x.plan_id = :plan AND x.day BETWEEN :from AND :to AND (:seat IS NULL OR x.seat_id = :seat) AND (:beat IS NULL OR x.beat_id = :beat)
ORDER BY x.day, s.code, x.pos, o.code;

-- Stops that only one of two versions has: the same need by another seat or on another day is one removed and one added. Both are seen in one
-- cycle, as in diff_rows.
-- name: export_changes each
-- in: int base, int version, opt int seat, opt int beat
-- out: int added, str outlet_code, str outlet_name, str line, str seat, str seat_name, opt str beat, int day, opt date from, opt date to, date anchor
WITH cycles AS (
  SELECT x.anchor AS a, CAST(x.weeks * 7 AS SIGNED) AS a_days, v.anchor AS b, CAST(v.weeks * 7 AS SIGNED) AS b_days, IF(v.weeks > x.weeks, v.anchor, x.anchor) AS first
  FROM plan_version x JOIN plan_version v WHERE x.id = :base AND v.id = :version),
c AS (SELECT first, GREATEST(a_days, b_days) AS days, a_days, b_days, MOD(MOD(DATEDIFF(a, first), a_days) + a_days, a_days) AS a,
  MOD(MOD(DATEDIFF(b, first), b_days) + b_days, b_days) AS b FROM cycles),
t AS (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7)
SELECT x.added, o.code, o.name, l.code, s.code, s.name, b.code, x.day, x.from_date, x.to_date, (SELECT first FROM c) FROM (
  SELECT MIN(added) AS added, need_id, seat_id, MIN(beat_id) AS beat_id, day, from_date, to_date FROM (
    SELECT 0 AS added, p.need_id, p.seat_id, p.beat_id, MOD(p.day + c.a, c.a_days) + t.n * c.a_days AS day, p.from_date, p.to_date
    FROM c JOIN t ON t.n * c.a_days < c.days JOIN plan_stop p WHERE p.version_id = :base
    UNION ALL
    SELECT 1, p.need_id, p.seat_id, p.beat_id, MOD(p.day + c.b, c.b_days) + t.n * c.b_days, p.from_date, p.to_date
    FROM c JOIN t ON t.n * c.b_days < c.days JOIN plan_stop p WHERE p.version_id = :version) y
  WHERE day < (SELECT days FROM c) GROUP BY need_id, seat_id, day, from_date, to_date HAVING MIN(added) = MAX(added)) x
JOIN need n ON n.id = x.need_id JOIN outlet o ON o.id = n.outlet_id JOIN sales_line l ON l.id = n.line_id
JOIN seat s ON s.id = x.seat_id LEFT JOIN beat b ON b.id = x.beat_id
WHERE (:seat IS NULL OR x.seat_id = :seat) AND (:beat IS NULL OR x.beat_id = :beat)
ORDER BY o.code, l.code, x.added, x.day, s.code;

-- name: export_seat one
-- in: str code
-- out: int id
SELECT id FROM seat WHERE code = :code;

-- name: export_beat one
-- in: int plan, str code
-- out: int id
SELECT id FROM beat WHERE plan_id = :plan AND code = :code;

-- name: export_version one
-- in: int plan, int number
-- out: int id
SELECT id FROM plan_version WHERE plan_id = :plan AND number = :number;

-- name: export_file_add exec
-- in: int user, int plan, date day, str name, str format
INSERT INTO export_file (user_id, plan_id, day, name, format, created_at) VALUES (:user, :plan, :day, :name, :format, UTC_TIMESTAMP(3));

-- name: export_file_done exec
-- in: int id, int bytes
UPDATE export_file SET bytes = :bytes, done = 1 WHERE id = :id;

-- name: export_file_drop exec
-- in: int id
DELETE FROM export_file WHERE id = :id;

-- name: export_file_get one
-- in: int id, int user
-- out: int id, int user_id, int plan_id, int territory_id, date day, str name, str format, int bytes
SELECT f.id, f.user_id, f.plan_id, p.territory_id, f.day, f.name, f.format, f.bytes FROM export_file f JOIN plan p ON p.id = f.plan_id
WHERE f.id = :id AND f.user_id = :user AND f.done = 1;

-- name: export_files many
-- in: int user, int before, int limit
-- out: int id, int plan_id, opt str territory, date day, str name, str format, int bytes, time created_at
SELECT f.id, f.plan_id, t.name, f.day, f.name, f.format, f.bytes, f.created_at FROM export_file f LEFT JOIN plan p ON p.id = f.plan_id
LEFT JOIN territory t ON t.id = p.territory_id WHERE f.user_id = :user AND f.id < :before AND f.done = 1 ORDER BY f.id DESC LIMIT :limit;

-- Files kept no longer.
-- name: export_files_over many
-- in: date before, int limit
-- out: int id, int user_id, date day, str name
SELECT id, user_id, day, name FROM export_file WHERE day < :before ORDER BY id LIMIT :limit;

-- Every change that people made in sessions on the plan, oldest first.
-- name: export_overrides each
-- in: int plan
-- out: int session, int seq, time at, opt str user, str kind, str label, str reason, str code, opt str code_label, num minutes, opt num price, int undone
SELECT o.session_id, o.seq, o.at, u.name, o.kind, o.label, o.reason, o.reason_code, r.label, o.minutes, o.price, o.undone
FROM planning_session s JOIN plan_op o ON o.session_id = s.id LEFT JOIN user u ON u.id = o.user_id
LEFT JOIN override_reason r ON r.code = o.reason_code
WHERE s.plan_id = :plan ORDER BY o.at, o.session_id, o.seq;

-- name: export_comments each
-- in: int plan
-- out: opt int number, opt int base, time at, opt str user, opt str outlet_code, opt str outlet_name, opt str line, opt str seat, opt int day, date anchor, str text
SELECT v.number, w.number, c.at, u.name, o.code, o.name, l.code, s.code, c.day, COALESCE(v.anchor, p.anchor), c.text
FROM plan_comment c JOIN plan p ON p.id = c.plan_id LEFT JOIN plan_version v ON v.id = c.version_id LEFT JOIN plan_version w ON w.id = c.base_id
LEFT JOIN user u ON u.id = c.user_id LEFT JOIN need n ON n.id = c.need_id LEFT JOIN outlet o ON o.id = n.outlet_id
LEFT JOIN sales_line l ON l.id = n.line_id LEFT JOIN seat s ON s.id = c.seat_id
WHERE c.plan_id = :plan ORDER BY v.number, c.id;

-- Is there a territory model beside the sales geography?
-- name: export_models one
-- out: int more
SELECT EXISTS (SELECT 1 FROM territory_model WHERE id > 1);

-- What chains and banners say themselves: numbers, then hours, then dates.
-- name: export_chains each
-- out: str account, opt int weekdays, opt int most, opt int price, opt int gap, opt int minutes, opt int weekday, opt int opens, opt int closes, opt int hard, opt date from, opt date to, opt str name
SELECT a.code, x.weekdays, x.most, x.price, x.gap, x.minutes, NULLIF(x.weekday, 0), x.opens, x.closes, x.hard, x.from_date, x.to_date, x.name FROM (
  SELECT account_id, 0 AS kind, weekdays, most_per_day AS most, most_price AS price, gap_days AS gap, least_minutes AS minutes, NULL AS weekday, NULL AS opens, NULL AS closes, NULL AS hard,
    NULL AS from_date, NULL AS to_date, NULL AS name FROM account_rule WHERE COALESCE(weekdays, most_per_day, gap_days, least_minutes) IS NOT NULL
  UNION ALL SELECT account_id, 1, NULL, NULL, NULL, NULL, NULL, weekday, opens, closes, hard, NULL, NULL, NULL FROM account_window
  UNION ALL SELECT account_id, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, from_date, to_date, name FROM account_blackout) x
JOIN account a ON a.id = x.account_id ORDER BY a.code, x.kind, x.weekday, x.opens, x.from_date;
