-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many open outlets of a planning unit lie in each cell of a few grids over the world in Web Mercator (lib/geo/cell.h), counted when
-- its snapshot is built: what a map of more outlets than can be drawn one by one is made of.
CREATE TABLE IF NOT EXISTS snapshot_cell (
  territory_id BIGINT UNSIGNED NOT NULL,
  level TINYINT UNSIGNED NOT NULL COMMENT 'the world is 2^level cells wide and high',
  y INT UNSIGNED NOT NULL COMMENT 'row from the north',
  x INT UNSIGNED NOT NULL COMMENT 'column from the west',
  outlets INT UNSIGNED NOT NULL,
  PRIMARY KEY (territory_id, level, y, x),
  CONSTRAINT snapshot_cell_snapshot FOREIGN KEY (territory_id) REFERENCES snapshot (territory_id) ON DELETE CASCADE
) ENGINE=InnoDB;
-- Without it they were never counted: the worker builds the snapshot anew.
ALTER TABLE snapshot ADD COLUMN IF NOT EXISTS cells CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
  COMMENT 'the content of its rows in snapshot_cell';
