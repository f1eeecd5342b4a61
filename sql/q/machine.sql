-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of several machines: daemon/machine.c, cgi/replica.c.

-- Has a replica applied all that it has received?
-- name: machine_applied one
-- out: int applied
SELECT COUNT(*) FROM information_schema.processlist WHERE command = 'Slave_SQL' AND state LIKE 'Slave has read all relay log%';

-- name: heartbeat exec
INSERT INTO heartbeat (id, at) VALUES (1, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE at = VALUES(at);

-- How old what a replica tells may be, in seconds; large when nobody has said.
-- name: heartbeat_age one
-- out: num seconds
SELECT CAST(COALESCE(TIMESTAMPDIFF(MICROSECOND, MAX(at), UTC_TIMESTAMP(6)) / 1e6, 1e9) AS DOUBLE) FROM heartbeat;

-- name: heartbeat_at one
-- out: num seconds
SELECT CAST(COALESCE(MAX(UNIX_TIMESTAMP(at)), 0) AS DOUBLE) FROM heartbeat;

-- name: machine_seen exec
-- in: str place, str runs, str version
INSERT INTO machine (place, runs, version, seen_at) VALUES (:place, LEFT(:runs, 100), :version, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE runs = VALUES(runs), version = VALUES(version), seen_at = VALUES(seen_at);

-- name: machines many
-- out: str place, str runs, str version, time seen_at, num age
SELECT place, runs, version, seen_at, CAST(TIMESTAMPDIFF(MICROSECOND, seen_at, UTC_TIMESTAMP(6)) / 1e6 AS DOUBLE) FROM machine ORDER BY place;

-- It starts anew, and may run other things: who is there says so.
-- name: machine_begins exec
-- in: str place
DELETE FROM machine WHERE place = :place;

-- Machines that were taken away.
-- name: machines_gone exec
DELETE FROM machine WHERE seen_at < UTC_TIMESTAMP(3) - INTERVAL 7 DAY;

-- name: database_put exec
-- in: str host, int follows, opt num lag, str error
INSERT INTO database_host (host, follows, lag, error, looked_at) VALUES (LEFT(:host, 200), :follows, :lag, LEFT(:error, 200), UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE follows = VALUES(follows), lag = VALUES(lag), error = VALUES(error), looked_at = VALUES(looked_at);

-- What no configuration names any more.
-- name: databases_gone exec
DELETE FROM database_host WHERE looked_at < UTC_TIMESTAMP(3) - INTERVAL 1 HOUR;

-- name: databases many
-- out: str host, int follows, opt num lag, str error, time looked_at
SELECT host, follows, lag, error, looked_at FROM database_host ORDER BY follows, host;
