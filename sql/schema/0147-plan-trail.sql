-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which changes led to a version, so that they can be made again and held against it (lib/plan/replay.h). Of what was kept before nobody knows it.
ALTER TABLE plan_version ADD COLUMN IF NOT EXISTS session_id BIGINT UNSIGNED NULL COMMENT 'whose draft it was; NULL = no draft led to it, or it was not noted';
ALTER TABLE plan_version ADD COLUMN IF NOT EXISTS op_seq INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'the last change of the draft then, 0 = none';
ALTER TABLE plan_version ADD COLUMN IF NOT EXISTS ops INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how many changes there were';
ALTER TABLE planning_session ADD COLUMN IF NOT EXISTS began_from BIGINT UNSIGNED NULL COMMENT 'version on which its first change was made, 0 = the empty plan; NULL = not noted';
