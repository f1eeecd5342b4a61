-- Queries of lib/territory and of the territories resource.

-- name: territory_nodes many
-- out: int id, int rank, opt int parent_id, str code
SELECT id, rank, parent_id, code FROM territory WHERE model_id = 1;

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

-- name: territory_sizes many
-- out: int rank, int n, int fitting, int outlets
SELECT rank, COUNT(*), CAST(SUM(IF(size BETWEEN 2000 AND 20000, size, 0)) AS UNSIGNED), CAST(SUM(size) AS UNSIGNED) FROM (
  SELECT t.id, t.rank, COUNT(o.id) AS size FROM territory t JOIN territory_closure c ON c.ancestor = t.id
  JOIN outlet o ON o.territory_id = c.descendant WHERE t.model_id = 1 GROUP BY t.id, t.rank) z
GROUP BY rank ORDER BY rank;

-- name: territory_misfit many
-- out: int rank, num misfit
SELECT rank, SUM(size * ABS(LN(size / IF(size < 2000, 2000, 20000)))) / SUM(size) FROM (
  SELECT t.id, t.rank, COUNT(o.id) AS size FROM territory t JOIN territory_closure c ON c.ancestor = t.id
  JOIN outlet o ON o.territory_id = c.descendant WHERE t.model_id = 1 GROUP BY t.id, t.rank) z
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
UPDATE territory t SET t.is_unit = 1 WHERE EXISTS (SELECT 1 FROM outlet o WHERE o.territory_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM territory_closure c JOIN (SELECT id FROM territory WHERE is_unit = 1) u ON u.id = c.ancestor
    WHERE c.descendant = t.id);
