-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of the outlets, partners and seats resources.

-- name: partner_by_code one
-- in: str code
-- out: int id, str name
SELECT id, name FROM partner WHERE kind = 'DT' AND code = :code;

-- The outlets of the whole world.
-- name: outlet_list_world many
-- in: opt str channel, opt int tier, opt int partner, opt str status, opt int missing, int after, int limit
-- out: int id, str code, str name, str address, str city, str postcode, opt int lat, opt int lon, str channel, int tier, str status, opt int territory_id, opt str territory, opt str partner, opt str account, num sales_volume, opt int visits
SELECT o.id, o.code, o.name, o.address, o.city, o.postcode, o.lat, o.lon, o.channel, o.tier, o.status, o.territory_id, t.name, p.name,
  a.name, o.sales_volume, (SELECT n.visits_per_4w FROM need n WHERE n.outlet_id = o.id ORDER BY n.line_id LIMIT 1)
FROM outlet o LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN partner p ON p.id = o.partner_id LEFT JOIN account a ON a.id = o.account_id
WHERE o.id > :after
  AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR o.tier = :tier) AND (:partner IS NULL OR o.partner_id = :partner)
  AND (:status IS NULL OR o.status = :status) AND (:missing IS NULL OR o.lat IS NULL)
ORDER BY o.id LIMIT :limit;

-- The outlets of a territory, or of all scopes of a user.
-- name: outlet_list_in many
-- in: opt int territory, int user, opt str channel, opt int tier, opt int partner, opt str status, opt int missing, int after, int limit
-- out: int id, str code, str name, str address, str city, str postcode, opt int lat, opt int lon, str channel, int tier, str status, opt int territory_id, opt str territory, opt str partner, opt str account, num sales_volume, opt int visits
SELECT o.id, o.code, o.name, o.address, o.city, o.postcode, o.lat, o.lon, o.channel, o.tier, o.status, o.territory_id, t.name, p.name,
  a.name, o.sales_volume, (SELECT n.visits_per_4w FROM need n WHERE n.outlet_id = o.id ORDER BY n.line_id LIMIT 1)
FROM (SELECT DISTINCT c.descendant FROM territory_closure c
  WHERE c.ancestor = :territory OR (:territory IS NULL AND c.ancestor IN (SELECT u.territory_id FROM user_scope u WHERE u.user_id = :user))) d
JOIN outlet o ON o.territory_id = d.descendant LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN partner p ON p.id = o.partner_id LEFT JOIN account a ON a.id = o.account_id
WHERE o.id > :after
  AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR o.tier = :tier) AND (:partner IS NULL OR o.partner_id = :partner)
  AND (:status IS NULL OR o.status = :status) AND (:missing IS NULL OR o.lat IS NULL)
ORDER BY o.id LIMIT :limit;

-- The outlets that a search finds: by the beginning of the code, or by words of name, address and city.
-- name: outlet_search many
-- in: str code, opt str words, opt int territory, int user, int world, opt str channel, opt int tier, opt int partner, opt str status, opt int missing, int after, int limit
-- out: int id, str code, str name, str address, str city, str postcode, opt int lat, opt int lon, str channel, int tier, str status, opt int territory_id, opt str territory, opt str partner, opt str account, num sales_volume, opt int visits
SELECT o.id, o.code, o.name, o.address, o.city, o.postcode, o.lat, o.lon, o.channel, o.tier, o.status, o.territory_id, t.name, p.name,
  a.name, o.sales_volume, (SELECT n.visits_per_4w FROM need n WHERE n.outlet_id = o.id ORDER BY n.line_id LIMIT 1)
FROM (SELECT x.id FROM outlet x WHERE x.code BETWEEN :code AND CONCAT(:code, _utf8mb4 X'F48FBFBF')
  UNION SELECT x.id FROM outlet x WHERE MATCH (x.name, x.address, x.city) AGAINST (:words IN BOOLEAN MODE)) m
JOIN outlet o ON o.id = m.id LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN partner p ON p.id = o.partner_id LEFT JOIN account a ON a.id = o.account_id
WHERE o.id > :after
  AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR o.tier = :tier) AND (:partner IS NULL OR o.partner_id = :partner)
  AND (:status IS NULL OR o.status = :status) AND (:missing IS NULL OR o.lat IS NULL)
  AND (:territory IS NULL OR EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = :territory AND c.descendant = o.territory_id))
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
    WHERE c.descendant = o.territory_id AND u.user_id = :user))
ORDER BY o.id LIMIT :limit;

-- name: outlet_get one
-- in: int id
-- out: int id, str code, str name, str address, str city, str postcode, opt int lat, opt int lon, str channel, int tier, str status, opt int territory_id, opt str territory, opt str partner, opt str account, num sales_volume, opt int visits, str phone, str sales_model, str fulfilment, int merchandising, str owner, str email, str tax_no, opt date since, opt int first_seen, opt int last_seen, int closed_days, int volume_from_sales
SELECT o.id, o.code, o.name, o.address, o.city, o.postcode, o.lat, o.lon, o.channel, o.tier, o.status, o.territory_id, t.name, p.name,
  a.name, o.sales_volume, (SELECT n.visits_per_4w FROM need n WHERE n.outlet_id = o.id ORDER BY n.line_id LIMIT 1), o.phone, o.sales_model,
  o.fulfilment, o.merchandising, o.owner, o.email, o.tax_no, o.since, o.first_seen, o.last_seen, o.closed_days,
  o.volume_from_sales
FROM outlet o LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN partner p ON p.id = o.partner_id LEFT JOIN account a ON a.id = o.account_id
WHERE o.id = :id;

-- name: outlet_needs many
-- in: int outlet
-- out: int id, str line, opt int visits, opt int minutes, opt str partner, opt str seat, opt num value, int mandatory
SELECT n.id, l.code, n.visits_per_4w, n.service_minutes, p.name, s.code, n.value, n.mandatory FROM need n JOIN sales_line l ON l.id = n.line_id
LEFT JOIN partner p ON p.id = n.partner_id LEFT JOIN seat s ON s.id = n.seat_id WHERE n.outlet_id = :outlet ORDER BY n.line_id;

-- The next dates of a need in the committed plan of its unit.
-- name: outlet_need_days many
-- in: int need, int limit
-- out: date day, str seat
SELECT v.day, s.code FROM need n JOIN outlet o ON o.id = n.outlet_id JOIN territory_closure c ON c.descendant = o.territory_id
JOIN plan p ON p.territory_id = c.ancestor JOIN visit v ON v.plan_id = p.id AND v.day >= UTC_DATE() AND v.need_id = n.id
JOIN seat s ON s.id = v.seat_id WHERE n.id = :need ORDER BY v.day LIMIT :limit;

-- name: outlet_changes many
-- in: int outlet, int limit
-- out: time at, str kind, opt int import_id, opt str person, str reason, str field, opt str old_value, opt str new_value
SELECT s.at, s.kind, s.import_id, u.name, s.reason,
  CASE r.field WHEN 'territory_id' THEN 'territory' WHEN 'account_id' THEN 'account' WHEN 'partner_id' THEN 'distributor'
    WHEN 'visits_per_4w' THEN 'frequency' WHEN 'seat_id' THEN 'seat' WHEN 'lat' THEN 'latitude' WHEN 'lon' THEN 'longitude' ELSE r.field END,
  CASE r.field WHEN 'territory_id' THEN (SELECT t.name FROM territory t WHERE t.id = r.old_value)
    WHEN 'account_id' THEN (SELECT a.code FROM account a WHERE a.id = r.old_value)
    WHEN 'partner_id' THEN (SELECT p.code FROM partner p WHERE p.id = r.old_value)
    WHEN 'seat_id' THEN (SELECT e.code FROM seat e WHERE e.id = r.old_value)
    WHEN 'lat' THEN r.old_value / 1000000 WHEN 'lon' THEN r.old_value / 1000000 ELSE LEFT(r.old_value, 300) END,
  CASE r.field WHEN 'territory_id' THEN (SELECT t.name FROM territory t WHERE t.id = r.new_value)
    WHEN 'account_id' THEN (SELECT a.code FROM account a WHERE a.id = r.new_value)
    WHEN 'partner_id' THEN (SELECT p.code FROM partner p WHERE p.id = r.new_value)
    WHEN 'seat_id' THEN (SELECT e.code FROM seat e WHERE e.id = r.new_value)
    WHEN 'lat' THEN r.new_value / 1000000 WHEN 'lon' THEN r.new_value / 1000000 ELSE LEFT(r.new_value, 300) END
FROM (SELECT x.set_id, x.field, x.old_value, x.new_value FROM row_change x WHERE x.tbl IN ('outlet', 'was') AND x.k1 = :outlet
    AND x.field NOT IN ('+', '-')
  UNION ALL SELECT x.set_id, x.field, x.old_value, x.new_value FROM need n STRAIGHT_JOIN row_change x ON x.tbl = 'need' AND x.k1 = n.id
    WHERE n.outlet_id = :outlet AND n.line_id = 1 AND x.field NOT IN ('+', '-', 'partner_id')) r
JOIN change_set s ON s.id = r.set_id LEFT JOIN user u ON u.id = s.user_id
ORDER BY s.id DESC, 6 LIMIT :limit;

-- name: partner_list many
-- in: int user, int world, opt str q, int after, int limit
-- out: int id, str code, str name, opt int lat, opt int lon, int outlets, str address, str city, str postcode, str phone, str email, str tax_no
SELECT p.id, p.code, p.name, p.lat, p.lon, (SELECT COUNT(*) FROM outlet o WHERE o.partner_id = p.id), p.address, p.city, p.postcode, p.phone, p.email,
  p.tax_no
FROM partner p WHERE p.id > :after AND p.kind = 'DT' AND (:q IS NULL OR LOCATE(:q, p.code) = 1 OR LOCATE(:q, p.name))
  AND (:world = 1 OR EXISTS (SELECT 1 FROM outlet o JOIN territory_closure c ON c.descendant = o.territory_id
    JOIN user_scope u ON u.territory_id = c.ancestor WHERE o.partner_id = p.id AND u.user_id = :user))
ORDER BY p.id LIMIT :limit;

-- name: outlet_ids many
-- in: int limit
-- out: int id
SELECT id FROM outlet ORDER BY id LIMIT :limit;

-- A user that the benchmark made; nothing refers to one that only read.
-- name: user_delete exec
-- in: int id
DELETE FROM user WHERE id = :id;

-- name: outlet_any one
-- out: int id
SELECT id FROM outlet LIMIT 1;
