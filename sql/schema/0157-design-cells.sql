-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many placed outlets of each unit of a scenario lie in each cell of the grids of snapshot_cell: its map where they are more than
-- can be drawn one by one. Counted when it is made and when outlets are moved by hand, dropped with its outlets.
CREATE TABLE IF NOT EXISTS design_cell (
  scenario_id BIGINT UNSIGNED NOT NULL,
  number SMALLINT UNSIGNED NOT NULL COMMENT 'unit',
  level TINYINT UNSIGNED NOT NULL COMMENT 'the world is 2^level cells wide and high',
  y INT UNSIGNED NOT NULL COMMENT 'row from the north',
  x INT UNSIGNED NOT NULL COMMENT 'column from the west',
  outlets INT UNSIGNED NOT NULL,
  PRIMARY KEY (scenario_id, number, level, y, x),
  CONSTRAINT design_cell_unit FOREIGN KEY (scenario_id, number) REFERENCES design_unit (scenario_id, number) ON DELETE CASCADE
) ENGINE=InnoDB;
