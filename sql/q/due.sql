-- SPDX-License-Identifier: GPL-3.0-or-later
-- When the next purchase of an outlet is due.

-- Is it time to count anew: another day, or something was published or undone since? Not while it is under way, and not soon after it failed.
-- name: due_stale one
-- out: int stale
SELECT (r.due_at IS NULL OR r.due_at < UTC_DATE() OR EXISTS (SELECT 1 FROM change_set x WHERE x.at > r.due_at AND x.kind <> 'EDIT'))
  AND EXISTS (SELECT 1 FROM invoice)
  AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'PURCHASES_DUE' AND (j.state IN ('queued', 'running')
    OR (j.state = 'failed' AND j.finished_at > UTC_TIMESTAMP(3) - INTERVAL 1 HOUR)))
FROM sales_rule r WHERE r.id = 1;

-- name: due_now one
-- out: time now
SELECT UTC_TIMESTAMP(3);

-- The days on which outlets were billed; notes of credit are none.
-- name: due_days each
-- in: date from, date to
-- out: int outlet_id, date day, str channel, int tier
SELECT DISTINCT o.id, i.day, o.channel, o.tier FROM invoice i FORCE INDEX (outlet_amounts) JOIN outlet o ON o.id = i.outlet_id
WHERE i.day BETWEEN :from AND :to AND i.net > 0 ORDER BY o.id, i.day;

-- name: due_put exec
-- in: str rows, time now
INSERT INTO outlet_due (outlet_id, last, due, every, spread, gaps, made_at, changed_at)
SELECT j.id, '1970-01-01' + INTERVAL j.last DAY, '1970-01-01' + INTERVAL j.due DAY, j.every, j.spread, j.gaps, :now, :now FROM JSON_TABLE(:rows, '$[*]'
  COLUMNS (id BIGINT PATH '$[0]', last INT PATH '$[1]', due INT PATH '$[2]', every DECIMAL(6,2) PATH '$[3]', spread DECIMAL(6,2) PATH '$[4]', gaps INT PATH '$[5]')) j
  JOIN outlet o ON o.id = j.id
ON DUPLICATE KEY UPDATE changed_at = IF(outlet_due.due = VALUES(due) AND outlet_due.every = VALUES(every) AND outlet_due.spread = VALUES(spread),
  outlet_due.changed_at, :now), last = VALUES(last), due = VALUES(due), every = VALUES(every), spread = VALUES(spread), gaps = VALUES(gaps), made_at = :now;

-- Units of which some came out otherwise, or were not counted again.
-- name: due_units many
-- in: time now
-- out: int id
SELECT DISTINCT u.id FROM outlet_due d JOIN outlet o ON o.id = d.outlet_id JOIN territory_closure c ON c.descendant = o.territory_id
JOIN territory u ON u.id = c.ancestor AND u.is_unit = 1 WHERE d.changed_at >= :now OR d.made_at < :now;

-- name: due_drop exec
-- in: time now
DELETE FROM outlet_due WHERE made_at < :now;

-- name: due_made exec
-- in: time now
UPDATE sales_rule SET due_at = :now WHERE id = 1;

-- name: due_of_outlet one
-- in: int outlet
-- out: opt int nppd, opt date last, opt date due, opt num every, opt num spread, opt int gaps
SELECT o.nppd, d.last, d.due, d.every, d.spread, d.gaps FROM outlet o LEFT JOIN outlet_due d ON d.outlet_id = o.id WHERE o.id = :outlet;
