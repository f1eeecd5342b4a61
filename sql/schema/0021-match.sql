-- SPDX-License-Identifier: GPL-3.0-or-later
-- Outlets that a file finds by another key than their code.
ALTER TABLE import_file
  ADD COLUMN IF NOT EXISTS match_by VARCHAR(120) NOT NULL DEFAULT 'code' COMMENT 'columns that together find an outlet, separated by commas';
ALTER TABLE import_source
  ADD COLUMN IF NOT EXISTS match_by VARCHAR(120) NOT NULL DEFAULT 'code' COMMENT 'of its last file';
ALTER TABLE stage_outlets
  ADD COLUMN IF NOT EXISTS said_code VARCHAR(64) NULL COMMENT 'code as the file says it, where another key finds the outlet; NULL = not looked for yet';
