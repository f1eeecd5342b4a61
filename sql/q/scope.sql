-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a path argument belongs to, for the scope check of the dispatcher.

-- name: scope_territory one
-- in: int id
-- out: int territory_id, int model_id
SELECT id, model_id FROM territory WHERE id = :id;

-- name: scope_plan one
-- in: int id
-- out: int territory_id, str channel
SELECT territory_id, channel FROM plan WHERE id = :id;

-- name: scope_session one
-- in: int id
-- out: int territory_id, str channel, int user_id
SELECT p.territory_id, p.channel, s.user_id FROM planning_session s JOIN plan p ON p.id = s.plan_id WHERE s.id = :id;

-- name: scope_outlet one
-- in: int id
-- out: opt int territory_id, str channel
SELECT territory_id, channel FROM outlet WHERE id = :id;

-- name: scope_seat one
-- in: int id
-- out: opt int territory_id
SELECT territory_id FROM seat WHERE id = :id;

-- name: scope_job one
-- in: int id
-- out: int territory_id, int user_id
SELECT territory_id, created_by FROM job WHERE id = :id;
