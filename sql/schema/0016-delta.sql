-- SPDX-License-Identifier: GPL-3.0-or-later
-- How the rows of a file meet what is stored, and what becomes of outlets that a complete list does not name.
ALTER TABLE import_file
  ADD COLUMN IF NOT EXISTS mode ENUM('UPSERT','MERGE','APPEND') NOT NULL DEFAULT 'UPSERT'
    COMMENT 'of known keys: all mapped values count, those that say something, or none',
  ADD COLUMN IF NOT EXISTS complete TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = it names all there are in its territories';
ALTER TABLE import_session
  ADD COLUMN IF NOT EXISTS vanished ENUM('ASK','KEEP','DORMANT','CLOSE') NOT NULL DEFAULT 'ASK'
    COMMENT 'what becomes of outlets that a complete list does not name';

-- Outlets that the complete lists of a session do not name, as the last check found them.
CREATE TABLE IF NOT EXISTS stage_vanished (
  session_id BIGINT UNSIGNED NOT NULL,
  outlet_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (session_id, outlet_id)
) ENGINE=InnoDB;
