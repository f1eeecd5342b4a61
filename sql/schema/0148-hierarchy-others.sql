-- SPDX-License-Identifier: GPL-3.0-or-later
-- Hierarchies in other columns than the levels, for territory models beside the sales geography; NULL = looked for by a program of before.
ALTER TABLE import_hierarchy ADD COLUMN IF NOT EXISTS others LONGTEXT CHARACTER SET utf8mb4 NULL
  COMMENT 'JSON: [levels], each as levels' AFTER levels;
