-- SPDX-License-Identifier: GPL-3.0-or-later
-- A draft has a cycle of its own, that of the version it was last made equal to; a plan has that of its committed version.
-- NULL = that of the plan, which only programs of before write.
ALTER TABLE planning_session ADD COLUMN IF NOT EXISTS anchor DATE NULL COMMENT 'date of cycle day 0',
  ADD COLUMN IF NOT EXISTS weeks TINYINT UNSIGNED NULL COMMENT 'of the cycle';
UPDATE plan p JOIN plan_version v ON v.id = p.current_version SET p.anchor = v.anchor, p.weeks = v.weeks;
UPDATE planning_session s JOIN plan p ON p.id = s.plan_id LEFT JOIN plan_version v ON v.id = s.base_version
SET s.anchor = COALESCE(v.anchor, p.anchor), s.weeks = COALESCE(v.weeks, p.weeks) WHERE s.anchor IS NULL;
