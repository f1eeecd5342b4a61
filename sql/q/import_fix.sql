-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of what is remembered of a source, of fixes, edits, profiles and severities.

-- name: import_sources many
-- in: opt str entity, int limit
-- out: int id, str entity, str name, str columns, str mapping, str match_by, time last_used
SELECT id, entity, name, columns, mapping, match_by, last_used FROM import_source WHERE (:entity IS NULL OR entity = :entity)
ORDER BY last_used DESC, id DESC LIMIT :limit;

-- name: import_source_add exec
-- in: str entity, str name, str columns, str mapping, str match
INSERT INTO import_source (entity, name, columns, mapping, match_by, last_used)
VALUES (:entity, LEFT(:name, 255), :columns, :mapping, :match, UTC_TIMESTAMP(3));

-- name: import_source_set exec
-- in: int id, str name, str columns, str mapping, str match
UPDATE import_source SET name = LEFT(:name, 255), columns = :columns, mapping = :mapping, match_by = :match, files = files + 1, last_used = UTC_TIMESTAMP(3) WHERE id = :id;

-- name: import_file_source exec
-- in: int id, opt int source, opt str memory
UPDATE import_file SET source_id = :source, memory = :memory WHERE id = :id;

-- name: import_file_dates exec
-- in: int id, opt str dates
UPDATE import_file SET dates = :dates WHERE id = :id;

-- name: import_file_more one
-- in: int id
-- out: opt int source, opt str memory, opt str dates
SELECT source_id, memory, dates FROM import_file WHERE id = :id;

-- A fix or an edit was made or taken back: the rows must be read again.
-- name: import_file_dirty exec
-- in: int id
UPDATE import_file SET dirty = staged_row > 0 OR dirty, status = 'UPLOADED' WHERE id = :id;

-- name: import_source_dirty exec
-- in: int session, int source
UPDATE import_file SET dirty = staged_row > 0 OR dirty, status = 'UPLOADED' WHERE session_id = :session AND source_id = :source;

-- Fixes that hold for a file: those of its source, and those of the session alone, which go before.
-- name: import_fixes_of many
-- in: opt int source, int session, int limit
-- out: int id, str rule, str col, str kind, str from_value, str to_value
SELECT id, rule, col, kind, from_value, to_value FROM import_fix WHERE source_id = :source AND session_id IN (0, :session)
ORDER BY session_id DESC, id LIMIT :limit;

-- name: import_fix_put exec
-- in: int source, int session, str rule, str col, str kind, str from, str to, int user
INSERT INTO import_fix (source_id, session_id, rule, col, kind, from_value, to_value, created_by, created_at)
VALUES (:source, :session, :rule, :col, :kind, :from, :to, :user, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), kind = VALUES(kind), to_value = VALUES(to_value), created_by = VALUES(created_by),
  created_at = VALUES(created_at);

-- name: import_fix_drop exec
-- in: int id
DELETE FROM import_fix WHERE id = :id;

-- name: import_fix_get one
-- in: int id
-- out: int id, int source, str entity, str source_name, int session, str rule, str col, str kind, str from_value, str to_value, opt str creator, time created_at, int used
SELECT f.id, f.source_id, s.entity, s.name, f.session_id, f.rule, f.col, f.kind, f.from_value, f.to_value, u.name, f.created_at,
  CAST((SELECT COALESCE(SUM(x.n), 0) FROM import_fix_use x WHERE x.fix_id = f.id) AS UNSIGNED)
FROM import_fix f JOIN import_source s ON s.id = f.source_id LEFT JOIN user u ON u.id = f.created_by WHERE f.id = :id;

-- Of all sources, or of those that a session's files are of, with how many rows of its files each mended.
-- name: import_fixes many
-- in: opt int session, int after, int limit
-- out: int id, int source, str entity, str source_name, int session, str rule, str col, str kind, str from_value, str to_value, opt str creator, time created_at, int used
SELECT f.id, f.source_id, s.entity, s.name, f.session_id, f.rule, f.col, f.kind, f.from_value, f.to_value, u.name, f.created_at,
  CAST((SELECT COALESCE(SUM(x.n), 0) FROM import_fix_use x WHERE x.fix_id = f.id
    AND (:session IS NULL OR x.file_id IN (SELECT i.id FROM import_file i WHERE i.session_id = :session))) AS UNSIGNED)
FROM import_fix f JOIN import_source s ON s.id = f.source_id LEFT JOIN user u ON u.id = f.created_by
WHERE f.id > :after AND (f.session_id = 0 OR :session IS NULL OR f.session_id = :session)
  AND (:session IS NULL OR f.source_id IN (SELECT i.source_id FROM import_file i WHERE i.session_id = :session))
ORDER BY f.id LIMIT :limit;

-- name: import_fix_used exec
-- in: int file, int fix, int n
INSERT INTO import_fix_use (file_id, fix_id, n) VALUES (:file, :fix, :n) ON DUPLICATE KEY UPDATE n = n + :n;

-- name: import_issue_value_count exec
-- in: int file, str rule, str col, str value, int session, str suggestion, int n
INSERT INTO import_issue_value (file_id, rule, col, value, session_id, suggestion, n) VALUES (:file, :rule, :col, :value, :session, :suggestion, :n)
ON DUPLICATE KEY UPDATE n = n + :n;

-- name: import_issue_values many
-- in: int session, str rule, str col, int limit
-- out: str value, str suggestion, int n
SELECT value, MIN(suggestion), CAST(SUM(n) AS UNSIGNED) FROM import_issue_value WHERE session_id = :session AND rule = :rule AND col = :col
GROUP BY value ORDER BY SUM(n) DESC, value LIMIT :limit;

-- name: import_edits many
-- in: int file, int limit
-- out: int row_no, str col, str value
SELECT row_no, col, value FROM import_edit WHERE file_id = :file ORDER BY row_no, col LIMIT :limit;

-- name: import_edit_put exec
-- in: int file, int row, str col, str value, int user
INSERT INTO import_edit (file_id, row_no, col, value, edited_by, edited_at) VALUES (:file, :row, :col, :value, :user, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE value = VALUES(value), edited_by = VALUES(edited_by), edited_at = VALUES(edited_at);

-- name: import_edit_drop exec
-- in: int file, int row, str col
DELETE FROM import_edit WHERE file_id = :file AND row_no = :row AND col = :col;

-- name: import_edit_count one
-- in: int file
-- out: int n
SELECT COUNT(*) FROM import_edit WHERE file_id = :file;

-- name: import_profile_put exec
-- in: int file, int col, str profile
INSERT INTO import_profile (file_id, col_no, profile) VALUES (:file, :col, :profile) ON DUPLICATE KEY UPDATE profile = VALUES(profile);

-- name: import_profiles many
-- in: int file
-- out: int col_no, str profile
SELECT col_no, profile FROM import_profile WHERE file_id = :file ORDER BY col_no;

-- name: import_severities many
-- out: str rule, str severity
SELECT rule, severity FROM import_rule;

-- name: import_severity_put exec
-- in: str rule, str severity, int user
INSERT INTO import_rule (rule, severity, changed_by, changed_at) VALUES (:rule, :severity, :user, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE severity = VALUES(severity), changed_by = VALUES(changed_by), changed_at = VALUES(changed_at);

-- name: import_severity_drop exec
-- in: str rule
DELETE FROM import_rule WHERE rule = :rule;

-- Lines of a file with a problem, in order; the grid of bad rows and the previews read them.
-- name: import_bad_lines many
-- in: int file, opt str severity, opt str rule, opt str col, int after, int limit
-- out: int row_no
SELECT DISTINCT row_no FROM import_issue WHERE file_id = :file AND row_no > :after AND (:severity IS NULL OR severity = :severity)
  AND (:rule IS NULL OR rule = :rule) AND (:col IS NULL OR col = :col) ORDER BY row_no LIMIT :limit;

-- name: import_line_issues many
-- in: int file, int from, int to
-- out: int row_no, str col, str rule, str severity, str value, str suggestion
SELECT row_no, col, rule, severity, value, suggestion FROM import_issue WHERE file_id = :file AND row_no BETWEEN :from AND :to ORDER BY row_no, id;

-- Of a fix that the cross check uses: it does so anew each time.
-- name: import_fix_used_now exec
-- in: int session, int fix, int n
INSERT INTO import_fix_use (file_id, fix_id, n)
SELECT MIN(i.id), f.id, :n FROM import_file i JOIN import_fix f ON f.source_id = i.source_id WHERE i.session_id = :session AND f.id = :fix GROUP BY f.id
ON DUPLICATE KEY UPDATE n = :n;

-- name: import_rule_lines many
-- in: int file, str rule, str col, opt str value, int limit
-- out: int row_no, str value, str suggestion
SELECT row_no, MIN(value), MIN(suggestion) FROM import_issue WHERE file_id = :file AND rule = :rule AND col = :col AND (:value IS NULL OR value = :value)
GROUP BY row_no ORDER BY row_no LIMIT :limit;

-- Files of a session that have a cause, with their sources.
-- name: import_cause_files many
-- in: int session, str rule, str col
-- out: int id, str entity, opt int source, int n
SELECT f.id, f.entity, f.source_id, g.n FROM import_issue_group g JOIN import_file f ON f.id = g.file_id
WHERE g.session_id = :session AND g.rule = :rule AND g.col = :col ORDER BY f.id;

-- A fix was taken back: what is open and of its source is to be read again.
-- name: import_fix_undirty exec
-- in: int source
UPDATE import_file f JOIN import_session s ON s.id = f.session_id SET f.dirty = f.staged_row > 0 OR f.dirty, f.status = 'UPLOADED',
  s.status = 'UPLOADING' WHERE f.source_id = :source AND s.status IN ('UPLOADING','READY','FAILED');

-- --- levels of territories in the columns of a file ---

-- name: import_hierarchy_put exec
-- in: int file, str read_as, int rows, int wrong, int n, str counts, str levels, str others, opt str chosen, str dependencies, str exceptions
INSERT INTO import_hierarchy (file_id, read_as, n_rows, wrong_rows, n_exceptions, counts, levels, others, chosen, dependencies, exceptions, made_at)
VALUES (:file, :read_as, :rows, :wrong, :n, :counts, :levels, :others, :chosen, :dependencies, :exceptions, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE read_as = VALUES(read_as), n_rows = VALUES(n_rows), wrong_rows = VALUES(wrong_rows), n_exceptions = VALUES(n_exceptions),
  counts = VALUES(counts), levels = VALUES(levels), others = VALUES(others), chosen = VALUES(chosen), dependencies = VALUES(dependencies), exceptions = VALUES(exceptions), made_at = VALUES(made_at);

-- What was found while the file was read as it is now.
-- name: import_hierarchy_get one
-- in: int file
-- out: int session_id, str name, int rows, int wrong_rows, int n_exceptions, str columns, str counts, str levels, str others, opt str chosen, str dependencies, str exceptions, time made_at
SELECT f.session_id, f.name, h.n_rows, h.wrong_rows, h.n_exceptions, f.columns, h.counts, h.levels, COALESCE(h.others, '[]'), h.chosen, h.dependencies, h.exceptions, h.made_at
FROM import_hierarchy h JOIN import_file f ON f.id = h.file_id
WHERE h.file_id = :file AND h.read_as = CONCAT_WS('|', f.encoding, f.delimiter, f.eol, f.header_row);
