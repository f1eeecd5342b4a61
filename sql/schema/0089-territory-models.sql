-- SPDX-License-Identifier: GPL-3.0-or-later
-- Territory models beside the sales geography (service, segments): each with levels and nodes of its own. An outlet lies in the sales
-- geography by its own column, and in any other model by a row here; it is planned by the former alone.
CREATE TABLE IF NOT EXISTS outlet_territory (
  outlet_id BIGINT UNSIGNED NOT NULL,
  model_id BIGINT UNSIGNED NOT NULL,
  territory_id BIGINT UNSIGNED NOT NULL COMMENT 'the narrowest node of that model',
  PRIMARY KEY (outlet_id, model_id),
  KEY territory_id (territory_id, outlet_id),
  CONSTRAINT outlet_territory_outlet FOREIGN KEY (outlet_id) REFERENCES outlet (id) ON DELETE CASCADE
) ENGINE=InnoDB;
INSERT IGNORE INTO journal_table (ord, name, k1, k2) VALUES (45, 'outlet_territory', 'outlet_id', 'model_id');
UPDATE journal_table SET held = CONCAT(held, ' OR t.id IN (SELECT territory_id FROM outlet_territory)')
WHERE name = 'territory' AND held NOT LIKE '%outlet_territory%';

-- Counted for models beside the sales geography only: planning units are measured when somebody looks at them.
ALTER TABLE territory_stat
  ADD COLUMN IF NOT EXISTS visits BIGINT UNSIGNED NULL COMMENT 'in four weeks',
  ADD COLUMN IF NOT EXISTS minutes DOUBLE NULL COMMENT 'of work in four weeks, at the outlets';

ALTER TABLE stage_ref
  MODIFY COLUMN kind ENUM('PLACE','ACCOUNT','DT','STORE','PRODUCT','SELLER','MEMBER') NOT NULL;
CREATE TABLE IF NOT EXISTS stage_memberships (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  outlet_code VARCHAR(64) NOT NULL,
  model VARCHAR(32) NOT NULL,
  place INT UNSIGNED NULL COMMENT 'number of model and levels in stage_ref',
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, outlet_code, model, bad)
) ENGINE=InnoDB;
