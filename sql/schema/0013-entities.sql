-- SPDX-License-Identifier: GPL-3.0-or-later
-- More that can be imported: accounts, needs per line, tiers, time windows, closed days, holidays, visit policies, whitelist and
-- blacklist, sales figures; and what distributors say of themselves. Invoices follow in the next patch.
ALTER TABLE partner
  ADD COLUMN IF NOT EXISTS city VARCHAR(120) NOT NULL DEFAULT '' AFTER address,
  ADD COLUMN IF NOT EXISTS postcode VARCHAR(20) NOT NULL DEFAULT '' AFTER city,
  ADD COLUMN IF NOT EXISTS phone VARCHAR(40) NOT NULL DEFAULT '' AFTER postcode,
  ADD COLUMN IF NOT EXISTS email VARCHAR(200) NOT NULL DEFAULT '' AFTER phone,
  ADD COLUMN IF NOT EXISTS tax_no VARCHAR(40) NOT NULL DEFAULT '' AFTER email;
ALTER TABLE stage_distributors
  ADD COLUMN IF NOT EXISTS city VARCHAR(120) NULL,
  ADD COLUMN IF NOT EXISTS postcode VARCHAR(20) NULL,
  ADD COLUMN IF NOT EXISTS phone VARCHAR(40) NULL,
  ADD COLUMN IF NOT EXISTS email VARCHAR(200) NULL,
  ADD COLUMN IF NOT EXISTS tax_no VARCHAR(40) NULL;

-- How a company calls the three tiers, and what its files write for them.
CREATE TABLE IF NOT EXISTS tier (
  rank TINYINT UNSIGNED NOT NULL COMMENT '1..3, 1 = the best',
  name VARCHAR(40) NOT NULL,
  aliases VARCHAR(300) NOT NULL DEFAULT '' COMMENT 'separated by | or ;',
  PRIMARY KEY (rank)
) ENGINE=InnoDB;
INSERT IGNORE INTO tier (rank, name) VALUES (1, 'Gold'), (2, 'Silver'), (3, 'Bronze');

-- What a need is worth. An optional need is planned where it fits and is not missed where it does not.
ALTER TABLE need
  ADD COLUMN IF NOT EXISTS value DECIMAL(8,2) NULL COMMENT 'minutes that a missed visit costs, NULL = as the tier says',
  ADD COLUMN IF NOT EXISTS mandatory TINYINT UNSIGNED NOT NULL DEFAULT 1;

-- Outlets that must be planned, or served by a seat or in a territory (WHITE), and outlets that must not (BLACK).
-- 0 = any seat, any territory. Without dates the entry always holds.
CREATE TABLE IF NOT EXISTS outlet_list (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  outlet_id BIGINT UNSIGNED NOT NULL,
  list ENUM('WHITE','BLACK') NOT NULL,
  seat_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  territory_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  from_date DATE NULL,
  to_date DATE NULL,
  reason VARCHAR(300) NOT NULL DEFAULT '',
  import_id BIGINT UNSIGNED NOT NULL COMMENT 'import session that said it last',
  PRIMARY KEY (id),
  UNIQUE KEY entry (outlet_id, list, seat_id, territory_id),
  CONSTRAINT outlet_list_outlet FOREIGN KEY (outlet_id) REFERENCES outlet (id)
) ENGINE=InnoDB;

-- The outlets that are planned: in business or on the whitelist, and not on the blacklist of where they lie.
CREATE OR REPLACE VIEW outlet_planned AS
SELECT o.id, o.code, o.name, o.lat, o.lon, o.channel, o.tier, o.territory_id, o.partner_id, o.sales_model, o.closed_days, o.rural, o.nppd,
  EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id AND x.list = 'WHITE'
    AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)) AS must
FROM outlet o
WHERE (o.status IN ('assigned', 'active') OR (o.status <> 'closed' AND EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id
    AND x.list = 'WHITE' AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1))))
  AND NOT EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id AND x.list = 'BLACK' AND x.seat_id = 0
    AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
    AND (x.territory_id = 0 OR EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = x.territory_id AND c.descendant = o.territory_id)));

-- What an outlet bought in a month or on a day, of a sales line.
CREATE TABLE IF NOT EXISTS sales_fact (
  outlet_id BIGINT UNSIGNED NOT NULL,
  period DATE NOT NULL COMMENT 'the first day of the month, or the day',
  grain ENUM('MONTH','DAY') NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL,
  amount DECIMAL(16,2) NOT NULL,
  quantity DECIMAL(16,3) NULL,
  import_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (outlet_id, period, grain, line_id),
  KEY period (period)
) ENGINE=InnoDB;

-- How outlet.sales_volume follows from sales: one row.
CREATE TABLE IF NOT EXISTS sales_rule (
  id TINYINT UNSIGNED NOT NULL,
  months TINYINT UNSIGNED NOT NULL COMMENT 'back from the newest month that has figures, that month included',
  wins ENUM('SALES','FILE') NOT NULL COMMENT 'SALES: the figures, where there are any; FILE: the column of the outlet file, where it says something',
  newest DATE NULL COMMENT 'first day of that month, as the volumes were counted last',
  PRIMARY KEY (id)
) ENGINE=InnoDB;
INSERT IGNORE INTO sales_rule (id, months, wins) VALUES (1, 12, 'SALES');
ALTER TABLE outlet ADD COLUMN IF NOT EXISTS volume_from_sales TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = sales_volume is a sum of sales';

-- The volumes of a publication while it runs; empty otherwise.
CREATE TABLE IF NOT EXISTS stage_volume (
  session_id BIGINT UNSIGNED NOT NULL,
  outlet_id BIGINT UNSIGNED NOT NULL,
  volume DECIMAL(14,2) NULL COMMENT 'NULL = no figures, and none before',
  PRIMARY KEY (session_id, outlet_id)
) ENGINE=InnoDB;

-- Staged rows as before; `state`: 0 new, 1 known with other values, 2 known with the same.
CREATE TABLE IF NOT EXISTS stage_accounts (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  code VARCHAR(64) NOT NULL,
  name VARCHAR(200) NOT NULL,
  parent VARCHAR(64) NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, code, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_needs (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  outlet_code VARCHAR(64) NOT NULL,
  line VARCHAR(32) NOT NULL,
  frequency TINYINT UNSIGNED NULL,
  service_minutes SMALLINT UNSIGNED NULL,
  seat VARCHAR(64) NULL,
  value DECIMAL(14,2) NULL,
  mandatory TINYINT UNSIGNED NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, outlet_code, line, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_tiers (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  rank SMALLINT UNSIGNED NOT NULL,
  name VARCHAR(40) NOT NULL,
  aliases VARCHAR(300) NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, rank, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_windows (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  outlet_code VARCHAR(64) NOT NULL,
  weekday TINYINT UNSIGNED NULL COMMENT 'bits as everywhere, NULL = every day',
  opens SMALLINT UNSIGNED NOT NULL,
  closes SMALLINT UNSIGNED NOT NULL,
  hard TINYINT UNSIGNED NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, outlet_code, weekday, opens, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_closed_days (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  outlet_code VARCHAR(64) NOT NULL,
  weekdays TINYINT UNSIGNED NOT NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, outlet_code, weekdays, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_holidays (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  territory VARCHAR(64) NULL COMMENT 'code or name; empty = everywhere',
  day DATE NOT NULL,
  name VARCHAR(120) NOT NULL,
  rule VARCHAR(8) NULL,
  territory_id BIGINT UNSIGNED NULL COMMENT '0 = everywhere, NULL = not found',
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, territory, day, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_policies (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  territory VARCHAR(64) NULL COMMENT 'code or name; empty = everywhere',
  channel VARCHAR(2) NOT NULL,
  tier TINYINT UNSIGNED NOT NULL,
  visits TINYINT UNSIGNED NULL,
  minutes SMALLINT UNSIGNED NULL,
  gap SMALLINT UNSIGNED NULL,
  territory_id BIGINT UNSIGNED NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, territory, channel, tier, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_lists (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  outlet_code VARCHAR(64) NOT NULL,
  list VARCHAR(5) NOT NULL,
  seat VARCHAR(64) NULL,
  territory VARCHAR(64) NULL,
  from_date DATE NULL,
  to_date DATE NULL,
  reason VARCHAR(300) NULL,
  territory_id BIGINT UNSIGNED NULL COMMENT '0 = any, NULL = not found',
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, outlet_code, list, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_sales (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  outlet_code VARCHAR(64) NOT NULL,
  period VARCHAR(10) NOT NULL COMMENT 'YYYY-MM or YYYY-MM-DD',
  line VARCHAR(32) NOT NULL,
  amount DECIMAL(16,2) NOT NULL,
  quantity DECIMAL(16,3) NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, outlet_code, period, line, bad)
) ENGINE=InnoDB;
