-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changes that a snapshot does not have yet: whoever asks for it meanwhile has it built at once, and never gets the former one.
ALTER TABLE snapshot ADD COLUMN IF NOT EXISTS stale INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'changes since it was read';
