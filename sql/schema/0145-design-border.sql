-- Units of one scenario can be what another keeps together: boundaries from a file, say.
ALTER TABLE design_scenario ADD COLUMN IF NOT EXISTS border_of BIGINT UNSIGNED NULL COMMENT 'the scenario whose units were kept together' AFTER border;
