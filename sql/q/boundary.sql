-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/territory/boundary.c: boundaries of territories that were imported, and lines around a territory.

-- In force at and beneath territories.
-- name: boundary_areas many
-- in: str territories
-- out: int territory_id, int rank, str code, str name, str area
SELECT t.id, t.rank, t.code, t.name, COALESCE(b.area, '[]') FROM JSON_TABLE(:territories, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j
JOIN territory_closure c ON c.ancestor = j.id JOIN territory t ON t.id = c.descendant
JOIN territory_boundary b ON b.territory_id = t.id AND b.area IS NOT NULL AND b.set_id = (SELECT MAX(x.set_id) FROM territory_boundary x
  JOIN change_set s ON s.id = x.set_id AND s.undone_by IS NULL WHERE x.territory_id = t.id)
ORDER BY t.id;

-- name: boundary_list many
-- in: int territory, int after, int limit
-- out: int id, str code, str name, str level, str level_name, int rings, int corners, time at, opt str person, str reason, int set
SELECT t.id, t.code, t.name, l.code, COALESCE(l.name, l.code), b.rings, b.corners, s.at, u.name, s.reason, b.set_id FROM territory_closure c JOIN territory t ON t.id = c.descendant
JOIN territory_level l ON l.model_id = t.model_id AND l.rank = t.rank
JOIN territory_boundary b ON b.territory_id = t.id AND b.area IS NOT NULL AND b.set_id = (SELECT MAX(x.set_id) FROM territory_boundary x
  JOIN change_set y ON y.id = x.set_id AND y.undone_by IS NULL WHERE x.territory_id = t.id)
JOIN change_set s ON s.id = b.set_id LEFT JOIN user u ON u.id = s.user_id
WHERE c.ancestor = :territory AND t.id > :after ORDER BY t.id LIMIT :limit;

-- That of one territory.
-- name: boundary_area one
-- in: int territory
-- out: str code, str name, str level, str area
SELECT t.code, t.name, l.code, COALESCE(b.area, '[]') FROM territory t JOIN territory_level l ON l.model_id = t.model_id AND l.rank = t.rank
JOIN territory_boundary b ON b.territory_id = t.id AND b.area IS NOT NULL AND b.set_id = (SELECT MAX(x.set_id) FROM territory_boundary x
  JOIN change_set s ON s.id = x.set_id AND s.undone_by IS NULL WHERE x.territory_id = t.id)
WHERE t.id = :territory;

-- Territories at or beneath one by code, of any level or of one.
-- name: boundary_named many
-- in: int territory, str code, opt str level
-- out: int id, int rank, str name
SELECT t.id, t.rank, t.name FROM territory_closure c JOIN territory t ON t.id = c.descendant JOIN territory_level l ON l.model_id = t.model_id AND l.rank = t.rank
WHERE c.ancestor = :territory AND t.code = :code AND (:level IS NULL OR l.code = :level) ORDER BY t.rank, t.id LIMIT 2;

-- name: boundary_put exec
-- in: int territory, int set, opt str area, int rings, int corners
INSERT INTO territory_boundary (territory_id, set_id, area, rings, corners) VALUES (:territory, :set, :area, :rings, :corners);

-- What a change did: how many boundaries, how many of them at or beneath a territory, and how many it has in force.
-- name: boundary_set one
-- in: int set, int territory
-- out: int n, int beneath, int in_force, opt int undone_by
SELECT COUNT(*), CAST(SUM(EXISTS (SELECT 1 FROM territory_closure c WHERE c.ancestor = :territory AND c.descendant = b.territory_id)) AS UNSIGNED),
  CAST(SUM(b.set_id = (SELECT MAX(x.set_id) FROM territory_boundary x JOIN change_set s ON s.id = x.set_id AND s.undone_by IS NULL
    WHERE x.territory_id = b.territory_id)) AS UNSIGNED), MAX(y.undone_by)
FROM territory_boundary b JOIN change_set y ON y.id = b.set_id WHERE b.set_id = :set HAVING COUNT(*) > 0;

-- name: boundary_changes many
-- in: int territory, int before, int limit
-- out: int set, time at, opt str person, str reason, int put, int removed, int undone
SELECT b.set_id, s.at, u.name, s.reason, CAST(SUM(b.area IS NOT NULL) AS UNSIGNED), CAST(SUM(b.area IS NULL) AS UNSIGNED), s.undone_by IS NOT NULL
FROM territory_closure c JOIN territory_boundary b ON b.territory_id = c.descendant JOIN change_set s ON s.id = b.set_id LEFT JOIN user u ON u.id = s.user_id
WHERE c.ancestor = :territory AND b.set_id < :before GROUP BY b.set_id ORDER BY b.set_id DESC LIMIT :limit;

-- Open outlets with coordinates at and beneath these territories, each with the one that it lies in; by outlet, the narrowest first.
-- name: boundary_outlets each
-- in: str territories
-- out: int id, int lat, int lon, int territory_id
SELECT o.id, COALESCE(o.lat, 0), COALESCE(o.lon, 0), c.ancestor FROM JSON_TABLE(:territories, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN territory_closure c ON c.ancestor = j.id
JOIN outlet o ON o.territory_id = c.descendant WHERE o.status <> 'closed' AND o.lat IS NOT NULL AND o.lon IS NOT NULL ORDER BY o.id, c.depth;

-- name: boundary_named_outlets many
-- in: str ids
-- out: int id, str code, str name, str city, int lat, int lon
SELECT o.id, o.code, o.name, o.city, COALESCE(o.lat, 0), COALESCE(o.lon, 0) FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j JOIN outlet o ON o.id = j.id ORDER BY o.id;

-- A territory and the planning units around it that a user may see: beside it beneath the same one, or where the boxes around them meet.
-- name: line_units many
-- in: int territory, int user, int world
-- out: int id, str code, str name, int outlets
SELECT t.id, t.code, t.name, COALESCE(z.outlets, 0) FROM territory m LEFT JOIN snapshot a ON a.territory_id = m.id
JOIN territory t ON t.model_id = m.model_id AND (t.id = m.id OR (t.is_unit = 1 AND (t.parent_id = m.parent_id OR EXISTS (SELECT 1 FROM snapshot n
  WHERE n.territory_id = t.id AND n.west <= a.east AND n.east >= a.west AND n.south <= a.north AND n.north >= a.south))))
LEFT JOIN territory_stat z ON z.territory_id = t.id
WHERE m.id = :territory AND NOT EXISTS (SELECT 1 FROM territory_closure k WHERE k.depth > 0
    AND ((k.ancestor = m.id AND k.descendant = t.id) OR (k.ancestor = t.id AND k.descendant = m.id)))
  AND (:world = 1 OR EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
    WHERE c.descendant = t.id AND u.user_id = :user))
ORDER BY t.id <> m.id, t.id LIMIT 300;

-- What lies beneath a territory, itself among it.
-- name: line_nodes many
-- in: int territory
-- out: int id, str code, str name
SELECT t.id, t.code, t.name FROM territory_closure c JOIN territory t ON t.id = c.descendant WHERE c.ancestor = :territory ORDER BY t.id;

-- Places of the outlets of units, in which of them each lies; beneath one of them in which of its territories.
-- name: line_outlets each
-- in: str units, int territory
-- out: int id, int lat, int lon, int node
SELECT o.id, COALESCE(o.lat, 0), COALESCE(o.lon, 0), IF(j.id = :territory, o.territory_id, d.ancestor) FROM JSON_TABLE(:units, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) j
JOIN territory_closure d ON d.ancestor = j.id JOIN outlet o ON o.territory_id = d.descendant
WHERE o.lat IS NOT NULL AND o.lon IS NOT NULL AND o.status <> 'closed' ORDER BY o.id;

-- name: line_version one
-- in: int user
-- out: str version
SELECT CONCAT_WS('/', :user, m.last, (SELECT COUNT(*) FROM change_set WHERE id > GREATEST(m.last, 100000) - 100000),
  (SELECT CONCAT(COUNT(*), '.', BIT_XOR(CRC32(CONCAT_WS('|', t.id, t.code, t.name, t.is_unit)))) FROM territory t),
  (SELECT CONCAT(COUNT(*), '.', BIT_XOR(CRC32(u.territory_id))) FROM user_scope u WHERE u.user_id = :user),
  (SELECT COUNT(*) FROM snapshot))
FROM (SELECT COALESCE(MAX(id), 0) AS last FROM change_set) m;
