-- Entries of the blacklist that keep an outlet out of planning today, everywhere or where it lies.
CREATE OR REPLACE VIEW outlet_barred AS
SELECT x.id, x.outlet_id FROM outlet_list x JOIN outlet o ON o.id = x.outlet_id
WHERE x.list = 'BLACK' AND x.seat_id = 0 AND COALESCE(x.from_date <= UTC_DATE(), 1) AND COALESCE(x.to_date >= UTC_DATE(), 1)
  AND (x.territory_id = 0 OR EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = x.territory_id AND c.descendant = o.territory_id));
