-- SPDX-License-Identifier: GPL-3.0-or-later
-- Files that people had made of plans: exports/USER/DATE/ID-NAME in the state folder, until they are swept.
CREATE TABLE IF NOT EXISTS export_file (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id BIGINT UNSIGNED NOT NULL,
  plan_id BIGINT UNSIGNED NOT NULL,
  day DATE NOT NULL,
  name VARCHAR(120) NOT NULL,
  format VARCHAR(12) NOT NULL,
  bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created_at DATETIME(3) NOT NULL,
  done TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = being written',
  PRIMARY KEY (id),
  KEY user_id (user_id, id),
  KEY day (day)
) ENGINE=InnoDB;
