-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/export. Rows stream: nothing is kept in memory.

-- name: export_plan each
-- in: int version
-- out: str outlet_code, str outlet_name, str line, str seat, str seat_name, opt str beat, opt str beat_name, int day, int pos, opt date from, opt date to, date anchor, int weeks
SELECT o.code, o.name, l.code, s.code, s.name, b.code, b.name, p.day, p.pos, p.from_date, p.to_date, v.anchor, v.weeks
FROM plan_stop p JOIN plan_version v ON v.id = p.version_id JOIN need n ON n.id = p.need_id JOIN outlet o ON o.id = n.outlet_id
JOIN sales_line l ON l.id = n.line_id JOIN seat s ON s.id = p.seat_id LEFT JOIN beat b ON b.id = p.beat_id
WHERE p.version_id = :version ORDER BY s.code, p.day, p.pos, o.code, l.code, p.from_date, p.to_date;

-- name: export_visits each
-- in: int plan, date from, date to
-- out: str outlet_code, str outlet_name, str line, str seat, str seat_name, opt str beat, date day, int pos, str address, str city, opt int lat, opt int lon
SELECT o.code, o.name, l.code, s.code, s.name, b.code, x.day, x.pos, o.address, o.city, o.lat, o.lon
FROM visit x JOIN need n ON n.id = x.need_id JOIN outlet o ON o.id = n.outlet_id JOIN sales_line l ON l.id = n.line_id
JOIN seat s ON s.id = x.seat_id LEFT JOIN beat b ON b.id = x.beat_id
WHERE x.plan_id = :plan AND x.day BETWEEN :from AND :to ORDER BY x.day, s.code, x.pos, o.code;
