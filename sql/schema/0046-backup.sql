-- SPDX-License-Identifier: GPL-3.0-or-later
-- Backups that were begun, and how they ended; what lies in them stands in their own manifest.
CREATE TABLE IF NOT EXISTS backup_run (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  dir VARCHAR(500) NOT NULL COMMENT 'where it lies',
  state ENUM('running','done','failed') NOT NULL,
  bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
  detail VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'why it failed',
  started_at DATETIME(3) NOT NULL,
  ended_at DATETIME(3) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

-- What ended within a day is asked for with every look at the health.
ALTER TABLE job ADD KEY IF NOT EXISTS finished_at (finished_at);
