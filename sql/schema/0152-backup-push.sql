-- SPDX-License-Identifier: GPL-3.0-or-later
-- A backup leaves the machine, encrypted: where it was sent, when it arrived, how often in a row it did not.
ALTER TABLE backup_run
  ADD COLUMN IF NOT EXISTS pushed_to VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'where it is sent; nothing: it stays where it lies',
  ADD COLUMN IF NOT EXISTS push_begun_at DATETIME(3) NULL COMMENT 'when that was last begun',
  ADD COLUMN IF NOT EXISTS pushed_at DATETIME(3) NULL COMMENT 'when it had arrived',
  ADD COLUMN IF NOT EXISTS push_failures INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'since one last arrived, those of earlier backups included',
  ADD COLUMN IF NOT EXISTS push_error VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'why it last did not arrive',
  ADD COLUMN IF NOT EXISTS push_bytes BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'size of what was sent',
  ADD COLUMN IF NOT EXISTS push_sha256 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'checksum of what was sent, to be held against what lies there';
