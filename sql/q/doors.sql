-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/health/doors.c: maintenance, and which programs obey it.

-- name: doors one
-- out: int turn, int closed, str who, time at
SELECT turn, closed, who, at FROM doors WHERE id = 1;

-- Nothing when they are so already.
-- name: doors_set exec
-- in: int closed, str who
UPDATE doors SET turn = turn + 1, closed = :closed, who = LEFT(:who, 120), at = UTC_TIMESTAMP(3) WHERE id = 1 AND closed <> :closed;

-- Has this database the table, or was it made by an earlier version?
-- name: doors_there one
-- out: int n
SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'doors';

-- name: program_says exec
-- in: str place, str name, int turn, int busy
INSERT INTO program (place, name, host, turn, busy, seen_at)
VALUES (:place, :name, LEFT(SUBSTRING_INDEX(USER(), '@', -1), 200), :turn, :busy, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE host = VALUES(host), turn = VALUES(turn), busy = VALUES(busy), seen_at = VALUES(seen_at);

-- It ends.
-- name: program_gone exec
-- in: str place, str name
DELETE FROM program WHERE place = :place AND name = :name;

-- The machine starts anew: who is there says so.
-- name: programs_begin exec
-- in: str place
DELETE FROM program WHERE place = :place;

-- Those of machines that were taken away, or died.
-- name: programs_gone exec
DELETE FROM program WHERE seen_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY;

-- Those that are there.
-- name: programs many
-- in: int within
-- out: str place, str name, str host, int turn, int busy
SELECT place, name, host, turn, busy FROM program WHERE seen_at > UTC_TIMESTAMP(3) - INTERVAL :within SECOND ORDER BY place, name;

-- Machines whose programs ask this database, and of which none says that it obeys: only who may see all connections is told.
-- name: programs_deaf many
-- in: int within
-- out: str host, int n
SELECT LEFT(l.host, LENGTH(l.host) - LOCATE(':', REVERSE(l.host))) AS h, COUNT(*) FROM information_schema.processlist l
WHERE l.db = DATABASE() AND l.host <> 'localhost' AND l.user NOT LIKE 'bi\_%'
  AND NOT EXISTS (SELECT 1 FROM program p WHERE p.host = LEFT(l.host, LENGTH(l.host) - LOCATE(':', REVERSE(l.host))) AND p.seen_at > UTC_TIMESTAMP(3) - INTERVAL :within SECOND)
GROUP BY h ORDER BY h;

-- The same where the tables are of an earlier version, which knew no such thing.
-- name: machines_connected many
-- out: str host, int n
SELECT LEFT(l.host, LENGTH(l.host) - LOCATE(':', REVERSE(l.host))) AS h, COUNT(*) FROM information_schema.processlist l
WHERE l.db = DATABASE() AND l.host <> 'localhost' AND l.user NOT LIKE 'bi\_%' GROUP BY h ORDER BY h;
