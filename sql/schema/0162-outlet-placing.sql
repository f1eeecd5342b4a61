-- SPDX-License-Identifier: GPL-3.0-or-later
-- Outlets that a person put into a territory of the sales geography: each time is a change set, which is how it is taken back.
CREATE TABLE IF NOT EXISTS outlet_placing (
  set_id BIGINT UNSIGNED NOT NULL COMMENT 'change_set',
  territory_id BIGINT UNSIGNED NOT NULL COMMENT 'where they were put',
  outlets INT UNSIGNED NOT NULL COMMENT 'that lay elsewhere before',
  PRIMARY KEY (set_id),
  KEY territory_id (territory_id, set_id)
) ENGINE=InnoDB;
