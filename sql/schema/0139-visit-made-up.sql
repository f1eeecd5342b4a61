-- SPDX-License-Identifier: GPL-3.0-or-later
-- Visits that a holiday has moved to another day: which day was theirs, so that they go back when it is taken back.
CREATE TABLE IF NOT EXISTS visit_made_up (
  plan_id BIGINT UNSIGNED NOT NULL,
  day DATE NOT NULL COMMENT 'on which it is made',
  need_id BIGINT UNSIGNED NOT NULL,
  for_day DATE NOT NULL COMMENT 'on which it would be',
  PRIMARY KEY (plan_id, for_day, need_id)
) ENGINE=InnoDB;
