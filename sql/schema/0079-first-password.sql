-- SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE user ADD COLUMN IF NOT EXISTS password_until DATETIME(3) NULL
  COMMENT 'a password that others made is good until then; NULL = the person chose it';
