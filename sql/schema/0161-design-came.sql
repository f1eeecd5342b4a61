-- SPDX-License-Identifier: GPL-3.0-or-later
-- Outlets that come while a scenario waits to be decided about do not overtake it.
ALTER TABLE design_outlet ADD COLUMN IF NOT EXISTS came TINYINT UNSIGNED NOT NULL DEFAULT 0
  COMMENT '1 = after the scenario was made: it goes with most of its unit, until a person moves it';
