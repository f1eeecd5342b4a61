-- SPDX-License-Identifier: GPL-3.0-or-later
-- The level of planning, chosen by a person: the territories of a level at and beneath one became the planning units in place of those
-- before. Each is a change set, which is how it is taken back.
CREATE TABLE IF NOT EXISTS unit_choice (
  set_id BIGINT UNSIGNED NOT NULL COMMENT 'change_set',
  territory_id BIGINT UNSIGNED NOT NULL COMMENT 'at and beneath which',
  rank TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (set_id),
  KEY territory_id (territory_id)
) ENGINE=InnoDB;

-- Territories that were units before it or are since.
CREATE TABLE IF NOT EXISTS unit_choice_territory (
  set_id BIGINT UNSIGNED NOT NULL,
  territory_id BIGINT UNSIGNED NOT NULL,
  was TINYINT UNSIGNED NOT NULL,
  became TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (set_id, territory_id),
  CONSTRAINT unit_choice_territory_set FOREIGN KEY (set_id) REFERENCES unit_choice (set_id)
) ENGINE=InnoDB;

-- Plans that it put out of force, with the version that was in force.
CREATE TABLE IF NOT EXISTS unit_choice_plan (
  set_id BIGINT UNSIGNED NOT NULL,
  plan_id BIGINT UNSIGNED NOT NULL,
  version_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (set_id, plan_id),
  CONSTRAINT unit_choice_plan_set FOREIGN KEY (set_id) REFERENCES unit_choice (set_id)
) ENGINE=InnoDB;
