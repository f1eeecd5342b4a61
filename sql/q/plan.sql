-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/plan: profiles, the model, drafts, versions.

-- name: plan_profiles_above many
-- in: int territory, str channel
-- out: int territory_id, str fields
SELECT p.territory_id, p.fields FROM plan_profile p LEFT JOIN territory_closure c
  ON c.ancestor = p.territory_id AND c.descendant = :territory
WHERE p.channel = :channel AND (p.territory_id = 0 OR c.ancestor IS NOT NULL)
ORDER BY p.territory_id <> 0, c.depth DESC;

-- name: plan_profile_get one
-- in: int territory, str channel
-- out: str fields
SELECT fields FROM plan_profile WHERE territory_id = :territory AND channel = :channel;

-- name: plan_profile_put exec
-- in: int territory, str channel, str fields, int user
INSERT INTO plan_profile (territory_id, channel, fields, updated_at, updated_by)
VALUES (:territory, :channel, :fields, UTC_TIMESTAMP(3), :user)
ON DUPLICATE KEY UPDATE fields = :fields, updated_at = UTC_TIMESTAMP(3), updated_by = :user;

-- name: plan_get one
-- in: int id
-- out: int id, int territory_id, str channel, date anchor, int weeks, opt int current_version
SELECT id, territory_id, channel, anchor, weeks, current_version FROM plan WHERE id = :id;

-- name: plan_of_unit one
-- in: int territory, str channel
-- out: int id, int territory_id, str channel, date anchor, int weeks, opt int current_version
SELECT id, territory_id, channel, anchor, weeks, current_version FROM plan
WHERE territory_id = :territory AND channel = :channel;

-- name: plan_list many
-- in: int user, opt int territory, opt str channel, int after, int limit
-- out: int id, int territory_id, str channel, date anchor, int weeks, opt int current_version
SELECT p.id, p.territory_id, p.channel, p.anchor, p.weeks, p.current_version FROM plan p
WHERE p.id > :after AND (:channel IS NULL OR p.channel = :channel)
  AND (:territory IS NULL OR EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = :territory AND c.descendant = p.territory_id))
  AND EXISTS (SELECT 1 FROM user_scope s LEFT JOIN territory_closure c ON c.ancestor = s.territory_id AND c.descendant = p.territory_id
    WHERE s.user_id = :user AND (s.territory_id = 0 OR c.ancestor IS NOT NULL))
ORDER BY p.id LIMIT :limit;

-- name: plan_add exec
-- in: int territory, str channel, date anchor, int weeks
INSERT INTO plan (territory_id, channel, anchor, weeks) VALUES (:territory, :channel, :anchor, :weeks);

-- name: plan_seats many
-- in: int territory, str channel
-- out: int id, str code, str name, opt str vehicle, opt int lat, opt int lon, int rural, opt int shift_start, opt int shift_minutes, opt int work_weekdays, opt int max_calls, opt str person, opt int person_id
SELECT s.id, s.code, s.name, s.vehicle, s.lat, s.lon, s.rural, s.shift_start, s.shift_minutes, s.work_weekdays, s.max_calls,
  (SELECT r.name FROM seat_holder h JOIN resource r ON r.id = h.resource_id WHERE h.seat_id = s.id
    AND h.from_date <= UTC_DATE() AND (h.to_date IS NULL OR h.to_date >= UTC_DATE()) ORDER BY h.from_date DESC LIMIT 1),
  (SELECT h.resource_id FROM seat_holder h WHERE h.seat_id = s.id
    AND h.from_date <= UTC_DATE() AND (h.to_date IS NULL OR h.to_date >= UTC_DATE()) ORDER BY h.from_date DESC LIMIT 1)
FROM seat s JOIN territory_closure c ON c.descendant = s.territory_id
WHERE c.ancestor = :territory AND (s.channel = :channel OR (s.channel = 'WS' AND :channel = 'GT')) AND s.active = 1
ORDER BY s.id;

-- What the people of a session's plan do for the plans of their other seats: their tours as they are in force, or in the drafts that the
-- user of the session has locked.
-- name: elsewhere many
-- in: int session
-- out: int seat, date anchor, int weeks, int day, int seconds
WITH others AS (
  SELECT s.id AS seat, z.id AS other, o.current_version AS version, (SELECT MAX(x.id) FROM planning_session x
    JOIN plan_lock l ON l.territory_id = o.territory_id AND l.channel = o.channel AND l.user_id = x.user_id
    WHERE x.plan_id = o.id AND x.user_id = q.user_id AND x.status = 'ACTIVE') AS draft
  FROM planning_session q JOIN plan p ON p.id = q.plan_id JOIN territory_closure c ON c.ancestor = p.territory_id
  JOIN seat s ON s.territory_id = c.descendant AND IF(s.channel = 'MT', 'MT', 'GT') = p.channel AND s.active = 1
  JOIN seat_holder h ON h.seat_id = s.id AND h.from_date <= UTC_DATE() AND COALESCE(h.to_date >= UTC_DATE(), 1)
  JOIN seat_holder g ON g.resource_id = h.resource_id AND g.seat_id <> s.id AND g.from_date <= UTC_DATE() AND COALESCE(g.to_date >= UTC_DATE(), 1)
  JOIN seat z ON z.id = g.seat_id AND z.active = 1 JOIN territory_closure k ON k.descendant = z.territory_id
  JOIN plan o ON o.territory_id = k.ancestor AND o.channel = IF(z.channel = 'MT', 'MT', 'GT') AND o.id <> p.id
  JOIN territory u ON u.id = o.territory_id AND u.is_unit = 1 WHERE q.id = :session)
SELECT x.seat, v.anchor, v.weeks, t.day, t.travel + t.service + t.waiting
FROM others x JOIN plan_version v ON v.id = x.version JOIN plan_tour t ON t.version_id = v.id AND t.seat_id = x.other WHERE x.draft IS NULL
UNION ALL SELECT x.seat, s.anchor, s.weeks, t.day, t.travel + t.service + t.waiting
FROM others x JOIN planning_session s ON s.id = x.draft JOIN draft_tour t ON t.session_id = s.id AND t.seat_id = x.other
ORDER BY 1;

-- name: plan_seat_partners many
-- in: int territory
-- out: int seat_id, int partner_id
SELECT sp.seat_id, sp.partner_id FROM seat_partner sp JOIN seat s ON s.id = sp.seat_id
JOIN territory_closure c ON c.descendant = s.territory_id WHERE c.ancestor = :territory ORDER BY sp.seat_id, sp.partner_id;

-- name: plan_needs_unit many
-- in: int territory, str channel
-- out: int id, int outlet_id, opt int lat, opt int lon, str channel, int tier, str sales_model, int closed_days, int rural, opt int nppd, opt date due, opt num every, opt num spread, opt int partner_id, opt int seat_id, opt int visits_per_4w, opt int service_minutes, opt num value, int mandatory, int must, opt int account_id
SELECT n.id, n.outlet_id, o.lat, o.lon, o.channel, o.tier, o.sales_model, o.closed_days, o.rural, o.nppd, e.due, e.every, e.spread,
  COALESCE(n.partner_id, o.partner_id), n.seat_id, n.visits_per_4w, n.service_minutes, n.value, n.mandatory, o.must, o.account_id
FROM territory_closure c JOIN outlet_planned o ON o.territory_id = c.descendant JOIN need n ON n.outlet_id = o.id
LEFT JOIN outlet_due e ON e.outlet_id = o.id WHERE c.ancestor = :territory
  AND (o.channel = :channel OR (o.channel = 'WS' AND :channel = 'GT'))
ORDER BY n.id;

-- name: plan_needs_ids many
-- in: str ids
-- out: int id, int outlet_id, opt int lat, opt int lon, str channel, int tier, str sales_model, int closed_days, int rural, opt int nppd, opt date due, opt num every, opt num spread, opt int partner_id, opt int seat_id, opt int visits_per_4w, opt int service_minutes, opt num value, int mandatory, int must, opt int account_id
SELECT n.id, n.outlet_id, o.lat, o.lon, o.channel, o.tier, o.sales_model, o.closed_days, o.rural, o.nppd, e.due, e.every, e.spread,
  COALESCE(n.partner_id, o.partner_id), n.seat_id, n.visits_per_4w, n.service_minutes, n.value, n.mandatory,
  EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id AND x.list = 'WHITE'
    AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)), o.account_id
FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) j JOIN need n ON n.id = j.id JOIN outlet o ON o.id = n.outlet_id
LEFT JOIN outlet_due e ON e.outlet_id = o.id ORDER BY n.id;

-- What the planned outlets beneath a territory ask for, and nothing else of them.
-- name: plan_work each
-- in: int territory
-- out: int outlet_id, str channel, int tier, str sales_model, opt int account_id, opt int visits, opt int minutes
SELECT o.id, o.channel, o.tier, o.sales_model, o.account_id, n.visits_per_4w, n.service_minutes
FROM territory_closure c JOIN outlet_planned o ON o.territory_id = c.descendant JOIN need n ON n.outlet_id = o.id
WHERE c.ancestor = :territory;

-- The same counted: needs that ask for the same are one row.
-- name: plan_work_kinds each
-- in: int territory
-- out: int territory_id, str channel, int tier, str sales_model, opt int account_id, opt int visits, opt int minutes, int needs
SELECT c.descendant, o.channel, o.tier, o.sales_model, IF(o.channel = 'MT', o.account_id, NULL) AS account, n.visits_per_4w, n.service_minutes, COUNT(*)
FROM territory_closure c JOIN outlet_planned o ON o.territory_id = c.descendant JOIN need n ON n.outlet_id = o.id
WHERE c.ancestor = :territory GROUP BY c.descendant, o.channel, o.tier, o.sales_model, account, n.visits_per_4w, n.service_minutes;

-- And of the models beside the sales geography: `node` is theirs, `territory_id` where the outlet is planned.
-- name: plan_work_models each
-- in: opt int model
-- out: int node, int territory_id, str channel, int tier, str sales_model, opt int account_id, opt int visits, opt int minutes, int needs
SELECT x.territory_id, COALESCE(o.territory_id, 0) AS place, o.channel, o.tier, o.sales_model, IF(o.channel = 'MT', o.account_id, NULL) AS account, n.visits_per_4w,
  n.service_minutes, COUNT(*)
FROM outlet_territory x JOIN outlet_planned o ON o.id = x.outlet_id JOIN need n ON n.outlet_id = o.id
WHERE :model IS NULL OR x.model_id = :model
GROUP BY x.territory_id, place, o.channel, o.tier, o.sales_model, account, n.visits_per_4w, n.service_minutes ORDER BY x.territory_id;

-- Territories and where the policy that holds there was set: at the planning unit or above it; 0 = everywhere.
-- name: plan_policy_of many
-- in: int territory
-- out: int territory_id, int policy
SELECT t.id, COALESCE((SELECT k.ancestor FROM territory_closure k WHERE k.ancestor IN (SELECT p.territory_id FROM plan_profile p)
  AND k.descendant = COALESCE((SELECT x.ancestor FROM territory_closure x JOIN territory u ON u.id = x.ancestor AND u.is_unit = 1
    WHERE x.descendant = t.id ORDER BY x.depth LIMIT 1), t.id) ORDER BY k.depth LIMIT 1), 0)
FROM territory t WHERE :territory = 0 OR t.id IN (SELECT c.descendant FROM territory_closure c WHERE c.ancestor = :territory) ORDER BY t.id;

-- Is the need one of those above?
-- name: plan_need_of_unit one
-- in: int need, int territory, str channel
-- out: int id
SELECT n.id FROM need n JOIN outlet_planned o ON o.id = n.outlet_id JOIN territory_closure c ON c.descendant = o.territory_id
WHERE n.id = :need AND c.ancestor = :territory
  AND (o.channel = :channel OR (o.channel = 'WS' AND :channel = 'GT'));

-- name: plan_windows many
-- in: int territory
-- out: int outlet_id, int weekday, int opens, int closes, int hard
SELECT w.outlet_id, w.weekday, w.opens, w.closes, w.hard FROM time_window w JOIN outlet o ON o.id = w.outlet_id
JOIN territory_closure c ON c.descendant = o.territory_id WHERE c.ancestor = :territory
ORDER BY w.outlet_id, w.weekday, w.opens;

-- Seats that must serve outlets of a territory, and seats that must not.
-- name: plan_outlet_seats many
-- in: int territory
-- out: int outlet_id, int seat_id, int white
SELECT x.outlet_id, x.seat_id, x.list = 'WHITE' FROM outlet_list x JOIN outlet o ON o.id = x.outlet_id
JOIN territory_closure c ON c.descendant = o.territory_id
WHERE c.ancestor = :territory AND x.seat_id > 0 AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
  AND (x.territory_id = 0 OR EXISTS (SELECT 1 FROM territory_closure d WHERE d.ancestor = x.territory_id AND d.descendant = o.territory_id))
ORDER BY x.outlet_id, x.seat_id;

-- name: plan_beats many
-- in: int plan
-- out: int id, str code, str name
SELECT id, code, name FROM beat WHERE plan_id = :plan ORDER BY id;

-- name: beat_get one
-- in: int plan, int beat
-- out: int id, str code, str name
SELECT id, code, name FROM beat WHERE plan_id = :plan AND id = :beat;

-- name: beat_add exec
-- in: int plan, str code, str name
INSERT INTO beat (plan_id, code, name) VALUES (:plan, :code, :name);

-- name: beat_change exec
-- in: int beat, str code, str name
UPDATE beat SET code = :code, name = :name WHERE id = :beat;

-- name: beat_used one
-- in: int plan, int beat
-- out: int used
SELECT EXISTS (SELECT 1 FROM plan_version v JOIN plan_stop s ON s.version_id = v.id WHERE v.plan_id = :plan AND s.beat_id = :beat)
  OR EXISTS (SELECT 1 FROM planning_session p JOIN draft_stop s ON s.session_id = p.id WHERE p.plan_id = :plan AND s.beat_id = :beat)
  OR EXISTS (SELECT 1 FROM visit v WHERE v.plan_id = :plan AND v.beat_id = :beat);

-- name: beat_drop exec
-- in: int beat
DELETE FROM beat WHERE id = :beat;

-- name: plan_beats_add exec
-- in: int plan, str rows
INSERT IGNORE INTO beat (plan_id, code, name)
SELECT :plan, j.code, j.name FROM JSON_TABLE(:rows, '$[*]' COLUMNS (code VARCHAR(64) PATH '$.code', name VARCHAR(120) PATH '$.name')) j;

-- name: plan_version_add exec
-- in: int plan, str kind, opt int parent, str notes, date anchor, int weeks, opt date effective, int user, opt str record
INSERT INTO plan_version (plan_id, number, kind, parent_id, notes, anchor, weeks, effective_date, run_record, created_by, created_at)
SELECT :plan, COALESCE(MAX(number), 0) + 1, :kind, :parent, :notes, :anchor, :weeks, :effective, :record, :user, UTC_TIMESTAMP(3)
FROM plan_version WHERE plan_id = :plan;

-- Read before it is written: a statement that does both locks what it reads, and with it the end of the table, where every other version begins.
-- name: plan_version_sums one
-- in: int version
-- out: int calls, int travel, int service, int metres, int unserved
SELECT COALESCE(SUM(calls), 0), COALESCE(SUM(travel), 0), COALESCE(SUM(service), 0), COALESCE(SUM(metres), 0),
  (SELECT COALESCE(SUM(missing), 0) FROM plan_unserved WHERE version_id = :version) FROM plan_tour WHERE version_id = :version;

-- What is not told stays as it is.
-- name: plan_version_sum exec
-- in: int version, opt str hash, opt str reckoning, int calls, int travel, int service, int metres, int unserved
UPDATE plan_version SET plan_hash = COALESCE(:hash, plan_hash), reckoning = COALESCE(:reckoning, reckoning), calls = :calls,
  travel_seconds = :travel, service_seconds = :service, metres = :metres, unserved = :unserved WHERE id = :version;

-- name: plan_version_get one
-- in: int id
-- out: int id, int plan_id, int number, str kind, str notes, date anchor, int weeks, opt date effective_date, int calls, int travel_seconds, int service_seconds, int metres, int unserved, str plan_hash, int created_by, time created_at, opt time committed_at, opt str user, opt int parent_id, opt str run_record
SELECT v.id, v.plan_id, v.number, v.kind, v.notes, v.anchor, v.weeks, v.effective_date, v.calls, v.travel_seconds,
  v.service_seconds, v.metres, v.unserved, v.plan_hash, v.created_by, v.created_at, v.committed_at, u.name, v.parent_id, v.run_record
FROM plan_version v LEFT JOIN user u ON u.id = v.created_by WHERE v.id = :id;

-- name: plan_versions many
-- in: int plan, int before, int limit
-- out: int id, int plan_id, int number, str kind, str notes, date anchor, int weeks, opt date effective_date, int calls, int travel_seconds, int service_seconds, int metres, int unserved, str plan_hash, int created_by, time created_at, opt time committed_at, opt str user, opt int parent_id, opt str run_record
SELECT v.id, v.plan_id, v.number, v.kind, v.notes, v.anchor, v.weeks, v.effective_date, v.calls, v.travel_seconds,
  v.service_seconds, v.metres, v.unserved, v.plan_hash, v.created_by, v.created_at, v.committed_at, u.name, v.parent_id, v.run_record
FROM plan_version v LEFT JOIN user u ON u.id = v.created_by
WHERE v.plan_id = :plan AND v.kind <> 'AUTO' AND v.number < :before ORDER BY v.number DESC LIMIT :limit;

-- name: plan_version_stops many
-- in: int version
-- out: int need, int day, int seq, int seat, opt int beat, int pos, opt date from, opt date to
SELECT need_id, day, seq, seat_id, beat_id, pos, from_date, to_date FROM plan_stop WHERE version_id = :version
ORDER BY seat_id, day, pos, need_id, from_date, to_date, seq;

-- name: plan_version_hash_rows each
-- in: int version
-- out: int need, int day, int seat, int pos, opt date from, opt date to
SELECT need_id, day, seat_id, pos, from_date, to_date FROM plan_stop WHERE version_id = :version
ORDER BY seat_id, day, pos, need_id, from_date, to_date, seq;

-- name: plan_version_tours many
-- in: int version
-- out: int seat, int day, int calls, int travel, int service, int waiting, int overtime, int metres
SELECT seat_id, day, calls, travel, service, waiting, overtime, metres FROM plan_tour WHERE version_id = :version ORDER BY seat_id, day;

-- name: plan_version_unserved many
-- in: int version
-- out: int need, int missing, str reason
SELECT need_id, missing, reason FROM plan_unserved WHERE version_id = :version ORDER BY need_id;

-- name: plan_version_put_stops exec
-- in: int version, str rows
INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date)
SELECT :version, j.n, j.d, j.q, j.s, j.b, j.p, j.f, j.t FROM JSON_TABLE(:rows, '$[*]' COLUMNS (n BIGINT PATH '$.n', d INT PATH '$.d',
  q INT PATH '$.q', s BIGINT PATH '$.s', b BIGINT PATH '$.b', p INT PATH '$.p', f DATE PATH '$.f', t DATE PATH '$.t')) j;

-- name: plan_version_put_unserved exec
-- in: int version, str rows
INSERT INTO plan_unserved (version_id, need_id, missing, reason)
SELECT :version, j.n, j.m, j.r FROM JSON_TABLE(:rows, '$[*]' COLUMNS (n BIGINT PATH '$.n', m INT PATH '$.m', r VARCHAR(24) PATH '$.r')) j;

-- name: plan_version_put_tours exec
-- in: int version, str rows
INSERT INTO plan_tour (version_id, seat_id, day, calls, travel, service, waiting, overtime, metres)
SELECT :version, j.s, j.d, j.c, j.t, j.v, j.w, j.o, j.m FROM JSON_TABLE(:rows, '$[*]' COLUMNS (s BIGINT PATH '$.s', d INT PATH '$.d',
  c INT PATH '$.c', t INT PATH '$.t', v INT PATH '$.v', w INT PATH '$.w', o INT PATH '$.o', m INT PATH '$.m')) j;

-- name: plan_version_stops_from_draft exec
-- in: int version, int session
INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date)
SELECT :version, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date FROM draft_stop WHERE session_id = :session;

-- Which changes of the draft stand: the last one that is not undone, and how many.
-- name: plan_ops_standing one
-- in: int session
-- out: int last, int n
SELECT COALESCE(MAX(seq), 0), COUNT(*) FROM plan_op WHERE session_id = :session AND undone = 0;

-- name: plan_version_led exec
-- in: int version, int session, int last, int n
UPDATE plan_version SET session_id = :session, op_seq = :last, ops = :n WHERE id = :version;

-- The same in another cycle: each of its days has what the date has in the old one; `back` = days from the new anchor to the old one. A visit
-- of a single date keeps it; what ends before the cycle begins is left behind.
-- name: plan_version_stops_turned exec
-- in: int version, int session, date anchor, int days, int back, int old_days
INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date)
SELECT :version, need_id, new_day, ROW_NUMBER() OVER (PARTITION BY need_id, new_day ORDER BY from_date, to_date, seq) - 1, seat_id, beat_id, pos,
  from_date, to_date
FROM (
  SELECT s.need_id, s.seq, s.seat_id, s.beat_id, s.pos, s.from_date, s.to_date, GREATEST(COALESCE(s.from_date, :anchor), :anchor) AS first,
    IF(s.from_date = s.to_date, MOD(MOD(DATEDIFF(s.from_date, :anchor), :days) + :days, :days), MOD(s.day + :back, :old_days) + k.n * :old_days) AS new_day
  FROM draft_stop s JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
    UNION ALL SELECT 6 UNION ALL SELECT 7) k ON k.n = 0 OR COALESCE(s.from_date <> s.to_date, 1)
  WHERE s.session_id = :session) x
WHERE new_day < :days AND (to_date IS NULL OR MOD(new_day + :days - MOD(DATEDIFF(first, :anchor), :days), :days) <= DATEDIFF(to_date, first));

-- name: plan_version_unserved_from_draft exec
-- in: int version, int session
INSERT INTO plan_unserved (version_id, need_id, missing, reason)
SELECT :version, need_id, missing, reason FROM draft_unserved WHERE session_id = :session;

-- name: plan_version_tours_from_draft exec
-- in: int version, int session
INSERT INTO plan_tour (version_id, seat_id, day, calls, travel, service, waiting, overtime, metres)
SELECT :version, seat_id, day, calls, travel, service, waiting, overtime, metres FROM draft_tour WHERE session_id = :session;

-- name: plan_version_pins many
-- in: int version
-- out: int need, int hold
SELECT need_id, hold FROM plan_pin WHERE version_id = :version ORDER BY need_id;

-- name: plan_version_pins_from_draft exec
-- in: int version, int session
INSERT INTO plan_pin (version_id, need_id, hold) SELECT :version, need_id, hold FROM draft_pin WHERE session_id = :session AND hold > 0;

-- name: draft_pins many
-- in: int session
-- out: int need, int hold
SELECT need_id, hold FROM draft_pin WHERE session_id = :session AND hold > 0 ORDER BY need_id;

-- name: draft_pins_of many
-- in: int session, str needs
-- out: int need, int hold
SELECT p.need_id, p.hold FROM JSON_TABLE(:needs, '$[*]' COLUMNS (n BIGINT PATH '$')) j STRAIGHT_JOIN draft_pin p ON p.session_id = :session AND p.need_id = j.n
WHERE p.hold > 0 ORDER BY p.need_id;

-- name: draft_clear_pins exec
-- in: int session
DELETE FROM draft_pin WHERE session_id = :session;

-- name: draft_pins_from_version exec
-- in: int session, int version
INSERT INTO draft_pin (session_id, need_id, hold) SELECT :session, need_id, hold FROM plan_pin WHERE version_id = :version;

-- name: draft_put_pins exec
-- in: int session, str rows
REPLACE INTO draft_pin (session_id, need_id, hold)
SELECT :session, j.n, j.h FROM JSON_TABLE(:rows, '$.pins[*]' COLUMNS (n BIGINT PATH '$.n', h INT PATH '$.h')) j;

-- name: draft_clear_stops exec
-- in: int session
DELETE FROM draft_stop WHERE session_id = :session;

-- name: draft_clear_unserved exec
-- in: int session
DELETE FROM draft_unserved WHERE session_id = :session;

-- name: draft_clear_tours exec
-- in: int session
DELETE FROM draft_tour WHERE session_id = :session;

-- name: draft_stops_from_version exec
-- in: int session, int version
INSERT INTO draft_stop (session_id, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date)
SELECT :session, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date FROM plan_stop WHERE version_id = :version;

-- name: draft_unserved_from_version exec
-- in: int session, int version
INSERT INTO draft_unserved (session_id, need_id, missing, reason)
SELECT :session, need_id, missing, reason FROM plan_unserved WHERE version_id = :version;

-- name: draft_tours_from_version exec
-- in: int session, int version
INSERT INTO draft_tour (session_id, seat_id, day, calls, travel, service, waiting, overtime, metres)
SELECT :session, seat_id, day, calls, travel, service, waiting, overtime, metres FROM plan_tour WHERE version_id = :version;

-- name: draft_stops many
-- in: int session
-- out: int need, int day, int seq, int seat, opt int beat, int pos, opt date from, opt date to
SELECT need_id, day, seq, seat_id, beat_id, pos, from_date, to_date FROM draft_stop WHERE session_id = :session
ORDER BY seat_id, day, pos, need_id, from_date, to_date, seq;

-- Visits of these needs, and of those that are in these tours on their day: another person may make them on other dates, and a new row
-- is told from theirs by its number. In this order and by these keys, since nothing is known yet of a draft that was just filled: left to
-- itself the server reads all of it.
-- name: draft_stops_near many
-- in: int session, str needs, str tours
-- out: int need, int day, int seq, int seat, opt int beat, int pos, opt date from, opt date to
SELECT d.need_id, d.day, d.seq, d.seat_id, d.beat_id, d.pos, d.from_date, d.to_date
FROM JSON_TABLE(:needs, '$[*]' COLUMNS (id BIGINT PATH '$')) j STRAIGHT_JOIN draft_stop d FORCE INDEX (PRIMARY) ON d.session_id = :session AND d.need_id = j.id
UNION
SELECT d.need_id, d.day, d.seq, d.seat_id, d.beat_id, d.pos, d.from_date, d.to_date
FROM JSON_TABLE(:tours, '$[*]' COLUMNS (s BIGINT PATH '$.s', d INT PATH '$.d')) j
  STRAIGHT_JOIN draft_stop t FORCE INDEX (tour) ON t.session_id = :session AND t.seat_id = j.s AND t.day = j.d
  STRAIGHT_JOIN draft_stop d FORCE INDEX (PRIMARY) ON d.session_id = :session AND d.need_id = t.need_id AND d.day = t.day
ORDER BY 4, 2, 6, 1, 3;

-- name: draft_needs_of_beat many
-- in: int session, int beat
-- out: int need, int day, opt date from, opt date to
SELECT need_id, day, from_date, to_date FROM draft_stop WHERE session_id = :session AND beat_id = :beat ORDER BY day, pos;

-- name: draft_tours many
-- in: int session
-- out: int seat, int day, int calls, int travel, int service, int waiting, int overtime, int metres
SELECT seat_id, day, calls, travel, service, waiting, overtime, metres FROM draft_tour WHERE session_id = :session ORDER BY seat_id, day;

-- name: draft_unserved many
-- in: int session
-- out: int need, int missing, str reason
SELECT need_id, missing, reason FROM draft_unserved WHERE session_id = :session ORDER BY need_id;

-- name: draft_take_stops exec
-- in: int session, str rows
DELETE d FROM draft_stop d JOIN JSON_TABLE(:rows, '$.stops[*]' COLUMNS (n BIGINT PATH '$.n', d INT PATH '$.d', q INT PATH '$.q')) j
  ON d.session_id = :session AND d.need_id = j.n AND d.day = j.d AND d.seq = j.q;

-- name: draft_put_stops exec
-- in: int session, str rows
INSERT INTO draft_stop (session_id, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date)
SELECT :session, j.n, j.d, j.q, j.s, j.b, j.p, j.f, j.t FROM JSON_TABLE(:rows, '$.stops[*]' COLUMNS (n BIGINT PATH '$.n',
  d INT PATH '$.d', q INT PATH '$.q', s BIGINT PATH '$.s', b BIGINT PATH '$.b', p INT PATH '$.p', f DATE PATH '$.f', t DATE PATH '$.t')) j;

-- name: draft_take_unserved exec
-- in: int session, str rows
DELETE d FROM draft_unserved d JOIN JSON_TABLE(:rows, '$.unserved[*]' COLUMNS (n BIGINT PATH '$.n')) j
  ON d.session_id = :session AND d.need_id = j.n;

-- name: draft_put_unserved exec
-- in: int session, str rows
INSERT INTO draft_unserved (session_id, need_id, missing, reason)
SELECT :session, j.n, j.m, j.r FROM JSON_TABLE(:rows, '$.unserved[*]' COLUMNS (n BIGINT PATH '$.n', m INT PATH '$.m', r VARCHAR(24) PATH '$.r')) j
WHERE j.m > 0;

-- name: draft_take_tours exec
-- in: int session, str rows
DELETE d FROM draft_tour d JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (s BIGINT PATH '$.s', d INT PATH '$.d')) j
  ON d.session_id = :session AND d.seat_id = j.s AND d.day = j.d;

-- name: draft_put_tours exec
-- in: int session, str rows
INSERT INTO draft_tour (session_id, seat_id, day, calls, travel, service, waiting, overtime, metres)
SELECT :session, j.s, j.d, j.c, j.t, j.v, j.w, j.o, j.m FROM JSON_TABLE(:rows, '$[*]' COLUMNS (s BIGINT PATH '$.s', d INT PATH '$.d',
  c INT PATH '$.c', t INT PATH '$.t', v INT PATH '$.v', w INT PATH '$.w', o INT PATH '$.o', m INT PATH '$.m')) j WHERE j.c > 0;

-- name: session_get one
-- in: int id
-- out: int id, int plan_id, int user_id, opt int base_version, str status, int seq, time opened_at, time saved_at, int territory_id, str channel, date anchor, int weeks, opt int current_version
SELECT s.id, s.plan_id, s.user_id, s.base_version, s.status, s.seq, s.opened_at, s.saved_at, p.territory_id, p.channel,
  COALESCE(s.anchor, p.anchor), COALESCE(s.weeks, p.weeks), p.current_version
FROM planning_session s JOIN plan p ON p.id = s.plan_id WHERE s.id = :id;

-- Whose it is, and of what.
-- name: session_unit one
-- in: int id
-- out: int user_id, int territory_id, str channel, str unit
SELECT s.user_id, p.territory_id, p.channel, t.name FROM planning_session s JOIN plan p ON p.id = s.plan_id JOIN territory t ON t.id = p.territory_id
WHERE s.id = :id;

-- name: session_lock_row one
-- in: int id
-- out: int seq
SELECT seq FROM planning_session WHERE id = :id FOR UPDATE;

-- name: session_open_of one
-- in: int plan, int user
-- out: int id
SELECT id FROM planning_session WHERE plan_id = :plan AND user_id = :user AND status <> 'COMMITTED' ORDER BY id DESC LIMIT 1;

-- name: session_list many
-- in: int user, int limit
-- out: int id
SELECT id FROM planning_session WHERE user_id = :user AND status <> 'COMMITTED' ORDER BY saved_at DESC LIMIT :limit;

-- name: session_add exec
-- in: int plan, int user, opt int base, date anchor, int weeks
INSERT INTO planning_session (plan_id, user_id, base_version, began_from, anchor, weeks, opened_at, saved_at)
VALUES (:plan, :user, :base, COALESCE(:base, 0), :anchor, :weeks, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));

-- name: session_cycle_from_version exec
-- in: int session, int version
UPDATE planning_session s JOIN plan_version v ON v.id = :version SET s.anchor = v.anchor, s.weeks = v.weeks WHERE s.id = :session;

-- name: session_set_status exec
-- in: int id, str status
UPDATE planning_session SET status = :status, saved_at = UTC_TIMESTAMP(3) WHERE id = :id;

-- name: session_set_base exec
-- in: int id, opt int base
UPDATE planning_session SET base_version = :base WHERE id = :id;

-- name: session_set_began exec
-- in: int id, int version
UPDATE planning_session SET began_from = :version WHERE id = :id;

-- name: session_advance exec
-- in: int id, int seq
UPDATE planning_session SET seq = :seq, saved_at = UTC_TIMESTAMP(3) WHERE id = :id;

-- name: op_add exec
-- in: int session, int seq, str client, str kind, str label, str body, str removed, str added, num minutes, num price, str reason, str code, int user
INSERT INTO plan_op (session_id, seq, client_id, kind, label, body, removed, added, minutes, price, reason, reason_code, user_id, at)
VALUES (:session, :seq, :client, :kind, :label, :body, :removed, :added, :minutes, :price, LEFT(:reason, 500), :code, :user, UTC_TIMESTAMP(3));

-- name: op_seen one
-- in: int session, str client
-- out: int seq
SELECT seq FROM plan_op WHERE session_id = :session AND client_id = :client;

-- name: op_undoable one
-- in: int session
-- out: int seq, int gesture, str joint, time at, str kind, str label, str removed, str added
SELECT seq, gesture, joint, at, kind, IF(gesture, gesture_label, label), removed, added FROM plan_op WHERE session_id = :session AND undone = 0 ORDER BY seq DESC LIMIT 1;

-- name: op_redoable one
-- in: int session
-- out: int seq, int gesture, str joint, time at, str kind, str label, str removed, str added
SELECT seq, gesture, joint, at, kind, IF(gesture, gesture_label, label), removed, added FROM plan_op WHERE session_id = :session AND undone = 1 ORDER BY seq LIMIT 1;

-- name: op_mark exec
-- in: int session, int seq, int undone
UPDATE plan_op SET undone = :undone WHERE session_id = :session AND seq = :seq;

-- Operations of one gesture.
-- name: op_join exec
-- in: int session, int first, int last, str label, str joint
UPDATE plan_op SET gesture = :first, gesture_label = :label, joint = :joint WHERE session_id = :session AND seq BETWEEN :first AND :last;

-- Drafts, one left out, in which the part of a gesture over several is as it is not to be.
-- name: op_joint_left many
-- in: str joint, int user, int undone, int besides
-- out: str unit
SELECT DISTINCT t.name FROM plan_op o JOIN planning_session s ON s.id = o.session_id AND s.user_id = :user AND s.status <> 'COMMITTED'
JOIN plan p ON p.id = s.plan_id JOIN territory t ON t.id = p.territory_id WHERE o.joint = :joint AND o.undone = :undone AND s.id <> :besides ORDER BY t.name;

-- name: op_forget_undone exec
-- in: int session
DELETE FROM plan_op WHERE session_id = :session AND undone = 1;

-- name: op_count one
-- in: int session
-- out: int n, num minutes
SELECT COUNT(*), COALESCE(SUM(minutes), 0) FROM plan_op WHERE session_id = :session AND undone = 0;

-- name: plan_commit exec
-- in: int plan, int version
UPDATE plan p JOIN plan_version v ON v.id = :version SET p.current_version = v.id, p.anchor = v.anchor, p.weeks = v.weeks WHERE p.id = :plan;

-- name: plan_version_committed exec
-- in: int version, date effective
UPDATE plan_version SET committed_at = UTC_TIMESTAMP(3), effective_date = :effective WHERE id = :version;

-- Visits from a day on that are not as the version has them; those that are stay, most of them after most commits.
-- name: visits_drop_changed exec
-- in: int plan, int version, date anchor, int days, date from
DELETE FROM visit WHERE plan_id = :plan AND day >= :from
  AND NOT EXISTS (SELECT 1 FROM plan_stop s WHERE s.version_id = :version AND s.need_id = visit.need_id
    AND s.day = MOD(DATEDIFF(visit.day, :anchor), :days) AND s.seat_id = visit.seat_id AND s.beat_id <=> visit.beat_id AND s.pos = visit.pos
    AND (s.from_date IS NULL OR visit.day >= s.from_date) AND (s.to_date IS NULL OR visit.day <= s.to_date));

-- The same where it is known that the list from that day on is as another version has it: only visits of the stops that this one does not
-- have any more, or has otherwise, are looked at.
-- name: visits_drop_replaced exec
-- in: int plan, date anchor, int days, date from, date to, str rows
DELETE v FROM (
  WITH RECURSIVE k (i) AS (
    SELECT FLOOR(GREATEST(DATEDIFF(:from, :anchor), 0) / :days) UNION ALL SELECT i + 1 FROM k WHERE i < CEIL(DATEDIFF(:to, :anchor) / :days))
  SELECT DATE_ADD(:anchor, INTERVAL (s.d + k.i * :days) DAY) AS day, s.n AS need_id, s.f AS from_date, s.t AS to_date
  FROM JSON_TABLE(:rows, '$[*]' COLUMNS (n BIGINT PATH '$.n', d INT PATH '$.d', f DATE PATH '$.f', t DATE PATH '$.t')) s STRAIGHT_JOIN k) x
STRAIGHT_JOIN visit v ON v.plan_id = :plan AND v.day = x.day AND v.need_id = x.need_id
WHERE x.day >= :from AND (x.from_date IS NULL OR x.day >= x.from_date) AND (x.to_date IS NULL OR x.day <= x.to_date);

-- name: visits_drop_behind exec
-- in: int plan, date last
DELETE FROM visit WHERE plan_id = :plan AND day > :last;

-- name: visits_drop_holidays exec
-- in: int plan, int territory, date from, date to
DELETE v FROM holiday h LEFT JOIN territory_closure c ON c.ancestor = h.territory_id AND c.descendant = :territory
STRAIGHT_JOIN visit v ON v.plan_id = :plan AND v.day = h.day
WHERE h.day BETWEEN :from AND :to AND (h.territory_id = 0 OR c.ancestor IS NOT NULL);

-- Plans that are out of force since their units ended, with visits from a day on.
-- name: visits_ended_plans many
-- in: int plan, str channel, date from
-- out: int id
SELECT p.id FROM plan p JOIN territory u ON u.id = p.territory_id AND u.is_unit = 0
WHERE p.channel = :channel AND p.current_version IS NULL AND p.id <> :plan AND EXISTS (SELECT 1 FROM visit v WHERE v.plan_id = p.id AND v.day >= :from);

-- Visits of such a plan to outlets that this unit visits from then on.
-- name: visits_drop_ended exec
-- in: int ended, int territory, date from
DELETE v FROM visit v STRAIGHT_JOIN need n ON n.id = v.need_id STRAIGHT_JOIN outlet o ON o.id = n.outlet_id
STRAIGHT_JOIN territory_closure c ON c.ancestor = :territory AND c.descendant = o.territory_id WHERE v.plan_id = :ended AND v.day >= :from;

-- name: visits_last one
-- in: int plan
-- out: opt date day
SELECT MAX(day) FROM visit WHERE plan_id = :plan;

-- The stops of a version, but for those that another has as well (0: none is); of one day of the cycle where it is told. Read by itself,
-- since visits_drop_replaced and visits_unfold lock what they read.
-- name: visits_stops many
-- in: int version, int old, opt int day
-- out: int need, int day, int seq, int seat, opt int beat, int pos, opt date from, opt date to
SELECT s.need_id, s.day, s.seq, s.seat_id, s.beat_id, s.pos, s.from_date, s.to_date
FROM plan_stop s LEFT JOIN plan_stop o ON o.version_id = :old AND o.need_id = s.need_id AND o.day = s.day AND o.seat_id = s.seat_id
  AND o.beat_id <=> s.beat_id AND o.pos = s.pos AND o.from_date <=> s.from_date AND o.to_date <=> s.to_date
WHERE s.version_id = :version AND o.need_id IS NULL AND (:day IS NULL OR s.day = :day);

-- Such stops as visits from one day to another, but for those of outlets that another plan visits by then.
-- name: visits_unfold exec
-- in: int plan, int version, int territory, date anchor, int days, date from, date to, str rows
INSERT IGNORE INTO visit (plan_id, day, need_id, seat_id, beat_id, pos, version_id)
WITH RECURSIVE k (i) AS (
  SELECT FLOOR(GREATEST(DATEDIFF(:from, :anchor), 0) / :days) UNION ALL SELECT i + 1 FROM k WHERE i < CEIL(DATEDIFF(:to, :anchor) / :days))
SELECT :plan, x.day, x.need_id, x.seat_id, x.beat_id, x.pos, :version FROM (
  SELECT DATE_ADD(:anchor, INTERVAL (s.d + k.i * :days) DAY) AS day, s.n AS need_id, s.s AS seat_id, s.b AS beat_id, s.p AS pos, s.f AS from_date, s.t AS to_date, g.until
  FROM JSON_TABLE(:rows, '$[*]' COLUMNS (n BIGINT PATH '$.n', d INT PATH '$.d', s BIGINT PATH '$.s', b BIGINT PATH '$.b', p INT PATH '$.p',
    f DATE PATH '$.f', t DATE PATH '$.t')) s
  LEFT JOIN need_plan g ON g.need_id = s.n AND g.plan_id = :plan STRAIGHT_JOIN k) x
WHERE x.day BETWEEN :from AND :to AND (x.from_date IS NULL OR x.day >= x.from_date) AND (x.to_date IS NULL OR x.day <= x.to_date)
  AND (x.until IS NULL OR x.day < x.until)
  AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.plan_id = :plan AND v.day = x.day AND v.need_id = x.need_id)
  AND NOT EXISTS (SELECT 1 FROM holiday h LEFT JOIN territory_closure c ON c.ancestor = h.territory_id AND c.descendant = :territory
    WHERE h.day = x.day AND (h.territory_id = 0 OR c.ancestor IS NOT NULL));

-- Visits of a plan on days on which only a place within its territory has a holiday: those of the outlets there.
-- name: holiday_drop_visits exec
-- in: int plan, int territory, date from, date to
DELETE v FROM holiday h JOIN territory_closure u ON u.descendant = h.territory_id AND u.ancestor = :territory AND u.depth > 0
STRAIGHT_JOIN visit v ON v.plan_id = :plan AND v.day = h.day JOIN need n ON n.id = v.need_id JOIN outlet o ON o.id = n.outlet_id
JOIN territory_closure c ON c.ancestor = h.territory_id AND c.descendant = o.territory_id WHERE h.day BETWEEN :from AND :to;

-- A plan with the version that is committed.
-- name: holiday_plan one
-- in: int plan
-- out: int id, int version_id, int territory_id, str channel, date anchor, int weeks, date effective
SELECT p.id, v.id, p.territory_id, p.channel, v.anchor, v.weeks, COALESCE(v.effective_date, v.anchor) FROM plan p JOIN plan_version v ON v.id = p.current_version
WHERE p.id = :plan FOR UPDATE;

-- The committed plans of today's units whose visit list ends before a day, though the plan goes on.
-- name: visits_short many
-- in: date until
-- out: int id, int territory_id
SELECT p.id, p.territory_id FROM plan p JOIN territory t ON t.id = p.territory_id AND t.is_unit = 1
WHERE (SELECT MAX(x.day) FROM visit x WHERE x.plan_id = p.id) < :until
  AND EXISTS (SELECT 1 FROM plan_stop s WHERE s.version_id = p.current_version AND s.to_date IS NULL) ORDER BY p.id;

-- The committed plans whose visit list reaches a day, of a territory, beneath it, and of those that it lies in.
-- name: holiday_plans many
-- in: int territory, date day
-- out: int id, int version_id, int territory_id, date anchor, int weeks
SELECT p.id, v.id, p.territory_id, v.anchor, v.weeks
FROM plan p JOIN plan_version v ON v.id = p.current_version
WHERE (:territory = 0 OR EXISTS (SELECT 1 FROM territory_closure c WHERE (c.descendant = p.territory_id AND c.ancestor = :territory)
    OR (c.ancestor = p.territory_id AND c.descendant = :territory)))
  AND v.effective_date <= :day AND EXISTS (SELECT 1 FROM visit x WHERE x.plan_id = p.id AND x.day >= :day);

-- name: visits_drop_days exec
-- in: int plan, date from, date to
DELETE FROM visit WHERE plan_id = :plan AND day BETWEEN :from AND :to;

-- name: holiday_list many
-- in: int territory, date from
-- out: int territory_id, opt str territory, date day, str name
SELECT h.territory_id, t.name, h.day, h.name FROM holiday h LEFT JOIN territory t ON t.id = h.territory_id
LEFT JOIN territory_closure c ON c.ancestor = h.territory_id AND c.descendant = :territory
WHERE h.day >= :from AND (h.territory_id = 0 OR c.ancestor IS NOT NULL) ORDER BY h.day, h.territory_id;

-- name: holiday_get one
-- in: int territory, date day
-- out: str name
SELECT name FROM holiday WHERE territory_id = :territory AND day = :day;

-- Of the plans of a territory, beneath it, and of those that it lies in.
-- name: holiday_pending one
-- in: int territory
-- out: int lists
SELECT COUNT(*) FROM job j WHERE j.kind = 'VISIT_LIST' AND j.state IN ('queued', 'running') AND EXISTS (SELECT 1 FROM territory_closure c
  WHERE (c.ancestor = :territory AND c.descendant = j.territory_id) OR (c.ancestor = j.territory_id AND c.descendant = :territory));

-- name: holiday_put exec
-- in: int territory, date day, str name
INSERT INTO holiday (territory_id, day, name) VALUES (:territory, :day, :name) ON DUPLICATE KEY UPDATE name = :name;

-- name: holiday_drop exec
-- in: int territory, date day
DELETE FROM holiday WHERE territory_id = :territory AND day = :day;

-- name: plan_units many
-- in: opt str code, opt str channel
-- out: int id, str name, str channel, int needs
SELECT t.id, t.name, x.channel, COUNT(*) FROM territory t JOIN territory_closure c ON c.ancestor = t.id
JOIN (SELECT territory_id, IF(channel = 'MT', 'MT', 'GT') AS channel FROM outlet_planned) x
  ON x.territory_id = c.descendant
WHERE t.is_unit = 1 AND (:code IS NULL OR t.code = :code) AND (:channel IS NULL OR x.channel = :channel)
  AND EXISTS (SELECT 1 FROM seat s JOIN territory_closure d ON d.descendant = s.territory_id
    WHERE d.ancestor = t.id AND IF(s.channel = 'MT', 'MT', 'GT') = x.channel AND s.active = 1)
GROUP BY t.id, t.name, x.channel ORDER BY t.id, x.channel;

-- name: plan_by_code one
-- in: str code, str channel
-- out: int id, opt int version
SELECT p.id, p.current_version FROM plan p JOIN territory t ON t.id = p.territory_id
WHERE t.code = :code AND p.channel = :channel AND p.current_version IS NOT NULL ORDER BY p.id LIMIT 1;

-- Plans in force of the units at and beneath a territory.
-- name: plans_beneath many
-- in: str code, str channel
-- out: int id, int version, str unit
SELECT p.id, v.id, u.code FROM territory t JOIN territory_closure c ON c.ancestor = t.id
JOIN plan p ON p.territory_id = c.descendant AND p.channel = :channel JOIN plan_version v ON v.id = p.current_version JOIN territory u ON u.id = p.territory_id
WHERE t.code = :code ORDER BY u.code, p.id;

-- Windows of the outlets of a territory from one outlet on.
-- name: windows_page many
-- in: int territory, int after, int limit
-- out: int outlet_id, int weekday, int opens, int closes, int hard
SELECT w.outlet_id, w.weekday, w.opens, w.closes, w.hard FROM time_window w JOIN outlet o ON o.id = w.outlet_id
JOIN territory_closure c ON c.descendant = o.territory_id WHERE c.ancestor = :territory AND w.outlet_id > :after
ORDER BY w.outlet_id, w.weekday, w.opens LIMIT :limit;

-- The windows of an outlet anew.
-- name: windows_clear exec
-- in: int outlet
DELETE FROM time_window WHERE outlet_id = :outlet;

-- name: windows_add exec
-- in: int outlet, int weekday, int opens, int closes, int hard
INSERT INTO time_window (outlet_id, weekday, opens, closes, hard) VALUES (:outlet, :weekday, :opens, :closes, :hard);

-- What the windows say as a text, as imports write it into the history of an outlet.
-- name: windows_text one
-- in: int outlet
-- out: opt str text
SELECT LEFT(GROUP_CONCAT(ELT(weekday + 1, 'every day', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'), ' ', TIME_FORMAT(SEC_TO_TIME(opens * 60), '%H:%i'), '-',
  TIME_FORMAT(SEC_TO_TIME(closes * 60), '%H:%i'), IF(hard, '', ' if possible') ORDER BY weekday, opens SEPARATOR '; '), 1000)
FROM time_window WHERE outlet_id = :outlet;

-- name: windows_note exec
-- in: int outlet, int set, opt str old, opt str new
INSERT INTO row_change (tbl, k1, set_id, field, old_value, new_value) VALUES ('outlet', :outlet, :set, 'time windows', LEFT(:old, 300), LEFT(:new, 300));

-- name: windows_of many
-- in: int outlet
-- out: int weekday, int opens, int closes, int hard
SELECT weekday, opens, closes, hard FROM time_window WHERE outlet_id = :outlet ORDER BY weekday, opens;

-- name: windows_outlet one
-- in: int outlet
-- out: int id, str channel
SELECT id, channel FROM outlet WHERE id = :outlet;

-- Runs to make again: the version with that number, else the latest one of each plan that had a budget of steps.
-- name: plan_runs many
-- in: opt str territory, opt str channel, opt int number
-- out: int version, int number, str territory, str channel
SELECT v.id, v.number, t.name, p.channel FROM plan p JOIN territory t ON t.id = p.territory_id JOIN plan_version v ON v.plan_id = p.id
WHERE (:territory IS NULL OR t.code = :territory) AND (:channel IS NULL OR p.channel = :channel) AND (v.number = :number OR (:number IS NULL AND v.id =
  (SELECT MAX(w.id) FROM plan_version w WHERE w.plan_id = p.id AND JSON_VALUE(w.run_record, '$.request.iterations') > 0)))
ORDER BY t.name, p.channel;

-- What a seat visits, in the order of the exports.
-- name: visits_of_seat many
-- in: int plan, int seat, date from, date to
-- out: date day, int need, int outlet, str code, str name, str line
SELECT x.day, x.need_id, o.id, o.code, o.name, l.code FROM visit x JOIN need n ON n.id = x.need_id JOIN outlet o ON o.id = n.outlet_id
JOIN sales_line l ON l.id = n.line_id WHERE x.plan_id = :plan AND x.seat_id = :seat AND x.day BETWEEN :from AND :to ORDER BY x.day, x.pos, o.code;
