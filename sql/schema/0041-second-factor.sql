-- SPDX-License-Identifier: GPL-3.0-or-later
-- A second factor at sign-in: codes of an authenticator (RFC 6238). The secret is sealed by a key outside the database.
CREATE TABLE IF NOT EXISTS second_factor (
  user_id BIGINT UNSIGNED NOT NULL,
  secret VARBINARY(80) NOT NULL COMMENT 'nonce and box of libsodium',
  created_at DATETIME(3) NOT NULL,
  confirmed_at DATETIME(3) NULL COMMENT 'NULL = not asked for yet',
  last_step BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'the half minute of the last code: none of it or before is taken again',
  PRIMARY KEY (user_id),
  CONSTRAINT second_factor_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB;

-- For somebody who lost the authenticator: codes of one use, hashed under the same key.
CREATE TABLE IF NOT EXISTS recovery_code (
  user_id BIGINT UNSIGNED NOT NULL,
  code_hash BINARY(32) NOT NULL,
  used_at DATETIME(3) NULL,
  PRIMARY KEY (user_id, code_hash),
  CONSTRAINT recovery_code_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB;
