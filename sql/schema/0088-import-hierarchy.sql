-- SPDX-License-Identifier: GPL-3.0-or-later
-- The levels of territories that were found in the columns of an uploaded file. Columns are numbers from 0.
CREATE TABLE IF NOT EXISTS import_hierarchy (
  file_id BIGINT UNSIGNED NOT NULL,
  read_as VARCHAR(64) NOT NULL COMMENT 'encoding, delimiter, end of line, header row: it counts while the file is read so',
  n_rows BIGINT UNSIGNED NOT NULL,
  wrong_rows BIGINT UNSIGNED NOT NULL COMMENT 'rows beside the raw file that contradict',
  n_exceptions BIGINT UNSIGNED NOT NULL,
  counts LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON: different values of each column, null = too many',
  levels LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON, widest first: {column, same, values}',
  dependencies LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON: {below, above, rows, exceptions}',
  exceptions LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'JSON, most rows first, the first thousand',
  made_at DATETIME(3) NOT NULL,
  PRIMARY KEY (file_id),
  CONSTRAINT import_hierarchy_file FOREIGN KEY (file_id) REFERENCES import_file (id) ON DELETE CASCADE
) ENGINE=InnoDB;
