-- SPDX-License-Identifier: GPL-3.0-or-later
-- Boundaries of territories, imported as polygons and shown in place of outlines made from outlets. Each import or removal is a change set,
-- which is how it is taken back: in force is the last one of a territory that was not.
CREATE TABLE IF NOT EXISTS territory_boundary (
  territory_id BIGINT UNSIGNED NOT NULL,
  set_id BIGINT UNSIGNED NOT NULL COMMENT 'change_set',
  area MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'coordinates of a GeoJSON MultiPolygon; NULL = it was removed',
  rings INT UNSIGNED NOT NULL,
  corners INT UNSIGNED NOT NULL,
  PRIMARY KEY (territory_id, set_id),
  KEY set_id (set_id)
) ENGINE=InnoDB;
