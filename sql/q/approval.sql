-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/plan/approval.c: commits that wait for somebody else's approval.

-- name: submission_add exec
-- in: int plan, int version, int session, int seq, opt int base, date effective, int user
INSERT IGNORE INTO plan_submission (plan_id, version_id, session_id, seq, base_version, effective_date, user_id, at)
VALUES (:plan, :version, :session, :seq, :base, :effective, :user, UTC_TIMESTAMP(3));

-- name: submission_waiting one
-- in: int plan
-- out: int id, int version_id, int session_id, int seq, opt int base, date effective_date, int user_id
SELECT id, version_id, session_id, seq, base_version, effective_date, user_id FROM plan_submission WHERE plan_id = :plan AND waiting = 1 FOR UPDATE;

-- name: submission_decide exec
-- in: int id, str state, int user, str reason
UPDATE plan_submission SET state = :state, waiting = NULL, decided_by = :user, decided_at = UTC_TIMESTAMP(3), reason = LEFT(:reason, 500)
WHERE id = :id AND waiting = 1;

-- All of a plan, or what waits on the territories that the user may see; the newest first.
-- name: submissions many
-- in: opt int plan, int user
-- out: int id, int plan_id, int territory_id, str territory, str channel, int version_id, int number, str notes, opt int base, date effective_date, int user_id, opt str user, time at, str state, opt str decider, opt time decided_at, str reason
SELECT s.id, p.id, p.territory_id, t.name, p.channel, v.id, v.number, v.notes, s.base_version, s.effective_date, s.user_id, u.name, s.at, s.state, d.name,
  s.decided_at, s.reason
FROM plan_submission s JOIN plan p ON p.id = s.plan_id JOIN territory t ON t.id = p.territory_id JOIN plan_version v ON v.id = s.version_id
LEFT JOIN user u ON u.id = s.user_id LEFT JOIN user d ON d.id = s.decided_by
WHERE s.plan_id = :plan OR (:plan IS NULL AND s.waiting = 1 AND EXISTS (SELECT 1 FROM user_scope x
  LEFT JOIN territory_closure c ON c.ancestor = x.territory_id AND c.descendant = p.territory_id
  WHERE x.user_id = :user AND (x.territory_id = 0 OR c.ancestor IS NOT NULL)))
ORDER BY s.id DESC LIMIT 500;
