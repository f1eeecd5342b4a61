-- SPDX-License-Identifier: GPL-3.0-or-later
-- A comment belongs to a version, to the change of a need between two versions, or, without a version, to a need, a seat or a day
-- of the plan however it stands.
ALTER TABLE plan_comment MODIFY version_id BIGINT UNSIGNED NULL COMMENT 'NULL = of the plan, whichever version';
ALTER TABLE plan_comment ADD COLUMN IF NOT EXISTS base_id BIGINT UNSIGNED NULL COMMENT 'said of what becomes of need_id between this version and version_id' AFTER version_id;
ALTER TABLE plan_comment ADD KEY IF NOT EXISTS in_order (plan_id, id);
