-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sums of plans that follow the parameters (lib/plan/recount.c).

-- name: recount_plans many
-- in: int territory
-- out: int id, str counted
SELECT id, counted FROM plan WHERE territory_id = :territory ORDER BY id;

-- name: recount_done exec
-- in: int plan, str snapshot
UPDATE plan SET counted = :snapshot WHERE id = :plan;

-- Drafts and versions of the cycle of today whose sums were counted otherwise; with `data` what is worked with now in any case. Drafts first,
-- then the newest.
-- name: recount_due many
-- in: int plan, str reckoning, int data
-- out: int session_id, int version_id, int data
SELECT s.id AS session, 0 AS version, :data FROM planning_session s
WHERE s.plan_id = :plan AND s.status <> 'COMMITTED' AND (:data = 1 OR s.reckoning <> :reckoning)
UNION ALL SELECT 0, v.id, :data FROM plan p JOIN plan_version v ON v.plan_id = p.id AND v.anchor = p.anchor AND v.weeks = p.weeks
WHERE p.id = :plan AND (v.reckoning <> :reckoning OR (:data = 1 AND v.id = p.current_version)) ORDER BY session DESC, version DESC;

-- name: reckoning_of one
-- in: int session, int version
-- out: str reckoning
SELECT reckoning FROM planning_session WHERE id = :session UNION ALL SELECT reckoning FROM plan_version WHERE id = :version;

-- name: recount_version one
-- in: int id
-- out: int plan_id, str reckoning
SELECT plan_id, reckoning FROM plan_version WHERE id = :id FOR UPDATE;

-- name: recount_session one
-- in: int id
-- out: int plan_id, str reckoning
SELECT plan_id, reckoning FROM planning_session WHERE id = :id FOR UPDATE;

-- The sums of a seat that has left stay as they are.
-- name: recount_drop_version_tours exec
-- in: int version, str seats
DELETE t FROM plan_tour t JOIN JSON_TABLE(:seats, '$[*]' COLUMNS (id BIGINT PATH '$')) j ON j.id = t.seat_id WHERE t.version_id = :version;

-- name: recount_drop_draft_tours exec
-- in: int session, str seats
DELETE t FROM draft_tour t JOIN JSON_TABLE(:seats, '$[*]' COLUMNS (id BIGINT PATH '$')) j ON j.id = t.seat_id WHERE t.session_id = :session;

-- name: recount_drop_version_unserved exec
-- in: int version
DELETE FROM plan_unserved WHERE version_id = :version;

-- name: recount_put_draft_unserved exec
-- in: int session, str rows
INSERT INTO draft_unserved (session_id, need_id, missing, reason)
SELECT :session, j.n, j.m, j.r FROM JSON_TABLE(:rows, '$[*]' COLUMNS (n BIGINT PATH '$.n', m INT PATH '$.m', r VARCHAR(24) PATH '$.r')) j;

-- name: session_reckoned exec
-- in: int id, str reckoning
UPDATE planning_session SET reckoning = :reckoning WHERE id = :id;

-- name: session_reckoned_as_version exec
-- in: int session, int version
UPDATE planning_session s JOIN plan_version v ON v.id = :version SET s.reckoning = v.reckoning WHERE s.id = :session;

-- name: plan_version_reckoned_as_draft exec
-- in: int version, int session
UPDATE plan_version v JOIN planning_session s ON s.id = :session SET v.reckoning = s.reckoning WHERE v.id = :version;
