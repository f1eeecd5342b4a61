-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rules that hold for all stores of an account (a chain, a banner) and of the accounts beneath it, in modern trade. What the nearest
-- account says goes before what one above it says; a store with hours of its own has neither the hours nor the weekdays of its chain.
CREATE TABLE IF NOT EXISTS account_rule (
  account_id BIGINT UNSIGNED NOT NULL,
  weekdays TINYINT UNSIGNED NULL COMMENT 'bit 0 = Monday .. bit 6 = Sunday; NULL = all',
  most_per_day SMALLINT UNSIGNED NULL COMMENT 'visits of its stores that one seat may make on a day, those of the accounts beneath it counted together',
  gap_days TINYINT UNSIGNED NULL COMMENT 'least days between two visits of a store',
  least_minutes SMALLINT UNSIGNED NULL COMMENT 'a visit takes at least so long',
  updated_at DATETIME(3) NOT NULL,
  updated_by BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (account_id)
) ENGINE=InnoDB;

-- When its stores receive visitors. Minutes of the local day.
CREATE TABLE IF NOT EXISTS account_window (
  account_id BIGINT UNSIGNED NOT NULL,
  weekday TINYINT UNSIGNED NOT NULL COMMENT '1 = Monday .. 7 = Sunday, 0 = every day',
  opens SMALLINT UNSIGNED NOT NULL,
  closes SMALLINT UNSIGNED NOT NULL,
  hard TINYINT UNSIGNED NOT NULL DEFAULT 1,
  PRIMARY KEY (account_id, weekday, opens)
) ENGINE=InnoDB;

-- Dates on which its stores receive nobody, both ends included: stock taking, the weeks before Christmas. Those of the accounts above hold too.
CREATE TABLE IF NOT EXISTS account_blackout (
  account_id BIGINT UNSIGNED NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE NOT NULL,
  name VARCHAR(120) NOT NULL,
  PRIMARY KEY (account_id, from_date)
) ENGINE=InnoDB;

-- From a chain to its banners.
ALTER TABLE account ADD KEY IF NOT EXISTS parent_id (parent_id);

-- The planned outlets tell their account.
CREATE OR REPLACE VIEW outlet_planned AS
SELECT o.id, o.code, o.name, o.lat, o.lon, o.channel, o.tier, o.territory_id, o.partner_id, o.sales_model, o.closed_days, o.rural, o.nppd,
  EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id AND x.list = 'WHITE'
    AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)) AS must, o.account_id
FROM outlet o
WHERE (o.status IN ('assigned', 'active') OR (o.status <> 'closed' AND EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id
    AND x.list = 'WHITE' AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1))))
  AND NOT EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id AND x.list = 'BLACK' AND x.seat_id = 0
    AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
    AND (x.territory_id = 0 OR EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = x.territory_id AND c.descendant = o.territory_id)));
