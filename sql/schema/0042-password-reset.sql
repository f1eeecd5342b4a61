-- SPDX-License-Identifier: GPL-3.0-or-later
-- Links to a new password, sent by mail: good for one use and an hour. Only the hash is kept.
CREATE TABLE IF NOT EXISTS password_reset (
  token_hash BINARY(32) NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  used_at DATETIME(3) NULL,
  PRIMARY KEY (token_hash),
  KEY user_id (user_id, created_at),
  KEY expires_at (expires_at),
  CONSTRAINT password_reset_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB;
