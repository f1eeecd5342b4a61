-- Queries of lib/territory and of the territories resource.

-- name: territory_find one
-- in: int rank, opt int parent, str code
-- out: int id
SELECT id FROM territory WHERE model_id = 1 AND rank = :rank AND parent_id <=> :parent AND code = :code LIMIT 1;

-- name: territory_find_any one
-- in: int rank, str code
-- out: int n, int id
SELECT COUNT(*), COALESCE(MIN(id), 0) FROM territory WHERE model_id = 1 AND rank = :rank AND code = :code;

-- name: territory_add exec
-- in: int rank, opt int parent, str code, str name
INSERT INTO territory (model_id, rank, parent_id, code, name) VALUES (1, :rank, :parent, :code, LEFT(:name, 120));

-- name: territory_closure_add exec
-- in: int id, opt int parent
INSERT INTO territory_closure (ancestor, descendant, depth)
SELECT ancestor, :id, depth + 1 FROM territory_closure WHERE descendant = :parent
UNION ALL SELECT :id, :id, 0;

-- name: territory_rename exec
-- in: int id, str name
UPDATE territory SET name = LEFT(:name, 120) WHERE id = :id;

-- How the outlets of each level lie: in nodes of a good size, and how far the others are off (in logarithms).
-- name: territory_sizes many
-- out: int rank, int fitting, num misfit
SELECT rank, CAST(SUM(IF(size BETWEEN 2000 AND 20000, size, 0)) AS UNSIGNED),
  SUM(size * ABS(LN(size / IF(size < 2000, 2000, 20000)))) / SUM(size)
FROM (SELECT t.id, t.rank, SUM(o.n) AS size FROM (SELECT territory_id, COUNT(*) AS n FROM outlet GROUP BY territory_id) o
  JOIN territory_closure c ON c.descendant = o.territory_id JOIN territory t ON t.id = c.ancestor WHERE t.model_id = 1
  GROUP BY t.id, t.rank) z
GROUP BY rank ORDER BY rank;

-- name: territory_unit_rank one
-- out: opt int rank, int planned
SELECT (SELECT rank FROM territory WHERE is_unit = 1 GROUP BY rank ORDER BY COUNT(*) DESC LIMIT 1),
  (SELECT COUNT(*) FROM plan) + (SELECT COUNT(*) FROM plan_lock);

-- name: territory_set_units exec
-- in: int rank
UPDATE territory SET is_unit = (rank = :rank) WHERE model_id = 1;

-- name: territory_add_units exec
-- in: int rank
UPDATE territory SET is_unit = 1 WHERE model_id = 1 AND rank = :rank AND is_unit = 0;

-- Nodes with outlets that no unit covers become units themselves.
-- name: territory_orphan_units exec
UPDATE territory t SET t.is_unit = 1 WHERE t.is_unit = 0 AND EXISTS (SELECT 1 FROM outlet o WHERE o.territory_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM territory_closure c JOIN (SELECT id FROM territory WHERE is_unit = 1) u ON u.id = c.ancestor
    WHERE c.descendant = t.id);
