-- SPDX-License-Identifier: GPL-3.0-or-later
-- Plans of units that the publication of a scenario ended, with the version that was in force; undoing it puts them in force again.
CREATE TABLE IF NOT EXISTS design_ended_plan (
  scenario_id BIGINT UNSIGNED NOT NULL,
  plan_id BIGINT UNSIGNED NOT NULL,
  version_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (scenario_id, plan_id)
) ENGINE=InnoDB;
