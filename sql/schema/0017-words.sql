-- SPDX-License-Identifier: GPL-3.0-or-later
-- Outlets are found by words in a table of its own: to index them takes as long as to write them, and nobody who publishes
-- need wait for it. The job OUTLET_WORDS lets it follow.
CREATE TABLE IF NOT EXISTS outlet_words (
  outlet_id BIGINT UNSIGNED NOT NULL,
  words VARCHAR(630) NOT NULL COMMENT 'name, address and city',
  PRIMARY KEY (outlet_id)
) ENGINE=InnoDB;
INSERT IGNORE INTO outlet_words SELECT id, CONCAT_WS(' ', name, address, city) FROM outlet;
ALTER TABLE outlet_words ADD FULLTEXT KEY IF NOT EXISTS words (words);
ALTER TABLE outlet DROP KEY IF EXISTS words;
