-- SPDX-License-Identifier: GPL-3.0-or-later
-- Settings that an operator changed while Beatplan runs. The newest change of a name is in force; going back is one more change.
CREATE TABLE IF NOT EXISTS setting_change (
  name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of lib/setting/settings.def',
  seq INT UNSIGNED NOT NULL COMMENT 'counts the changes of this setting from 1',
  value VARCHAR(200) NULL COMMENT 'NULL = the default again',
  reason VARCHAR(500) NOT NULL,
  reverts INT UNSIGNED NULL COMMENT 'the change whose value this is, 0 = the default; NULL = a new value',
  user_id BIGINT UNSIGNED NOT NULL COMMENT '0 = from the shell',
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (name, seq)
) ENGINE=InnoDB;
