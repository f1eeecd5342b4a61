-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people say of a plan: of a version, of a need in it, of a seat or of a day of a seat.
CREATE TABLE IF NOT EXISTS plan_comment (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  plan_id BIGINT UNSIGNED NOT NULL,
  version_id BIGINT UNSIGNED NOT NULL,
  need_id BIGINT UNSIGNED NULL,
  seat_id BIGINT UNSIGNED NULL,
  day SMALLINT UNSIGNED NULL COMMENT 'cycle day',
  text VARCHAR(1000) NOT NULL,
  user_id BIGINT UNSIGNED NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY plan_id (plan_id, version_id, id)
) ENGINE=InnoDB;
