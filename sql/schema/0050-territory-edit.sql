-- SPDX-License-Identifier: GPL-3.0-or-later
-- Scenarios of planning units are changed by hand before they are approved: step by step, and each can be undone.
ALTER TABLE design_scenario ADD COLUMN IF NOT EXISTS border VARCHAR(16) NOT NULL DEFAULT 'NONE' COMMENT 'what was kept together';
ALTER TABLE design_unit ADD COLUMN IF NOT EXISTS renamed TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = publishing gives the unit this name';

-- One step: outlets that a person moved to another unit.
CREATE TABLE IF NOT EXISTS design_edit (
  scenario_id BIGINT UNSIGNED NOT NULL,
  step INT UNSIGNED NOT NULL,
  undone TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = taken back; redone in the order of steps',
  user_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (scenario_id, step),
  CONSTRAINT design_edit_scenario FOREIGN KEY (scenario_id) REFERENCES design_scenario (id)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS design_edit_outlet (
  scenario_id BIGINT UNSIGNED NOT NULL,
  step INT UNSIGNED NOT NULL,
  outlet_id BIGINT UNSIGNED NOT NULL,
  from_number SMALLINT UNSIGNED NOT NULL,
  to_number SMALLINT UNSIGNED NOT NULL,
  PRIMARY KEY (scenario_id, step, outlet_id),
  CONSTRAINT design_edit_outlet_step FOREIGN KEY (scenario_id, step) REFERENCES design_edit (scenario_id, step) ON DELETE CASCADE
) ENGINE=InnoDB;
