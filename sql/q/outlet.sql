-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of the outlets, partners and seats resources.

-- name: partner_by_code one
-- in: str code
-- out: int id, str name
SELECT id, name FROM partner WHERE kind = 'DT' AND code = :code;

-- The outlets of the whole world.
-- name: outlet_list_world many
-- in: opt str channel, opt int tier, opt int partner, opt str status, opt str missing, int after, int limit
-- out: int id, str code, str name, str address, str city, str postcode, opt int lat, opt int lon, str channel, int tier, str status, opt int territory_id, opt str territory, opt str partner, opt str account, num sales_volume, opt int visits
SELECT o.id, o.code, o.name, o.address, o.city, o.postcode, o.lat, o.lon, o.channel, o.tier, o.status, o.territory_id, t.name, p.name,
  a.name, o.sales_volume, (SELECT n.visits_per_4w FROM need n WHERE n.outlet_id = o.id ORDER BY n.line_id LIMIT 1)
FROM outlet o LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN partner p ON p.id = o.partner_id LEFT JOIN account a ON a.id = o.account_id
WHERE o.id > :after
  AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR o.tier = :tier) AND (:partner IS NULL OR o.partner_id = :partner)
  AND (:status IS NULL OR o.status = :status) AND (:missing IS NULL OR (:missing = 'coordinates' AND o.lat IS NULL) OR (:missing <> 'coordinates' AND o.status <> 'closed'
    AND IF(:missing = 'territory', o.territory_id IS NULL, COALESCE(o.territory_id, 0) NOT IN (SELECT k.descendant FROM territory_closure k JOIN territory h ON h.id = k.ancestor AND h.is_unit = 1))))
ORDER BY o.id LIMIT :limit;

-- The outlets of a territory, or of all scopes of a user.
-- name: outlet_list_in many
-- in: opt int territory, int user, opt str channel, opt int tier, opt int partner, opt str status, opt str missing, int after, int limit
-- out: int id, str code, str name, str address, str city, str postcode, opt int lat, opt int lon, str channel, int tier, str status, opt int territory_id, opt str territory, opt str partner, opt str account, num sales_volume, opt int visits
SELECT o.id, o.code, o.name, o.address, o.city, o.postcode, o.lat, o.lon, o.channel, o.tier, o.status, o.territory_id, t.name, p.name,
  a.name, o.sales_volume, (SELECT n.visits_per_4w FROM need n WHERE n.outlet_id = o.id ORDER BY n.line_id LIMIT 1)
FROM (SELECT DISTINCT c.descendant FROM territory_closure c
  WHERE c.ancestor = :territory OR (:territory IS NULL AND c.ancestor IN (SELECT u.territory_id FROM user_scope u WHERE u.user_id = :user))) d
JOIN outlet o ON o.territory_id = d.descendant LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN partner p ON p.id = o.partner_id LEFT JOIN account a ON a.id = o.account_id
WHERE o.id > :after
  AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR o.tier = :tier) AND (:partner IS NULL OR o.partner_id = :partner)
  AND (:status IS NULL OR o.status = :status) AND (:missing IS NULL OR (:missing = 'coordinates' AND o.lat IS NULL) OR (:missing <> 'coordinates' AND o.status <> 'closed'
    AND IF(:missing = 'territory', o.territory_id IS NULL, COALESCE(o.territory_id, 0) NOT IN (SELECT k.descendant FROM territory_closure k JOIN territory h ON h.id = k.ancestor AND h.is_unit = 1))))
ORDER BY o.id LIMIT :limit;

-- The outlets of a territory in a model beside the sales geography.
-- name: outlet_list_member many
-- in: int territory, int user, int world, opt str channel, opt int tier, opt int partner, opt str status, opt str missing, int after, int limit
-- out: int id, str code, str name, str address, str city, str postcode, opt int lat, opt int lon, str channel, int tier, str status, opt int territory_id, opt str territory, opt str partner, opt str account, num sales_volume, opt int visits
SELECT o.id, o.code, o.name, o.address, o.city, o.postcode, o.lat, o.lon, o.channel, o.tier, o.status, o.territory_id, t.name, p.name,
  a.name, o.sales_volume, (SELECT n.visits_per_4w FROM need n WHERE n.outlet_id = o.id ORDER BY n.line_id LIMIT 1)
FROM (SELECT x.outlet_id FROM territory_closure c JOIN outlet_territory x ON x.territory_id = c.descendant AND x.outlet_id > :after WHERE c.ancestor = :territory) d
JOIN outlet o ON o.id = d.outlet_id LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN partner p ON p.id = o.partner_id LEFT JOIN account a ON a.id = o.account_id
WHERE (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR o.tier = :tier) AND (:partner IS NULL OR o.partner_id = :partner)
  AND (:status IS NULL OR o.status = :status) AND (:missing IS NULL OR (:missing = 'coordinates' AND o.lat IS NULL) OR (:missing <> 'coordinates' AND o.status <> 'closed'
    AND IF(:missing = 'territory', o.territory_id IS NULL, COALESCE(o.territory_id, 0) NOT IN (SELECT k.descendant FROM territory_closure k JOIN territory h ON h.id = k.ancestor AND h.is_unit = 1))))
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure k JOIN user_scope u ON u.territory_id = k.ancestor
    WHERE k.descendant = o.territory_id AND u.user_id = :user))
ORDER BY o.id LIMIT :limit;

-- The outlets that a search finds: by the beginning of the code, or by words of name, address and city.
-- name: outlet_search many
-- in: str code, opt str words, opt int territory, int user, int world, opt str channel, opt int tier, opt int partner, opt str status, opt str missing, int after, int limit
-- out: int id, str code, str name, str address, str city, str postcode, opt int lat, opt int lon, str channel, int tier, str status, opt int territory_id, opt str territory, opt str partner, opt str account, num sales_volume, opt int visits
SELECT o.id, o.code, o.name, o.address, o.city, o.postcode, o.lat, o.lon, o.channel, o.tier, o.status, o.territory_id, t.name, p.name,
  a.name, o.sales_volume, (SELECT n.visits_per_4w FROM need n WHERE n.outlet_id = o.id ORDER BY n.line_id LIMIT 1)
FROM (SELECT x.id FROM outlet x WHERE x.code BETWEEN :code AND CONCAT(:code, _utf8mb4 X'F48FBFBF')
  UNION SELECT x.outlet_id FROM outlet_words x WHERE MATCH (x.words) AGAINST (:words IN BOOLEAN MODE)) m
JOIN outlet o ON o.id = m.id LEFT JOIN territory t ON t.id = o.territory_id LEFT JOIN partner p ON p.id = o.partner_id LEFT JOIN account a ON a.id = o.account_id
WHERE o.id > :after
  AND (:channel IS NULL OR o.channel = :channel) AND (:tier IS NULL OR o.tier = :tier) AND (:partner IS NULL OR o.partner_id = :partner)
  AND (:status IS NULL OR o.status = :status) AND (:missing IS NULL OR (:missing = 'coordinates' AND o.lat IS NULL) OR (:missing <> 'coordinates' AND o.status <> 'closed'
    AND IF(:missing = 'territory', o.territory_id IS NULL, COALESCE(o.territory_id, 0) NOT IN (SELECT k.descendant FROM territory_closure k JOIN territory h ON h.id = k.ancestor AND h.is_unit = 1))))
  AND (:territory IS NULL OR EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = :territory AND c.descendant = o.territory_id)
    OR EXISTS (SELECT 1 FROM outlet_territory y JOIN territory_closure c ON c.descendant = y.territory_id WHERE y.outlet_id = o.id AND c.ancestor = :territory))
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
    WHERE c.descendant = o.territory_id AND u.user_id = :user))
ORDER BY o.id LIMIT :limit;

-- What people may say of an outlet, as text (lib/intake/overlay.def), for one who changes it.
-- name: outlet_overlay_get one
-- in: int id
-- out: str code, str name, str address, str city, str postcode, str phone, str owner, str email, str tax_no, str channel, str tier, str status, str sales_model, str fulfilment, str merchandising, str closed_days, opt str frequency, opt str service_minutes, opt str position, opt int territory_id
SELECT o.code, o.name, o.address, o.city, o.postcode, o.phone, o.owner, o.email, o.tax_no, o.channel, CAST(o.tier AS CHAR), o.status, o.sales_model,
  o.fulfilment, CAST(o.merchandising AS CHAR), CAST(o.closed_days AS CHAR), CAST(n.visits_per_4w AS CHAR), CAST(n.service_minutes AS CHAR),
  CONCAT(o.lat, ',', o.lon), o.territory_id
FROM outlet o LEFT JOIN need n ON n.outlet_id = o.id AND n.line_id = 1 WHERE o.id = :id FOR UPDATE;

-- name: outlet_overlay_put exec
-- in: int id, str name, str address, str city, str postcode, str phone, str owner, str email, str tax_no, str channel, str tier, str status, str sales_model, str fulfilment, str merchandising, str closed_days, opt str position
UPDATE outlet SET name = :name, address = :address, city = :city, postcode = :postcode, phone = :phone, owner = :owner, email = :email,
  tax_no = :tax_no, channel = :channel, tier = :tier, status = :status, sales_model = :sales_model, fulfilment = :fulfilment,
  merchandising = :merchandising, closed_days = :closed_days, lat = SUBSTRING_INDEX(:position, ',', 1),
  lon = SUBSTRING_INDEX(:position, ',', -1), updated_at = UTC_TIMESTAMP(3) WHERE id = :id;

-- name: outlet_overlay_put_need exec
-- in: int outlet, opt str frequency, opt str service_minutes
INSERT INTO need (outlet_id, line_id, visits_per_4w, service_minutes) VALUES (:outlet, 1, :frequency, :service_minutes)
ON DUPLICATE KEY UPDATE visits_per_4w = VALUES(visits_per_4w), service_minutes = VALUES(service_minutes);

-- name: outlet_edits many
-- in: int outlet
-- out: str field, opt str source_value, opt str person, time at
SELECT e.field, e.source_value, u.name, e.at FROM outlet_edit e LEFT JOIN user u ON u.id = e.user_id WHERE e.outlet_id = :outlet ORDER BY e.field;

-- name: outlet_edit_put exec
-- in: int outlet, str field, opt str source, int user
INSERT INTO outlet_edit (outlet_id, field, source_value, user_id, at) VALUES (:outlet, :field, :source, :user, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE user_id = VALUES(user_id), at = VALUES(at);

-- name: outlet_edit_end exec
-- in: int outlet, str field
DELETE FROM outlet_edit WHERE outlet_id = :outlet AND field = :field;

-- The units that an outlet is planned in.
-- name: outlet_units many
-- in: int outlet
-- out: int id
SELECT u.id FROM outlet o JOIN territory_closure c ON c.descendant = o.territory_id JOIN territory u ON u.id = c.ancestor AND u.is_unit = 1
WHERE o.id = :outlet;

-- Which fields have a policy of their own, and how many outlets a value of a person.
-- name: field_policies many
-- out: str field, opt str wins, int edits
SELECT f.field, (SELECT p.wins FROM field_policy p WHERE p.field = f.field), (SELECT COUNT(*) FROM outlet_edit e WHERE e.field = f.field)
FROM (SELECT field FROM field_policy UNION SELECT DISTINCT field FROM outlet_edit) f;

-- name: field_policy_put exec
-- in: str field, str wins
INSERT INTO field_policy (field, wins) VALUES (:field, :wins) ON DUPLICATE KEY UPDATE wins = VALUES(wins);

-- The next outlets whose words are looked at.
-- name: outlet_words_part one
-- in: int after, int limit
-- out: int n, int last
SELECT COUNT(*), COALESCE(MAX(x.id), 0) FROM (SELECT o.id FROM outlet o WHERE o.id > :after ORDER BY o.id LIMIT :limit) x;

-- name: outlet_words_gone exec
-- in: int after, int upto
DELETE w FROM outlet_words w LEFT JOIN outlet o ON o.id = w.outlet_id WHERE w.outlet_id > :after AND w.outlet_id <= :upto AND o.id IS NULL;

-- name: outlet_words_follow exec
-- in: int after, int upto
INSERT INTO outlet_words (outlet_id, words) SELECT o.id, CONCAT_WS(' ', o.name, o.address, o.city) FROM outlet o
LEFT JOIN outlet_words w ON w.outlet_id = o.id WHERE o.id > :after AND o.id <= :upto
  AND (w.words IS NULL OR BINARY w.words <> BINARY CONCAT_WS(' ', o.name, o.address, o.city))
ON DUPLICATE KEY UPDATE words = VALUES(words);

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

-- The next dates of a need in the plan that visits it: of the unit where it lies, or where it lay until that one's has it. By the need's own
-- index: by the primary key it is all visits of a plan.
-- name: outlet_need_days many
-- in: int need, int limit
-- out: date day, str seat
SELECT v.day, s.code FROM need_plan g STRAIGHT_JOIN visit v FORCE INDEX (need_day) ON v.need_id = g.need_id AND v.day >= UTC_DATE() AND v.plan_id = g.plan_id
JOIN seat s ON s.id = v.seat_id WHERE g.need_id = :need ORDER BY v.day LIMIT :limit;

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

-- name: outlet_ids_in many
-- in: int territory, int limit
-- out: int id
SELECT id FROM outlet WHERE territory_id = :territory ORDER BY id LIMIT :limit;

-- A user that the benchmark made, with what it might do; nothing else refers to one that only read.
-- name: user_delete exec
-- in: int id
DELETE u, s FROM user u LEFT JOIN user_scope s ON s.user_id = u.id WHERE u.id = :id;

-- name: outlet_any one
-- out: int id
SELECT id FROM outlet LIMIT 1;
