-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/event: what the one who looks asks again and again, for all streams of a process together.

-- name: event_newest one
-- out: int job, int notice
SELECT (SELECT COALESCE(MAX(id), 0) FROM job), (SELECT COALESCE(MAX(id), 0) FROM notice);

-- Jobs that are open, and those that came since the last look, however soon they ended.
-- name: event_jobs many
-- in: int after
-- out: int id, str kind, str state, int subject, int territory_id, str step, num percent, int created_by
SELECT id, kind, state, subject, territory_id, step, percent, created_by FROM job WHERE state IN ('queued', 'running')
UNION SELECT id, kind, state, subject, territory_id, step, percent, created_by FROM job WHERE id > :after ORDER BY id LIMIT 20000;

-- name: event_job one
-- in: int id
-- out: int id, str kind, str state, int subject, int territory_id, str step, num percent, int created_by
SELECT id, kind, state, subject, territory_id, step, percent, created_by FROM job WHERE id = :id;

-- name: event_locks many
-- out: int id, int territory_id, str channel, int user_id
SELECT id, territory_id, channel, user_id FROM plan_lock ORDER BY id LIMIT 20000;

-- name: event_notices many
-- in: int after
-- out: int id, int user_id, str kind, int territory_id
SELECT id, user_id, kind, territory_id FROM notice WHERE id > :after ORDER BY id LIMIT 5000;

-- Which of these sessions are still somebody's own.
-- name: event_sessions many
-- in: str ids
-- out: int id
SELECT s.id FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) j JOIN auth_session s ON s.id = j.id
JOIN user u ON u.id = s.user_id AND u.active = 1 WHERE s.expires_at > UTC_TIMESTAMP(3) AND s.as_user = 0 ORDER BY s.id;

-- Where a user sees something, each territory with all beneath it.
-- name: event_territories many
-- in: int user
-- out: int id
SELECT DISTINCT c.descendant FROM user_scope u JOIN territory_closure c ON c.ancestor = u.territory_id WHERE u.user_id = :user ORDER BY c.descendant;
