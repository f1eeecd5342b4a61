-- Access: who may sign in, what they may do and where, and the trail they leave.
-- Every patch is idempotent: MariaDB commits DDL implicitly, so a killed migration starts it again.

-- People with an account. A password is an argon2id string of libsodium; NULL means that nobody can sign in.
CREATE TABLE IF NOT EXISTS user (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  username VARCHAR(64) NOT NULL,
  name VARCHAR(120) NOT NULL,
  email VARCHAR(200) NOT NULL DEFAULT '',
  locale VARCHAR(8) NOT NULL DEFAULT 'en',
  password VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
  active TINYINT UNSIGNED NOT NULL DEFAULT 1,
  demo TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'known password, made by up --demo',
  created_at DATETIME(3) NOT NULL,
  last_login DATETIME(3) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY username (username)
) ENGINE=InnoDB;

-- What a user may do where: a role on a territory and everything beneath it; territory 0 is the whole world.
CREATE TABLE IF NOT EXISTS user_scope (
  user_id BIGINT UNSIGNED NOT NULL,
  territory_id BIGINT UNSIGNED NOT NULL,
  role VARCHAR(32) NOT NULL COMMENT 'a ROLE of lib/auth/perms.def',
  PRIMARY KEY (user_id, territory_id, role),
  CONSTRAINT user_scope_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB;

-- Signed-in browsers. Only the hash of the cookie is kept, so that a stolen table opens nothing.
CREATE TABLE IF NOT EXISTS auth_session (
  token_hash BINARY(32) NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  csrf CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  last_seen DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  ip VARCHAR(45) NOT NULL,
  user_agent VARCHAR(255) NOT NULL,
  PRIMARY KEY (token_hash),
  KEY user_id (user_id),
  KEY expires_at (expires_at),
  CONSTRAINT auth_session_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB;

-- Failed sign-ins per account name and per address within a sliding window.
CREATE TABLE IF NOT EXISTS login_failure (
  subject VARCHAR(80) NOT NULL COMMENT 'u:<username> or a:<address>',
  failures INT UNSIGNED NOT NULL,
  window_start DATETIME(3) NOT NULL,
  PRIMARY KEY (subject)
) ENGINE=InnoDB;

-- The audit trail: one row per user action; what it changed hangs below. Rows are never updated.
CREATE TABLE IF NOT EXISTS audit_event (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  at DATETIME(3) NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL COMMENT '0 = the system itself',
  action VARCHAR(40) NOT NULL COMMENT 'an ACTION of lib/audit/actions.def',
  resource_type VARCHAR(24) NOT NULL,
  resource_id BIGINT UNSIGNED NOT NULL,
  territory_id BIGINT UNSIGNED NOT NULL DEFAULT 0,
  channel VARCHAR(4) NOT NULL DEFAULT '',
  session_id BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'planning or import session',
  reason VARCHAR(500) NOT NULL DEFAULT '',
  ip VARCHAR(45) NOT NULL,
  user_agent VARCHAR(255) NOT NULL,
  correlation_id VARCHAR(40) NOT NULL,
  PRIMARY KEY (id),
  KEY at (at),
  KEY user_id (user_id, id),
  KEY resource (resource_type, resource_id, id),
  KEY action (action, id)
) ENGINE=InnoDB;

-- The fields that an audited action changed. A bulk action is one event with its sums here and its rows in its own log.
CREATE TABLE IF NOT EXISTS audit_change (
  event_id BIGINT UNSIGNED NOT NULL,
  seq INT UNSIGNED NOT NULL,
  field VARCHAR(64) NOT NULL,
  old_value VARCHAR(1000) NULL,
  new_value VARCHAR(1000) NULL,
  PRIMARY KEY (event_id, seq)
) ENGINE=InnoDB;
