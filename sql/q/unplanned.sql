-- Outlets that are not planned, and why.

-- name: unplanned_counts many
-- in: int territory, str channel
-- out: str reason, int outlets
SELECT COALESCE(reason, ''), COUNT(*) FROM (
  SELECT CASE WHEN EXISTS (SELECT 1 FROM outlet_barred b WHERE b.outlet_id = o.id) THEN 'BLACKLIST' WHEN p.id IS NOT NULL THEN 'NO_NEED'
    WHEN o.status IN ('assigned', 'active') THEN 'WHOLESALE_OFF' ELSE UPPER(o.status) END AS reason
  FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant AND (o.channel = :channel OR (o.channel = 'WS' AND :channel = 'GT'))
  LEFT JOIN outlet_planned p ON p.id = o.id
  WHERE c.ancestor = :territory AND (p.id IS NULL OR NOT EXISTS (SELECT 1 FROM need n WHERE n.outlet_id = o.id))) x
GROUP BY reason ORDER BY COUNT(*) DESC, reason;

-- name: unplanned_list many
-- in: int territory, str channel, opt str reason, int after, int limit
-- out: int id, str code, str name, str reason, opt str note, opt int entry, opt date until
SELECT id, code, name, COALESCE(reason, ''), note, entry, until FROM (
  SELECT o.id, o.code, o.name, CASE WHEN b.id IS NOT NULL THEN 'BLACKLIST' WHEN p.id IS NOT NULL THEN 'NO_NEED'
    WHEN o.status IN ('assigned', 'active') THEN 'WHOLESALE_OFF' ELSE UPPER(o.status) END AS reason,
    b.reason AS note, b.id AS entry, b.to_date AS until
  FROM territory_closure c JOIN outlet o ON o.territory_id = c.descendant AND (o.channel = :channel OR (o.channel = 'WS' AND :channel = 'GT'))
  LEFT JOIN outlet_planned p ON p.id = o.id
  LEFT JOIN outlet_list b ON b.id = (SELECT MIN(y.id) FROM outlet_barred y WHERE y.outlet_id = o.id)
  WHERE c.ancestor = :territory AND o.id > :after AND (p.id IS NULL OR NOT EXISTS (SELECT 1 FROM need n WHERE n.outlet_id = o.id))) x
WHERE :reason IS NULL OR reason = :reason ORDER BY id LIMIT :limit;

-- One of these outlets that lies elsewhere.
-- name: unplanned_foreign one
-- in: str ids, int territory
-- out: int id
SELECT COALESCE(j.id, 0) FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) j LEFT JOIN outlet o ON o.id = j.id
LEFT JOIN territory_closure c ON c.descendant = o.territory_id AND c.ancestor = :territory WHERE c.ancestor IS NULL LIMIT 1;

-- By hand no import says it; what was said before is said anew.
-- name: unplanned_add exec
-- in: str ids, str reason, opt date until
INSERT INTO outlet_list (outlet_id, list, reason, to_date, import_id)
SELECT j.id, 'BLACK', :reason, :until, 0 FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) j
ON DUPLICATE KEY UPDATE reason = :reason, from_date = NULL, to_date = :until, import_id = 0;
