-- SPDX-License-Identifier: GPL-3.0-or-later
-- Territory design: scenarios of planning units, kept until they are published or discarded.

-- One way to cut the outlets beneath a territory into units. Alternatives of one run have the same job. Figures are those of the checker.
CREATE TABLE IF NOT EXISTS design_scenario (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  territory_id BIGINT UNSIGNED NOT NULL COMMENT 'whose outlets are dealt out',
  job_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(120) NOT NULL,
  status ENUM('READY','APPROVED','PUBLISHED','UNDONE','DISCARDED') NOT NULL DEFAULT 'READY',
  redraw TINYINT UNSIGNED NOT NULL COMMENT '0 = begun with the units of today',
  tolerance DOUBLE NOT NULL COMMENT 'of the work of a unit, as a part of its share',
  seed BIGINT UNSIGNED NOT NULL,
  units INT UNSIGNED NOT NULL,
  outlets INT UNSIGNED NOT NULL,
  unplaced INT UNSIGNED NOT NULL COMMENT 'outlets without coordinates: they go with most of their unit',
  moved INT UNSIGNED NOT NULL COMMENT 'outlets that change their unit',
  max_deviation DOUBLE NOT NULL,
  compactness DOUBLE NOT NULL COMMENT 'minutes a cycle x square metres to the centre of the unit',
  whole INT UNSIGNED NOT NULL COMMENT 'units in one piece',
  cut INT UNSIGNED NOT NULL COMMENT 'neighbours of one border group in two units',
  exact TINYINT UNSIGNED NOT NULL COMMENT '1 = proven best for its centres',
  created_by BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  decided_by BIGINT UNSIGNED NULL COMMENT 'who approved, published, undid or discarded it last',
  decided_at DATETIME(3) NULL,
  change_set BIGINT UNSIGNED NULL COMMENT 'of the publication',
  PRIMARY KEY (id),
  KEY territory_id (territory_id, id),
  KEY job_id (job_id)
) ENGINE=InnoDB;

-- Units of a scenario. Before publication territory_id is the unit of today that it goes on as, NULL = it will be made.
CREATE TABLE IF NOT EXISTS design_unit (
  scenario_id BIGINT UNSIGNED NOT NULL,
  number SMALLINT UNSIGNED NOT NULL,
  territory_id BIGINT UNSIGNED NULL,
  made TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = the publication makes it',
  beside BIGINT UNSIGNED NOT NULL COMMENT 'unit of today that gives it most outlets',
  code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
  name VARCHAR(120) NOT NULL,
  outlets INT UNSIGNED NOT NULL,
  work DOUBLE NOT NULL COMMENT 'minutes a cycle of four weeks',
  pieces INT UNSIGNED NOT NULL,
  lat INT NULL,
  lon INT NULL COMMENT 'of the centre, 1e-6 degrees',
  PRIMARY KEY (scenario_id, number),
  CONSTRAINT design_unit_scenario FOREIGN KEY (scenario_id) REFERENCES design_scenario (id)
) ENGINE=InnoDB;

-- Where each outlet goes.
CREATE TABLE IF NOT EXISTS design_outlet (
  scenario_id BIGINT UNSIGNED NOT NULL,
  outlet_id BIGINT UNSIGNED NOT NULL,
  number SMALLINT UNSIGNED NOT NULL,
  was BIGINT UNSIGNED NOT NULL COMMENT 'its unit when the scenario was made',
  moved TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (scenario_id, outlet_id),
  KEY moved (scenario_id, moved, outlet_id),
  CONSTRAINT design_outlet_scenario FOREIGN KEY (scenario_id) REFERENCES design_scenario (id)
) ENGINE=InnoDB;

-- Units of today that the publication of a scenario ended; undoing it makes them units again.
CREATE TABLE IF NOT EXISTS design_ended (
  scenario_id BIGINT UNSIGNED NOT NULL,
  territory_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (scenario_id, territory_id)
) ENGINE=InnoDB;
