-- SPDX-License-Identifier: GPL-3.0-or-later
-- A scenario is kept for so long after it was changed by hand, which undoing and naming are too.
ALTER TABLE design_scenario ADD COLUMN IF NOT EXISTS changed_at DATETIME(3) NULL COMMENT 'last by hand; NULL = it is as it was made';
UPDATE design_scenario s SET s.changed_at = (SELECT MAX(e.at) FROM design_edit e WHERE e.scenario_id = s.id) WHERE s.changed_at IS NULL;
