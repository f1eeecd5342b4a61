-- SPDX-License-Identifier: GPL-3.0-or-later
-- The audit trail as a chain. A seal is the hash of the seal before and of one event with its changes, so that an event cannot be
-- changed, taken out, put in or moved without breaking every seal behind it. The programs may add to these tables and no more.
CREATE TABLE IF NOT EXISTS audit_seal (
  seal BIGINT UNSIGNED NOT NULL COMMENT '1, 2, 3 ... without a gap, in the order of the events',
  event_id BIGINT UNSIGNED NOT NULL,
  hash BINARY(32) NOT NULL,
  sealed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (seal),
  UNIQUE KEY event_id (event_id)
) ENGINE=InnoDB;

-- Months of the trail that were written to a file; their rows may leave the tables.
CREATE TABLE IF NOT EXISTS audit_archive (
  first_seal BIGINT UNSIGNED NOT NULL,
  last_seal BIGINT UNSIGNED NOT NULL,
  last_event BIGINT UNSIGNED NOT NULL,
  last_hash BINARY(32) NOT NULL,
  newest DATETIME(3) NOT NULL COMMENT 'time of its newest event',
  name VARCHAR(80) NOT NULL COMMENT 'file below audit_dir',
  made_at DATETIME(3) NOT NULL,
  PRIMARY KEY (first_seal)
) ENGINE=InnoDB;

-- What a change says of a person. The trail itself holds a salted digest, so that a person is forgotten by dropping these rows
-- and the chain stays whole.
CREATE TABLE IF NOT EXISTS erasable_change (
  event_id BIGINT UNSIGNED NOT NULL,
  seq INT UNSIGNED NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL COMMENT 'whom it tells about',
  salt BINARY(16) NOT NULL,
  old_value VARCHAR(1000) NULL,
  new_value VARCHAR(1000) NULL,
  PRIMARY KEY (event_id, seq),
  KEY user_id (user_id)
) ENGINE=InnoDB;
