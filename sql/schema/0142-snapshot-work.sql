-- SPDX-License-Identifier: GPL-3.0-or-later
-- The work of a unit is reckoned with its snapshot, which follows every change of it: lists of territories read it from here.
ALTER TABLE snapshot
  ADD COLUMN IF NOT EXISTS visits BIGINT UNSIGNED NULL COMMENT 'in four weeks; NULL = not reckoned yet',
  ADD COLUMN IF NOT EXISTS minutes DOUBLE NULL COMMENT 'of work in four weeks';
