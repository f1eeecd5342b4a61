-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/notice.

-- name: notice_add exec
-- in: int user, str kind, int territory, str channel, int from, str text
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at, mail)
SELECT u.id, :kind, :territory, :channel, :from, LEFT(:text, 500), UTC_TIMESTAMP(3), u.notice_mail AND u.email <> '' FROM user u WHERE u.id = :user;

-- What is about the account itself: it goes out by mail whether one wants notices so or not.
-- name: notice_add_account exec
-- in: int user, str kind, int from, str text
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at, mail)
SELECT u.id, :kind, 0, '', :from, LEFT(:text, 500), UTC_TIMESTAMP(3), u.email <> '' FROM user u WHERE u.id = :user;

-- Everybody with one of these roles on the territory or above it, but for whoever did it.
-- name: notice_add_roles exec
-- in: str roles, str kind, int territory, str channel, int from, str text
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at, mail)
SELECT DISTINCT u.id, :kind, :territory, :channel, :from, LEFT(:text, 500), UTC_TIMESTAMP(3), u.notice_mail AND u.email <> ''
FROM JSON_TABLE(:roles, '$[*]' COLUMNS (role VARCHAR(32) PATH '$')) j JOIN user_scope s ON s.role = j.role
JOIN user u ON u.id = s.user_id AND u.active = 1 LEFT JOIN territory_closure c ON c.ancestor = s.territory_id AND c.descendant = :territory
WHERE u.id <> :from AND (s.territory_id = 0 OR c.ancestor IS NOT NULL);

-- The same, and whom a change of a draft concerns: who holds these seats today or another one that visits an outlet of these needs (a
-- person is a user by the mail address), who holds the lock, and who made the committed version.
-- name: notice_add_concerned exec
-- in: str roles, str kind, int territory, str channel, int from, str text, int session, str seats, str needs
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at, mail)
SELECT u.id, :kind, :territory, :channel, :from, LEFT(:text, 500), UTC_TIMESTAMP(3), u.notice_mail AND u.email <> ''
FROM user u WHERE u.active = 1 AND u.id <> :from AND u.id IN (
  SELECT s.user_id FROM JSON_TABLE(:roles, '$[*]' COLUMNS (role VARCHAR(32) PATH '$')) j JOIN user_scope s ON s.role = j.role
  LEFT JOIN territory_closure c ON c.ancestor = s.territory_id AND c.descendant = :territory WHERE s.territory_id = 0 OR c.ancestor IS NOT NULL
  UNION SELECT l.user_id FROM plan_lock l WHERE l.territory_id = :territory AND l.channel = :channel
  UNION SELECT v.created_by FROM planning_session p JOIN plan x ON x.id = p.plan_id JOIN plan_version v ON v.id = x.current_version WHERE p.id = :session
  UNION SELECT w.id FROM (
    SELECT j.id FROM JSON_TABLE(:seats, '$[*]' COLUMNS (id BIGINT PATH '$')) j
    UNION SELECT d.seat_id FROM JSON_TABLE(:needs, '$[*]' COLUMNS (id BIGINT PATH '$')) j JOIN need n ON n.id = j.id
      JOIN need o ON o.outlet_id = n.outlet_id JOIN draft_stop d ON d.session_id = :session AND d.need_id = o.id) k
  JOIN seat_holder h ON h.seat_id = k.id AND h.from_date <= UTC_DATE() AND COALESCE(h.to_date >= UTC_DATE(), 1)
  JOIN resource r ON r.id = h.resource_id AND r.email <> '' JOIN user w ON w.email = r.email);

-- A commit: those of these roles, and whose days it says.
-- name: notice_add_commit exec
-- in: str roles, str kind, int territory, str channel, int from, str text, int version
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at, mail)
SELECT u.id, :kind, :territory, :channel, :from, LEFT(:text, 500), UTC_TIMESTAMP(3), u.notice_mail AND u.email <> ''
FROM user u WHERE u.active = 1 AND u.id <> :from AND u.id IN (
  SELECT s.user_id FROM JSON_TABLE(:roles, '$[*]' COLUMNS (role VARCHAR(32) PATH '$')) j JOIN user_scope s ON s.role = j.role
  LEFT JOIN territory_closure c ON c.ancestor = s.territory_id AND c.descendant = :territory WHERE s.territory_id = 0 OR c.ancestor IS NOT NULL
  UNION SELECT w.id FROM (SELECT DISTINCT seat_id FROM plan_tour WHERE version_id = :version) k
  JOIN seat_holder h ON h.seat_id = k.seat_id AND h.from_date <= UTC_DATE() AND COALESCE(h.to_date >= UTC_DATE(), 1)
  JOIN resource r ON r.id = h.resource_id AND r.email <> '' JOIN user w ON w.email = r.email);

-- Those who asked for a lock since it is held are told that it is given back: one, or with :set all of that set.
-- name: notice_lock_free exec
-- in: str kind, int territory, str channel, int set
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at, mail)
SELECT DISTINCT u.id, :kind, l.territory_id, l.channel, l.user_id, '', UTC_TIMESTAMP(3), u.notice_mail AND u.email <> ''
FROM plan_lock l JOIN notice n ON n.user_id = l.user_id AND n.kind = 'LOCK_ASKED' AND n.territory_id = l.territory_id AND n.channel = l.channel AND n.at >= l.since
JOIN user u ON u.id = n.from_user AND u.active = 1 AND u.id <> l.user_id
WHERE IF(:set = 0, l.territory_id = :territory AND l.channel = :channel, l.set_id = :set);

-- What the holder of a lock says to those whose asking is not read yet, which it is then.
-- name: notice_lock_kept exec
-- in: int user, str kind, int territory, str channel, str text
INSERT INTO notice (user_id, kind, territory_id, channel, from_user, text, at, mail)
SELECT DISTINCT u.id, :kind, :territory, :channel, :user, LEFT(:text, 500), UTC_TIMESTAMP(3), u.notice_mail AND u.email <> ''
FROM notice n JOIN user u ON u.id = n.from_user AND u.active = 1
WHERE n.user_id = :user AND n.kind = 'LOCK_ASKED' AND n.territory_id = :territory AND n.channel = :channel AND n.read_at IS NULL;

-- name: notice_lock_answered exec
-- in: int user, int territory, str channel
UPDATE notice SET read_at = UTC_TIMESTAMP(3) WHERE user_id = :user AND kind = 'LOCK_ASKED' AND territory_id = :territory AND channel = :channel AND read_at IS NULL;

-- name: notices many
-- in: int user, int before, int limit
-- out: int id, str kind, int territory_id, opt str territory, str channel, opt str from_name, str text, time at, int seen
SELECT n.id, n.kind, n.territory_id, t.name, n.channel, u.name, n.text, n.at, n.read_at IS NOT NULL
FROM notice n LEFT JOIN territory t ON t.id = n.territory_id LEFT JOIN user u ON u.id = n.from_user
WHERE n.user_id = :user AND n.id < :before ORDER BY n.id DESC LIMIT :limit;

-- name: notice_count one
-- in: int user
-- out: int n
SELECT COUNT(*) FROM notice WHERE user_id = :user AND read_at IS NULL;

-- name: notice_read exec
-- in: int user, int upto
UPDATE notice SET read_at = UTC_TIMESTAMP(3) WHERE user_id = :user AND read_at IS NULL AND id <= :upto;

-- name: notice_mail_get one
-- in: int user
-- out: int wanted, str email
SELECT notice_mail, email FROM user WHERE id = :user;

-- name: notice_mail_put exec
-- in: int user, int wanted
UPDATE user SET notice_mail = :wanted WHERE id = :user;

-- Is it time to send? What comes within a few seconds goes in one mail; after a failure it rests for ten minutes.
-- name: notice_mail_due one
-- out: int due
SELECT EXISTS (SELECT 1 FROM notice WHERE mail = 1 AND at BETWEEN UTC_TIMESTAMP(3) - INTERVAL 1 DAY AND UTC_TIMESTAMP(3) - INTERVAL 10 SECOND)
  AND NOT EXISTS (SELECT 1 FROM job WHERE kind = 'NOTICE_MAIL' AND (state IN ('queued', 'running')
    OR (state = 'failed' AND finished_at > UTC_TIMESTAMP(3) - INTERVAL 10 MINUTE)));

-- name: notice_mail_claim exec
-- in: int job
UPDATE notice n SET n.mail_job = :job WHERE n.mail = 1 AND n.at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY
  AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = n.mail_job AND j.id <> :job AND j.state IN ('queued', 'running'));

-- name: notice_mail_rows many
-- in: int job
-- out: int id, int user, str email, str user_name, str locale, str kind, opt str territory, str channel, opt str from_name, str text
SELECT n.id, u.id, u.email, u.name, u.locale, n.kind, t.name, n.channel, f.name, n.text FROM notice n JOIN user u ON u.id = n.user_id
LEFT JOIN territory t ON t.id = n.territory_id LEFT JOIN user f ON f.id = n.from_user
WHERE n.mail = 1 AND n.mail_job = :job AND u.active = 1 AND u.email <> '' ORDER BY u.id, n.id LIMIT 2000;

-- name: notice_mailed exec
-- in: int user, int job, int upto
UPDATE notice SET mail = 2 WHERE user_id = :user AND mail = 1 AND mail_job = :job AND id <= :upto;
