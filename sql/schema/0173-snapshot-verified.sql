-- SPDX-License-Identifier: GPL-3.0-or-later
-- The worker holds each snapshot against the database once a day, in turn.
ALTER TABLE snapshot ADD COLUMN IF NOT EXISTS verified_at DATETIME(3) NULL COMMENT 'when it was last held against the database; NULL = not since it was first made';
