-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/db/journal.c.

-- name: journal_tables many
-- out: str name, str k1, str k2, str skip, str no_made, str no_value, str made_by, str held
SELECT name, k1, k2, skip, no_made, no_value, made_by, held FROM journal_table ORDER BY ord;

-- name: journal_columns many
-- in: str table
-- out: str name, int is_text
SELECT column_name, data_type IN ('varchar', 'char', 'text', 'mediumtext', 'longtext', 'enum') FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = :table ORDER BY ordinal_position;

-- name: journal_open exec
-- in: str kind, opt int import, int user, str reason
INSERT INTO change_set (kind, import_id, user_id, at, reason) VALUES (:kind, :import, :user, UTC_TIMESTAMP(3), LEFT(:reason, 500));

-- name: journal_fields many
-- in: int set, str table
-- out: str field
SELECT DISTINCT field FROM row_change WHERE set_id = :set AND tbl = :table ORDER BY field;

-- name: journal_undone exec
-- in: int set, int by
UPDATE change_set SET undone_by = :by WHERE id = :set AND undone_by IS NULL;
