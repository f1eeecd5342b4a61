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
UPDATE import_session SET status = :to, error_code = NULL, error_detail = NULL,
  completed_at = IF(:to IN ('COMPLETED','CANCELLED'), UTC_TIMESTAMP(3), NULL)
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
-- out: int id, int session_id, str name, int bytes, str entity, str encoding, str delimiter, str eol, int header_row, str columns, str mapping, int rows_guess, str status, int dirty, int staged_row, int n_read, int n_rejected, int n_refused, int n_duplicate, int n_warnings, int n_inserted, int n_updated, int n_unchanged
SELECT id, session_id, name, bytes, entity, encoding, delimiter, eol, header_row, columns, mapping, rows_guess, status, dirty,
  staged_row, n_read, n_rejected, n_refused, n_duplicate, n_warnings, n_inserted, n_updated, n_unchanged
FROM import_file WHERE id = :id;

-- name: import_files many
-- in: int session
-- out: int id, int session_id, str name, int bytes, str entity, str encoding, str delimiter, str eol, int header_row, str columns, str mapping, int rows_guess, str status, int dirty, int staged_row, int n_read, int n_rejected, int n_refused, int n_duplicate, int n_warnings, int n_inserted, int n_updated, int n_unchanged
SELECT id, session_id, name, bytes, entity, encoding, delimiter, eol, header_row, columns, mapping, rows_guess, status, dirty,
  staged_row, n_read, n_rejected, n_refused, n_duplicate, n_warnings, n_inserted, n_updated, n_unchanged
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
-- in: int session, opt int file, opt str severity, opt str rule, int after, int limit
-- out: int id, int file_id, int row_no, str col, str rule, str severity, str value, str suggestion
SELECT id, file_id, row_no, col, rule, severity, value, suggestion FROM import_issue
WHERE session_id = :session AND id > :after AND (:file IS NULL OR file_id = :file) AND (:severity IS NULL OR severity = :severity)
  AND (:rule IS NULL OR rule = :rule)
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
SELECT file_id, CAST(SUM(bad = 1) AS UNSIGNED), CAST(SUM(bad = 2) AS UNSIGNED) FROM (
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
