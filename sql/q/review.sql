-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/plan/review.c: the ledger of changes, comments, and how the work is shared.

-- name: ledger_rows many
-- in: int plan, opt int session, opt int user, int after, int limit
-- out: int session, int seq, time at, opt str user, str kind, str label, str reason, str code, opt str code_label, num minutes, opt num price, int undone, str body
SELECT o.session_id, o.seq, o.at, u.name, o.kind, o.label, o.reason, o.reason_code, r.label, o.minutes, o.price, o.undone, o.body
FROM planning_session s JOIN plan_op o ON o.session_id = s.id LEFT JOIN user u ON u.id = o.user_id
LEFT JOIN override_reason r ON r.code = o.reason_code
WHERE s.plan_id = :plan AND (:session IS NULL OR s.id = :session) AND (:user IS NULL OR o.user_id = :user)
ORDER BY o.at DESC, o.session_id DESC, o.seq DESC LIMIT :limit OFFSET :after;

-- What counts, by person and reason of the list, whatever words were added; an operation that was undone costs nothing.
-- name: ledger_sums many
-- in: int plan, opt int session, opt int user
-- out: opt str user, str code, opt str code_label, int n, num minutes, num price
SELECT u.name, o.reason_code, r.label, COUNT(*), SUM(o.minutes), SUM(COALESCE(o.price, o.minutes))
FROM planning_session s JOIN plan_op o ON o.session_id = s.id LEFT JOIN user u ON u.id = o.user_id
LEFT JOIN override_reason r ON r.code = o.reason_code
WHERE s.plan_id = :plan AND (:session IS NULL OR s.id = :session) AND (:user IS NULL OR o.user_id = :user) AND o.undone = 0
GROUP BY o.user_id, u.name, o.reason_code, r.label ORDER BY 6 DESC, 1, 2;

-- The same by outlet, of the needs that each operation names (the first twenty), those most often changed first.
-- name: ledger_outlets many
-- in: int plan, opt int session, opt int user, int limit
-- out: int outlet, str code, str name, int n, int overridden
SELECT t.id, t.code, t.name, COUNT(DISTINCT o.session_id, o.seq), COUNT(DISTINCT IF(JSON_SEARCH(o.body, 'one', 'block', NULL, '$.broken') IS NULL, NULL, CONCAT(o.session_id, ' ', o.seq)))
FROM planning_session s JOIN plan_op o ON o.session_id = s.id JOIN JSON_TABLE(o.body, '$.needs[*]' COLUMNS (need BIGINT PATH '$')) j
JOIN need n ON n.id = j.need JOIN outlet t ON t.id = n.outlet_id
WHERE s.plan_id = :plan AND (:session IS NULL OR s.id = :session) AND (:user IS NULL OR o.user_id = :user) AND o.undone = 0
GROUP BY t.id, t.code, t.name ORDER BY 4 DESC, t.code LIMIT :limit;

-- Needs of a draft with a rule overridden that was never to be broken, by operations that count.
-- name: draft_overridden many
-- in: int session
-- out: int need, str rules
SELECT n.id, GROUP_CONCAT(DISTINCT k.rule ORDER BY k.rule SEPARATOR ' ') FROM plan_op o JOIN JSON_TABLE(o.body, '$.needs[*]' COLUMNS (need BIGINT PATH '$')) j
JOIN need n ON n.id = j.need JOIN JSON_TABLE(JSON_KEYS(o.body, '$.broken'), '$[*]' COLUMNS (rule VARCHAR(24) PATH '$')) k
WHERE o.session_id = :session AND o.undone = 0 AND JSON_VALUE(o.body, CONCAT('$.broken.', k.rule)) = 'block' GROUP BY n.id ORDER BY n.id;

-- name: comments_of many
-- in: int plan, opt int version, int after, int limit
-- out: int id, opt int version, opt int number, opt int base, opt int need, opt int seat, opt int day, str text, int user_id, opt str user, time at
SELECT c.id, c.version_id, v.number, c.base_id, c.need_id, c.seat_id, c.day, c.text, c.user_id, u.name, c.at
FROM plan_comment c LEFT JOIN plan_version v ON v.id = c.version_id LEFT JOIN user u ON u.id = c.user_id
WHERE c.plan_id = :plan AND (:version IS NULL OR c.version_id = :version) AND c.id > :after ORDER BY c.id LIMIT :limit;

-- Is there what a comment is on? What has left the unit since is still known to the versions that visit it.
-- name: comment_subject one
-- in: int plan, opt int version, opt int base, opt int need, opt int seat
-- out: int need_known, int seat_known, int days
SELECT :need IS NULL OR EXISTS (SELECT 1 FROM need n JOIN outlet o ON o.id = n.outlet_id JOIN territory_closure c ON c.descendant = o.territory_id
    WHERE n.id = :need AND c.ancestor = p.territory_id) OR EXISTS (SELECT 1 FROM plan_stop x WHERE x.version_id IN (:version, :base) AND x.need_id = :need),
  :seat IS NULL OR EXISTS (SELECT 1 FROM seat s JOIN territory_closure c ON c.descendant = s.territory_id WHERE s.id = :seat AND c.ancestor = p.territory_id)
    OR EXISTS (SELECT 1 FROM plan_tour x WHERE x.version_id IN (:version, :base) AND x.seat_id = :seat),
  7 * GREATEST(p.weeks, COALESCE(v.weeks, 0), COALESCE((SELECT MAX(s.weeks) FROM planning_session s WHERE s.plan_id = p.id AND s.status = 'ACTIVE'), 0))
FROM plan p LEFT JOIN plan_version v ON v.id = :version WHERE p.id = :plan;

-- name: comment_add exec
-- in: int plan, opt int version, opt int base, opt int need, opt int seat, opt int day, str text, int user
INSERT INTO plan_comment (plan_id, version_id, base_id, need_id, seat_id, day, text, user_id, at)
VALUES (:plan, :version, :base, :need, :seat, :day, :text, :user, UTC_TIMESTAMP(3));

-- name: comment_get one
-- in: int id, int plan
-- out: int user_id, str text
SELECT user_id, text FROM plan_comment WHERE id = :id AND plan_id = :plan;

-- name: comment_drop exec
-- in: int id
DELETE FROM plan_comment WHERE id = :id;

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

-- What only one of two states of a plan has (a standing visit: need, seat, day), gathered by outlet, seat, beat, day or by the part of the
-- unit that the outlet, or else the seat, lies in. `session` is a draft that stands for `base` when base is 0. Both are seen in one cycle (c),
-- the longer of theirs, which the shorter one goes through several times (t); `a` and `b`: days from its first one to theirs. `gone`: the
-- need is not one of the plan any more.
-- name: diff_rows many
-- in: str by, int base, int session, int version, int unit
-- out: int id, opt str code, opt str name, int need, int removed, int added, int gone
WITH cycles AS (
  SELECT x.anchor AS a, CAST(x.weeks * 7 AS SIGNED) AS a_days, v.anchor AS b, CAST(v.weeks * 7 AS SIGNED) AS b_days, IF(v.weeks > x.weeks, v.anchor, x.anchor) AS first
  FROM plan_version v JOIN (SELECT anchor, weeks FROM plan_version WHERE id = :base UNION ALL SELECT COALESCE(s.anchor, p.anchor), COALESCE(s.weeks, p.weeks)
    FROM planning_session s JOIN plan p ON p.id = s.plan_id WHERE :base = 0 AND s.id = :session) x WHERE v.id = :version),
c AS (SELECT GREATEST(a_days, b_days) AS days, a_days, b_days, MOD(MOD(DATEDIFF(a, first), a_days) + a_days, a_days) AS a,
  MOD(MOD(DATEDIFF(b, first), b_days) + b_days, b_days) AS b FROM cycles),
t AS (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7)
SELECT k.id, COALESCE(o.code, s.code, b.code, t.code), COALESCE(o.name, s.name, b.name, t.name), k.need_id, k.removed, k.added,
  NOT EXISTS (SELECT 1 FROM plan_version v JOIN plan p ON p.id = v.plan_id JOIN need y ON y.id = k.need_id JOIN outlet_planned x ON x.id = y.outlet_id
    JOIN territory_closure z ON z.descendant = x.territory_id AND z.ancestor = p.territory_id
    WHERE v.id = :version AND (x.channel = p.channel OR (x.channel = 'WS' AND p.channel = 'GT'))) FROM (
  SELECT CASE :by WHEN 'outlet' THEN n.outlet_id WHEN 'seat' THEN x.seat_id WHEN 'beat' THEN COALESCE(x.beat_id, 0) WHEN 'day' THEN x.day ELSE COALESCE(
      (SELECT c.id FROM outlet o JOIN territory_closure a ON a.descendant = o.territory_id JOIN territory c ON c.id = a.ancestor WHERE o.id = n.outlet_id AND c.parent_id = :unit LIMIT 1),
      (SELECT c.id FROM seat s JOIN territory_closure a ON a.descendant = s.territory_id JOIN territory c ON c.id = a.ancestor WHERE s.id = x.seat_id AND c.parent_id = :unit LIMIT 1), :unit) END AS id,
    x.need_id, SUM(1 - x.added) AS removed, SUM(x.added) AS added
  FROM (
    SELECT MIN(added) AS added, need_id, seat_id, MIN(beat_id) AS beat_id, day FROM (
      SELECT 0 AS added, p.need_id, p.seat_id, p.beat_id, MOD(p.day + c.a, c.a_days) + t.n * c.a_days AS day
      FROM c JOIN t ON t.n * c.a_days < c.days JOIN plan_stop p WHERE p.version_id = :base AND p.to_date IS NULL
      UNION ALL
      SELECT 0, p.need_id, p.seat_id, p.beat_id, MOD(p.day + c.a, c.a_days) + t.n * c.a_days
      FROM c JOIN t ON t.n * c.a_days < c.days JOIN draft_stop p WHERE p.session_id = :session AND p.to_date IS NULL
      UNION ALL
      SELECT 1, p.need_id, p.seat_id, p.beat_id, MOD(p.day + c.b, c.b_days) + t.n * c.b_days
      FROM c JOIN t ON t.n * c.b_days < c.days JOIN plan_stop p WHERE p.version_id = :version AND p.to_date IS NULL) y
    WHERE day < (SELECT days FROM c) GROUP BY need_id, seat_id, day HAVING MIN(added) = MAX(added)) x
  JOIN need n ON n.id = x.need_id GROUP BY 1, 2) k
LEFT JOIN outlet o ON :by = 'outlet' AND o.id = k.id LEFT JOIN seat s ON :by = 'seat' AND s.id = k.id LEFT JOIN beat b ON :by = 'beat' AND b.id = k.id
LEFT JOIN territory t ON :by = 'territory' AND t.id = k.id
ORDER BY k.id, k.need_id;

-- Outlets with standing visits in a draft or version that lie in the plan's unit no more, with the unit where they lie and the day from which
-- another plan visits them; of what is not in force also those that only the plan in force visits, and nobody else: they have no visits here.
-- name: departed many
-- in: int plan, int session, int version, int after, int limit
-- out: int outlet, str code, str name, int visits, opt str unit, opt date until, int outlets, int dropped
SELECT x.id, x.code, x.name, x.visits, (SELECT u.name FROM territory_closure k JOIN territory u ON u.id = k.ancestor AND u.is_unit = 1 WHERE k.descendant = x.territory_id LIMIT 1),
  x.until, x.outlets, x.dropped FROM (
  SELECT o.id, o.code, o.name, o.territory_id, SUM(y.has) AS visits, MIN(g.until) AS until, COUNT(*) OVER () AS outlets, COUNT(IF(SUM(y.has) = 0, 1, NULL)) OVER () AS dropped
  FROM plan p JOIN (SELECT need_id, 1 AS has FROM draft_stop WHERE session_id = :session AND to_date IS NULL
    UNION ALL SELECT need_id, 1 FROM plan_stop WHERE :session = 0 AND version_id = :version AND to_date IS NULL
    UNION ALL SELECT s.need_id, 0 FROM plan k JOIN plan_stop s ON s.version_id = k.current_version AND s.to_date IS NULL
      JOIN need_plan v ON v.need_id = s.need_id AND v.plan_id = k.id AND v.until IS NULL
      WHERE k.id = :plan AND (:session <> 0 OR k.current_version <> :version)) y
  JOIN need n ON n.id = y.need_id JOIN outlet o ON o.id = n.outlet_id
  LEFT JOIN territory_closure c ON c.ancestor = p.territory_id AND c.descendant = o.territory_id AND p.channel = IF(o.channel = 'MT', 'MT', 'GT')
  LEFT JOIN need_plan g ON g.plan_id = p.id AND g.need_id = n.id
  WHERE p.id = :plan AND c.ancestor IS NULL GROUP BY o.id
  HAVING visits > 0 OR EXISTS (SELECT 1 FROM outlet_planned q WHERE q.id = o.id)) x WHERE x.id > :after ORDER BY x.id LIMIT :limit;
