-- Import: sessions, their files, the staged rows, what is wrong with them, and the log of what each import changed.
-- Tables named stage_* hold rows of sessions that are not published yet; they are emptied afterwards.

-- A named mapping to be used again. A new version is a new row.
CREATE TABLE IF NOT EXISTS import_schema (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(120) NOT NULL,
  entity VARCHAR(16) NOT NULL,
  version INT UNSIGNED NOT NULL,
  mapping LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON array of {source, target, transform, default}; source is a header text',
  created_by BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY name (name, entity, version)
) ENGINE=InnoDB;

-- Files that are checked and published together.
CREATE TABLE IF NOT EXISTS import_session (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(120) NOT NULL,
  status ENUM('UPLOADING','VALIDATING','READY','PROCESSING','COMPLETED','FAILED','CANCELLED') NOT NULL DEFAULT 'UPLOADING',
  job_id BIGINT UNSIGNED NULL COMMENT 'the last one',
  delta LONGTEXT CHARACTER SET utf8mb4 NULL COMMENT 'JSON, as the last check found it',
  error_code VARCHAR(24) NULL,
  error_detail VARCHAR(1000) NULL,
  created_by BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  completed_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  KEY status (status, id)
) ENGINE=InnoDB;

-- A file as it was uploaded, how it is read, and what became of its rows:
-- n_read = n_rejected + n_refused + n_duplicate + n_inserted + n_updated + n_unchanged once the session is checked.
-- `staged_row` is the last row of the file that has been dealt with; it moves in the transaction of its batch.
CREATE TABLE IF NOT EXISTS import_file (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  session_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  bytes BIGINT UNSIGNED NOT NULL,
  entity VARCHAR(16) NOT NULL DEFAULT '',
  encoding VARCHAR(24) NOT NULL,
  delimiter VARCHAR(4) NOT NULL,
  eol VARCHAR(2) NOT NULL COMMENT 'LF or CR',
  header_row BIGINT UNSIGNED NOT NULL COMMENT 'line of the header, 0 = none',
  columns LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON array of header texts',
  mapping LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON array of {source, target, transform, default, confidence, reason}',
  rows_guess BIGINT UNSIGNED NOT NULL DEFAULT 0,
  status ENUM('UPLOADED','STAGING','STAGED','PUBLISHED') NOT NULL DEFAULT 'UPLOADED',
  dirty TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'changed after staging: its staged rows must go first',
  staged_row BIGINT UNSIGNED NOT NULL DEFAULT 0,
  n_read BIGINT UNSIGNED NOT NULL DEFAULT 0,
  n_rejected BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'by what stands in the row',
  n_refused BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'by a reference to nothing',
  n_duplicate BIGINT UNSIGNED NOT NULL DEFAULT 0,
  n_warnings BIGINT UNSIGNED NOT NULL DEFAULT 0,
  n_inserted BIGINT UNSIGNED NOT NULL DEFAULT 0,
  n_updated BIGINT UNSIGNED NOT NULL DEFAULT 0,
  n_unchanged BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY session_id (session_id)
) ENGINE=InnoDB;

-- What is wrong with single rows. Every error is kept; of warnings the first thousand of each rule and column.
CREATE TABLE IF NOT EXISTS import_issue (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL COMMENT 'line of the file on which the row begins',
  col VARCHAR(24) NOT NULL DEFAULT '' COMMENT 'target column, empty = the whole row',
  rule VARCHAR(20) NOT NULL,
  severity ENUM('error','warning') NOT NULL,
  value VARCHAR(200) NOT NULL DEFAULT '',
  suggestion VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY session_id (session_id, id),
  KEY file_id (file_id, row_no)
) ENGINE=InnoDB;

-- How often each rule was broken in each column: exact, whatever import_issue keeps.
CREATE TABLE IF NOT EXISTS import_issue_group (
  file_id BIGINT UNSIGNED NOT NULL,
  rule VARCHAR(20) NOT NULL,
  col VARCHAR(24) NOT NULL DEFAULT '',
  session_id BIGINT UNSIGNED NOT NULL,
  severity ENUM('error','warning') NOT NULL,
  n BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (file_id, rule, col),
  KEY session_id (session_id)
) ENGINE=InnoDB;

-- Texts that many staged rows share, numbered: territory paths (l1..l5), accounts (l1), distributors (l1 code, l2 name).
CREATE TABLE IF NOT EXISTS stage_ref (
  session_id BIGINT UNSIGNED NOT NULL,
  kind ENUM('PLACE','ACCOUNT','DT') NOT NULL,
  no INT UNSIGNED NOT NULL,
  l1 VARCHAR(200) NOT NULL DEFAULT '',
  l2 VARCHAR(200) NOT NULL DEFAULT '',
  l3 VARCHAR(200) NOT NULL DEFAULT '',
  l4 VARCHAR(200) NOT NULL DEFAULT '',
  l5 VARCHAR(200) NOT NULL DEFAULT '',
  target_id BIGINT UNSIGNED NULL COMMENT 'territory, account or partner; NULL = not there yet',
  PRIMARY KEY (session_id, kind, no),
  KEY l1 (session_id, kind, l1)
) ENGINE=InnoDB;

-- Staged rows. NULL = the file does not say; `bad`: 0 fine, 1 duplicate,
-- above = refused because of an unknown 2 distributor, 3 outlet, 4 seat, 5 territory.
CREATE TABLE IF NOT EXISTS stage_outlets (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  code VARCHAR(64) NOT NULL,
  name VARCHAR(200) NOT NULL,
  address VARCHAR(300) NULL,
  city VARCHAR(120) NULL,
  postcode VARCHAR(20) NULL,
  phone VARCHAR(40) NULL,
  lat INT NULL,
  lon INT NULL,
  channel VARCHAR(2) NULL,
  tier TINYINT UNSIGNED NULL,
  status VARCHAR(10) NULL,
  sales_volume DECIMAL(14,2) NULL,
  nppd TINYINT UNSIGNED NULL,
  frequency TINYINT UNSIGNED NULL,
  service_minutes SMALLINT UNSIGNED NULL,
  sales_model VARCHAR(10) NULL,
  fulfilment VARCHAR(4) NULL,
  merchandising TINYINT UNSIGNED NULL,
  closed_days TINYINT UNSIGNED NULL,
  place INT UNSIGNED NULL,
  account INT UNSIGNED NULL,
  dt INT UNSIGNED NULL,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY code (session_id, code, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_distributors (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  code VARCHAR(64) NOT NULL,
  name VARCHAR(200) NOT NULL,
  address VARCHAR(300) NULL,
  lat INT NULL,
  lon INT NULL,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY code (session_id, code, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_seats (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  code VARCHAR(64) NOT NULL,
  name VARCHAR(120) NULL,
  person_code VARCHAR(64) NULL,
  person VARCHAR(120) NULL,
  email VARCHAR(200) NULL,
  territory VARCHAR(64) NULL,
  territory_id BIGINT UNSIGNED NULL COMMENT 'found by code or name',
  dt_codes VARCHAR(300) NULL,
  channel VARCHAR(2) NULL,
  vehicle VARCHAR(12) NULL,
  lat INT NULL,
  lon INT NULL,
  shift_start SMALLINT UNSIGNED NULL,
  shift_minutes SMALLINT UNSIGNED NULL,
  work_weekdays TINYINT UNSIGNED NULL,
  max_calls SMALLINT UNSIGNED NULL,
  from_date DATE NULL,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY code (session_id, code, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_dt_mapping (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  outlet_code VARCHAR(64) NOT NULL,
  line VARCHAR(32) NULL,
  frequency TINYINT UNSIGNED NULL,
  service_minutes SMALLINT UNSIGNED NULL,
  seat VARCHAR(64) NULL,
  dt INT UNSIGNED NULL,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY outlet_code (session_id, outlet_code, line, bad)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_plan (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  outlet_code VARCHAR(64) NOT NULL,
  line VARCHAR(32) NULL,
  seat VARCHAR(64) NOT NULL,
  beat VARCHAR(64) NULL,
  beat_name VARCHAR(120) NULL,
  date DATE NULL,
  week SMALLINT UNSIGNED NULL,
  weekday TINYINT UNSIGNED NULL,
  position SMALLINT UNSIGNED NULL,
  from_date DATE NULL,
  to_date DATE NULL,
  anchor DATE NULL,
  weeks SMALLINT UNSIGNED NULL,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY outlet_code (session_id, outlet_code, bad)
) ENGINE=InnoDB;

-- Outlets that a session would change: the diff join keeps them so that the fields are compared for these only.
CREATE TABLE IF NOT EXISTS stage_changed (
  session_id BIGINT UNSIGNED NOT NULL,
  outlet_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (session_id, outlet_id)
) ENGINE=InnoDB;

-- What an import changed in an outlet: written with the change, never updated. The origin of values and undo read it.
CREATE TABLE IF NOT EXISTS outlet_change (
  outlet_id BIGINT UNSIGNED NOT NULL,
  import_id BIGINT UNSIGNED NOT NULL COMMENT 'import session',
  field VARCHAR(24) NOT NULL,
  old_value VARCHAR(300) NULL,
  new_value VARCHAR(300) NULL,
  PRIMARY KEY (outlet_id, import_id, field),
  KEY import_id (import_id, outlet_id)
) ENGINE=InnoDB;

-- The fields of an outlet that an import can change, for the view below.
CREATE TABLE IF NOT EXISTS import_field (
  n TINYINT UNSIGNED NOT NULL,
  name VARCHAR(24) NOT NULL,
  PRIMARY KEY (n)
) ENGINE=InnoDB;
INSERT IGNORE INTO import_field (n, name)
VALUES (1, 'name'), (2, 'address'), (3, 'city'), (4, 'postcode'), (5, 'phone'), (6, 'coordinates'), (7, 'channel'), (8, 'tier'),
  (9, 'status'), (10, 'sales_volume'), (11, 'nppd'), (12, 'frequency'), (13, 'service_minutes'), (14, 'sales_model'),
  (15, 'fulfilment'), (16, 'merchandising'), (17, 'closed_days'), (18, 'account'), (19, 'distributor'), (20, 'territory');

-- Field by field what the outlets in stage_changed would become. A node above the present territory is no move.
CREATE OR REPLACE VIEW stage_change AS
SELECT c.session_id, c.outlet_id, o.code, o.name, f.name AS field,
  CASE f.n WHEN 1 THEN o.name WHEN 2 THEN o.address WHEN 3 THEN o.city WHEN 4 THEN o.postcode WHEN 5 THEN o.phone
    WHEN 6 THEN CONCAT(o.lat / 1000000, ', ', o.lon / 1000000) WHEN 7 THEN o.channel WHEN 8 THEN o.tier WHEN 9 THEN o.status
    WHEN 10 THEN o.sales_volume WHEN 11 THEN o.nppd WHEN 12 THEN n.visits_per_4w WHEN 13 THEN n.service_minutes
    WHEN 14 THEN o.sales_model WHEN 15 THEN o.fulfilment WHEN 16 THEN o.merchandising WHEN 17 THEN o.closed_days
    WHEN 18 THEN (SELECT a.code FROM account a WHERE a.id = o.account_id)
    WHEN 19 THEN (SELECT p.code FROM partner p WHERE p.id = o.partner_id)
    ELSE (SELECT t.name FROM territory t WHERE t.id = o.territory_id) END AS old_value,
  CASE f.n WHEN 1 THEN s.name WHEN 2 THEN COALESCE(s.address, o.address) WHEN 3 THEN COALESCE(s.city, o.city)
    WHEN 4 THEN COALESCE(s.postcode, o.postcode) WHEN 5 THEN COALESCE(s.phone, o.phone)
    WHEN 6 THEN CONCAT(COALESCE(s.lat, o.lat) / 1000000, ', ', COALESCE(s.lon, o.lon) / 1000000)
    WHEN 7 THEN COALESCE(s.channel, o.channel) WHEN 8 THEN COALESCE(s.tier, o.tier) WHEN 9 THEN COALESCE(s.status, o.status)
    WHEN 10 THEN COALESCE(s.sales_volume, o.sales_volume) WHEN 11 THEN COALESCE(s.nppd, o.nppd)
    WHEN 12 THEN COALESCE(s.frequency, n.visits_per_4w) WHEN 13 THEN COALESCE(s.service_minutes, n.service_minutes)
    WHEN 14 THEN COALESCE(s.sales_model, o.sales_model) WHEN 15 THEN COALESCE(s.fulfilment, o.fulfilment)
    WHEN 16 THEN COALESCE(s.merchandising, o.merchandising) WHEN 17 THEN COALESCE(s.closed_days, o.closed_days)
    WHEN 18 THEN COALESCE(ra.l1, (SELECT a.code FROM account a WHERE a.id = o.account_id))
    WHEN 19 THEN COALESCE(rd.l1, (SELECT p.code FROM partner p WHERE p.id = o.partner_id))
    ELSE IF(rp.no IS NULL OR EXISTS (SELECT 1 FROM territory_closure x
        WHERE x.ancestor = rp.target_id AND x.descendant = o.territory_id),
      (SELECT t.name FROM territory t WHERE t.id = o.territory_id),
      COALESCE(NULLIF(rp.l5, ''), NULLIF(rp.l4, ''), NULLIF(rp.l3, ''), NULLIF(rp.l2, ''), rp.l1)) END AS new_value
FROM stage_changed c
JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no
JOIN outlet o ON o.id = c.outlet_id
JOIN import_field f
LEFT JOIN need n ON n.outlet_id = o.id AND n.line_id = 1
LEFT JOIN stage_ref ra ON ra.session_id = s.session_id AND ra.kind = 'ACCOUNT' AND ra.no = s.account
LEFT JOIN stage_ref rd ON rd.session_id = s.session_id AND rd.kind = 'DT' AND rd.no = s.dt
LEFT JOIN stage_ref rp ON rp.session_id = s.session_id AND rp.kind = 'PLACE' AND rp.no = s.place;

-- Files name territories by code or name alone.
CREATE INDEX IF NOT EXISTS by_code ON territory (code);
CREATE INDEX IF NOT EXISTS by_name ON territory (name);

-- Sizes of every node with all beneath it, made anew by each publication.
CREATE TABLE IF NOT EXISTS territory_stat (
  territory_id BIGINT UNSIGNED NOT NULL,
  outlets INT UNSIGNED NOT NULL,
  placed INT UNSIGNED NOT NULL COMMENT 'with coordinates',
  partners INT UNSIGNED NOT NULL,
  PRIMARY KEY (territory_id)
) ENGINE=InnoDB;
