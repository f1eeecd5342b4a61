-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/intake and of the import resources.

-- name: import_session_add exec
-- in: str name, int user
INSERT INTO import_session (name, created_by, created_at) VALUES (LEFT(:name, 120), :user, UTC_TIMESTAMP(3));

-- name: import_session_get one
-- in: int id
-- out: int id, str name, str status, opt int job_id, opt str delta, opt str error_code, opt str error_detail, int created_by, opt str creator, time created_at, opt time completed_at
SELECT s.id, s.name, s.status, s.job_id, s.delta, s.error_code, s.error_detail, s.created_by, u.name, s.created_at, s.completed_at
FROM import_session s LEFT JOIN user u ON u.id = s.created_by WHERE s.id = :id;

-- name: import_sessions many
-- in: int before, int limit
-- out: int id, str name, str status, opt int job_id, opt str delta, opt str error_code, opt str error_detail, int created_by, opt str creator, time created_at, opt time completed_at
SELECT s.id, s.name, s.status, s.job_id, NULL, s.error_code, s.error_detail, s.created_by, u.name, s.created_at, s.completed_at
FROM import_session s LEFT JOIN user u ON u.id = s.created_by WHERE s.id < :before ORDER BY s.id DESC LIMIT :limit;

-- name: import_session_move exec
-- in: int id, str from, str to
UPDATE import_session SET completed_at = IF(status = 'UNDOING' OR :to = 'UNDOING', completed_at,
  IF(:to IN ('COMPLETED','CANCELLED'), UTC_TIMESTAMP(3), NULL)), status = :to, error_code = NULL, error_detail = NULL
WHERE id = :id AND FIND_IN_SET(status, :from);

-- name: import_session_job exec
-- in: int id, int job
UPDATE import_session SET job_id = :job WHERE id = :id;

-- name: import_session_fail exec
-- in: int id, str code, str detail
UPDATE import_session SET status = 'FAILED', error_code = :code, error_detail = LEFT(:detail, 1000)
WHERE id = :id AND status IN ('VALIDATING','PROCESSING');

-- name: import_session_delta exec
-- in: int id, str delta
UPDATE import_session SET delta = :delta WHERE id = :id;

-- name: import_file_add exec
-- in: int session, str name, int bytes, str entity, str encoding, str delimiter, str eol, int header_row, str columns, str mapping, int rows_guess
INSERT INTO import_file (session_id, name, bytes, entity, encoding, delimiter, eol, header_row, columns, mapping, rows_guess, created_at)
VALUES (:session, LEFT(:name, 255), :bytes, :entity, :encoding, :delimiter, :eol, :header_row, :columns, :mapping, :rows_guess,
  UTC_TIMESTAMP(3));

-- name: import_file_set exec
-- in: int id, str entity, str encoding, str delimiter, str eol, int header_row, str columns, str mapping, int rows_guess
UPDATE import_file SET entity = :entity, encoding = :encoding, delimiter = :delimiter, eol = :eol, header_row = :header_row,
  columns = :columns, mapping = :mapping, rows_guess = :rows_guess, dirty = staged_row > 0 OR dirty, status = 'UPLOADED'
WHERE id = :id;

-- name: import_file_get one
-- in: int id
-- out: int id, int session_id, str name, int bytes, str entity, str encoding, str delimiter, str eol, int header_row, str columns, str mapping, int rows_guess, str status, int dirty, int staged_row, int n_read, int n_rejected, int n_refused, int n_duplicate, int n_warnings, int n_inserted, int n_updated, int n_unchanged, str mode, int complete, str match_by
SELECT id, session_id, name, bytes, entity, encoding, delimiter, eol, header_row, columns, mapping, rows_guess, status, dirty,
  staged_row, n_read, n_rejected, n_refused, n_duplicate, n_warnings, n_inserted, n_updated, n_unchanged, mode, complete, match_by
FROM import_file WHERE id = :id;

-- name: import_files many
-- in: int session
-- out: int id, int session_id, str name, int bytes, str entity, str encoding, str delimiter, str eol, int header_row, str columns, str mapping, int rows_guess, str status, int dirty, int staged_row, int n_read, int n_rejected, int n_refused, int n_duplicate, int n_warnings, int n_inserted, int n_updated, int n_unchanged, str mode, int complete, str match_by
SELECT id, session_id, name, bytes, entity, encoding, delimiter, eol, header_row, columns, mapping, rows_guess, status, dirty,
  staged_row, n_read, n_rejected, n_refused, n_duplicate, n_warnings, n_inserted, n_updated, n_unchanged, mode, complete, match_by
FROM import_file WHERE session_id = :session ORDER BY id;

-- name: import_file_delete exec
-- in: int id
DELETE FROM import_file WHERE id = :id;

-- name: import_file_reset exec
-- in: int id
UPDATE import_file SET status = 'UPLOADED', dirty = 0, staged_row = 0, n_read = 0, n_rejected = 0, n_refused = 0, n_duplicate = 0,
  n_warnings = 0, n_inserted = 0, n_updated = 0, n_unchanged = 0 WHERE id = :id;

-- name: import_file_batch exec
-- in: int id, int from_row, int to_row, int read, int rejected, int warnings
UPDATE import_file SET status = 'STAGING', staged_row = :to_row, n_read = n_read + :read, n_rejected = n_rejected + :rejected,
  n_warnings = n_warnings + :warnings WHERE id = :id AND staged_row = :from_row;

-- name: import_file_staged exec
-- in: int id
UPDATE import_file SET status = 'STAGED' WHERE id = :id;

-- name: import_file_checked exec
-- in: int id, int refused, int duplicate, int inserted, int updated, int unchanged
UPDATE import_file SET n_refused = :refused, n_duplicate = :duplicate, n_inserted = :inserted, n_updated = :updated,
  n_unchanged = :unchanged WHERE id = :id;

-- name: import_files_published exec
-- in: int session
UPDATE import_file SET status = 'PUBLISHED' WHERE session_id = :session;

-- name: import_issue_count exec
-- in: int file, str rule, str col, int session, str severity, int n
INSERT INTO import_issue_group (file_id, rule, col, session_id, severity, n) VALUES (:file, :rule, :col, :session, :severity, :n)
ON DUPLICATE KEY UPDATE n = n + :n;

-- name: import_issue_groups many
-- in: int session, opt int file
-- out: str rule, str col, str severity, int n
SELECT rule, col, severity, CAST(SUM(n) AS UNSIGNED) FROM import_issue_group
WHERE session_id = :session AND (:file IS NULL OR file_id = :file)
GROUP BY rule, col, severity ORDER BY severity, SUM(n) DESC;

-- name: import_issues many
-- in: int session, opt int file, opt str severity, opt str rule, opt str col, int after, int limit
-- out: int id, int file_id, int row_no, str col, str rule, str severity, str value, str suggestion
SELECT id, file_id, row_no, col, rule, severity, value, suggestion FROM import_issue
WHERE session_id = :session AND id > :after AND (:file IS NULL OR file_id = :file) AND (:severity IS NULL OR severity = :severity)
  AND (:rule IS NULL OR rule = :rule) AND (:col IS NULL OR col = :col)
ORDER BY id LIMIT :limit;

-- name: import_rejects many
-- in: int file, int after, int limit
-- out: int row_no, str error
SELECT row_no, GROUP_CONCAT(CONCAT(rule, IF(col = '', '', CONCAT(' ', col)), IF(suggestion = '', '', CONCAT(' (', suggestion, ')')))
  ORDER BY id SEPARATOR '; ')
FROM import_issue WHERE file_id = :file AND severity = 'error' AND row_no > :after GROUP BY row_no ORDER BY row_no LIMIT :limit;

-- name: import_refs many
-- in: int session
-- out: str kind, int no, str l1, str l2, str l3, str l4, str l5, opt int target_id
SELECT kind, no, l1, l2, l3, l4, l5, target_id FROM stage_ref WHERE session_id = :session;

-- name: import_ref_target exec
-- in: int session, str kind, int no, opt int target
UPDATE stage_ref SET target_id = :target WHERE session_id = :session AND kind = :kind AND no = :no;

-- name: import_bad_counts many
-- in: int session
-- out: int file_id, int duplicate, int refused
SELECT file_id, CAST(SUM(bad = 1) AS UNSIGNED), CAST(SUM(bad > 1) AS UNSIGNED) FROM (
  SELECT file_id, bad FROM stage_distributors WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_outlets WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_seats WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_dt_mapping WHERE session_id = :session AND bad > 0
  UNION ALL SELECT file_id, bad FROM stage_plan WHERE session_id = :session AND bad > 0) b GROUP BY file_id;

-- name: import_schema_add exec
-- in: str name, str entity, str mapping, int user
INSERT INTO import_schema (name, entity, version, mapping, created_by, created_at)
SELECT :name, :entity, COALESCE(MAX(version), 0) + 1, :mapping, :user, UTC_TIMESTAMP(3)
FROM import_schema WHERE name = :name AND entity = :entity;

-- name: import_schemas many
-- in: int after, int limit
-- out: int id, str name, str entity, int version, str mapping, opt str creator, time created_at
SELECT s.id, s.name, s.entity, s.version, s.mapping, u.name, s.created_at
FROM import_schema s LEFT JOIN user u ON u.id = s.created_by WHERE s.id > :after ORDER BY s.id LIMIT :limit;

-- name: import_schema_get one
-- in: int id
-- out: int id, str name, str entity, int version, str mapping, opt str creator, time created_at
SELECT s.id, s.name, s.entity, s.version, s.mapping, u.name, s.created_at
FROM import_schema s LEFT JOIN user u ON u.id = s.created_by WHERE s.id = :id;

-- name: import_schema_named one
-- in: str name, str entity
-- out: int n
SELECT COUNT(*) FROM import_schema WHERE name = :name AND entity = :entity;

-- A name with all its versions.
-- name: import_schema_rename exec
-- in: str old, str entity, str name
UPDATE import_schema SET name = :name WHERE name = :old AND entity = :entity;

-- name: import_schema_remove exec
-- in: str name, str entity
DELETE FROM import_schema WHERE name = :name AND entity = :entity;

-- name: import_dt_refs one
-- in: int session
-- out: int total, int known, int named
SELECT COUNT(*), COUNT(COALESCE(p.id, d.row_no)), COALESCE(SUM(p.id IS NULL AND d.row_no IS NULL AND r.l2 <> ''), 0)
FROM stage_ref r LEFT JOIN partner p ON p.kind = 'DT' AND p.code = r.l1
LEFT JOIN stage_distributors d FORCE INDEX (code) ON d.session_id = r.session_id AND d.code = r.l1 AND d.bad = 0
WHERE r.session_id = :session AND r.kind = 'DT';

-- name: import_delta_distributors many
-- in: int session
-- out: int file_id, int good, int existing, int changed
SELECT s.file_id, COUNT(*), COUNT(p.id), CAST(COALESCE(SUM(p.id IS NOT NULL AND NOT (BINARY s.name <=> BINARY p.name
  AND BINARY COALESCE(s.address, p.address) <=> BINARY p.address AND BINARY COALESCE(s.city, p.city) = BINARY p.city
  AND BINARY COALESCE(s.postcode, p.postcode) = BINARY p.postcode AND BINARY COALESCE(s.phone, p.phone) = BINARY p.phone
  AND BINARY COALESCE(s.email, p.email) = BINARY p.email AND BINARY COALESCE(s.tax_no, p.tax_no) = BINARY p.tax_no AND COALESCE(s.lat, p.lat) <=> p.lat
  AND COALESCE(s.lon, p.lon) <=> p.lon)), 0) AS UNSIGNED)
FROM stage_distributors s LEFT JOIN partner p ON p.kind = 'DT' AND p.code = s.code
WHERE s.session_id = :session AND s.bad = 0 GROUP BY s.file_id;

-- name: import_delta_outlets many
-- in: int session
-- out: int file_id, int good, int existing, int changed
SELECT s.file_id, COUNT(*), COUNT(o.id), (SELECT COUNT(*) FROM stage_changed c WHERE c.session_id = :session AND c.file_id = s.file_id)
FROM stage_outlets s LEFT JOIN outlet o ON o.code = s.code
WHERE s.session_id = :session AND s.bad = 0 GROUP BY s.file_id;

-- name: import_delta_seats many
-- in: int session
-- out: int file_id, int good, int existing, int changed
SELECT s.file_id, COUNT(*), COUNT(t.id), CAST(COALESCE(SUM(t.id IS NOT NULL AND NOT (
    BINARY COALESCE(NULLIF(s.name, ''), t.name) <=> BINARY t.name AND COALESCE(s.territory_id, t.territory_id) <=> t.territory_id
    AND COALESCE(s.channel, t.channel) <=> t.channel AND COALESCE(s.vehicle, t.vehicle) <=> t.vehicle
    AND COALESCE(s.lat, t.lat) <=> t.lat AND COALESCE(s.lon, t.lon) <=> t.lon
    AND COALESCE(s.shift_start, t.shift_start) <=> t.shift_start AND COALESCE(s.shift_minutes, t.shift_minutes) <=> t.shift_minutes
    AND COALESCE(s.work_weekdays, t.work_weekdays) <=> t.work_weekdays AND COALESCE(s.max_calls, t.max_calls) <=> t.max_calls
    AND (COALESCE(s.person, '') = '' OR EXISTS (SELECT 1 FROM seat_holder h JOIN resource r ON r.id = h.resource_id
      WHERE h.seat_id = t.id AND h.to_date IS NULL AND BINARY r.name = BINARY s.person)))), 0) AS UNSIGNED)
FROM stage_seats s LEFT JOIN seat t ON t.code = s.code
WHERE s.session_id = :session AND s.bad = 0 GROUP BY s.file_id;

-- name: import_delta_dt_mapping many
-- in: int session
-- out: int file_id, int good, int existing, int changed
SELECT m.file_id, COUNT(*), COUNT(n.partner_id), CAST(COALESCE(SUM(n.partner_id IS NOT NULL AND NOT (n.partner_id <=> r.target_id
    AND COALESCE(m.frequency, n.visits_per_4w) <=> n.visits_per_4w
    AND COALESCE(m.service_minutes, n.service_minutes) <=> n.service_minutes
    AND (COALESCE(m.seat, '') = '' OR n.seat_id <=> t.id))), 0) AS UNSIGNED)
FROM stage_dt_mapping m
LEFT JOIN stage_ref r ON r.session_id = m.session_id AND r.kind = 'DT' AND r.no = m.dt
LEFT JOIN outlet o ON o.code = m.outlet_code
LEFT JOIN sales_line l ON l.code = m.line
LEFT JOIN need n ON n.outlet_id = o.id AND n.line_id = l.id
LEFT JOIN seat t ON t.code = m.seat
WHERE m.session_id = :session AND m.bad = 0 GROUP BY m.file_id;

-- name: import_delta_plan many
-- in: int session
-- out: int file_id, int good
SELECT file_id, COUNT(*) FROM stage_plan WHERE session_id = :session AND bad = 0 GROUP BY file_id;

-- Does a file of outlets name all there are?
-- name: import_complete one
-- in: int session
-- out: int n
SELECT COUNT(*) FROM import_file WHERE session_id = :session AND entity = 'outlets' AND complete = 1;

-- name: import_vanished one
-- in: int session
-- out: int n, str action
SELECT (SELECT COUNT(*) FROM stage_vanished v WHERE v.session_id = s.id), s.vanished FROM import_session s WHERE s.id = :session;

-- name: import_vanished_sample many
-- in: int session, int limit
-- out: str code, str name
SELECT o.code, o.name FROM stage_vanished v JOIN outlet o ON o.id = v.outlet_id WHERE v.session_id = :session ORDER BY o.id LIMIT :limit;

-- Those outlets with the visits that are planned for them.
-- name: import_vanished_list many
-- in: int session, int after, int limit
-- out: int id, str code, str name, str city, opt str territory, str status, int visits
SELECT o.id, o.code, o.name, o.city, t.name, o.status, (SELECT COUNT(*) FROM need n JOIN visit v ON v.need_id = n.id AND v.day >= UTC_DATE()
  WHERE n.outlet_id = o.id)
FROM stage_vanished x JOIN outlet o ON o.id = x.outlet_id LEFT JOIN territory t ON t.id = o.territory_id
WHERE x.session_id = :session AND x.outlet_id > :after ORDER BY x.outlet_id LIMIT :limit;

-- name: import_vanished_set exec
-- in: int session, str action
UPDATE import_session SET vanished = :action WHERE id = :session;

-- name: import_file_delta exec
-- in: int id, str mode, int complete, str match
UPDATE import_file SET dirty = dirty OR (staged_row > 0 AND ((mode = 'MERGE') <> (:mode = 'MERGE') OR match_by <> :match)), mode = :mode,
  complete = :complete, match_by = :match WHERE id = :id;

-- name: import_file_match exec
-- in: int id, str match
UPDATE import_file SET match_by = :match WHERE id = :id;

-- Outlets that would move by more than 500 metres (a micro-degree of latitude is 0.1113 m).
-- name: import_moved one
-- in: int session
-- out: int n
SELECT COUNT(*) FROM stage_changed c JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no
JOIN outlet o ON o.id = c.outlet_id
WHERE c.session_id = :session AND POW((s.lat - o.lat) * 0.1113, 2) + POW((s.lon - o.lon) * 0.1113 * COS(RADIANS(o.lat / 1000000)), 2) > 250000;

-- Some of each kind, from all over the file: each `step`th.
-- name: import_new_places many
-- in: int session, int step, int limit
-- out: str code, str name, int lat, int lon
SELECT s.code, s.name, COALESCE(s.lat, 0), COALESCE(s.lon, 0) FROM stage_outlets s LEFT JOIN outlet o ON o.code = s.code
WHERE s.session_id = :session AND s.bad = 0 AND s.lat IS NOT NULL AND s.lon IS NOT NULL AND s.row_no % :step = 0 AND o.id IS NULL LIMIT :limit;

-- name: import_changed_places many
-- in: int session, int step, int limit
-- out: str code, str name, int lat, int lon, opt int from_lat, opt int from_lon, int moved
SELECT x.code, x.name, COALESCE(x.lat, 0), COALESCE(x.lon, 0), x.from_lat, x.from_lon, x.moved FROM (
  SELECT o.code, s.name, COALESCE(s.lat, o.lat) AS lat, COALESCE(s.lon, o.lon) AS lon, o.lat AS from_lat, o.lon AS from_lon, s.row_no,
    COALESCE(POW((s.lat - o.lat) * 0.1113, 2) + POW((s.lon - o.lon) * 0.1113 * COS(RADIANS(o.lat / 1000000)), 2) > 250000, 0) AS moved
  FROM stage_changed c JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no
  JOIN outlet o ON o.id = c.outlet_id WHERE c.session_id = :session) x
WHERE x.lat IS NOT NULL AND x.lon IS NOT NULL AND (x.moved OR x.row_no % :step = 0) ORDER BY x.moved DESC LIMIT :limit;

-- name: import_vanished_places many
-- in: int session, int step, int limit
-- out: str code, str name, int lat, int lon
SELECT o.code, o.name, COALESCE(o.lat, 0), COALESCE(o.lon, 0) FROM stage_vanished v JOIN outlet o ON o.id = v.outlet_id
WHERE v.session_id = :session AND o.lat IS NOT NULL AND o.lon IS NOT NULL AND v.outlet_id % :step = 0 LIMIT :limit;

-- Coming visits of committed plans that would no longer fit, each counted under its first reason.
-- name: import_broken_visits many
-- in: int session, int limit
-- out: int territory_id, str territory, str channel, str reason, int outlets, int visits
SELECT p.territory_id, t.name, p.channel, b.reason, COUNT(DISTINCT b.outlet_id), COUNT(*) FROM (
  SELECT c.outlet_id, v.plan_id, CASE
    WHEN s.status IN ('closed', 'dormant') AND o.status NOT IN ('closed', 'dormant') THEN 'CLOSED'
    WHEN (COALESCE(s.channel, o.channel) = 'MT') <> (o.channel = 'MT') THEN 'CHANNEL'
    WHEN rp.no IS NOT NULL AND NOT EXISTS (SELECT 1 FROM territory_closure x WHERE x.ancestor = rp.target_id AND x.descendant = o.territory_id)
      AND NOT EXISTS (SELECT 1 FROM plan p JOIN territory_closure x ON x.ancestor = p.territory_id WHERE p.id = v.plan_id AND x.descendant = rp.target_id)
      THEN 'TERRITORY'
    WHEN (s.closed_days >> WEEKDAY(v.day)) & 1 AND NOT (o.closed_days >> WEEKDAY(v.day)) & 1 THEN 'CLOSED_DAY'
    WHEN POW((s.lat - o.lat) * 0.1113, 2) + POW((s.lon - o.lon) * 0.1113 * COS(RADIANS(o.lat / 1000000)), 2) > 250000 THEN 'MOVED'
    WHEN COALESCE(s.frequency, n.visits_per_4w) <> n.visits_per_4w OR (n.visits_per_4w IS NULL AND (s.frequency IS NOT NULL OR s.tier <> o.tier)) THEN 'FREQUENCY'
    END AS reason
  FROM stage_changed c JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no
  JOIN outlet o ON o.id = c.outlet_id JOIN need n ON n.outlet_id = o.id JOIN visit v ON v.need_id = n.id AND v.day >= UTC_DATE()
  LEFT JOIN stage_ref rp ON rp.session_id = s.session_id AND rp.kind = 'PLACE' AND rp.no = s.place
  WHERE c.session_id = :session
  UNION ALL SELECT x.outlet_id, v.plan_id, 'VANISHED' FROM stage_vanished x JOIN need n ON n.outlet_id = x.outlet_id
  JOIN visit v ON v.need_id = n.id AND v.day >= UTC_DATE() WHERE x.session_id = :session) b
JOIN plan p ON p.id = b.plan_id JOIN territory t ON t.id = p.territory_id
WHERE b.reason IS NOT NULL GROUP BY p.id, t.name, p.channel, b.reason ORDER BY COUNT(*) DESC LIMIT :limit;

-- Units of changed or vanished outlets that somebody has locked.
-- name: import_locked_units many
-- in: int session, int limit
-- out: int territory_id, str territory, str channel, str person
SELECT l.territory_id, t.name, l.channel, u.name FROM plan_lock l JOIN territory t ON t.id = l.territory_id JOIN user u ON u.id = l.user_id
WHERE EXISTS (SELECT 1 FROM (SELECT outlet_id FROM stage_changed WHERE session_id = :session
    UNION ALL SELECT outlet_id FROM stage_vanished WHERE session_id = :session) c
  JOIN outlet o ON o.id = c.outlet_id JOIN territory_closure x ON x.descendant = o.territory_id WHERE x.ancestor = l.territory_id)
ORDER BY t.name, l.channel LIMIT :limit;

-- Units that would grow beyond `most`, or become empty.
-- name: import_unit_sizes many
-- in: int session, int most
-- out: int territory_id, str territory, int before, int after
SELECT t.id, t.name, z.outlets, CAST(z.outlets + SUM(g.n) AS SIGNED) FROM (
  SELECT r.target_id AS place, COUNT(*) AS n FROM stage_outlets s LEFT JOIN outlet o ON o.code = s.code
    JOIN stage_ref r ON r.session_id = s.session_id AND r.kind = 'PLACE' AND r.no = s.place
    WHERE s.session_id = :session AND s.bad = 0 AND o.id IS NULL AND r.target_id IS NOT NULL
      AND EXISTS (SELECT 1 FROM import_file f WHERE f.session_id = :session AND f.n_inserted > 0) GROUP BY r.target_id
  UNION ALL SELECT IF(d.n > 0, r.target_id, o.territory_id), d.n FROM stage_changed c
    JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no JOIN outlet o ON o.id = c.outlet_id
    JOIN stage_ref r ON r.session_id = s.session_id AND r.kind = 'PLACE' AND r.no = s.place JOIN (SELECT 1 AS n UNION ALL SELECT -1) d
    WHERE c.session_id = :session AND r.target_id <> o.territory_id
      AND NOT EXISTS (SELECT 1 FROM territory_closure x WHERE x.ancestor = r.target_id AND x.descendant = o.territory_id)) g
JOIN territory_closure c ON c.descendant = g.place JOIN territory t ON t.id = c.ancestor AND t.is_unit = 1
JOIN territory_stat z ON z.territory_id = t.id
GROUP BY t.id, t.name, z.outlets HAVING z.outlets + SUM(g.n) > GREATEST(:most, z.outlets) OR (z.outlets > 0 AND z.outlets + SUM(g.n) = 0) LIMIT 100;

-- name: import_new_sample many
-- in: int session, int limit
-- out: str code, str name
SELECT s.code, s.name FROM stage_outlets s LEFT JOIN outlet o ON o.code = s.code
WHERE s.session_id = :session AND s.bad = 0 AND o.id IS NULL ORDER BY s.file_id, s.row_no LIMIT :limit;

-- Are there values of people, and did rows of the session step aside for them?
-- name: import_held_any one
-- in: int session
-- out: int edits, int held
SELECT EXISTS (SELECT 1 FROM outlet_edit), EXISTS (SELECT 1 FROM stage_held WHERE session_id = :session);

-- name: import_held one
-- in: int session
-- out: int n, int taken
SELECT COALESCE(SUM(fate = 'HELD'), 0), COALESCE(SUM(fate = 'TAKEN'), 0) FROM stage_held WHERE session_id = :session;

-- name: import_held_sample many
-- in: int session, int limit
-- out: str code, str name, str field, opt str live, str value, str fate
SELECT o.code, o.name, h.field, IF(h.field = 'position', CONCAT(o.lat / 1000000, ', ', o.lon / 1000000), h.live),
  IF(h.field = 'position', CONCAT(SUBSTRING_INDEX(h.value, ',', 1) / 1000000, ', ', SUBSTRING_INDEX(h.value, ',', -1) / 1000000), h.value), h.fate FROM stage_held h JOIN outlet o ON o.id = h.outlet_id
WHERE h.session_id = :session AND h.fate <> 'SAME' ORDER BY h.file_id, h.row_no, h.field LIMIT :limit;

-- name: import_changed_sample many
-- in: int session, int limit
-- out: str code, str name, str field, opt str old_value, opt str new_value
SELECT code, name, field, old_value, new_value FROM stage_change
WHERE session_id = :session AND outlet_id <= (SELECT COALESCE(MAX(outlet_id), 0) FROM
    (SELECT outlet_id FROM stage_changed WHERE session_id = :session ORDER BY outlet_id LIMIT :limit) f)
  AND NOT (BINARY old_value <=> BINARY new_value) ORDER BY outlet_id, field;

-- name: import_staged_seats many
-- in: int session
-- out: int file_id, int row_no, str code, opt str dt_codes
SELECT file_id, row_no, code, dt_codes FROM stage_seats WHERE session_id = :session AND bad = 0;

-- name: import_seat_partner exec
-- in: str seat, str partner
INSERT IGNORE INTO seat_partner (seat_id, partner_id)
SELECT t.id, p.id FROM seat t JOIN partner p ON p.kind = 'DT' AND p.code = :partner WHERE t.code = :seat;

-- name: import_seat_partners_clear exec
-- in: str seat
DELETE FROM seat_partner WHERE seat_id = (SELECT id FROM seat WHERE code = :seat);

-- Units whose snapshots the session makes stale. New outlets count by their place, changed ones by where they lie.
-- name: import_touched_units many
-- in: int session, int inserted
-- out: int id
SELECT DISTINCT u.id FROM (
  SELECT r.target_id AS t FROM stage_ref r WHERE r.session_id = :session AND r.kind = 'PLACE' AND :inserted > 0
  UNION SELECT o.territory_id FROM stage_changed c JOIN outlet o ON o.id = c.outlet_id WHERE c.session_id = :session
  UNION SELECT o.territory_id FROM stage_dt_mapping m STRAIGHT_JOIN outlet o ON o.code = m.outlet_code WHERE m.session_id = :session AND m.bad = 0
  UNION SELECT t.territory_id FROM stage_seats s JOIN seat t ON t.code = s.code WHERE s.session_id = :session AND s.bad = 0
  UNION SELECT o.territory_id FROM stage_distributors d JOIN partner p ON p.kind = 'DT' AND p.code = d.code
    JOIN outlet o ON o.partner_id = p.id WHERE d.session_id = :session AND d.bad = 0) x
JOIN territory_closure c ON c.descendant = x.t JOIN territory u ON u.id = c.ancestor AND u.is_unit = 1;

-- name: import_dt_nodes many
-- in: int session
-- out: opt int parent, str code, str name
SELECT DISTINCT IF(t.rank = 5, t.parent_id, t.id), p.code, p.name
FROM stage_dt_mapping m STRAIGHT_JOIN outlet o ON o.code = m.outlet_code JOIN territory t ON t.id = o.territory_id
JOIN stage_ref r ON r.session_id = m.session_id AND r.kind = 'DT' AND r.no = m.dt JOIN partner p ON p.id = r.target_id
WHERE m.session_id = :session AND m.bad = 0 AND m.line = 'ALL';

-- name: import_placeless one
-- in: int session
-- out: int row_no
SELECT s.row_no FROM stage_outlets s LEFT JOIN outlet o ON o.code = s.code
WHERE s.session_id = :session AND s.bad = 0 AND s.place IS NULL AND o.id IS NULL LIMIT 1;

-- name: import_place_zero exec
-- in: int session, opt int target
INSERT INTO stage_ref (session_id, kind, no, target_id) VALUES (:session, 'PLACE', 0, :target)
ON DUPLICATE KEY UPDATE target_id = VALUES(target_id);

-- name: import_plan_groups many
-- in: int session
-- out: int unit, str channel, opt date anchor, opt date first, opt date last, opt int week, opt int weeks
SELECT u.id, IF(o.channel = 'MT', 'MT', 'GT'), MIN(s.anchor), MIN(s.date), MAX(s.date), MAX(s.week), MAX(s.weeks)
FROM stage_plan s STRAIGHT_JOIN outlet o ON o.code = s.outlet_code JOIN territory_closure c ON c.descendant = o.territory_id
JOIN territory u ON u.id = c.ancestor AND u.is_unit = 1
WHERE s.session_id = :session AND s.bad = 0 GROUP BY u.id, IF(o.channel = 'MT', 'MT', 'GT');

-- name: import_plan_get one
-- in: int unit, str channel
-- out: int id, opt int current, int next
SELECT p.id, p.current_version, (SELECT COALESCE(MAX(v.number) + 1, 0) FROM plan_version v WHERE v.plan_id = p.id)
FROM plan p WHERE p.territory_id = :unit AND p.channel = :channel FOR UPDATE;

-- name: import_plan_add exec
-- in: int unit, str channel, date anchor, int weeks
INSERT INTO plan (territory_id, channel, anchor, weeks) VALUES (:unit, :channel, :anchor, :weeks);

-- name: import_plan_version_add exec
-- in: int plan, int number, date anchor, int weeks, int session, int user, int committed
INSERT INTO plan_version (plan_id, number, kind, notes, import_id, anchor, weeks, created_by, created_at, committed_at)
VALUES (:plan, :number, 'IMPORT', CONCAT('imported by session ', :session), :session, :anchor, :weeks, :user, UTC_TIMESTAMP(3),
  IF(:committed = 1, UTC_TIMESTAMP(3), NULL));

-- Plans of a session for units that had one already: kept as versions, not put in force.
-- name: import_plans_waiting many
-- in: int session, int limit
-- out: int territory_id, str territory, str channel, int number
SELECT t.id, t.name, p.channel, v.number FROM plan_version v JOIN plan p ON p.id = v.plan_id JOIN territory t ON t.id = p.territory_id
WHERE v.kind = 'IMPORT' AND v.committed_at IS NULL AND v.import_id = :session
ORDER BY t.name, p.channel LIMIT :limit;


-- name: import_checked one
-- in: int session
-- out: int checked
SELECT epoch IS NOT NULL FROM import_session WHERE id = :session;

-- name: import_epoch_note exec
-- in: int session
UPDATE import_session SET epoch = (SELECT COALESCE(MAX(id), 0) FROM change_set) WHERE id = :session;

-- name: import_epoch one
-- in: int session
-- out: int same
SELECT COALESCE(s.epoch = (SELECT COALESCE(MAX(id), 0) FROM change_set), 0)
FROM import_session s WHERE s.id = :session;

-- Where the outlets lie that are stored already; some are enough.
-- name: import_known_place one
-- out: int n, int lat, int lon
SELECT COUNT(*), CAST(COALESCE(AVG(lat), 0) AS SIGNED), CAST(COALESCE(AVG(lon), 0) AS SIGNED)
FROM (SELECT lat, lon FROM outlet WHERE lat IS NOT NULL AND lon IS NOT NULL ORDER BY id LIMIT 1000) o;

-- The change set of a publication; undone: 0 = not, else by which set; `later` = publications after it.
-- name: import_change_set one
-- in: int session
-- out: int id, opt int undone_by, int later
SELECT c.id, c.undone_by, (SELECT COUNT(*) FROM change_set l WHERE l.id > c.id AND l.kind = 'IMPORT' AND l.undone_by IS NULL)
FROM change_set c WHERE c.import_id = :session AND c.kind = 'IMPORT' ORDER BY c.id DESC LIMIT 1;

-- Units whose snapshots undoing makes stale: those of the outlets it changes, and of those it takes away.
-- name: import_undo_units many
-- in: int set, int session
-- out: int id
SELECT DISTINCT u.id FROM (
  SELECT o.territory_id AS t FROM row_change r JOIN outlet o ON o.id = r.k1 WHERE r.set_id = :set AND r.tbl = 'outlet'
  UNION SELECT o.territory_id FROM row_change r JOIN need n ON n.id = r.k1 JOIN outlet o ON o.id = n.outlet_id WHERE r.set_id = :set AND r.tbl = 'need'
  UNION SELECT o.territory_id FROM outlet o WHERE o.first_seen = :session
  UNION SELECT s.territory_id FROM row_change r JOIN seat s ON s.id = r.k1 WHERE r.set_id = :set AND r.tbl IN ('seat', 'seat_holder', 'seat_partner')
  UNION SELECT o.territory_id FROM row_change r JOIN outlet o ON o.partner_id = r.k1 WHERE r.set_id = :set AND r.tbl = 'partner') x
JOIN territory_closure c ON c.descendant = x.t JOIN territory u ON u.id = c.ancestor AND u.is_unit = 1;

-- name: import_undo_counts many
-- in: int set
-- out: str tbl, str field, int back, int kept
SELECT tbl, field, back, kept FROM undo_count WHERE set_id = :set ORDER BY tbl, field;

-- Outlets of a session that stayed when it was undone.
-- name: import_undo_kept many
-- in: int session, int limit
-- out: int id, str code, str name
SELECT id, code, name FROM outlet WHERE first_seen = :session ORDER BY id LIMIT :limit;

-- Holidays that a set made and no later one touched.
-- name: import_undo_holidays many
-- in: int set
-- out: int territory, date day
SELECT h.territory_id, h.day FROM row_change r JOIN holiday h ON h.territory_id = r.k1 AND h.day = r.k2
WHERE r.set_id = :set AND r.tbl = 'holiday' AND r.field = '+'
  AND NOT EXISTS (SELECT 1 FROM row_change x WHERE x.tbl = r.tbl AND x.k1 = r.k1 AND x.k2 = r.k2 AND x.set_id > r.set_id);

-- Accounts whose dates on which they receive nobody a set changed.
-- name: import_undo_chains many
-- in: int set
-- out: int account
SELECT DISTINCT k1 FROM row_change WHERE set_id = :set AND tbl = 'account_blackout' ORDER BY k1;

-- Did the set change where outlets lie?
-- name: import_placed one
-- in: int set
-- out: int outlets, int seats
SELECT EXISTS (SELECT 1 FROM row_change WHERE set_id = :set AND tbl = 'outlet' AND field IN ('lat', 'lon')),
  EXISTS (SELECT 1 FROM row_change WHERE set_id = :set AND tbl = 'seat' AND field IN ('+', 'lat', 'lon'));

-- Nodes of territory models that staged rows name, where these are of the model's levels.
-- name: import_members many
-- in: int session
-- out: int no, int model, str l2, str l3, str l4, str l5
SELECT r.no, m.id, r.l2, r.l3, r.l4, r.l5 FROM stage_ref r JOIN territory_model m ON m.id > 1 AND m.code = UPPER(r.l1)
WHERE r.session_id = :session AND r.kind = 'MEMBER' AND r.l2 <> '' AND (r.l3 <> '' OR r.l4 = '') AND (r.l4 <> '' OR r.l5 = '')
  AND (r.l3 <> '') + (r.l4 <> '') + (r.l5 <> '') < (SELECT COUNT(*) FROM territory_level l WHERE l.model_id = m.id) ORDER BY r.no;
