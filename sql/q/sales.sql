-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of invoices and sales figures, and of the sales volume that follows from them.

-- The newest month with figures, and whether it is newer than the one that the volumes were counted back from.
-- name: sales_newest one
-- out: opt date month, int newer
SELECT m.month, NOT (m.month <=> r.newest)
FROM sales_rule r JOIN (SELECT DATE_FORMAT(NULLIF(GREATEST(COALESCE((SELECT MAX(period) FROM sales_fact), '1000-01-01'),
  COALESCE((SELECT MAX(day) FROM invoice), '1000-01-01')), '1000-01-01'), '%Y-%m-01') AS month) m WHERE r.id = 1;

-- name: sales_newest_put exec
-- in: opt date month
UPDATE sales_rule SET newest = :month WHERE id = 1;

-- name: sales_touch_all exec
-- in: int session
INSERT INTO stage_volume (session_id, outlet_id)
SELECT :session, outlet_id FROM sales_fact UNION SELECT :session, outlet_id FROM invoice WHERE outlet_id IS NOT NULL
UNION SELECT :session, id FROM outlet WHERE volume_from_sales = 1;

-- name: sales_touch exec
-- in: int session
INSERT INTO stage_volume (session_id, outlet_id)
SELECT :session, r.target_id FROM stage_ref r WHERE r.session_id = :session AND r.kind = 'STORE' AND r.target_id IS NOT NULL
UNION SELECT :session, o.id FROM stage_sales s JOIN outlet o ON o.code = s.outlet_code WHERE s.session_id = :session AND s.bad = 0
UNION SELECT :session, o.id FROM stage_outlets s JOIN outlet o ON o.code = s.code
  WHERE s.session_id = :session AND s.bad = 0 AND s.sales_volume IS NOT NULL;

-- name: sales_volumes exec
-- in: int session
UPDATE stage_volume v JOIN sales_rule r ON r.id = 1
SET v.volume = GREATEST(COALESCE(
  (SELECT SUM(f.amount) FROM sales_fact f WHERE f.outlet_id = v.outlet_id AND f.period >= r.newest - INTERVAL (r.months - 1) MONTH),
  (SELECT SUM(i.net) FROM invoice i WHERE i.outlet_id = v.outlet_id AND i.day >= r.newest - INTERVAL (r.months - 1) MONTH),
  IF((SELECT o.volume_from_sales FROM outlet o WHERE o.id = v.outlet_id) = 1, 0, NULL)), 0)
WHERE v.session_id = :session;

-- name: sales_volume_put exec
-- in: int session
UPDATE outlet o JOIN stage_volume v ON v.outlet_id = o.id JOIN sales_rule r ON r.id = 1
SET o.sales_volume = v.volume, o.volume_from_sales = v.volume > 0, o.updated_at = UTC_TIMESTAMP(3)
WHERE v.session_id = :session AND v.volume IS NOT NULL AND (v.volume <> o.sales_volume OR o.volume_from_sales = 0)
  AND (r.wins = 'SALES' OR o.volume_from_sales = 1 OR o.sales_volume = 0);

-- The outlet file speaks again: what it says is no sum of sales.
-- name: sales_volume_from_file exec
-- in: int session
UPDATE stage_outlets s JOIN outlet o ON o.code = s.code SET o.volume_from_sales = 0
WHERE s.session_id = :session AND s.bad = 0 AND s.sales_volume > 0 AND o.sales_volume = s.sales_volume AND o.volume_from_sales = 1;

-- name: sales_volume_clear exec
-- in: int session
DELETE FROM stage_volume WHERE session_id = :session;

-- name: sales_rule_get one
-- out: int months, str wins, opt date newest
SELECT months, wins, newest FROM sales_rule WHERE id = 1;

-- name: sales_rule_put exec
-- in: int months, str wins
UPDATE sales_rule SET months = :months, wins = :wins WHERE id = 1;

-- Stores of staged invoices that no code finds.
-- name: import_lost_stores many
-- in: int session
-- out: int no, str code, str tax, str phone, str name, str postcode
SELECT no, l1, l2, l3, l4, l5 FROM stage_ref WHERE session_id = :session AND kind = 'STORE' AND how = '';

-- name: import_store_evidence each
-- out: int id, str tax, str phone, str name, str postcode
SELECT id, tax_no, phone, name, postcode FROM outlet WHERE tax_no <> '' OR phone <> '' OR postcode <> '';

-- name: import_stores_found exec
-- in: int session, str rows
UPDATE stage_ref r JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (no BIGINT PATH '$[0]', how VARCHAR(10) PATH '$[1]', target BIGINT PATH '$[2]')) j
  ON j.no = r.no SET r.how = j.how, r.target_id = j.target WHERE r.session_id = :session AND r.kind = 'STORE';

-- name: import_staged_holidays many
-- in: int session
-- out: int territory_id, date day, str name
SELECT COALESCE(territory_id, 0), day, name FROM stage_holidays WHERE session_id = :session AND bad = 0 AND state <> 2 AND territory_id IS NOT NULL ORDER BY day;

-- name: import_staged_policies many
-- in: int session
-- out: int territory_id, str channel, int tier, opt int visits, opt int minutes, opt int gap
SELECT COALESCE(territory_id, 0), channel, tier, visits, minutes, gap FROM stage_policies
WHERE session_id = :session AND bad = 0 AND state <> 2 AND territory_id IS NOT NULL ORDER BY file_id, row_no;

-- What a file's own words for tiers are.
-- name: tiers many
-- out: str rank, str name, str words
SELECT CAST(rank AS CHAR), name, CONCAT_WS('|', name, NULLIF(aliases, '')) FROM tier ORDER BY rank;

-- Counts of the kinds whose rows bear their state.
-- name: import_delta_states many
-- in: int session
-- out: int file_id, int good, int existing, int changed
SELECT file_id, COUNT(*), CAST(COALESCE(SUM(state > 0), 0) AS UNSIGNED), CAST(COALESCE(SUM(state = 1), 0) AS UNSIGNED) FROM (
  SELECT file_id, state FROM stage_accounts WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_needs WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_tiers WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_windows WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_closed_days WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_holidays WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_policies WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_lists WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_sales WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_invoices WHERE session_id = :session AND bad = 0) x GROUP BY file_id;

-- name: import_bad_states many
-- in: int session
-- out: int file_id, int duplicate, int refused
SELECT file_id, CAST(SUM(bad = 1) AS UNSIGNED), CAST(SUM(bad > 1) AS UNSIGNED) FROM (
  SELECT file_id, bad FROM stage_accounts WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_needs WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_tiers WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_windows WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_closed_days WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_holidays WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_policies WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_lists WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_sales WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_invoices WHERE session_id = :session AND bad > 0) b GROUP BY file_id;

-- Units whose snapshots these kinds make stale: what is asked of outlets, their volume, what the tiers are called.
-- name: import_touched_units_more many
-- in: int session
-- out: int id
SELECT DISTINCT u.id FROM (
  SELECT o.territory_id AS t FROM stage_needs s JOIN outlet o ON o.code = s.outlet_code WHERE s.session_id = :session AND s.bad = 0 AND s.state <> 2
  UNION SELECT o.territory_id FROM stage_lists s JOIN outlet o ON o.code = s.outlet_code WHERE s.session_id = :session AND s.bad = 0 AND s.state <> 2
  UNION SELECT o.territory_id FROM change_set x JOIN row_change c ON c.set_id = x.id AND c.tbl = 'outlet' JOIN outlet o ON o.id = c.k1
    WHERE x.import_id = :session AND c.field IN ('sales_volume', 'territory_id')
  UNION SELECT d.descendant FROM stage_policies s JOIN territory_closure d ON s.territory_id IN (0, d.ancestor)
    WHERE s.session_id = :session AND s.bad = 0 AND s.state <> 2
  UNION SELECT o.territory_id FROM stage_accounts s JOIN account a ON a.code = s.code JOIN outlet o ON o.account_id = a.id
    WHERE s.session_id = :session AND s.bad = 0 AND s.state <> 2
  UNION SELECT t.id FROM territory t WHERE t.is_unit = 1 AND EXISTS (SELECT 1 FROM stage_tiers s WHERE s.session_id = :session AND s.bad = 0 AND s.state <> 2)) x
JOIN territory_closure c ON c.descendant = x.t JOIN territory u ON u.id = c.ancestor AND u.is_unit = 1;
