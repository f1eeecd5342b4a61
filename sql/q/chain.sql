-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rules of chains and banners. An account without rules of its own has those of the accounts above it.

-- Every account for which rules hold with each account that says some, the nearest (itself) first.
-- name: chain_rules many
-- out: int account_id, int rule_id, int depth, opt int weekdays, opt int most, opt int price, opt int gap, opt int minutes
WITH RECURSIVE t (account_id, rule_id, depth) AS (
  SELECT account_id, account_id, 0 FROM account_rule
  UNION ALL SELECT a.id, t.rule_id, t.depth + 1 FROM t JOIN account a ON a.parent_id = t.account_id WHERE t.depth < 8)
SELECT t.account_id, t.rule_id, t.depth, r.weekdays, r.most_per_day, r.most_price, r.gap_days, r.least_minutes
FROM t JOIN account_rule r ON r.account_id = t.rule_id ORDER BY t.account_id, t.depth;

-- The columns of plan_windows, with the account in the place of the outlet.
-- name: chain_windows many
-- out: int account_id, int weekday, int opens, int closes, int hard
SELECT account_id, weekday, opens, closes, hard FROM account_window ORDER BY account_id, weekday, opens;

-- name: chain_blackouts many
-- out: int account_id, date from, date to, str name
SELECT account_id, from_date, to_date, name FROM account_blackout ORDER BY account_id, from_date;

-- The stores of modern trade in a territory that belong to an account.
-- name: chain_stores many
-- in: int territory, int limit
-- out: int outlet_id, int account_id
SELECT o.id, COALESCE(o.account_id, 0) FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant
WHERE c.ancestor = :territory AND o.channel = 'MT' AND o.account_id IS NOT NULL ORDER BY o.id LIMIT :limit;

-- name: chain_accounts many
-- in: int territory
-- out: int id, str code, str name
SELECT a.id, a.code, a.name FROM account a WHERE a.id IN (SELECT o.account_id FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant
  WHERE c.ancestor = :territory AND o.channel = 'MT') ORDER BY a.id;

-- name: chain_account one
-- in: int account
-- out: int id, str name, opt int parent_id, opt str parent
SELECT a.id, a.name, a.parent_id, p.name FROM account a LEFT JOIN account p ON p.id = a.parent_id WHERE a.id = :account;

-- Where an account and those beneath it have outlets; 0 = those without a territory.
-- name: chain_territories many
-- in: int account
-- out: int territory_id
WITH RECURSIVE t (id, depth) AS (SELECT :account, 0 UNION ALL SELECT a.id, t.depth + 1 FROM t JOIN account a ON a.parent_id = t.id WHERE t.depth < 8)
SELECT DISTINCT COALESCE(o.territory_id, 0) FROM t JOIN outlet o ON o.account_id = t.id ORDER BY 1;

-- How many stores there are, and how many of them have hours of their own.
-- name: chain_counts one
-- in: int account
-- out: int stores, int own
WITH RECURSIVE t (id, depth) AS (SELECT :account, 0 UNION ALL SELECT a.id, t.depth + 1 FROM t JOIN account a ON a.parent_id = t.id WHERE t.depth < 8)
SELECT COUNT(*), CAST(COALESCE(SUM(EXISTS (SELECT 1 FROM time_window w WHERE w.outlet_id = o.id)), 0) AS UNSIGNED)
FROM t JOIN outlet o ON o.account_id = t.id WHERE o.channel = 'MT';

-- Units whose snapshots tell how long a visit takes at its stores.
-- name: chain_units many
-- in: int account
-- out: int id
WITH RECURSIVE t (id, depth) AS (SELECT :account, 0 UNION ALL SELECT a.id, t.depth + 1 FROM t JOIN account a ON a.parent_id = t.id WHERE t.depth < 8)
SELECT DISTINCT u.id FROM t JOIN outlet o ON o.account_id = t.id JOIN territory_closure c ON c.descendant = o.territory_id
JOIN territory u ON u.id = c.ancestor WHERE u.is_unit = 1 AND o.channel = 'MT' ORDER BY u.id;

-- Committed plans with visits of its stores, and the last day of their visit lists.
-- name: chain_plans many
-- in: int account, date today
-- out: int id, int version_id, int territory_id, date anchor, int weeks, date effective, date last
WITH RECURSIVE t (id, depth) AS (SELECT :account, 0 UNION ALL SELECT a.id, t.depth + 1 FROM t JOIN account a ON a.parent_id = t.id WHERE t.depth < 8)
SELECT p.id, v.id, p.territory_id, v.anchor, v.weeks, COALESCE(v.effective_date, v.anchor), MAX(x.day) FROM plan p JOIN plan_version v ON v.id = p.current_version JOIN visit x ON x.plan_id = p.id
WHERE p.channel = 'MT' AND x.day >= :today AND EXISTS (SELECT 1 FROM t JOIN outlet o ON o.account_id = t.id
  JOIN territory_closure c ON c.descendant = o.territory_id WHERE c.ancestor = p.territory_id)
GROUP BY p.id, v.id, p.territory_id, v.anchor, v.weeks, v.effective_date ORDER BY p.id;

-- Visits of a plan that fall on dates on which the chain receives nobody.
-- name: chain_drop_visits exec
-- in: int plan, date from, date to
DELETE v FROM visit v JOIN need n ON n.id = v.need_id JOIN outlet o ON o.id = n.outlet_id
JOIN (WITH RECURSIVE t (id, rule_id, depth) AS (SELECT DISTINCT account_id, account_id, 0 FROM account_blackout
  UNION ALL SELECT a.id, t.rule_id, t.depth + 1 FROM t JOIN account a ON a.parent_id = t.id WHERE t.depth < 8) SELECT id, rule_id FROM t) r ON r.id = o.account_id
JOIN account_blackout b ON b.account_id = r.rule_id AND v.day BETWEEN b.from_date AND b.to_date
WHERE v.plan_id = :plan AND v.day BETWEEN :from AND :to AND o.channel = 'MT';

-- The rules of one account.
-- name: chain_rule_get one
-- in: int account
-- out: opt int weekdays, opt int most, opt int price, opt int gap, opt int minutes, time at, opt str person
SELECT r.weekdays, r.most_per_day, r.most_price, r.gap_days, r.least_minutes, r.updated_at, u.name FROM account_rule r LEFT JOIN user u ON u.id = r.updated_by WHERE r.account_id = :account;

-- name: chain_windows_of many
-- in: int account
-- out: int weekday, int opens, int closes, int hard
SELECT weekday, opens, closes, hard FROM account_window WHERE account_id = :account ORDER BY weekday, opens;

-- name: chain_blackouts_of many
-- in: int account
-- out: date from, date to, str name
SELECT from_date, to_date, name FROM account_blackout WHERE account_id = :account ORDER BY from_date;

-- name: chain_rule_put exec
-- in: int account, opt int weekdays, opt int most, opt int price, opt int gap, opt int minutes, int user
INSERT INTO account_rule (account_id, weekdays, most_per_day, most_price, gap_days, least_minutes, updated_at, updated_by)
VALUES (:account, :weekdays, :most, :price, :gap, :minutes, UTC_TIMESTAMP(3), :user)
ON DUPLICATE KEY UPDATE weekdays = :weekdays, most_per_day = :most, most_price = :price, gap_days = :gap, least_minutes = :minutes, updated_at = UTC_TIMESTAMP(3), updated_by = :user;

-- name: chain_rule_drop exec
-- in: int account
DELETE FROM account_rule WHERE account_id = :account;

-- name: chain_windows_drop exec
-- in: int account
DELETE FROM account_window WHERE account_id = :account;

-- name: chain_window_add exec
-- in: int account, int weekday, int opens, int closes, int hard
INSERT INTO account_window (account_id, weekday, opens, closes, hard) VALUES (:account, :weekday, :opens, :closes, :hard);

-- name: chain_blackouts_drop exec
-- in: int account
DELETE FROM account_blackout WHERE account_id = :account;

-- name: chain_blackout_add exec
-- in: int account, date from, date to, str name
INSERT INTO account_blackout (account_id, from_date, to_date, name) VALUES (:account, :from, :to, :name);

-- Everything that an account says as one text, for the audit trail.
-- name: chain_rule_text one
-- in: int account
-- out: opt str text
SELECT CONCAT_WS('; ', IF(r.weekdays IS NULL, NULL, CONCAT('weekdays ', TRIM(CONCAT(IF(r.weekdays & 1, 'Mon ', ''), IF(r.weekdays & 2, 'Tue ', ''), IF(r.weekdays & 4, 'Wed ', ''),
    IF(r.weekdays & 8, 'Thu ', ''), IF(r.weekdays & 16, 'Fri ', ''), IF(r.weekdays & 32, 'Sat ', ''), IF(r.weekdays & 64, 'Sun ', ''))))),
  CONCAT('at most ', r.most_per_day, ' a day', IF(r.most_price IS NULL, '', CONCAT(', or ', r.most_price, ' minutes for each more'))), CONCAT(r.gap_days, ' days apart'), CONCAT('at least ', r.least_minutes, ' minutes'),
  (SELECT GROUP_CONCAT(ELT(w.weekday + 1, 'every day', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'), ' ', TIME_FORMAT(SEC_TO_TIME(w.opens * 60), '%H:%i'), '-',
    TIME_FORMAT(SEC_TO_TIME(w.closes * 60), '%H:%i'), IF(w.hard, '', ' if possible') ORDER BY w.weekday, w.opens SEPARATOR ', ') FROM account_window w WHERE w.account_id = r.account_id),
  (SELECT GROUP_CONCAT('not ', b.from_date, ' to ', b.to_date, ' (', b.name, ')' ORDER BY b.from_date SEPARATOR ', ') FROM account_blackout b WHERE b.account_id = r.account_id))
FROM account_rule r WHERE r.account_id = :account;
