-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rules of chains from a file: rows of one account add up to all that it says.
CREATE TABLE IF NOT EXISTS stage_chain_rules (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  account VARCHAR(64) NOT NULL,
  weekdays TINYINT UNSIGNED NULL,
  most_per_day SMALLINT UNSIGNED NULL,
  gap_days TINYINT UNSIGNED NULL,
  least_minutes SMALLINT UNSIGNED NULL,
  window_days TINYINT UNSIGNED NULL COMMENT 'of the hours; NULL = every day',
  opens SMALLINT UNSIGNED NULL,
  closes SMALLINT UNSIGNED NULL,
  hard TINYINT UNSIGNED NULL,
  closed_from DATE NULL,
  closed_to DATE NULL COMMENT 'NULL = the same day',
  closed_for VARCHAR(120) NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, account, bad)
) ENGINE=InnoDB;

-- An import of them can be taken back.
INSERT IGNORE INTO journal_table (ord, name, k1, k2, skip) VALUES (12, 'account_rule', 'account_id', '', 'updated_at,updated_by'),
  (13, 'account_window', 'account_id', 'CONCAT_WS(0x2c, t.weekday, t.opens)', ''), (14, 'account_blackout', 'account_id', 'from_date', '');
