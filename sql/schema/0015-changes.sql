-- SPDX-License-Identifier: GPL-3.0-or-later
-- What changed, by which import or person: the origin of values and undo read it.

-- One publication, one edit of a person, or the undoing of either. Ids are in the order in which they took place.
CREATE TABLE IF NOT EXISTS change_set (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind ENUM('IMPORT','EDIT','UNDO') NOT NULL,
  import_id BIGINT UNSIGNED NULL COMMENT 'import session that was published or undone',
  user_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  undone_by BIGINT UNSIGNED NULL COMMENT 'the change set that took it back',
  PRIMARY KEY (id),
  KEY import_id (import_id)
) ENGINE=InnoDB;

-- Values that a change set changed. Field + = the row was made, - = it was removed (and its values follow). Never updated later.
CREATE TABLE IF NOT EXISTS row_change (
  tbl VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  k1 BIGINT UNSIGNED NOT NULL COMMENT 'first column of its key',
  k2 VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT '' COMMENT 'second one, if any',
  set_id BIGINT UNSIGNED NOT NULL,
  field VARCHAR(32) COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'column; of an outlet also words for what other tables say of it',
  old_value TEXT CHARACTER SET utf8mb4 NULL,
  new_value TEXT CHARACTER SET utf8mb4 NULL,
  PRIMARY KEY (tbl, k1, k2, set_id, field),
  KEY set_id (set_id, tbl)
) ENGINE=InnoDB;

-- Tables whose changes are written down while a change set is open (lib/db/journal.c makes their triggers). Conditions speak of
-- t, the row, of @change_import, the import that is being published, and of @undo_set, the set that is being undone, which
-- goes through the tables by `ord`.
CREATE TABLE IF NOT EXISTS journal_table (
  name VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ord INT UNSIGNED NOT NULL,
  k1 VARCHAR(32) CHARACTER SET ascii NOT NULL,
  k2 VARCHAR(80) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'column, or an expression on t that tells rows of one k1 apart',
  skip VARCHAR(200) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'columns that follow from others, separated by commas',
  no_made VARCHAR(200) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'new rows that need no entry: who undoes the set knows them otherwise',
  no_value VARCHAR(200) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'changed rows that need none',
  made_by VARCHAR(32) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'column with the import that made the row: then no entry says so',
  held VARCHAR(2000) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'rows that stay although the set that made them is taken back',
  PRIMARY KEY (name)
) ENGINE=InnoDB;
-- What hangs on an outlet or a seat that the same set made goes with it, or stays with it.
SET @made_seat = 'EXISTS (SELECT 1 FROM row_change y WHERE y.tbl = "seat" AND y.k1 = t.seat_id AND y.set_id = @undo_set AND y.field = "+")
  AND t.seat_id IN (SELECT seat_id FROM plan_stop UNION SELECT seat_id FROM draft_stop UNION SELECT seat_id FROM visit)';
SET @made_outlet = '(SELECT o.first_seen FROM outlet o WHERE o.id = t.outlet_id) = @change_import';
INSERT IGNORE INTO journal_table (ord, name, k1, k2, skip, no_made, no_value, held) VALUES
  (10, 'seat_partner', 'seat_id', 'partner_id', '', '', '', @made_seat),
  (20, 'seat_holder', 'seat_id', 'from_date', '', '', '', @made_seat),
  (30, 'resource', 'id', '', '', '', '', 't.id IN (SELECT resource_id FROM seat_holder)'),
  (40, 'need', 'id', '', '', CONCAT('t.line_id = 1 OR ', @made_outlet), @made_outlet,
    't.id IN (SELECT need_id FROM plan_stop UNION SELECT need_id FROM draft_stop UNION SELECT need_id FROM visit)'),
  (50, 'seat', 'id', '', '', '', '', 't.id IN (SELECT seat_id FROM need WHERE seat_id IS NOT NULL UNION SELECT seat_id FROM plan_stop
    UNION SELECT seat_id FROM draft_stop UNION SELECT seat_id FROM visit UNION SELECT seat_id FROM seat_holder UNION SELECT seat_id FROM seat_partner)'),
  (60, 'outlet', 'id', '', 'rural,updated_at,last_seen', 't.first_seen = @change_import', 't.first_seen = @change_import', ''),
  (70, 'sales_line', 'id', '', '', '', '', 't.id IN (SELECT line_id FROM need)'),
  (80, 'account', 'id', '', '', '', '', 't.id IN (SELECT account_id FROM outlet WHERE account_id IS NOT NULL UNION
    SELECT parent_id FROM account WHERE parent_id IS NOT NULL)'),
  (90, 'partner', 'id', '', 'updated_at', '', '', 't.id IN (SELECT partner_id FROM outlet WHERE partner_id IS NOT NULL UNION
    SELECT partner_id FROM need WHERE partner_id IS NOT NULL UNION SELECT partner_id FROM seat_partner)'),
  (100, 'territory', 'id', '', 'is_unit', '', '', 't.id IN (SELECT territory_id FROM outlet WHERE territory_id IS NOT NULL UNION
    SELECT territory_id FROM seat WHERE territory_id IS NOT NULL UNION SELECT parent_id FROM territory WHERE parent_id IS NOT NULL UNION
    SELECT territory_id FROM plan UNION SELECT territory_id FROM plan_lock UNION SELECT territory_id FROM user_scope UNION
    SELECT territory_id FROM holiday UNION SELECT territory_id FROM plan_profile)');

INSERT IGNORE INTO journal_table (ord, name, k1, k2, made_by, held) VALUES
  (1, 'invoice_line', 'invoice_id', 't.item', 'import_id', ''),
  (2, 'invoice', 'id', '', 'import_id', 't.id IN (SELECT invoice_id FROM invoice_line)'),
  (3, 'product', 'id', '', '', 't.id IN (SELECT product_id FROM invoice_line)'),
  (4, 'sales_fact', 'outlet_id', 'CONCAT_WS(0x2c, t.period, t.grain, t.line_id)', 'import_id', ''),
  (7, 'holiday', 'territory_id', 'day', '', ''),
  (8, 'tier', 'rank', '', '', '');
INSERT IGNORE INTO journal_table (ord, name, k1, no_made) VALUES (5, 'outlet_list', 'id', @made_outlet), (6, 'time_window', 'id', @made_outlet);
INSERT IGNORE INTO journal_table (ord, name, k1, k2, skip) VALUES (9, 'plan_profile', 'territory_id', 'channel', 'updated_at,updated_by');
ALTER TABLE invoice_line ADD COLUMN IF NOT EXISTS import_id BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'import session that brought it';

-- What taking a set back put back, and what stayed because somebody changed it since.
CREATE TABLE IF NOT EXISTS undo_count (
  set_id BIGINT UNSIGNED NOT NULL,
  tbl VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  field VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT '+ = rows it made, - = rows it removed',
  back INT UNSIGNED NOT NULL,
  kept INT UNSIGNED NOT NULL,
  PRIMARY KEY (set_id, tbl, field)
) ENGINE=InnoDB;

-- Imports until now wrote a log of their own, with names in place of keys: good to read, not to undo.
INSERT INTO change_set (kind, import_id, user_id, at)
SELECT 'IMPORT', id, created_by, completed_at FROM import_session WHERE status = 'COMPLETED' ORDER BY completed_at, id;
INSERT INTO row_change (tbl, k1, set_id, field, old_value, new_value)
SELECT 'was', c.outlet_id, s.id, c.field, c.old_value, c.new_value FROM outlet_change c JOIN change_set s ON s.import_id = c.import_id;
DROP TABLE outlet_change;

ALTER TABLE import_session MODIFY status ENUM('UPLOADING','VALIDATING','READY','PROCESSING','COMPLETED','FAILED','CANCELLED','UNDOING','UNDONE')
  NOT NULL DEFAULT 'UPLOADING';
ALTER TABLE plan_version ADD COLUMN IF NOT EXISTS import_id BIGINT UNSIGNED NULL COMMENT 'import session that brought it';
ALTER TABLE plan_version ADD KEY IF NOT EXISTS import_id (import_id);
UPDATE plan_version SET import_id = CAST(SUBSTRING(notes, 21) AS UNSIGNED) WHERE kind = 'IMPORT' AND notes LIKE 'imported by session %';
