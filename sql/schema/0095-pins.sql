-- SPDX-License-Identifier: GPL-3.0-or-later
-- Pins: what a planner wants the optimiser to keep of a need's visits, with the draft and with each version. `hold` is the sum of
-- 1 = the person and 2 = the days; a draft's row of 0 was unpinned.
CREATE TABLE IF NOT EXISTS plan_pin (
  version_id BIGINT UNSIGNED NOT NULL,
  need_id BIGINT UNSIGNED NOT NULL,
  hold TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (version_id, need_id)
) ENGINE=InnoDB;
CREATE TABLE IF NOT EXISTS draft_pin (
  session_id BIGINT UNSIGNED NOT NULL,
  need_id BIGINT UNSIGNED NOT NULL,
  hold TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (session_id, need_id)
) ENGINE=InnoDB;
