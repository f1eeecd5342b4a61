-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changes that came with an Idempotency-Key, and what was answered: one that comes again within a day gets that answer, and is not
-- made again.  import_rows_key was the same for rows alone; the programs before this patch use it, these do not.
CREATE TABLE IF NOT EXISTS request_key (
  request BINARY(16) NOT NULL COMMENT 'BLAKE2b of user, method, path and key',
  asked BINARY(16) NOT NULL COMMENT 'BLAKE2b of query and body; of a file that is sent: of the query',
  reply MEDIUMBLOB COMPRESSED NULL COMMENT 'JSON; NULL = not kept',
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (request),
  KEY request_key_created (created_at)
) ENGINE=InnoDB;
