-- SPDX-License-Identifier: GPL-3.0-or-later
-- Locks that were taken as one, say of the territories in which a chain has stores: they are renewed and given back together.
ALTER TABLE plan_lock ADD COLUMN IF NOT EXISTS set_id BIGINT UNSIGNED NULL COMMENT 'id that one of them has or had; NULL = it stands alone';
ALTER TABLE plan_lock ADD KEY IF NOT EXISTS set_id (set_id);
