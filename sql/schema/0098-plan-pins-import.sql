-- SPDX-License-Identifier: GPL-3.0-or-later
-- A plan file says what is pinned of each outlet.
ALTER TABLE stage_plan ADD COLUMN IF NOT EXISTS pinned VARCHAR(8) NULL AFTER weeks;
