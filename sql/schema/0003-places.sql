-- Places and people: territories, accounts, distributors, outlets with their needs, seats and who holds them.

-- One way to cut the world. Model 1 is the sales geography.
CREATE TABLE IF NOT EXISTS territory_model (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  code VARCHAR(32) COLLATE utf8mb4_nopad_bin NOT NULL,
  name VARCHAR(120) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY code (code)
) ENGINE=InnoDB;
INSERT IGNORE INTO territory_model (id, code, name) VALUES (1, 'SALES', 'Sales geography');

-- Levels of a model from the widest (rank 1) to the narrowest.
CREATE TABLE IF NOT EXISTS territory_level (
  model_id BIGINT UNSIGNED NOT NULL,
  rank TINYINT UNSIGNED NOT NULL,
  code VARCHAR(32) COLLATE utf8mb4_nopad_bin NOT NULL,
  PRIMARY KEY (model_id, rank),
  UNIQUE KEY code (model_id, code),
  CONSTRAINT territory_level_model FOREIGN KEY (model_id) REFERENCES territory_model (id)
) ENGINE=InnoDB;
INSERT IGNORE INTO territory_level (model_id, rank, code)
VALUES (1, 1, 'COUNTRY'), (1, 2, 'ZONE'), (1, 3, 'REGION'), (1, 4, 'AREA'), (1, 5, 'DT');

-- A node of the tree. Only units are planned and locked.
CREATE TABLE IF NOT EXISTS territory (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  model_id BIGINT UNSIGNED NOT NULL DEFAULT 1,
  rank TINYINT UNSIGNED NOT NULL,
  parent_id BIGINT UNSIGNED NULL,
  code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'unique below its parent',
  name VARCHAR(120) NOT NULL,
  is_unit TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY code (model_id, rank, parent_id, code),
  KEY parent_id (parent_id),
  CONSTRAINT territory_parent FOREIGN KEY (parent_id) REFERENCES territory (id)
) ENGINE=InnoDB;

-- Every pair of ancestor and descendant, a node with itself included (depth 0).
CREATE TABLE IF NOT EXISTS territory_closure (
  ancestor BIGINT UNSIGNED NOT NULL,
  descendant BIGINT UNSIGNED NOT NULL,
  depth TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (ancestor, descendant),
  KEY descendant (descendant, ancestor)
) ENGINE=InnoDB;

-- Organisations above outlets: chains and companies.
CREATE TABLE IF NOT EXISTS account (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  parent_id BIGINT UNSIGNED NULL,
  code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
  name VARCHAR(200) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY code (code)
) ENGINE=InnoDB;

-- Firms that serve outlets or deliver to them. Coordinates are 1e-6 degrees.
CREATE TABLE IF NOT EXISTS partner (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind ENUM('DT','PROVIDER') NOT NULL DEFAULT 'DT',
  code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
  name VARCHAR(200) NOT NULL,
  address VARCHAR(300) NOT NULL DEFAULT '',
  lat INT NULL,
  lon INT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY code (kind, code)
) ENGINE=InnoDB;

-- A place that is visited. Master data is owned by imports; coordinates are 1e-6 degrees, NULL = not known.
CREATE TABLE IF NOT EXISTS outlet (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'the key in the source system',
  name VARCHAR(200) NOT NULL,
  address VARCHAR(300) NOT NULL DEFAULT '',
  city VARCHAR(120) NOT NULL DEFAULT '',
  postcode VARCHAR(20) NOT NULL DEFAULT '',
  phone VARCHAR(40) NOT NULL DEFAULT '',
  lat INT NULL,
  lon INT NULL,
  channel ENUM('GT','MT','WS') NOT NULL DEFAULT 'GT',
  tier TINYINT UNSIGNED NOT NULL DEFAULT 3 COMMENT 'rank: 1 Gold, 2 Silver, 3 Bronze',
  territory_id BIGINT UNSIGNED NULL,
  account_id BIGINT UNSIGNED NULL,
  partner_id BIGINT UNSIGNED NULL COMMENT 'the distributor of the default line',
  sales_model ENUM('PRE_SALES','VAN_SALES') NOT NULL DEFAULT 'PRE_SALES',
  fulfilment ENUM('DT','DSD') NOT NULL DEFAULT 'DT',
  merchandising TINYINT UNSIGNED NOT NULL DEFAULT 0,
  status ENUM('universe','wholesale','assigned','active','dormant','closed') NOT NULL DEFAULT 'active',
  sales_volume DECIMAL(14,2) NOT NULL DEFAULT 0,
  nppd TINYINT UNSIGNED NULL COMMENT 'next product purchase date score, 0..100',
  closed_days TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'bit 0 = Monday .. bit 6 = Sunday',
  rural TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = few outlets around: road factor and speed of the country',
  first_seen BIGINT UNSIGNED NULL COMMENT 'import session',
  last_seen BIGINT UNSIGNED NULL COMMENT 'import session',
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY code (code),
  KEY territory_id (territory_id, channel, id),
  KEY account_id (account_id),
  KEY partner_id (partner_id),
  FULLTEXT KEY words (name, address, city)
) ENGINE=InnoDB;

-- Product lines. Most companies have one; line 1 is it.
CREATE TABLE IF NOT EXISTS sales_line (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  code VARCHAR(32) COLLATE utf8mb4_nopad_bin NOT NULL,
  name VARCHAR(120) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY code (code)
) ENGINE=InnoDB;
INSERT IGNORE INTO sales_line (id, code, name) VALUES (1, 'ALL', 'All products');

-- What is planned: an outlet on a line. NULL means "as the visit policy says".
CREATE TABLE IF NOT EXISTS need (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  outlet_id BIGINT UNSIGNED NOT NULL,
  line_id BIGINT UNSIGNED NOT NULL DEFAULT 1,
  partner_id BIGINT UNSIGNED NULL COMMENT 'who delivers this line here',
  seat_id BIGINT UNSIGNED NULL COMMENT 'the only seat that may serve it',
  visits_per_4w TINYINT UNSIGNED NULL,
  service_minutes SMALLINT UNSIGNED NULL,
  PRIMARY KEY (id),
  UNIQUE KEY outlet_line (outlet_id, line_id),
  KEY partner_id (partner_id),
  CONSTRAINT need_outlet FOREIGN KEY (outlet_id) REFERENCES outlet (id)
) ENGINE=InnoDB;

-- When an outlet can be visited; no row means any time. Minutes of the local day.
CREATE TABLE IF NOT EXISTS time_window (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  outlet_id BIGINT UNSIGNED NOT NULL,
  weekday TINYINT UNSIGNED NOT NULL COMMENT '1 = Monday .. 7 = Sunday, 0 = every day',
  opens SMALLINT UNSIGNED NOT NULL,
  closes SMALLINT UNSIGNED NOT NULL,
  hard TINYINT UNSIGNED NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  KEY outlet_id (outlet_id)
) ENGINE=InnoDB;

-- People who visit.
CREATE TABLE IF NOT EXISTS resource (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
  name VARCHAR(120) NOT NULL,
  email VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY code (code)
) ENGINE=InnoDB;

-- A position that plans belong to; people come and go. NULL = as the planning profile says.
CREATE TABLE IF NOT EXISTS seat (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
  name VARCHAR(120) NOT NULL,
  territory_id BIGINT UNSIGNED NULL,
  channel ENUM('GT','MT','WS') NOT NULL DEFAULT 'GT',
  vehicle ENUM('walk','two-wheeler','car','van') NULL,
  lat INT NULL COMMENT 'where the day starts and ends, 1e-6 degrees',
  lon INT NULL,
  shift_start SMALLINT UNSIGNED NULL COMMENT 'minute of the day',
  shift_minutes SMALLINT UNSIGNED NULL,
  work_weekdays TINYINT UNSIGNED NULL COMMENT 'bit 0 = Monday .. bit 6 = Sunday',
  max_calls SMALLINT UNSIGNED NULL,
  active TINYINT UNSIGNED NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY code (code),
  KEY territory_id (territory_id, channel)
) ENGINE=InnoDB;

-- Who holds a seat from when to when; no row for today = VACANT.
CREATE TABLE IF NOT EXISTS seat_holder (
  seat_id BIGINT UNSIGNED NOT NULL,
  resource_id BIGINT UNSIGNED NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE NULL,
  PRIMARY KEY (seat_id, from_date),
  KEY resource_id (resource_id),
  CONSTRAINT seat_holder_seat FOREIGN KEY (seat_id) REFERENCES seat (id)
) ENGINE=InnoDB;

-- The distributors that a seat serves; no row = all.
CREATE TABLE IF NOT EXISTS seat_partner (
  seat_id BIGINT UNSIGNED NOT NULL,
  partner_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (seat_id, partner_id),
  KEY partner_id (partner_id)
) ENGINE=InnoDB;

-- Days on which nobody of a territory (0 = everywhere) visits, and what becomes of the visits.
CREATE TABLE IF NOT EXISTS holiday (
  territory_id BIGINT UNSIGNED NOT NULL,
  day DATE NOT NULL,
  name VARCHAR(120) NOT NULL,
  rule ENUM('SKIP','MAKE_UP','SLIDE') NOT NULL DEFAULT 'SKIP',
  PRIMARY KEY (territory_id, day)
) ENGINE=InnoDB;

-- The published snapshot of a territory: a content-addressed file in the private folder.
CREATE TABLE IF NOT EXISTS snapshot (
  territory_id BIGINT UNSIGNED NOT NULL,
  hash CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  outlets INT UNSIGNED NOT NULL,
  bytes INT UNSIGNED NOT NULL,
  made_at DATETIME(3) NOT NULL,
  west INT NULL, south INT NULL, east INT NULL, north INT NULL,
  PRIMARY KEY (territory_id)
) ENGINE=InnoDB;
