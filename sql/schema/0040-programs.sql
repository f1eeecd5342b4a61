-- SPDX-License-Identifier: GPL-3.0-or-later
-- Programs that call the interface, and what a person sees of the own sessions.

-- People end their sessions one by one: each gets a number, so that the hash of its cookie need not travel.
ALTER TABLE auth_session ADD COLUMN IF NOT EXISTS id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE KEY,
  ADD COLUMN IF NOT EXISTS as_user BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'an administrator looks through the eyes of this user; 0 = no';

-- One grant of tokens to a program: all that came from it by refreshing. It ends as a whole.
CREATE TABLE IF NOT EXISTS token_family (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(80) NOT NULL COMMENT 'what the person calls the program',
  created_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL COMMENT 'however often it is refreshed',
  last_used DATETIME(3) NULL,
  last_ip VARCHAR(45) NOT NULL DEFAULT '',
  ended_at DATETIME(3) NULL,
  ended_why VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'REVOKED or REUSED',
  PRIMARY KEY (id),
  KEY user_id (user_id, ended_at),
  KEY expires_at (expires_at),
  CONSTRAINT token_family_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB;

-- Refresh tokens, each good for one use. A used one is kept: when it comes again, somebody has a copy.
CREATE TABLE IF NOT EXISTS refresh_token (
  token_hash BINARY(32) NOT NULL,
  family_id BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  used_at DATETIME(3) NULL,
  PRIMARY KEY (token_hash),
  KEY family_id (family_id),
  CONSTRAINT refresh_token_family FOREIGN KEY (family_id) REFERENCES token_family (id) ON DELETE CASCADE
) ENGINE=InnoDB;

-- Keys of programs: a part of what their owner may do. Only the hash is kept.
CREATE TABLE IF NOT EXISTS api_key (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(80) NOT NULL,
  key_hash BINARY(32) NOT NULL,
  hint CHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'how it begins, to tell keys apart',
  perms BIGINT UNSIGNED NOT NULL COMMENT 'bits of lib/auth/perms.def, which is append-only',
  territory_id BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = wherever the owner may',
  created_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NULL,
  last_used DATETIME(3) NULL,
  last_ip VARCHAR(45) NOT NULL DEFAULT '',
  revoked_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY key_hash (key_hash),
  KEY user_id (user_id),
  CONSTRAINT api_key_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB;

-- A key that holds for one territory has scopes of its own, cut from those of its owner, so that every list that joins
-- user_scope is cut too. They stand under 2^62 + the number of the key, which is no user.
ALTER TABLE user_scope DROP FOREIGN KEY IF EXISTS user_scope_user;
