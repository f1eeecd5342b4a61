-- SPDX-License-Identifier: GPL-3.0-or-later
-- Outlets that people pin to a planning unit, with the reason: every design keeps them there, or brings them there.
CREATE TABLE IF NOT EXISTS design_pin (
  outlet_id BIGINT UNSIGNED NOT NULL,
  territory_id BIGINT UNSIGNED NOT NULL COMMENT 'planning unit',
  reason VARCHAR(500) NOT NULL,
  user_id BIGINT UNSIGNED NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (outlet_id),
  KEY territory_id (territory_id),
  CONSTRAINT design_pin_outlet FOREIGN KEY (outlet_id) REFERENCES outlet (id)
) ENGINE=InnoDB;
