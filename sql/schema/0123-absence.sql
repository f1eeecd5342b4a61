-- SPDX-License-Identifier: GPL-3.0-or-later
-- When the person of a seat is away. Absences of one seat do not overlap. The standing plan stays as it is: the visit list leaves the
-- dates out, unless somebody stands in.
CREATE TABLE IF NOT EXISTS seat_absence (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  seat_id BIGINT UNSIGNED NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE NULL COMMENT 'the last day; NULL = until further notice',
  kind ENUM('LEAVE','SICK','TRAINING','VACANT','OTHER') NOT NULL,
  relief VARCHAR(120) NOT NULL DEFAULT '' COMMENT 'who stands in; empty = nobody visits',
  note VARCHAR(300) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY seat_from (seat_id, from_date)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS stage_absences (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  seat VARCHAR(64) NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE NULL,
  kind VARCHAR(8) NULL,
  relief VARCHAR(120) NULL,
  note VARCHAR(300) NULL,
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, seat, from_date, bad)
) ENGINE=InnoDB;

-- An import of them can be taken back; a seat that an import made stays while somebody has said when it is away.
INSERT IGNORE INTO journal_table (ord, name, k1, k2) VALUES (15, 'seat_absence', 'seat_id', 'id');
UPDATE journal_table SET held = REPLACE(held, 'SELECT seat_id FROM seat_partner)', 'SELECT seat_id FROM seat_partner UNION SELECT seat_id FROM seat_absence)')
WHERE name = 'seat';
