-- SPDX-License-Identifier: GPL-3.0-or-later
-- Master data is owned by imports; people lay their values over it, field by field, and imports go around them.

-- A value that a person gave an outlet. Fields are those of lib/intake/overlay.def, values as they are stored.
CREATE TABLE IF NOT EXISTS outlet_edit (
  outlet_id BIGINT UNSIGNED NOT NULL,
  field VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_value VARCHAR(300) NULL COMMENT 'what the source said last, NULL = nothing',
  user_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (outlet_id, field),
  KEY field (field)
) ENGINE=InnoDB;
INSERT IGNORE INTO journal_table (ord, name, k1, k2) VALUES (11, 'outlet_edit', 'outlet_id', 'field');

-- Whose value counts where a person and the source differ; no row = the person's.
CREATE TABLE IF NOT EXISTS field_policy (
  field VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  wins ENUM('PERSON','SOURCE','NEWEST') NOT NULL COMMENT 'NEWEST = the person, until the source says something else than it did',
  PRIMARY KEY (field)
) ENGINE=InnoDB;

-- Staged values that meet one of a person, and who wins.
CREATE TABLE IF NOT EXISTS stage_held (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  field VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  outlet_id BIGINT UNSIGNED NOT NULL,
  live VARCHAR(300) NULL COMMENT 'what the person says',
  value VARCHAR(300) NOT NULL COMMENT 'what the file says',
  fate ENUM('HELD','TAKEN','SAME') NOT NULL,
  PRIMARY KEY (session_id, file_id, row_no, field)
) ENGINE=InnoDB;
