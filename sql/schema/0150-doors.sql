-- SPDX-License-Identifier: GPL-3.0-or-later
-- Maintenance of all machines at once: one row that says whether the doors are closed.
CREATE TABLE IF NOT EXISTS doors (
  id TINYINT UNSIGNED NOT NULL COMMENT '1',
  turn INT UNSIGNED NOT NULL COMMENT 'how often they were closed or opened',
  closed TINYINT UNSIGNED NOT NULL,
  who VARCHAR(120) NOT NULL COMMENT 'account of the operating system',
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
INSERT IGNORE INTO doors (id, turn, closed, who, at) VALUES (1, 0, 0, '', UTC_TIMESTAMP(3));

-- The programs that ask the database, as they say it themselves: which turn of the doors each obeys, and what it is still at.
CREATE TABLE IF NOT EXISTS program (
  place VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'machine and state folder',
  name VARCHAR(20) NOT NULL,
  host VARCHAR(200) NOT NULL COMMENT 'where its connections come from, as the database sees it',
  turn INT UNSIGNED NOT NULL COMMENT 'of the doors',
  busy INT UNSIGNED NOT NULL COMMENT 'changes and jobs that it has begun and not ended',
  seen_at DATETIME(3) NOT NULL,
  PRIMARY KEY (place, name)
) ENGINE=InnoDB;
