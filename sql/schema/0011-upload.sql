-- Uploads that go on where they broke off, addresses to upload to without signing in, limits of an import, drop folders.

-- Keys of this server, made when first needed and shared by all its machines. They sign what is handed out.
CREATE TABLE IF NOT EXISTS server_key (
  name VARCHAR(24) NOT NULL,
  secret CHAR(64) NOT NULL COMMENT '32 bytes in hexadecimal',
  PRIMARY KEY (name)
) ENGINE=InnoDB;

-- An upload on its way. Its bytes lie in upload_dir/.transfer-ID: how many there are is where it goes on, so that no row can
-- disagree with the disk. When the last one has come the tables in it become files of the session.
CREATE TABLE IF NOT EXISTS import_transfer (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  session_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  row_element VARCHAR(120) NULL COMMENT 'of XML: the element that is one row',
  entity VARCHAR(16) NOT NULL DEFAULT '',
  bytes BIGINT UNSIGNED NOT NULL COMMENT 'of the whole file',
  modified BIGINT NOT NULL DEFAULT 0 COMMENT 'as the sender says, milliseconds since 1970: to know the file again',
  ticket_id BIGINT UNSIGNED NULL COMMENT 'the address it came to; NULL = from a session of a person',
  state ENUM('OPEN','DONE','REFUSED') NOT NULL DEFAULT 'OPEN',
  sha256 CHAR(64) NULL,
  file_id BIGINT UNSIGNED NULL COMMENT 'first file that it became',
  tables LONGTEXT CHARACTER SET utf8mb4 NULL COMMENT 'JSON array of {name, file, problem}',
  problem VARCHAR(1000) NULL COMMENT 'why it was refused',
  created_by BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY session_id (session_id, id),
  KEY ticket_id (ticket_id),
  KEY expires_at (expires_at)
) ENGINE=InnoDB;

-- Addresses at which one file of a session may be delivered without signing in, once and for a while.
CREATE TABLE IF NOT EXISTS import_ticket (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  session_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  created_by BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  expires_at BIGINT UNSIGNED NOT NULL COMMENT 'seconds since 1970: as signed',
  used_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  KEY session_id (session_id)
) ENGINE=InnoDB;

-- Where a file came from. Kept for ever, also when the raw file has gone.
ALTER TABLE import_file
  ADD COLUMN IF NOT EXISTS sha256 CHAR(64) NULL COMMENT 'of the upload as it came',
  ADD COLUMN IF NOT EXISTS upload BIGINT UNSIGNED NULL COMMENT 'first file of the same upload: a workbook has several tables',
  ADD COLUMN IF NOT EXISTS raw_gone_at DATETIME(3) NULL COMMENT 'when the raw file was removed';
CREATE INDEX IF NOT EXISTS sha256 ON import_file (sha256);

-- Rows that were sent as JSON under a key: the same key again is the same rows, not more.
CREATE TABLE IF NOT EXISTS import_rows_key (
  session_id BIGINT UNSIGNED NOT NULL,
  idempotency_key VARCHAR(80) NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (session_id, idempotency_key)
) ENGINE=InnoDB;

-- When to stop an import that goes wrong, and what becomes of it when it went well.
ALTER TABLE import_session
  ADD COLUMN IF NOT EXISTS stop_percent TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'stop a file of which more than this share is rejected; 0 = never',
  ADD COLUMN IF NOT EXISTS stop_after INT UNSIGNED NOT NULL DEFAULT 1000 COMMENT 'but not before so many rows were read',
  ADD COLUMN IF NOT EXISTS stop_rows BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'stop a file of which more than so many rows are rejected; 0 = never',
  ADD COLUMN IF NOT EXISTS publish TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'publish when the check has gone well';

-- Folders in which other systems leave files, and what is done with them.
CREATE TABLE IF NOT EXISTS import_watch (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(120) NOT NULL,
  folder VARCHAR(200) NOT NULL COMMENT 'below drop_dir',
  pattern VARCHAR(120) NOT NULL COMMENT 'of file names, as a shell understands it',
  entity VARCHAR(16) NOT NULL,
  mapping VARCHAR(120) NULL COMMENT 'name of a kept mapping; NULL = found by the header',
  publish TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = publish what passes the check, 0 = wait for a person',
  every_minutes INT UNSIGNED NOT NULL,
  stop_percent TINYINT UNSIGNED NOT NULL DEFAULT 20 COMMENT 'refuse a file of which more than this share is rejected; 0 = never',
  active TINYINT UNSIGNED NOT NULL DEFAULT 1,
  created_by BIGINT UNSIGNED NOT NULL COMMENT 'in whose name it imports',
  created_at DATETIME(3) NOT NULL,
  next_at DATETIME(3) NOT NULL,
  last_at DATETIME(3) NULL COMMENT 'when it last looked',
  last_problem VARCHAR(400) NULL COMMENT 'why it could not look; NULL = it could',
  PRIMARY KEY (id),
  UNIQUE KEY name (name),
  KEY due (active, next_at)
) ENGINE=InnoDB;

-- Files that were found there. A file is known by where it lay, its size and time, so that a worker that dies between
-- taking it in and moving it away does not take it twice.
CREATE TABLE IF NOT EXISTS import_watch_file (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  watch_id BIGINT UNSIGNED NOT NULL,
  session_id BIGINT UNSIGNED NULL,
  name VARCHAR(255) NOT NULL,
  bytes BIGINT UNSIGNED NOT NULL,
  inode BIGINT UNSIGNED NOT NULL,
  changed BIGINT NOT NULL COMMENT 'of the file, nanoseconds since 1970',
  sha256 CHAR(64) NULL,
  state ENUM('TAKEN','WAITING','PUBLISHED','REFUSED') NOT NULL,
  moved_to VARCHAR(400) NOT NULL DEFAULT '' COMMENT 'below drop_dir',
  problem VARCHAR(1000) NULL,
  found_at DATETIME(3) NOT NULL,
  ended_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  KEY watch_id (watch_id, id),
  KEY session_id (session_id)
) ENGINE=InnoDB;
