-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people call the levels of the sales geography. Their codes stay: files and programs name these.
ALTER TABLE territory_level ADD COLUMN IF NOT EXISTS name VARCHAR(64) NULL COMMENT 'what people read; NULL = as the code says' AFTER code;

-- Each renaming is a change set; the last one can be taken back.
CREATE TABLE IF NOT EXISTS level_naming (
  set_id BIGINT UNSIGNED NOT NULL COMMENT 'change_set',
  model_id BIGINT UNSIGNED NOT NULL,
  was VARCHAR(1000) NOT NULL COMMENT 'names before it, one a line, the widest level first',
  PRIMARY KEY (set_id),
  KEY model_id (model_id, set_id)
) ENGINE=InnoDB;
