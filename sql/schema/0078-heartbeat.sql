-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE IF NOT EXISTS heartbeat (
  id TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  at DATETIME(3) NOT NULL
) ENGINE=InnoDB COMMENT='Written every few seconds: how far behind a replica is.';
