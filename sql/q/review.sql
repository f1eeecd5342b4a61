-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/plan/review.c: the ledger of changes, comments, and how the work is shared.

-- name: ledger_rows many
-- in: int plan, opt int session, opt int user, int after, int limit
-- out: int session, int seq, time at, opt str user, str kind, str label, str reason, str code, opt str code_label, num minutes, int undone, str body
SELECT o.session_id, o.seq, o.at, u.name, o.kind, o.label, o.reason, o.reason_code, r.label, o.minutes, o.undone, o.body
FROM planning_session s JOIN plan_op o ON o.session_id = s.id LEFT JOIN user u ON u.id = o.user_id
LEFT JOIN override_reason r ON r.code = o.reason_code
WHERE s.plan_id = :plan AND (:session IS NULL OR s.id = :session) AND (:user IS NULL OR o.user_id = :user)
ORDER BY o.at DESC, o.session_id DESC, o.seq DESC LIMIT :limit OFFSET :after;

-- What counts, by person and reason; an operation that was undone costs nothing.
-- name: ledger_sums many
-- in: int plan, opt int session, opt int user
-- out: opt str user, str reason, str code, opt str code_label, int n, num minutes
SELECT u.name, o.reason, o.reason_code, r.label, COUNT(*), SUM(o.minutes)
FROM planning_session s JOIN plan_op o ON o.session_id = s.id LEFT JOIN user u ON u.id = o.user_id
LEFT JOIN override_reason r ON r.code = o.reason_code
WHERE s.plan_id = :plan AND (:session IS NULL OR s.id = :session) AND (:user IS NULL OR o.user_id = :user) AND o.undone = 0
GROUP BY o.user_id, u.name, o.reason, o.reason_code, r.label ORDER BY 6 DESC, 1, 3, 2;

-- name: comments_of many
-- in: int plan, int version
-- out: int id, opt int need, opt int seat, opt int day, str text, opt str user, time at
SELECT c.id, c.need_id, c.seat_id, c.day, c.text, u.name, c.at FROM plan_comment c LEFT JOIN user u ON u.id = c.user_id
WHERE c.plan_id = :plan AND c.version_id = :version ORDER BY c.id LIMIT 500;

-- name: comment_add exec
-- in: int plan, int version, opt int need, opt int seat, opt int day, str text, int user
INSERT INTO plan_comment (plan_id, version_id, need_id, seat_id, day, text, user_id, at)
VALUES (:plan, :version, :need, :seat, :day, :text, :user, UTC_TIMESTAMP(3));

-- Outlets and what they buy, by seat; an outlet on two lines counts once.
-- name: shares_version many
-- in: int version
-- out: int seat, int outlets, num value
SELECT x.seat_id, COUNT(*), COALESCE(SUM(o.sales_volume), 0) FROM (
  SELECT DISTINCT p.seat_id, n.outlet_id FROM plan_stop p JOIN need n ON n.id = p.need_id WHERE p.version_id = :version AND p.to_date IS NULL) x
JOIN outlet o ON o.id = x.outlet_id GROUP BY x.seat_id ORDER BY x.seat_id;

-- name: shares_draft many
-- in: int session
-- out: int seat, int outlets, num value
SELECT x.seat_id, COUNT(*), COALESCE(SUM(o.sales_volume), 0) FROM (
  SELECT DISTINCT p.seat_id, n.outlet_id FROM draft_stop p JOIN need n ON n.id = p.need_id WHERE p.session_id = :session AND p.to_date IS NULL) x
JOIN outlet o ON o.id = x.outlet_id GROUP BY x.seat_id ORDER BY x.seat_id;

-- The needs of an outlet in a unit.
-- name: needs_of_code many
-- in: int territory, str code
-- out: int id, str line
SELECT n.id, l.code FROM outlet o JOIN territory_closure c ON c.descendant = o.territory_id JOIN need n ON n.outlet_id = o.id
JOIN sales_line l ON l.id = n.line_id WHERE c.ancestor = :territory AND o.code = :code ORDER BY l.code;

-- name: reasons many
-- out: int id, str code, str label, int retired, int used
SELECT r.id, r.code, r.label, r.retired, (SELECT COUNT(*) FROM plan_op o WHERE o.reason_code = r.code) FROM override_reason r ORDER BY r.retired, r.id;

-- name: reason_add exec
-- in: str code, str label
INSERT IGNORE INTO override_reason (code, label) VALUES (:code, :label);

-- name: reason_get one
-- in: int id
-- out: str code, str label, int retired
SELECT code, label, retired FROM override_reason WHERE id = :id;

-- name: reason_put exec
-- in: int id, str label, int retired
UPDATE override_reason SET label = :label, retired = :retired WHERE id = :id;

-- name: reason_offered one
-- in: str code
-- out: str label
SELECT label FROM override_reason WHERE code = :code AND retired = 0;
