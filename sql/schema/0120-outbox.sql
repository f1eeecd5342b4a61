-- SPDX-License-Identifier: GPL-3.0-or-later
-- What goes out to other systems has a taker now (lib/outbox), and alarms are remembered (lib/health/alarm.h).

-- Nobody ever took what lies there: it is no news any more.
DELETE FROM outbox WHERE delivered_at IS NULL;
ALTER TABLE outbox
  ADD COLUMN IF NOT EXISTS event CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT (UUID()) COMMENT 'who gets it twice knows it by this',
  ADD COLUMN IF NOT EXISTS attempts INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS not_before DATETIME(3) NULL COMMENT 'when it may be tried again, also while somebody tries; NULL = at once',
  ADD COLUMN IF NOT EXISTS since DATETIME(3) NULL COMMENT 'when somebody asked to try it again; NULL = nobody',
  ADD COLUMN IF NOT EXISTS given_up_at DATETIME(3) NULL COMMENT 'no longer tried',
  ADD COLUMN IF NOT EXISTS error VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'what the last attempt ended with',
  ADD KEY IF NOT EXISTS of_subject (subject, delivered_at, given_up_at, id);

-- What one worker does for all machines: 'alarms' looks at them, 'webhook' delivers the outbox, 'heartbeat' says outside that all is
-- well.  The last two have a row as long as a worker has an address for them, and without the first nothing is put into the outbox.
CREATE TABLE IF NOT EXISTS duty (
  name VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  place VARCHAR(200) NOT NULL COMMENT 'machine and state folder of the worker that did it last',
  target VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'where it goes: of the address what is no secret',
  at DATETIME(3) NOT NULL COMMENT 'when its turn was taken last',
  ok_at DATETIME(3) NULL COMMENT 'when it last went well',
  failed_at DATETIME(3) NULL,
  failures INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'since then, in a row',
  error VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'what the last failure was',
  not_before DATETIME(3) NULL COMMENT 'it rests until then'
) ENGINE=InnoDB;

-- How each alarm stands, since it was first seen: what was told, and what is told next, follows from it.
CREATE TABLE IF NOT EXISTS alarm (
  name VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'an ALARM of lib/health/alarms.def',
  place VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'machine and state folder; empty = it is about all of them',
  sounds TINYINT UNSIGNED NOT NULL COMMENT 'its condition holds',
  turned_at DATETIME(3) NOT NULL COMMENT 'since when that is so',
  stands TINYINT UNSIGNED NOT NULL COMMENT 'people were told that it began, and not that it ended',
  began_at DATETIME(3) NULL,
  ended_at DATETIME(3) NULL,
  told_at DATETIME(3) NULL COMMENT 'when people were last told that it stands',
  flaps INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how often it came back within a day of its end',
  told LONGTEXT CHARACTER SET utf8mb4 NOT NULL DEFAULT '[]' COMMENT 'who was told: a JSON array of users',
  seen_at DATETIME(3) NOT NULL COMMENT 'when it was last looked at',
  PRIMARY KEY (name, place)
) ENGINE=InnoDB;
