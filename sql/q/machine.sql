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
