-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which machines there are: those whose programs say so each minute, and the databases that they know.
CREATE TABLE IF NOT EXISTS machine (
  place VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'machine and state folder',
  runs VARCHAR(100) NOT NULL COMMENT 'what runs there, as its configuration says it',
  version VARCHAR(40) NOT NULL COMMENT 'of its programs',
  seen_at DATETIME(3) NOT NULL,
  PRIMARY KEY (place)
) ENGINE=InnoDB;

-- Databases that several machines have, as one worker for all finds them each minute.
CREATE TABLE IF NOT EXISTS database_host (
  host VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'as db_host has it',
  follows TINYINT UNSIGNED NOT NULL COMMENT '1 = a copy, or one that does not answer; 0 = it takes changes',
  lag DOUBLE NULL COMMENT 'how many seconds a copy is behind; NULL = it does not answer',
  error VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'why not',
  looked_at DATETIME(3) NOT NULL,
  PRIMARY KEY (host)
) ENGINE=InnoDB;
