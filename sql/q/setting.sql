-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/setting.

-- The newest change of each name: what is in force.
-- name: settings_now many
-- out: str name, int seq, opt str value, str reason, opt str user, time at
SELECT c.name, c.seq, c.value, c.reason, u.name, c.at
FROM (SELECT name, MAX(seq) AS seq FROM setting_change GROUP BY name) n JOIN setting_change c ON c.name = n.name AND c.seq = n.seq
LEFT JOIN user u ON u.id = c.user_id ORDER BY c.name;

-- name: setting_history many
-- in: str name, int before, int limit
-- out: int seq, opt str value, str reason, opt int reverts, opt str user, time at
SELECT c.seq, c.value, c.reason, c.reverts, u.name, c.at FROM setting_change c LEFT JOIN user u ON u.id = c.user_id
WHERE c.name = :name AND c.seq < :before ORDER BY c.seq DESC LIMIT :limit;

-- name: setting_was one
-- in: str name, int seq
-- out: opt str value
SELECT value FROM setting_change WHERE name = :name AND seq = :seq;

-- Nothing when `seen` is not the newest.
-- name: setting_add exec
-- in: str name, int seen, opt str value, str reason, opt int reverts, int user
INSERT INTO setting_change (name, seq, value, reason, reverts, user_id, at)
SELECT :name, :seen + 1, :value, :reason, :reverts, :user, UTC_TIMESTAMP(3) FROM DUAL
WHERE :seen = (SELECT COALESCE(MAX(c.seq), 0) FROM setting_change c WHERE c.name = :name);
