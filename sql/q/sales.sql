-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of invoices and sales figures, and of the sales volume that follows from them.

-- The newest month with figures, and whether it is newer than the one that the volumes were counted back from.
-- name: sales_newest one
-- out: opt date month, int newer
SELECT m.month, NOT (m.month <=> r.newest)
FROM sales_rule r JOIN (SELECT DATE_FORMAT(NULLIF(GREATEST(COALESCE((SELECT MAX(period) FROM sales_fact), '1000-01-01'),
  COALESCE((SELECT MAX(day) FROM invoice), '1000-01-01')), '1000-01-01'), '%Y-%m-01') AS month) m WHERE r.id = 1;

-- name: sales_turn one
-- out: int id
SELECT id FROM sales_rule WHERE id = 1 FOR UPDATE;

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
UNION SELECT :session, c.outlet_id FROM stage_changed c JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no
  WHERE c.session_id = :session AND s.sales_volume IS NOT NULL;

-- name: sales_any one
-- out: int any
SELECT EXISTS (SELECT 1 FROM sales_fact) OR EXISTS (SELECT 1 FROM invoice);

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

-- All rows of accounts of which one row says something new.
-- name: import_staged_chains many
-- in: int session
-- out: int account, opt int weekdays, opt int most, opt int price, opt int gap, opt int minutes, opt int window_days, opt int opens, opt int closes, int hard, opt date from, opt date to, opt str name
SELECT a.id, s.weekdays, s.most_per_day, s.most_price, s.gap_days, s.least_minutes, s.window_days, s.opens, s.closes, COALESCE(s.hard, 1), s.closed_from,
  COALESCE(s.closed_to, s.closed_from), s.closed_for
FROM stage_chain_rules s JOIN account a ON a.code = s.account WHERE s.session_id = :session AND s.bad = 0
  AND EXISTS (SELECT 1 FROM stage_chain_rules t WHERE t.session_id = :session AND t.account = s.account AND t.bad = 0 AND t.state <> 2)
ORDER BY a.id, s.file_id, s.row_no;

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
  UNION ALL SELECT file_id, state FROM stage_chain_rules WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_absences WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_lists WHERE session_id = :session AND bad = 0
  UNION ALL SELECT file_id, state FROM stage_memberships WHERE session_id = :session AND bad = 0
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
  UNION ALL SELECT file_id, bad FROM stage_chain_rules WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_absences WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_lists WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_memberships WHERE session_id = :session AND bad > 0
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

-- Invoices, the newest ones that came first. Those without an outlet are seen by whoever sees the whole world.
-- name: invoice_list many
-- in: int user, int world, opt int outlet, opt str q, opt int lost, int before, int limit
-- out: int id, str number, str seller, opt str partner, date day, opt int outlet_id, opt str outlet, str store_by, str outlet_code, str outlet_name, str currency, str salesperson, int n_lines, num net, num tax, num gross
SELECT i.id, i.number, i.seller, p.name, i.day, i.outlet_id, o.name, i.store_by, i.outlet_code, i.outlet_name, i.currency, i.salesperson, i.n_lines,
  i.net, i.tax, i.gross
FROM invoice i LEFT JOIN outlet o ON o.id = i.outlet_id LEFT JOIN partner p ON p.id = i.partner_id
WHERE i.id < :before AND (:outlet IS NULL OR i.outlet_id = :outlet) AND (:lost IS NULL OR i.outlet_id IS NULL)
  AND (:q IS NULL OR LOCATE(:q, i.number) = 1 OR i.outlet_code = :q OR LOCATE(:q, i.outlet_name) > 0)
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
    WHERE c.descendant = o.territory_id AND u.user_id = :user))
ORDER BY i.id DESC LIMIT :limit;

-- name: invoice_place one
-- in: int id
-- out: int id, opt int territory_id
SELECT i.id, o.territory_id FROM invoice i LEFT JOIN outlet o ON o.id = i.outlet_id WHERE i.id = :id;

-- name: invoice_lines many
-- in: int id, int limit
-- out: opt int line_no, opt str product, opt str product_name, opt num quantity, str unit, opt num unit_price, opt num discount, num net, num tax, num gross
SELECT IF(l.item < 1000000000, l.item, NULL), p.code, p.name, l.quantity, l.unit, l.unit_price, l.discount, l.net, l.tax, l.gross
FROM invoice_line l LEFT JOIN product p ON p.id = l.product_id WHERE l.invoice_id = :id ORDER BY l.item LIMIT :limit;

-- What an outlet bought, by month, the newest first: figures and invoices side by side.
-- name: sales_months many
-- in: int outlet, int limit
-- out: date month, opt num amount, opt num quantity, int invoices, opt num net
SELECT CAST(m.month AS DATE), SUM(m.amount), SUM(m.quantity), CAST(SUM(m.invoices) AS UNSIGNED), SUM(m.net) FROM (
  SELECT DATE_FORMAT(f.period, '%Y-%m-01') AS month, f.amount, f.quantity, 0 AS invoices, NULL AS net FROM sales_fact f WHERE f.outlet_id = :outlet
  UNION ALL SELECT DATE_FORMAT(i.day, '%Y-%m-01'), NULL, NULL, 1, i.net FROM invoice i WHERE i.outlet_id = :outlet) m
GROUP BY m.month ORDER BY m.month DESC LIMIT :limit;

-- name: account_list many
-- in: int user, int world, opt str q, int after, int limit
-- out: int id, str code, str name, opt str parent, opt str parent_name, int outlets
SELECT a.id, a.code, a.name, p.code, p.name, (SELECT COUNT(*) FROM outlet o WHERE o.account_id = a.id)
FROM account a LEFT JOIN account p ON p.id = a.parent_id
WHERE a.id > :after AND (:q IS NULL OR LOCATE(:q, a.code) = 1 OR LOCATE(:q, a.name) > 0)
  AND (:world = 1 OR EXISTS (SELECT 1 FROM outlet o JOIN territory_closure c ON c.descendant = o.territory_id
    JOIN user_scope u ON u.territory_id = c.ancestor WHERE o.account_id = a.id AND u.user_id = :user))
ORDER BY a.id LIMIT :limit;

-- name: tier_list many
-- out: int rank, str name, str aliases
SELECT rank, name, aliases FROM tier ORDER BY rank;

-- name: list_entries many
-- in: int user, int world, opt int outlet, opt str list, opt str q, int after, int limit
-- out: int id, int outlet_id, str outlet_code, str outlet, str list, opt str seat, opt int territory_id, opt str territory, opt date from, opt date to, str reason, int import_id
SELECT x.id, x.outlet_id, o.code, o.name, x.list, s.code, t.id, t.name, x.from_date, x.to_date, x.reason, x.import_id
FROM outlet_list x JOIN outlet o ON o.id = x.outlet_id LEFT JOIN seat s ON s.id = x.seat_id LEFT JOIN territory t ON t.id = x.territory_id
WHERE x.id > :after AND (:outlet IS NULL OR x.outlet_id = :outlet) AND (:list IS NULL OR x.list = :list)
  AND (:q IS NULL OR LOCATE(:q, o.code) = 1 OR LOCATE(:q, o.name) > 0)
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
    WHERE c.descendant = o.territory_id AND u.user_id = :user))
ORDER BY x.id LIMIT :limit;

-- name: list_entry_drop exec
-- in: int outlet, int id
DELETE FROM outlet_list WHERE id = :id AND outlet_id = :outlet;

-- name: outlet_windows many
-- in: int outlet
-- out: int weekday, int opens, int closes, int hard
SELECT weekday, opens, closes, hard FROM time_window WHERE outlet_id = :outlet ORDER BY weekday, opens;
