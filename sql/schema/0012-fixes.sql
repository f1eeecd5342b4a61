-- Files of one source come again and again: how they were read, what was mended in them, and how severe a finding is here.

-- A source is known by the columns of its files. The mapping is that of the last file that was checked.
CREATE TABLE IF NOT EXISTS import_source (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  entity VARCHAR(16) NOT NULL,
  name VARCHAR(255) NOT NULL COMMENT 'of its last file',
  columns LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON array of header texts',
  mapping LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON array of {source, target, transforms, default}; columns are header texts',
  files INT UNSIGNED NOT NULL DEFAULT 1,
  last_used DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY last_used (entity, last_used)
) ENGINE=InnoDB;

-- What is done about a cause in every row of a source's files, or of one session's; see fixes.def.
CREATE TABLE IF NOT EXISTS import_fix (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  source_id BIGINT UNSIGNED NOT NULL,
  session_id BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = every file of the source',
  rule VARCHAR(20) NOT NULL,
  col VARCHAR(24) NOT NULL DEFAULT '' COMMENT 'target column, empty = the whole row',
  kind VARCHAR(8) NOT NULL,
  from_value VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT '',
  to_value VARCHAR(200) CHARACTER SET utf8mb4 NOT NULL DEFAULT '',
  created_by BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY cause (source_id, session_id, rule, col, from_value)
) ENGINE=InnoDB;

-- How many rows of a file each fix mended.
CREATE TABLE IF NOT EXISTS import_fix_use (
  file_id BIGINT UNSIGNED NOT NULL,
  fix_id BIGINT UNSIGNED NOT NULL,
  n BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (file_id, fix_id)
) ENGINE=InnoDB;

-- The texts behind a cause and how often each stands in the file: the first 200 different ones.
CREATE TABLE IF NOT EXISTS import_issue_value (
  file_id BIGINT UNSIGNED NOT NULL,
  rule VARCHAR(20) NOT NULL,
  col VARCHAR(24) NOT NULL,
  value VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  session_id BIGINT UNSIGNED NOT NULL,
  suggestion VARCHAR(200) CHARACTER SET utf8mb4 NOT NULL DEFAULT '',
  n BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (file_id, rule, col, value),
  KEY session_id (session_id)
) ENGINE=InnoDB;

-- What people wrote over single cells of a file.
CREATE TABLE IF NOT EXISTS import_edit (
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL COMMENT 'line of the file on which the row begins',
  col VARCHAR(24) NOT NULL COMMENT 'target column',
  value VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
  edited_by BIGINT UNSIGNED NOT NULL,
  edited_at DATETIME(3) NOT NULL,
  PRIMARY KEY (file_id, row_no, col)
) ENGINE=InnoDB;

-- What each column of a file holds, counted while it was staged.
CREATE TABLE IF NOT EXISTS import_profile (
  file_id BIGINT UNSIGNED NOT NULL,
  col_no SMALLINT UNSIGNED NOT NULL COMMENT 'column of the file, from 0',
  profile LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON {rows, filled, distinct, least, most, numbers, top, patterns}',
  PRIMARY KEY (file_id, col_no)
) ENGINE=InnoDB;

-- Severities that differ here from those of the rules.
CREATE TABLE IF NOT EXISTS import_rule (
  rule VARCHAR(20) NOT NULL,
  severity ENUM('error','warning') NOT NULL,
  changed_by BIGINT UNSIGNED NOT NULL,
  changed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (rule)
) ENGINE=InnoDB;

ALTER TABLE import_file ADD COLUMN IF NOT EXISTS source_id BIGINT UNSIGNED NULL COMMENT 'import_source it is of; NULL = a new one';
ALTER TABLE import_file ADD COLUMN IF NOT EXISTS memory LONGTEXT CHARACTER SET utf8mb4 NULL
  COMMENT 'JSON {name, used, new, missing}: the last file of the source, and what changed since';
ALTER TABLE import_file ADD COLUMN IF NOT EXISTS dates LONGTEXT CHARACTER SET utf8mb4 NULL
  COMMENT 'JSON object of {dayFirst, monthFirst, either} by target: what all rows of a date column say of its order';
