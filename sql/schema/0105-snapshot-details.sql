-- SPDX-License-Identifier: GPL-3.0-or-later
-- A snapshot is a core and its details. What was one file is forgotten here, swept from the disk and built anew by the worker.
ALTER TABLE snapshot ADD COLUMN IF NOT EXISTS details CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
  COMMENT 'the content of the details, as hash is that of the core' AFTER hash;
ALTER TABLE snapshot ADD COLUMN IF NOT EXISTS details_bytes INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'as bytes is of the core' AFTER bytes;
DELETE FROM snapshot WHERE details = '';
