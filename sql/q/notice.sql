-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/notice.

-- name: notice_add exec
-- in: int user, str kind, int territory, str channel, int from, str text
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at)
VALUES (:user, :kind, :territory, :channel, :from, LEFT(:text, 500), UTC_TIMESTAMP(3));

-- Everybody with one of these roles on the territory or above it, but for whoever did it.
-- name: notice_add_roles exec
-- in: str roles, str kind, int territory, str channel, int from, str text
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at)
SELECT DISTINCT u.id, :kind, :territory, :channel, :from, LEFT(:text, 500), UTC_TIMESTAMP(3)
FROM JSON_TABLE(:roles, '$[*]' COLUMNS (role VARCHAR(32) PATH '$')) j JOIN user_scope s ON s.role = j.role
JOIN user u ON u.id = s.user_id AND u.active = 1 LEFT JOIN territory_closure c ON c.ancestor = s.territory_id AND c.descendant = :territory
WHERE u.id <> :from AND (s.territory_id = 0 OR c.ancestor IS NOT NULL);

-- name: notices many
-- in: int user, int before, int limit
-- out: int id, str kind, int territory_id, opt str territory, str channel, opt str from_name, str text, time at, int seen
SELECT n.id, n.kind, n.territory_id, t.name, n.channel, u.name, n.text, n.at, n.read_at IS NOT NULL
FROM notice n LEFT JOIN territory t ON t.id = n.territory_id LEFT JOIN user u ON u.id = n.from_user
WHERE n.user_id = :user AND n.id < :before ORDER BY n.id DESC LIMIT :limit;

-- name: notice_count one
-- in: int user
-- out: int n
SELECT COUNT(*) FROM notice WHERE user_id = :user AND read_at IS NULL;

-- name: notice_read exec
-- in: int user, int upto
UPDATE notice SET read_at = UTC_TIMESTAMP(3) WHERE user_id = :user AND read_at IS NULL AND id <= :upto;
