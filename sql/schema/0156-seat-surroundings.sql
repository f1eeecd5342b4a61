-- SPDX-License-Identifier: GPL-3.0-or-later
-- A seat may start in the country as well as an outlet may lie there, by the same rule (q: seat_surroundings).
ALTER TABLE seat ADD COLUMN IF NOT EXISTS rural TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = few outlets around its start: road factor and speed of the country';
UPDATE journal_table SET skip = 'rural' WHERE name = 'seat';
UPDATE seat s LEFT JOIN (SELECT FLOOR(lat / 20000) AS y, FLOOR(lon / 20000) AS x, COUNT(*) AS n FROM outlet
    WHERE lat IS NOT NULL AND lon IS NOT NULL GROUP BY y, x) g ON g.y = FLOOR(s.lat / 20000) AND g.x = FLOOR(s.lon / 20000)
SET s.rural = COALESCE(g.n, 0) < 3 WHERE s.lat IS NOT NULL AND s.lon IS NOT NULL;
