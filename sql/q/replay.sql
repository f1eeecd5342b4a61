-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/plan/replay.c: a version out of the changes that led to it.

-- name: replay_of one
-- in: int version
-- out: int plan, int number, str kind, str hash, time at, opt int session, int op_seq, int ops, opt int began_from, int kept
SELECT v.plan_id, v.number, v.kind, v.plan_hash, v.created_at, v.session_id, v.op_seq, v.ops, s.began_from,
  (SELECT COUNT(*) FROM plan_op o WHERE o.session_id = v.session_id AND o.seq <= v.op_seq)
FROM plan_version v LEFT JOIN planning_session s ON s.id = v.session_id WHERE v.id = :version;

-- name: replay_next one
-- in: int session, int after, int upto
-- out: int seq, str kind, str label, str removed, str added, time at
SELECT seq, kind, label, removed, added, at FROM plan_op WHERE session_id = :session AND seq > :after AND seq <= :upto ORDER BY seq LIMIT 1;

-- What the audit trail tells of a draft: each event with the count of changes after it, and how many of them it names.
-- name: replay_told many
-- in: int session
-- out: int seq, str action, int named
SELECT CAST(c.new_value AS UNSIGNED), e.action, (SELECT COUNT(*) FROM audit_change x WHERE x.event_id = e.id AND x.field NOT IN ('seq', 'override')) FROM audit_event e JOIN audit_change c ON c.event_id = e.id AND c.field = 'seq'
WHERE e.resource_type = 'session' AND e.resource_id = :session AND e.action IN ('PLAN_OPERATION', 'PLAN_UNDO', 'PLAN_REDO', 'PLAN_ADOPT', 'PLAN_CYCLE')
ORDER BY e.id;

-- And of the version: the mark of the plan that it had.
-- name: replay_mark one
-- in: int plan, str number
-- out: opt str hash
SELECT h.new_value FROM audit_event e JOIN audit_change v ON v.event_id = e.id AND v.field = 'version' AND v.new_value = :number
JOIN audit_change h ON h.event_id = e.id AND h.field = 'planHash'
WHERE e.resource_type = 'plan' AND e.resource_id = :plan AND e.action IN ('PLAN_SAVE', 'PLAN_COMMIT', 'PLAN_SUBMIT') ORDER BY e.id DESC LIMIT 1;

-- Up to when the trail lies in archives alone.
-- name: replay_archived one
-- out: opt time newest
SELECT MAX(a.newest) FROM audit_archive a WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.seal = a.first_seal);

-- name: replay_place one
-- in: int need, int seat
-- out: opt str outlet, opt str name, opt str seat
SELECT o.code, o.name, s.code FROM (SELECT 1) x LEFT JOIN need n ON n.id = :need LEFT JOIN outlet o ON o.id = n.outlet_id LEFT JOIN seat s ON s.id = :seat;

-- The version with that number, else the committed one.
-- name: replay_pick one
-- in: str territory, str channel, opt int number
-- out: int version
SELECT v.id FROM plan p JOIN territory t ON t.id = p.territory_id JOIN plan_version v ON v.plan_id = p.id
WHERE t.code = :territory AND p.channel = :channel AND ((:number IS NULL AND v.id = p.current_version) OR v.number = :number) ORDER BY p.id LIMIT 1;
