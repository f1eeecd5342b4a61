-- SPDX-License-Identifier: GPL-3.0-or-later
-- Commits that need somebody else's approval: a kept version with its effective date waits until it is decided. A plan has one that
-- waits at most.
CREATE TABLE IF NOT EXISTS plan_submission (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  plan_id BIGINT UNSIGNED NOT NULL,
  version_id BIGINT UNSIGNED NOT NULL,
  session_id BIGINT UNSIGNED NOT NULL COMMENT 'the draft it was made of',
  seq INT UNSIGNED NOT NULL COMMENT 'changes of the draft then',
  base_version BIGINT UNSIGNED NULL COMMENT 'what was committed then: approving needs it to be so still',
  effective_date DATE NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  state ENUM('WAITING','APPROVED','SENT_BACK','WITHDRAWN') NOT NULL DEFAULT 'WAITING',
  waiting TINYINT UNSIGNED NULL DEFAULT 1 COMMENT '1 while it waits, else NULL',
  decided_by BIGINT UNSIGNED NULL,
  decided_at DATETIME(3) NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'why it was sent back',
  PRIMARY KEY (id),
  UNIQUE KEY one_waits (plan_id, waiting)
) ENGINE=InnoDB;
