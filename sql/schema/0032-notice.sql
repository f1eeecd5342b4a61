-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people are told inside the product: somebody asks for their lock, broke it, overrode a rule, committed a plan.
CREATE TABLE IF NOT EXISTS notice (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id BIGINT UNSIGNED NOT NULL COMMENT 'who is told',
  kind VARCHAR(24) NOT NULL COMMENT 'a NOTICE of lib/notice/kinds.def',
  territory_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  channel VARCHAR(4) NOT NULL DEFAULT '',
  from_user BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = the system',
  text VARCHAR(500) NOT NULL DEFAULT '',
  at DATETIME(3) NOT NULL,
  read_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  KEY user_id (user_id, read_at, id)
) ENGINE=InnoDB;
