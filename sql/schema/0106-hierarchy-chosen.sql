-- SPDX-License-Identifier: GPL-3.0-or-later
-- Of which levels the contradictions are told: those found, or those that a person chose.
ALTER TABLE import_hierarchy ADD COLUMN IF NOT EXISTS chosen VARCHAR(400) CHARACTER SET ascii NULL
  COMMENT 'JSON: columns of the levels whose exceptions are told, widest first; NULL = those of levels' AFTER levels;
