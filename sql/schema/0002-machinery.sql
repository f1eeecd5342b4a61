-- Machinery: background jobs, the outbox, settings.

-- Work for the daemons. A daemon claims with SKIP LOCKED, works outside the transaction, renews the lease, and
-- finishes by compare-and-set on the lease token, so that a daemon that was taken for dead cannot write over its heir.
CREATE TABLE IF NOT EXISTS job (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind VARCHAR(24) NOT NULL COMMENT 'a KIND of lib/job/kinds.def',
  state ENUM('queued','running','done','failed','cancelled') NOT NULL DEFAULT 'queued',
  priority INT NOT NULL DEFAULT 0 COMMENT 'higher first',
  subject BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'what the job is about: territory, import session, planning session',
  territory_id BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'scope for who may see it; 0 = those with the whole world or its owner',
  payload LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  checkpoint LONGTEXT CHARACTER SET utf8mb4 NULL COMMENT 'where the next attempt goes on',
  progress LONGTEXT CHARACTER SET utf8mb4 NULL,
  step VARCHAR(40) NOT NULL DEFAULT '',
  percent DOUBLE NOT NULL DEFAULT 0,
  result LONGTEXT CHARACTER SET utf8mb4 NULL,
  error_code VARCHAR(24) NULL,
  error_detail VARCHAR(1000) NULL,
  cancel_wanted TINYINT UNSIGNED NOT NULL DEFAULT 0,
  attempts INT UNSIGNED NOT NULL DEFAULT 0,
  lease_token BIGINT UNSIGNED NOT NULL DEFAULT 0,
  lease_until DATETIME(3) NULL,
  not_before DATETIME(3) NOT NULL,
  created_by BIGINT UNSIGNED NOT NULL DEFAULT 0,
  correlation_id VARCHAR(40) NOT NULL DEFAULT '',
  created_at DATETIME(3) NOT NULL,
  started_at DATETIME(3) NULL,
  finished_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  KEY claim (state, kind, priority, id),
  KEY lease (state, lease_until),
  KEY subject (kind, subject, id)
) ENGINE=InnoDB;

-- What must go out after a commit: written in the same transaction as its cause, delivered by the worker, at least once.
CREATE TABLE IF NOT EXISTS outbox (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  topic VARCHAR(40) NOT NULL,
  subject BIGINT UNSIGNED NOT NULL,
  payload LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  created_at DATETIME(3) NOT NULL,
  delivered_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  KEY undelivered (delivered_at, id)
) ENGINE=InnoDB;
