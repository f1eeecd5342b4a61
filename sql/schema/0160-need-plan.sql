-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whose visit list has the visits of a need: each plan that was ever in force with it, and until when.
CREATE TABLE IF NOT EXISTS need_plan (
  need_id BIGINT UNSIGNED NOT NULL,
  plan_id BIGINT UNSIGNED NOT NULL,
  until DATE NULL COMMENT 'from this day on its visits are those of the plan of the unit where its outlet lies now; NULL = they are of this one',
  PRIMARY KEY (need_id, plan_id),
  KEY plan_id (plan_id, until),
  KEY until (until)
) ENGINE=InnoDB;

INSERT IGNORE INTO need_plan (need_id, plan_id)
SELECT DISTINCT s.need_id, p.id FROM plan p JOIN plan_stop s ON s.version_id = p.current_version;
-- Where two visit one until now, it is the unit's where the outlet lies.
UPDATE need_plan x JOIN need_plan y ON y.need_id = x.need_id AND y.plan_id <> x.plan_id JOIN need n ON n.id = y.need_id JOIN outlet o ON o.id = n.outlet_id
JOIN plan p ON p.id = y.plan_id AND p.channel = IF(o.channel = 'MT', 'MT', 'GT')
JOIN territory_closure c ON c.ancestor = p.territory_id AND c.descendant = o.territory_id SET x.until = UTC_DATE();
DELETE v FROM need_plan x STRAIGHT_JOIN visit v ON v.plan_id = x.plan_id AND v.day >= x.until AND v.need_id = x.need_id WHERE x.until IS NOT NULL;
