-- Planning: locks, profiles, plans with their versions and standing stops, drafts, the dated visit list.

-- An exclusive right to plan a unit in a channel. It never lapses by itself; it is given up, committed away or broken.
CREATE TABLE IF NOT EXISTS plan_lock (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  territory_id BIGINT UNSIGNED NOT NULL,
  channel ENUM('GT','MT') NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  since DATETIME(3) NOT NULL,
  last_seen DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY unit (territory_id, channel),
  KEY user_id (user_id)
) ENGINE=InnoDB;

-- Planning parameters of a territory and channel (0 = everywhere): a JSON object of the fields of lib/plan/profile.def
-- that differ from the inherited ones.
CREATE TABLE IF NOT EXISTS plan_profile (
  territory_id BIGINT UNSIGNED NOT NULL,
  channel ENUM('GT','MT') NOT NULL,
  fields LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  updated_by BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (territory_id, channel)
) ENGINE=InnoDB;

-- The plan of a unit in a channel. `anchor` is the date of cycle day 0; a cycle has `weeks` weeks.
CREATE TABLE IF NOT EXISTS plan (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  territory_id BIGINT UNSIGNED NOT NULL,
  channel ENUM('GT','MT') NOT NULL,
  anchor DATE NOT NULL,
  weeks TINYINT UNSIGNED NOT NULL,
  current_version BIGINT UNSIGNED NULL COMMENT 'the committed one',
  PRIMARY KEY (id),
  UNIQUE KEY unit (territory_id, channel)
) ENGINE=InnoDB;

-- A kept state of a plan. Number 0 is the imported plan. Rows are never changed but for `committed_at`.
CREATE TABLE IF NOT EXISTS plan_version (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  plan_id BIGINT UNSIGNED NOT NULL,
  number INT UNSIGNED NOT NULL,
  kind ENUM('IMPORT','OPTIMISE','SAVE','COMMIT','AUTO') NOT NULL COMMENT 'AUTO = a draft kept so that adopting can be undone',
  parent_id BIGINT UNSIGNED NULL,
  notes VARCHAR(1000) NOT NULL DEFAULT '',
  anchor DATE NOT NULL,
  weeks TINYINT UNSIGNED NOT NULL,
  effective_date DATE NULL,
  calls INT UNSIGNED NOT NULL DEFAULT 0,
  travel_seconds BIGINT UNSIGNED NOT NULL DEFAULT 0,
  service_seconds BIGINT UNSIGNED NOT NULL DEFAULT 0,
  metres BIGINT UNSIGNED NOT NULL DEFAULT 0,
  unserved INT UNSIGNED NOT NULL DEFAULT 0,
  plan_hash CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  run_record LONGTEXT CHARACTER SET utf8mb4 NULL COMMENT 'of an optimisation: input hash, seed, profile, build, iterations',
  created_by BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(3) NOT NULL,
  committed_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY number (plan_id, number)
) ENGINE=InnoDB;

-- A named standing area of a seat.
CREATE TABLE IF NOT EXISTS beat (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  plan_id BIGINT UNSIGNED NOT NULL,
  code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
  name VARCHAR(120) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY code (plan_id, code)
) ENGINE=InnoDB;

-- A standing stop of a version: the need is visited on this day of every cycle repetition between the dates (NULL = no bound).
-- A move of a single date is a stop whose bounds are that one date.
CREATE TABLE IF NOT EXISTS plan_stop (
  version_id BIGINT UNSIGNED NOT NULL,
  need_id BIGINT UNSIGNED NOT NULL,
  day SMALLINT UNSIGNED NOT NULL COMMENT 'cycle day, 0 = the anchor date',
  seq SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'tells stops of one need and day with different dates apart',
  seat_id BIGINT UNSIGNED NOT NULL,
  beat_id BIGINT UNSIGNED NULL,
  pos SMALLINT UNSIGNED NOT NULL COMMENT 'order in the tour, gaps allowed',
  from_date DATE NULL,
  to_date DATE NULL,
  PRIMARY KEY (version_id, need_id, day, seq)
) ENGINE=InnoDB;

-- Needs that a version leaves wholly or partly unserved, with the reason.
CREATE TABLE IF NOT EXISTS plan_unserved (
  version_id BIGINT UNSIGNED NOT NULL,
  need_id BIGINT UNSIGNED NOT NULL,
  missing TINYINT UNSIGNED NOT NULL,
  reason VARCHAR(24) NOT NULL,
  PRIMARY KEY (version_id, need_id)
) ENGINE=InnoDB;

-- What each standing tour of a version amounts to (stops without an end date).
CREATE TABLE IF NOT EXISTS plan_tour (
  version_id BIGINT UNSIGNED NOT NULL,
  seat_id BIGINT UNSIGNED NOT NULL,
  day SMALLINT UNSIGNED NOT NULL,
  calls SMALLINT UNSIGNED NOT NULL,
  travel INT UNSIGNED NOT NULL COMMENT 'seconds, as the others',
  service INT UNSIGNED NOT NULL,
  waiting INT UNSIGNED NOT NULL,
  overtime INT UNSIGNED NOT NULL,
  metres INT UNSIGNED NOT NULL,
  PRIMARY KEY (version_id, seat_id, day)
) ENGINE=InnoDB;

-- Work of one planner on one plan. The draft outlives the lock; `seq` counts the operations and guards against stale ones.
CREATE TABLE IF NOT EXISTS planning_session (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  plan_id BIGINT UNSIGNED NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  base_version BIGINT UNSIGNED NULL,
  status ENUM('ACTIVE','COMMITTED','CLOSED') NOT NULL DEFAULT 'ACTIVE',
  seq INT UNSIGNED NOT NULL DEFAULT 0,
  opened_at DATETIME(3) NOT NULL,
  saved_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY plan_id (plan_id, status),
  KEY user_id (user_id, saved_at)
) ENGINE=InnoDB;

-- The draft of a session: as plan_stop, but it changes with every operation.
CREATE TABLE IF NOT EXISTS draft_stop (
  session_id BIGINT UNSIGNED NOT NULL,
  need_id BIGINT UNSIGNED NOT NULL,
  day SMALLINT UNSIGNED NOT NULL,
  seq SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  seat_id BIGINT UNSIGNED NOT NULL,
  beat_id BIGINT UNSIGNED NULL,
  pos SMALLINT UNSIGNED NOT NULL,
  from_date DATE NULL,
  to_date DATE NULL,
  PRIMARY KEY (session_id, need_id, day, seq),
  KEY tour (session_id, seat_id, day)
) ENGINE=InnoDB;

-- Unserved needs of the draft.
CREATE TABLE IF NOT EXISTS draft_unserved (
  session_id BIGINT UNSIGNED NOT NULL,
  need_id BIGINT UNSIGNED NOT NULL,
  missing TINYINT UNSIGNED NOT NULL,
  reason VARCHAR(24) NOT NULL,
  PRIMARY KEY (session_id, need_id)
) ENGINE=InnoDB;

-- What each standing tour of the draft amounts to.
CREATE TABLE IF NOT EXISTS draft_tour (
  session_id BIGINT UNSIGNED NOT NULL,
  seat_id BIGINT UNSIGNED NOT NULL,
  day SMALLINT UNSIGNED NOT NULL,
  calls SMALLINT UNSIGNED NOT NULL,
  travel INT UNSIGNED NOT NULL,
  service INT UNSIGNED NOT NULL,
  waiting INT UNSIGNED NOT NULL,
  overtime INT UNSIGNED NOT NULL,
  metres INT UNSIGNED NOT NULL,
  PRIMARY KEY (session_id, seat_id, day)
) ENGINE=InnoDB;

-- The operations of a session in order. `undone` ones can be done again until the next new one removes them.
CREATE TABLE IF NOT EXISTS plan_op (
  session_id BIGINT UNSIGNED NOT NULL,
  seq INT UNSIGNED NOT NULL,
  client_id VARCHAR(40) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  label VARCHAR(200) NOT NULL,
  body LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'the operation as it came',
  removed LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'stops and unserved rows as they were, for undo',
  added LONGTEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'the same as they became, for redo',
  minutes DOUBLE NOT NULL DEFAULT 0 COMMENT 'price of the change',
  reason VARCHAR(500) NOT NULL DEFAULT '',
  user_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  undone TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, seq),
  UNIQUE KEY client_id (session_id, client_id)
) ENGINE=InnoDB;

-- The dated unfolding of the committed plan. Days that have passed are never rewritten.
CREATE TABLE IF NOT EXISTS visit (
  plan_id BIGINT UNSIGNED NOT NULL,
  day DATE NOT NULL,
  need_id BIGINT UNSIGNED NOT NULL,
  seat_id BIGINT UNSIGNED NOT NULL,
  beat_id BIGINT UNSIGNED NULL,
  pos SMALLINT UNSIGNED NOT NULL,
  version_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (plan_id, day, need_id),
  KEY seat (seat_id, day, pos)
) ENGINE=InnoDB;
