-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where general trade is planned without wholesale: the parameter that holds at the planning unit around a territory, or above it, says so.
CREATE OR REPLACE VIEW territory_without_wholesale AS
SELECT t.id FROM territory t
WHERE EXISTS (SELECT 1 FROM plan_profile a WHERE a.channel = 'GT' AND JSON_VALUE(a.fields, '$.planWholesale') = 0)
  AND (SELECT JSON_VALUE(p.fields, '$.planWholesale') FROM plan_profile p LEFT JOIN territory_closure k ON k.ancestor = p.territory_id
      AND k.descendant = COALESCE((SELECT x.ancestor FROM territory_closure x JOIN territory u ON u.id = x.ancestor AND u.is_unit = 1
        WHERE x.descendant = t.id ORDER BY x.depth LIMIT 1), t.id)
    WHERE p.channel = 'GT' AND JSON_EXISTS(p.fields, '$.planWholesale') AND (p.territory_id = 0 OR k.ancestor IS NOT NULL)
    ORDER BY k.depth IS NULL, k.depth LIMIT 1) = 0;

-- The outlets that are planned: in business, of a channel that is planned where they lie, or on the whitelist; and not barred.
CREATE OR REPLACE VIEW outlet_planned AS
SELECT o.id, o.code, o.name, o.lat, o.lon, o.channel, o.tier, o.territory_id, o.partner_id, o.sales_model, o.closed_days, o.rural, o.nppd,
  EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id AND x.list = 'WHITE'
    AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)) AS must, o.account_id
FROM outlet o
WHERE ((o.status IN ('assigned', 'active')
    AND (o.channel <> 'WS' OR NOT EXISTS (SELECT 1 FROM territory_without_wholesale w WHERE w.id = o.territory_id)))
  OR (o.status <> 'closed' AND EXISTS (SELECT 1 FROM outlet_list x WHERE x.outlet_id = o.id
    AND x.list = 'WHITE' AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1))))
  AND NOT EXISTS (SELECT 1 FROM outlet_barred b WHERE b.outlet_id = o.id);
