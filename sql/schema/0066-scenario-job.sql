-- SPDX-License-Identifier: GPL-3.0-or-later
-- Publishing and undoing a scenario is a job: an attempt after the one that did it finds that it is done.
ALTER TABLE design_scenario ADD COLUMN IF NOT EXISTS decided_job BIGINT UNSIGNED NULL COMMENT 'job that published or undid it last';
