-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of the home resource. Figures are those of the user's territories.

-- Outlets are counted when an import is published (territory_stat): counting them here would read them all.
-- name: home_counts one
-- in: int user
-- out: int outlets, int missing_coordinates, int territories, int seats, int plans
WITH roots AS (
  SELECT DISTINCT s.territory_id AS id FROM user_scope s WHERE s.user_id = :user AND s.territory_id <> 0
    AND NOT EXISTS (SELECT 1 FROM user_scope w WHERE w.user_id = :user AND w.territory_id = 0)
    AND NOT EXISTS (SELECT 1 FROM territory_closure c JOIN user_scope u ON u.territory_id = c.ancestor
      WHERE c.descendant = s.territory_id AND c.depth > 0 AND u.user_id = :user)
  UNION SELECT t.id FROM territory t WHERE t.model_id = 1 AND t.parent_id IS NULL
    AND EXISTS (SELECT 1 FROM user_scope w WHERE w.user_id = :user AND w.territory_id = 0)),
mine AS (SELECT c.descendant AS id FROM roots r JOIN territory_closure c ON c.ancestor = r.id)
SELECT (SELECT COALESCE(SUM(t.outlets), 0) FROM roots r JOIN territory_stat t ON t.territory_id = r.id),
  (SELECT COALESCE(SUM(t.outlets - t.placed), 0) FROM roots r JOIN territory_stat t ON t.territory_id = r.id),
  (SELECT COUNT(*) FROM mine m JOIN territory t ON t.id = m.id WHERE t.is_unit = 1),
  (SELECT COUNT(*) FROM mine m JOIN seat x ON x.territory_id = m.id WHERE x.active = 1),
  (SELECT COUNT(*) FROM mine m JOIN plan p ON p.territory_id = m.id WHERE p.current_version IS NOT NULL);

-- name: home_drafts many
-- in: int user
-- out: int id, int territory_id, str territory, str channel, time opened_at, time saved_at
SELECT s.id, p.territory_id, t.name, p.channel, s.opened_at, s.saved_at FROM planning_session s JOIN plan p ON p.id = s.plan_id
JOIN territory t ON t.id = p.territory_id WHERE s.user_id = :user AND s.status <> 'COMMITTED' ORDER BY s.saved_at DESC LIMIT 10;

-- name: home_locks many
-- in: int user
-- out: int territory_id, str territory, str channel, time since
SELECT l.territory_id, t.name, l.channel, l.since FROM plan_lock l JOIN territory t ON t.id = l.territory_id
WHERE l.user_id = :user ORDER BY l.since DESC LIMIT 10;
