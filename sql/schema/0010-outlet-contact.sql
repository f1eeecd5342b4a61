-- Whom to ask for at an outlet, and what its papers say.
ALTER TABLE outlet
  ADD COLUMN IF NOT EXISTS owner VARCHAR(120) NOT NULL DEFAULT '' COMMENT 'whose shop, or whose account it is',
  ADD COLUMN IF NOT EXISTS email VARCHAR(200) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS tax_no VARCHAR(40) NOT NULL DEFAULT '' COMMENT 'VAT, GST or other number of the tax office',
  ADD COLUMN IF NOT EXISTS since DATE NULL COMMENT 'customer since';
ALTER TABLE stage_outlets
  ADD COLUMN IF NOT EXISTS owner VARCHAR(120) NULL,
  ADD COLUMN IF NOT EXISTS email VARCHAR(200) NULL,
  ADD COLUMN IF NOT EXISTS tax_no VARCHAR(40) NULL,
  ADD COLUMN IF NOT EXISTS since DATE NULL;
INSERT IGNORE INTO import_field (n, name) VALUES (21, 'owner'), (22, 'email'), (23, 'tax_no'), (24, 'since');

-- As before, with these fields.
CREATE OR REPLACE VIEW stage_change AS
SELECT c.session_id, c.outlet_id, o.code, o.name, f.name AS field,
  CASE f.n WHEN 1 THEN o.name WHEN 2 THEN o.address WHEN 3 THEN o.city WHEN 4 THEN o.postcode WHEN 5 THEN o.phone
    WHEN 6 THEN CONCAT(o.lat / 1000000, ', ', o.lon / 1000000) WHEN 7 THEN o.channel WHEN 8 THEN o.tier WHEN 9 THEN o.status
    WHEN 10 THEN o.sales_volume WHEN 11 THEN o.nppd WHEN 12 THEN n.visits_per_4w WHEN 13 THEN n.service_minutes
    WHEN 14 THEN o.sales_model WHEN 15 THEN o.fulfilment WHEN 16 THEN o.merchandising WHEN 17 THEN o.closed_days
    WHEN 21 THEN o.owner WHEN 22 THEN o.email WHEN 23 THEN o.tax_no WHEN 24 THEN o.since
    WHEN 18 THEN (SELECT a.code FROM account a WHERE a.id = o.account_id)
    WHEN 19 THEN (SELECT p.code FROM partner p WHERE p.id = o.partner_id)
    ELSE (SELECT t.name FROM territory t WHERE t.id = o.territory_id) END AS old_value,
  CASE f.n WHEN 1 THEN s.name WHEN 2 THEN COALESCE(s.address, o.address) WHEN 3 THEN COALESCE(s.city, o.city)
    WHEN 4 THEN COALESCE(s.postcode, o.postcode) WHEN 5 THEN COALESCE(s.phone, o.phone)
    WHEN 6 THEN CONCAT(COALESCE(s.lat, o.lat) / 1000000, ', ', COALESCE(s.lon, o.lon) / 1000000)
    WHEN 7 THEN COALESCE(s.channel, o.channel) WHEN 8 THEN COALESCE(s.tier, o.tier) WHEN 9 THEN COALESCE(s.status, o.status)
    WHEN 10 THEN COALESCE(s.sales_volume, o.sales_volume) WHEN 11 THEN COALESCE(s.nppd, o.nppd)
    WHEN 12 THEN COALESCE(s.frequency, n.visits_per_4w) WHEN 13 THEN COALESCE(s.service_minutes, n.service_minutes)
    WHEN 14 THEN COALESCE(s.sales_model, o.sales_model) WHEN 15 THEN COALESCE(s.fulfilment, o.fulfilment)
    WHEN 16 THEN COALESCE(s.merchandising, o.merchandising) WHEN 17 THEN COALESCE(s.closed_days, o.closed_days)
    WHEN 21 THEN COALESCE(s.owner, o.owner) WHEN 22 THEN COALESCE(s.email, o.email)
    WHEN 23 THEN COALESCE(s.tax_no, o.tax_no) WHEN 24 THEN COALESCE(s.since, o.since)
    WHEN 18 THEN COALESCE(ra.l1, (SELECT a.code FROM account a WHERE a.id = o.account_id))
    WHEN 19 THEN COALESCE(rd.l1, (SELECT p.code FROM partner p WHERE p.id = o.partner_id))
    ELSE IF(rp.no IS NULL OR EXISTS (SELECT 1 FROM territory_closure x
        WHERE x.ancestor = rp.target_id AND x.descendant = o.territory_id),
      (SELECT t.name FROM territory t WHERE t.id = o.territory_id),
      COALESCE(NULLIF(rp.l5, ''), NULLIF(rp.l4, ''), NULLIF(rp.l3, ''), NULLIF(rp.l2, ''), rp.l1)) END AS new_value
FROM stage_changed c
JOIN stage_outlets s ON s.session_id = c.session_id AND s.file_id = c.file_id AND s.row_no = c.row_no
JOIN outlet o ON o.id = c.outlet_id
LEFT JOIN need n ON n.outlet_id = o.id AND n.line_id = 1
LEFT JOIN stage_ref ra ON ra.session_id = s.session_id AND ra.kind = 'ACCOUNT' AND ra.no = s.account
LEFT JOIN stage_ref rd ON rd.session_id = s.session_id AND rd.kind = 'DT' AND rd.no = s.dt
LEFT JOIN stage_ref rp ON rp.session_id = s.session_id AND rp.kind = 'PLACE' AND rp.no = s.place
STRAIGHT_JOIN import_field f;
