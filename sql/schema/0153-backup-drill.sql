-- SPDX-License-Identifier: GPL-3.0-or-later
-- Backups that were restored aside and held against what runs, and how that went. Programs of before write none.
CREATE TABLE IF NOT EXISTS backup_drill (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  dir VARCHAR(500) NOT NULL COMMENT 'the backup: its folder, or the encrypted file',
  state ENUM('running','done','failed') NOT NULL,
  plans BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'that were compared',
  tables_n INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'that were compared; 0 = there was no log of transactions to go on by',
  rows_n BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'of these tables',
  events BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'of the audit trail, whose seals were looked at',
  detail VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'what differs, or why it could not be done',
  started_at DATETIME(3) NOT NULL,
  ended_at DATETIME(3) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
