-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changes by people of where outlets lie in a territory model: each is a change set, which is how it is taken back.
CREATE TABLE IF NOT EXISTS model_change (
  model_id BIGINT UNSIGNED NOT NULL,
  set_id BIGINT UNSIGNED NOT NULL COMMENT 'change_set',
  territory_id BIGINT UNSIGNED NOT NULL COMMENT 'where they were put, 0 = they were taken out',
  outlets INT UNSIGNED NOT NULL COMMENT 'that lay elsewhere before',
  PRIMARY KEY (model_id, set_id),
  CONSTRAINT model_change_model FOREIGN KEY (model_id) REFERENCES territory_model (id) ON DELETE CASCADE
) ENGINE=InnoDB;
