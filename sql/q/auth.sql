-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/auth and of the users resource.

-- name: user_login one
-- in: str username
-- out: int id, opt str password, int active, str name, str email, str locale, int demo
SELECT id, password, active, name, email, locale, demo FROM user WHERE username = :username;

-- name: user_password one
-- in: int id
-- out: opt str password
SELECT password FROM user WHERE id = :id;

-- name: user_logged_in exec
-- in: int id
UPDATE user SET last_login = UTC_TIMESTAMP(3) WHERE id = :id;

-- name: login_failures one
-- in: str subject, int window
-- out: int failures, int age
SELECT failures, TIMESTAMPDIFF(SECOND, window_start, UTC_TIMESTAMP(3)) FROM login_failure
WHERE subject = :subject AND window_start > UTC_TIMESTAMP(3) - INTERVAL :window SECOND;

-- name: login_failed exec
-- in: str subject, int window
INSERT INTO login_failure (subject, failures, window_start) VALUES (:subject, 1, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE
  failures = IF(window_start > UTC_TIMESTAMP(3) - INTERVAL :window SECOND, failures + 1, 1),
  window_start = IF(window_start > UTC_TIMESTAMP(3) - INTERVAL :window SECOND, window_start, UTC_TIMESTAMP(3));

-- name: login_succeeded exec
-- in: str subject
DELETE FROM login_failure WHERE subject = :subject;

-- name: login_failure_sweep exec
-- in: int window
DELETE FROM login_failure WHERE window_start < UTC_TIMESTAMP(3) - INTERVAL :window SECOND LIMIT 1000;

-- name: auth_session_add exec
-- in: bin hash, int user, str csrf, str ip, str agent, int hours
INSERT INTO auth_session (token_hash, user_id, csrf, created_at, last_seen, expires_at, ip, user_agent)
VALUES (:hash, :user, :csrf, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL :hours HOUR, :ip, :agent);

-- name: auth_session_get one
-- in: bin hash
-- out: int id, str username, str name, str email, str locale, int demo, str csrf, int idle
SELECT u.id, u.username, u.name, u.email, u.locale, u.demo, s.csrf, TIMESTAMPDIFF(SECOND, s.last_seen, UTC_TIMESTAMP(3))
FROM auth_session s JOIN user u ON u.id = s.user_id
WHERE s.token_hash = :hash AND s.expires_at > UTC_TIMESTAMP(3) AND u.active = 1;

-- name: auth_session_touch exec
-- in: bin hash, int hours
UPDATE auth_session SET last_seen = UTC_TIMESTAMP(3), expires_at = UTC_TIMESTAMP(3) + INTERVAL :hours HOUR
WHERE token_hash = :hash;

-- name: auth_session_drop exec
-- in: bin hash
DELETE FROM auth_session WHERE token_hash = :hash;

-- name: auth_session_drop_user exec
-- in: int user
DELETE FROM auth_session WHERE user_id = :user;

-- name: auth_session_drop_others exec
-- in: int user, bin keep
DELETE FROM auth_session WHERE user_id = :user AND token_hash <> :keep;

-- name: auth_session_sweep exec
DELETE FROM auth_session WHERE expires_at < UTC_TIMESTAMP(3) LIMIT 1000;

-- name: user_scopes many
-- in: int user
-- out: int territory_id, str role, opt str territory_name
SELECT s.territory_id, s.role, t.name FROM user_scope s LEFT JOIN territory t ON t.id = s.territory_id
WHERE s.user_id = :user ORDER BY s.territory_id, s.role;

-- name: user_roles_on many
-- in: int user, int territory
-- out: str role
SELECT role FROM user_scope WHERE user_id = :user AND territory_id = 0
UNION SELECT s.role FROM user_scope s JOIN territory_closure c ON c.ancestor = s.territory_id
WHERE s.user_id = :user AND c.descendant = :territory;

-- name: user_list many
-- in: opt str q, opt int active, int after, int limit
-- out: int id, str username, str name, str email, str locale, int active, opt time last_login
SELECT id, username, name, email, locale, active, last_login FROM user
WHERE id > :after AND (:active IS NULL OR active = :active)
  AND (:q IS NULL OR LOCATE(:q, username) OR LOCATE(:q, name) OR LOCATE(:q, email))
ORDER BY id LIMIT :limit;

-- name: user_get one
-- in: int id
-- out: int id, str username, str name, str email, str locale, int active, opt time last_login
SELECT id, username, name, email, locale, active, last_login FROM user WHERE id = :id;

-- name: user_add exec
-- in: str username, str name, str email, str locale, str password, int demo
INSERT INTO user (username, name, email, locale, password, demo, created_at)
VALUES (:username, :name, :email, :locale, :password, :demo, UTC_TIMESTAMP(3));

-- name: user_set exec
-- in: int id, opt str name, opt str email, opt str locale, opt int active
UPDATE user SET name = COALESCE(:name, name), email = COALESCE(:email, email), locale = COALESCE(:locale, locale),
  active = COALESCE(:active, active) WHERE id = :id;

-- name: user_set_password exec
-- in: int id, str password
UPDATE user SET password = :password, demo = 0 WHERE id = :id;

-- name: user_scope_clear exec
-- in: int user
DELETE FROM user_scope WHERE user_id = :user;

-- name: user_scope_add exec
-- in: int user, int territory, str role
INSERT INTO user_scope (user_id, territory_id, role) VALUES (:user, :territory, :role);

-- Locked, so that two of them cannot leave at once, each counting on the other.
-- name: user_admins one
-- in: int besides
-- out: int n
SELECT COUNT(*) FROM user u JOIN user_scope s ON s.user_id = u.id
WHERE u.active = 1 AND s.territory_id = 0 AND s.role = 'admin' AND u.id <> :besides FOR UPDATE;

-- name: user_count one
-- out: int n
SELECT COUNT(*) FROM user;
