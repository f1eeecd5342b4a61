-- Who serves what, where the data contradict each other: one row for each need, and for each group of outlets that nobody can serve.

-- Of outlets in a territory and of the plans there. `unit` is where it is found, `other` what does not go with that.
-- name: conflict_each each
-- in: int territory
-- out: str cause, int id, opt int outlet_id, opt str outlet_code, opt str outlet_name, opt str unit, opt str seat, opt str other, int outlets
SELECT 'OTHER_PLAN' AS cause, n.id AS id, o.id AS outlet, o.code, o.name, t.name, MIN(s.code), w.name, 1
FROM territory_closure c JOIN plan p ON p.territory_id = c.descendant JOIN territory t ON t.id = p.territory_id
JOIN plan_stop v ON v.version_id = p.current_version AND (v.to_date IS NULL OR v.to_date >= UTC_DATE())
JOIN need n ON n.id = v.need_id JOIN outlet o ON o.id = n.outlet_id AND o.status <> 'closed' JOIN seat s ON s.id = v.seat_id
LEFT JOIN territory w ON w.id = o.territory_id
WHERE c.ancestor = :territory AND NOT EXISTS (SELECT 1 FROM territory_closure k WHERE k.ancestor = p.territory_id AND k.descendant = o.territory_id)
GROUP BY n.id
UNION ALL SELECT 'OTHER_UNIT', n.id, o.id, o.code, o.name, u.name, s.code, w.name, 1
FROM territory_closure c JOIN outlet_planned o ON o.territory_id = c.descendant JOIN need n ON n.outlet_id = o.id JOIN seat s ON s.id = n.seat_id AND s.active = 1
JOIN territory_closure x ON x.descendant = o.territory_id JOIN territory u ON u.id = x.ancestor AND u.is_unit = 1 LEFT JOIN territory w ON w.id = s.territory_id
WHERE c.ancestor = :territory AND NOT EXISTS (SELECT 1 FROM territory_closure k WHERE k.ancestor = u.id AND k.descendant = s.territory_id)
GROUP BY n.id
UNION ALL SELECT 'OTHER_SEAT', n.id, o.id, o.code, o.name, t.name, s.code, MIN(w.code), 1
FROM territory_closure c JOIN plan p ON p.territory_id = c.descendant JOIN territory t ON t.id = p.territory_id
JOIN plan_stop v ON v.version_id = p.current_version AND (v.to_date IS NULL OR v.to_date >= UTC_DATE())
JOIN need n ON n.id = v.need_id AND n.seat_id <> v.seat_id JOIN outlet o ON o.id = n.outlet_id AND o.status <> 'closed'
JOIN seat s ON s.id = n.seat_id JOIN seat w ON w.id = v.seat_id
WHERE c.ancestor = :territory GROUP BY n.id
UNION ALL SELECT 'OTHER_DISTRIBUTOR', n.id, o.id, o.code, o.name, t.name, s.code, d.name, 1
FROM territory_closure c JOIN territory t ON t.id = c.descendant JOIN outlet_planned o ON o.territory_id = t.id JOIN need n ON n.outlet_id = o.id
JOIN seat s ON s.id = n.seat_id AND s.active = 1 JOIN partner d ON d.id = COALESCE(n.partner_id, o.partner_id)
WHERE c.ancestor = :territory AND EXISTS (SELECT 1 FROM seat_partner x WHERE x.seat_id = s.id)
  AND NOT EXISTS (SELECT 1 FROM seat_partner x WHERE x.seat_id = s.id AND x.partner_id = d.id)
UNION ALL SELECT 'OTHER_CHANNEL', n.id, o.id, o.code, o.name, t.name, s.code, o.channel, 1
FROM territory_closure c JOIN territory t ON t.id = c.descendant JOIN outlet_planned o ON o.territory_id = t.id JOIN need n ON n.outlet_id = o.id
JOIN seat s ON s.id = n.seat_id AND s.active = 1
WHERE c.ancestor = :territory AND (s.channel = 'MT') <> (o.channel = 'MT')
UNION ALL SELECT 'SEAT_ENDED', n.id, o.id, o.code, o.name, t.name, s.code, NULL, 1
FROM territory_closure c JOIN territory t ON t.id = c.descendant JOIN outlet_planned o ON o.territory_id = t.id JOIN need n ON n.outlet_id = o.id
JOIN seat s ON s.id = n.seat_id AND s.active = 0
WHERE c.ancestor = :territory
UNION ALL SELECT 'NO_SEAT', g.id, NULL, NULL, NULL, g.name, NULL, d.name, g.outlets FROM (
  SELECT u.id AS unit, u.name, o.channel = 'MT' AS mt, COALESCE(n.partner_id, o.partner_id) AS partner, MIN(n.id) AS id, COUNT(DISTINCT o.id) AS outlets
  FROM territory_closure c JOIN outlet_planned o ON o.territory_id = c.descendant JOIN need n ON n.outlet_id = o.id
  JOIN territory_closure x ON x.descendant = o.territory_id JOIN territory u ON u.id = x.ancestor AND u.is_unit = 1
  WHERE c.ancestor = :territory GROUP BY u.id, mt, partner) g LEFT JOIN partner d ON d.id = g.partner
WHERE NOT EXISTS (SELECT 1 FROM territory_closure k JOIN seat s ON s.territory_id = k.descendant AND s.active = 1
  WHERE k.ancestor = g.unit AND (s.channel = 'MT') = g.mt AND (g.partner IS NULL OR NOT EXISTS (SELECT 1 FROM seat_partner x WHERE x.seat_id = s.id)
    OR EXISTS (SELECT 1 FROM seat_partner x WHERE x.seat_id = s.id AND x.partner_id = g.partner)))
UNION ALL SELECT 'LISTS_CONTRADICT', o.id, o.id, o.code, o.name, MIN(t.name), NULL, MIN(u.name), 1
FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant JOIN outlet_list x ON x.outlet_id = o.id AND x.list = 'WHITE' AND x.seat_id = 0
JOIN outlet_list y ON y.outlet_id = o.id AND y.list = 'BLACK' AND y.seat_id = 0
JOIN territory_closure k ON k.ancestor = y.territory_id AND k.descendant = x.territory_id JOIN territory t ON t.id = x.territory_id JOIN territory u ON u.id = y.territory_id
WHERE c.ancestor = :territory AND o.status <> 'closed' AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
  AND COALESCE(y.from_date <= UTC_DATE(), 1) AND COALESCE(y.to_date >= UTC_DATE(), 1) GROUP BY o.id
UNION ALL SELECT 'LISTED_TWICE', o.id, o.id, o.code, o.name, MIN(t.name), NULL, MAX(u.name), 1
FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant JOIN outlet_list x ON x.outlet_id = o.id AND x.list = 'WHITE' AND x.seat_id = 0
JOIN outlet_list y ON y.outlet_id = o.id AND y.list = 'WHITE' AND y.seat_id = 0 JOIN territory t ON t.id = x.territory_id JOIN territory u ON u.id = y.territory_id
WHERE c.ancestor = :territory AND o.status <> 'closed' AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
  AND COALESCE(y.from_date <= UTC_DATE(), 1) AND COALESCE(y.to_date >= UTC_DATE(), 1)
  AND NOT EXISTS (SELECT 1 FROM territory_closure k WHERE (k.ancestor = x.territory_id AND k.descendant = y.territory_id)
    OR (k.ancestor = y.territory_id AND k.descendant = x.territory_id)) GROUP BY o.id
UNION ALL SELECT 'LISTED_ELSEWHERE', o.id, o.id, o.code, o.name, w.name, NULL, MIN(t.name), 1
FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant JOIN outlet_list x ON x.outlet_id = o.id AND x.list = 'WHITE' AND x.seat_id = 0
JOIN territory t ON t.id = x.territory_id JOIN territory w ON w.id = o.territory_id
WHERE c.ancestor = :territory AND o.status <> 'closed' AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
  AND NOT EXISTS (SELECT 1 FROM territory_closure k WHERE k.ancestor = x.territory_id AND k.descendant = o.territory_id)
  AND NOT (EXISTS (SELECT 1 FROM outlet_edit e WHERE e.outlet_id = o.id AND e.field = 'territory')
    AND NOT EXISTS (SELECT 1 FROM field_policy f WHERE f.field = 'territory' AND f.wins = 'SOURCE')) GROUP BY o.id
UNION ALL SELECT 'NO_TERRITORY', o.id, o.id, o.code, o.name, NULL, (SELECT MIN(s.code) FROM need n JOIN seat s ON s.id = n.seat_id WHERE n.outlet_id = o.id), d.name, 1
FROM outlet o LEFT JOIN partner d ON d.id = o.partner_id
WHERE o.territory_id IS NULL AND o.status <> 'closed'
  AND (o.partner_id IN (SELECT x.partner_id FROM territory_closure c JOIN outlet x ON x.territory_id = c.descendant WHERE c.ancestor = :territory)
    OR EXISTS (SELECT 1 FROM need n JOIN seat s ON s.id = n.seat_id JOIN territory_closure c ON c.ancestor = :territory AND c.descendant = s.territory_id WHERE n.outlet_id = o.id))
ORDER BY cause, id;

-- What is bound to each seat, counted: needs that ask for the same are one row.
-- name: conflict_bound each
-- in: int territory
-- out: int seat_id, str seat, str seat_channel, opt int seat_place, opt str unit, opt int shift_minutes, opt int work_weekdays, int starts, int territory_id, str channel, int tier, str sales_model, opt int account_id, opt int visits, opt int minutes, int needs
SELECT s.id, s.code, s.channel, s.territory_id, t.name, s.shift_minutes, s.work_weekdays, s.lat IS NOT NULL AND s.lon IS NOT NULL, c.descendant, o.channel, o.tier, o.sales_model, IF(o.channel = 'MT', o.account_id, NULL) AS account, n.visits_per_4w, n.service_minutes, COUNT(*)
FROM territory_closure c JOIN outlet_planned o ON o.territory_id = c.descendant JOIN need n ON n.outlet_id = o.id JOIN seat s ON s.id = n.seat_id AND s.active = 1
LEFT JOIN territory t ON t.id = s.territory_id
WHERE c.ancestor = :territory GROUP BY s.id, c.descendant, o.channel, o.tier, o.sales_model, account, n.visits_per_4w, n.service_minutes ORDER BY s.id;
