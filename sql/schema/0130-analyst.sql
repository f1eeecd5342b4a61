-- SPDX-License-Identifier: GPL-3.0-or-later
-- People who read by tools of their own (`beatplan analyst`): each is a user of the database who sees the views below, and of them one
-- territory.
CREATE TABLE IF NOT EXISTS analyst (
  username VARCHAR(64) NOT NULL PRIMARY KEY COMMENT 'user of the database, bi_...',
  territory_id BIGINT UNSIGNED NOT NULL COMMENT 'with all below it; 0 = everything',
  created_at DATETIME(3) NOT NULL,
  renewed_at DATETIME(3) NOT NULL COMMENT 'when the password was made'
) ENGINE=InnoDB;

-- Outlets, plans and figures, no persons.  Each view shows whoever asks their territory and what lies below, whatever the statement; USER() is
-- who is connected, also in a view with the rights of its maker.  Left out: telephone, mail, owner, tax number and address of an outlet, names
-- of seats, people and salespersons, who did what, and where a seat starts its day.  Places are rounded to a hundredth of a degree, a kilometre.

-- Territories that whoever asks may see; 0 = outlets that lie in none.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW analyst_sees AS
SELECT c.descendant AS id FROM analyst a JOIN territory_closure c ON c.ancestor = a.territory_id WHERE a.username = SUBSTRING_INDEX(USER(), '@', 1)
UNION SELECT t.id FROM analyst a JOIN territory t ON a.territory_id = 0 WHERE a.username = SUBSTRING_INDEX(USER(), '@', 1)
UNION SELECT 0 FROM analyst a WHERE a.territory_id = 0 AND a.username = SUBSTRING_INDEX(USER(), '@', 1);

CREATE OR REPLACE SQL SECURITY DEFINER VIEW bi_territory AS
SELECT t.code AS territory, t.name, p.code AS parent, t.is_unit AS planned
FROM territory t LEFT JOIN territory p ON p.id = t.parent_id WHERE t.id IN (SELECT id FROM analyst_sees);

CREATE OR REPLACE SQL SECURITY DEFINER VIEW bi_outlet AS
SELECT o.code AS outlet, o.name, o.city, o.postcode, t.code AS territory, o.channel, i.name AS tier, o.status, p.code AS distributor,
  o.sales_model, o.fulfilment, o.sales_volume, ROUND(o.lat / 1000000, 2) AS lat, ROUND(o.lon / 1000000, 2) AS lon, o.created_at, o.updated_at
FROM outlet o LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN tier i ON i.rank = o.tier LEFT JOIN partner p ON p.id = o.partner_id
WHERE COALESCE(o.territory_id, 0) IN (SELECT id FROM analyst_sees);

-- The committed plan of each unit and channel.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW bi_plan AS
SELECT t.code AS territory, p.channel, v.number AS version, v.committed_at, v.effective_date, COALESCE(v.anchor, p.anchor) AS first_day,
  COALESCE(v.weeks, p.weeks) AS weeks, v.calls, ROUND(v.travel_seconds / 60) AS travel_minutes, ROUND(v.service_seconds / 60) AS service_minutes,
  ROUND(v.metres / 1000, 1) AS kilometres, v.unserved
FROM plan p JOIN plan_version v ON v.id = p.current_version JOIN territory t ON t.id = p.territory_id
WHERE p.territory_id IN (SELECT id FROM analyst_sees);

-- Its visits by date.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW bi_visit AS
SELECT t.code AS territory, p.channel, v.day, s.code AS seat, v.pos AS position, o.code AS outlet, l.code AS sales_line, n.service_minutes
FROM visit v JOIN plan p ON p.id = v.plan_id JOIN territory t ON t.id = p.territory_id JOIN need n ON n.id = v.need_id JOIN outlet o ON o.id = n.outlet_id
  JOIN sales_line l ON l.id = n.line_id JOIN seat s ON s.id = v.seat_id
WHERE p.territory_id IN (SELECT id FROM analyst_sees);

-- How many visits an outlet is to get, and how many of its plan's cycle found no place.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW bi_coverage AS
SELECT o.code AS outlet, t.code AS territory, o.channel, l.code AS sales_line, n.visits_per_4w, n.mandatory, COALESCE(u.missing, 0) AS missing, u.reason
FROM need n JOIN outlet o ON o.id = n.outlet_id JOIN sales_line l ON l.id = n.line_id LEFT JOIN territory t ON t.id = o.territory_id
  LEFT JOIN (plan_unserved u JOIN plan p ON p.current_version = u.version_id) ON u.need_id = n.id
WHERE COALESCE(o.territory_id, 0) IN (SELECT id FROM analyst_sees);

CREATE OR REPLACE SQL SECURITY DEFINER VIEW bi_sales AS
SELECT o.code AS outlet, t.code AS territory, LAST_DAY(f.period) AS month_end, f.grain, l.code AS sales_line, SUM(f.amount) AS amount, SUM(f.quantity) AS quantity
FROM sales_fact f JOIN outlet o ON o.id = f.outlet_id LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN sales_line l ON l.id = f.line_id
WHERE COALESCE(o.territory_id, 0) IN (SELECT id FROM analyst_sees) GROUP BY o.id, month_end, f.grain, f.line_id;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW bi_invoice AS
SELECT o.code AS outlet, t.code AS territory, LAST_DAY(i.day) AS month_end, i.currency, COUNT(*) AS invoices, SUM(i.net) AS net, SUM(i.tax) AS tax, SUM(i.gross) AS gross
FROM invoice i JOIN outlet o ON o.id = i.outlet_id LEFT JOIN territory t ON t.id = o.territory_id
WHERE COALESCE(o.territory_id, 0) IN (SELECT id FROM analyst_sees) GROUP BY o.id, month_end, i.currency;
