-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a job did and when, for whoever asks what became of it; and what is done by the clock, each by one of the machines that work.
CREATE TABLE IF NOT EXISTS job_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  job_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  attempt SMALLINT UNSIGNED NOT NULL,
  what ENUM('begun', 'step', 'again', 'stop_wanted', 'retried', 'done', 'failed', 'cancelled') NOT NULL,
  text VARCHAR(1000) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY job (job_id, id),
  CONSTRAINT job_log_job FOREIGN KEY (job_id) REFERENCES job (id) ON DELETE CASCADE
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS schedule (
  name VARCHAR(24) CHARACTER SET ascii NOT NULL,
  next_at DATETIME(3) NOT NULL,
  begun_at DATETIME(3) NULL,
  took_ms INT UNSIGNED NULL,
  problem VARCHAR(400) NULL,
  machine VARCHAR(64) NOT NULL DEFAULT '',
  PRIMARY KEY (name)
) ENGINE=InnoDB;
