-- SPDX-License-Identifier: GPL-3.0-or-later
-- Operations made by one gesture, of which each may hold so many visits: undo and redo take them all at once.
ALTER TABLE plan_op ADD COLUMN IF NOT EXISTS gesture INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'seq of the first of them, 0 = it stands alone';
ALTER TABLE plan_op ADD COLUMN IF NOT EXISTS gesture_label VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'what they are called together';
