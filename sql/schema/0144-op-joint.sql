-- SPDX-License-Identifier: GPL-3.0-or-later
-- A gesture over several drafts, made on the board of several territories: undo and redo there take its operations in all of them at once.
ALTER TABLE plan_op ADD COLUMN IF NOT EXISTS joint VARCHAR(40) NOT NULL DEFAULT '' COMMENT 'the same in each draft, empty = of this one alone',
  ADD INDEX IF NOT EXISTS joint (joint);
