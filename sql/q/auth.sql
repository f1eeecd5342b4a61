-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/auth and of the users resource.

-- name: user_login one
-- in: str username
-- out: int id, opt str password, int active, str name, str email, str locale, int demo, int factor, opt time until, int over
SELECT id, password, active, name, email, locale, demo,
  EXISTS (SELECT 1 FROM second_factor f WHERE f.user_id = user.id AND f.confirmed_at IS NOT NULL),
  password_until, COALESCE(password_until < UTC_TIMESTAMP(3), 0) FROM user WHERE username = :username;

-- name: user_password one
-- in: int id
-- out: opt str password
SELECT password FROM user WHERE id = :id;

-- The same password by the cost of today, unless it was changed meanwhile.
-- name: user_rehash exec
-- in: int id, str password, str former
UPDATE user SET password = :password WHERE id = :id AND password = :former;

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

-- name: login_uncount exec
-- in: str subject
UPDATE login_failure SET failures = failures - 1 WHERE subject = :subject AND failures > 0;

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

-- The user who acts: an administrator may look through the eyes of another (as_user).
-- name: auth_session_get one
-- in: bin hash
-- out: int session, int id, str username, str name, str email, str locale, int demo, str csrf, int idle, int viewer, str viewer_name, int factor, int proof, opt time until
SELECT s.id, u.id, u.username, u.name, u.email, u.locale, u.demo, s.csrf, TIMESTAMPDIFF(SECOND, s.last_seen, UTC_TIMESTAMP(3)),
  IF(s.as_user = 0, 0, s.user_id), own.name, EXISTS (SELECT 1 FROM second_factor f WHERE f.user_id = s.user_id AND f.confirmed_at IS NOT NULL),
  TIMESTAMPDIFF(SECOND, s.proved_at, UTC_TIMESTAMP(3)), IF(s.as_user = 0, own.password_until, NULL)
FROM auth_session s JOIN user own ON own.id = s.user_id JOIN user u ON u.id = IF(s.as_user = 0, s.user_id, s.as_user)
WHERE s.token_hash = :hash AND s.expires_at > UTC_TIMESTAMP(3) AND own.active = 1;

-- name: auth_session_prove exec
-- in: int session
UPDATE auth_session SET proved_at = UTC_TIMESTAMP(3) WHERE id = :session;

-- name: auth_session_view exec
-- in: int session, int user
UPDATE auth_session SET as_user = :user WHERE id = :session;

-- name: auth_session_touch exec
-- in: bin hash, int hours, int days
UPDATE auth_session SET last_seen = UTC_TIMESTAMP(3),
  expires_at = LEAST(UTC_TIMESTAMP(3) + INTERVAL :hours HOUR, created_at + INTERVAL :days DAY)
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

-- With what stays signed in, and the failed sign-ins of the present window.
-- name: user_list many
-- in: opt str q, opt int active, int after, int limit
-- out: int id, str username, str name, str email, str locale, int active, opt time last_login, int factor, int sign_ins, int programs, int failures, int age
SELECT u.id, u.username, u.name, u.email, u.locale, u.active, u.last_login,
  EXISTS (SELECT 1 FROM second_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL),
  (SELECT COUNT(*) FROM auth_session s WHERE s.user_id = u.id AND s.expires_at > UTC_TIMESTAMP(3)),
  (SELECT COUNT(*) FROM token_family t WHERE t.user_id = u.id AND t.ended_at IS NULL AND t.expires_at > UTC_TIMESTAMP(3)) +
  (SELECT COUNT(*) FROM api_key k WHERE k.user_id = u.id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > UTC_TIMESTAMP(3))),
  COALESCE(l.failures, 0), COALESCE(TIMESTAMPDIFF(SECOND, l.window_start, UTC_TIMESTAMP(3)), 0)
FROM user u LEFT JOIN login_failure l ON l.subject = CONCAT('u:', u.username)
WHERE u.id > :after AND (:active IS NULL OR u.active = :active)
  AND (:q IS NULL OR LOCATE(:q, u.username) OR LOCATE(:q, u.name) OR LOCATE(:q, u.email))
ORDER BY u.id LIMIT :limit;

-- name: user_get one
-- in: int id
-- out: int id, str username, str name, str email, str locale, int active, opt time last_login, int factor, int sign_ins, int programs, int failures, int age
SELECT u.id, u.username, u.name, u.email, u.locale, u.active, u.last_login,
  EXISTS (SELECT 1 FROM second_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL),
  (SELECT COUNT(*) FROM auth_session s WHERE s.user_id = u.id AND s.expires_at > UTC_TIMESTAMP(3)),
  (SELECT COUNT(*) FROM token_family t WHERE t.user_id = u.id AND t.ended_at IS NULL AND t.expires_at > UTC_TIMESTAMP(3)) +
  (SELECT COUNT(*) FROM api_key k WHERE k.user_id = u.id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > UTC_TIMESTAMP(3))),
  COALESCE(l.failures, 0), COALESCE(TIMESTAMPDIFF(SECOND, l.window_start, UTC_TIMESTAMP(3)), 0)
FROM user u LEFT JOIN login_failure l ON l.subject = CONCAT('u:', u.username) WHERE u.id = :id;

-- The password is good for so many days, 0 = for ever.
-- name: user_add exec
-- in: str username, str name, str email, str locale, str password, int demo, int days
INSERT INTO user (username, name, email, locale, password, demo, created_at, password_until)
VALUES (:username, :name, :email, :locale, :password, :demo, UTC_TIMESTAMP(3), IF(:days = 0, NULL, UTC_TIMESTAMP(3) + INTERVAL :days DAY));

-- name: user_set exec
-- in: int id, opt str name, opt str email, opt str locale, opt int active
UPDATE user SET name = COALESCE(:name, name), email = COALESCE(:email, email), locale = COALESCE(:locale, locale),
  active = COALESCE(:active, active) WHERE id = :id;

-- As above: 0 days where the person chose it.
-- name: user_set_password exec
-- in: int id, str password, int days
UPDATE user SET password = :password, demo = 0, password_until = IF(:days = 0, NULL, UTC_TIMESTAMP(3) + INTERVAL :days DAY) WHERE id = :id;

-- name: user_scope_clear exec
-- in: int user
DELETE FROM user_scope WHERE user_id = :user;

-- What the keys of a user that hold for one territory may see there: it stands under their numbers (lib/auth/program.c).
-- name: user_scope_clear_keys exec
-- in: int user
DELETE s FROM api_key k JOIN user_scope s ON s.user_id = (1 << 62 | k.id) WHERE k.user_id = :user;

-- name: user_scope_add exec
-- in: int user, int territory, str role
INSERT INTO user_scope (user_id, territory_id, role) VALUES (:user, :territory, :role);

-- name: user_scope_drop exec
-- in: int user, int territory, str role
DELETE FROM user_scope WHERE user_id = :user AND territory_id = :territory AND role = :role;

-- Locked, so that two of them cannot leave at once, each counting on the other.
-- name: user_admins one
-- in: int besides
-- out: int n
SELECT COUNT(*) FROM user u JOIN user_scope s ON s.user_id = u.id
WHERE u.active = 1 AND s.territory_id = 0 AND s.role = 'admin' AND u.id <> :besides FOR UPDATE;

-- name: user_count one
-- out: int n
SELECT COUNT(*) FROM user;

-- name: auth_session_list many
-- in: int user
-- out: int id, time created_at, time last_seen, str ip, str user_agent
SELECT id, created_at, last_seen, ip, user_agent FROM auth_session
WHERE user_id = :user AND expires_at > UTC_TIMESTAMP(3) ORDER BY last_seen DESC, id LIMIT 500;

-- name: auth_session_end exec
-- in: int user, int id
DELETE FROM auth_session WHERE user_id = :user AND id = :id;

-- Programs: families of tokens.
-- name: token_family_add exec
-- in: int user, str name, int days
INSERT INTO token_family (user_id, name, created_at, expires_at)
VALUES (:user, :name, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL :days DAY);

-- name: refresh_token_add exec
-- in: bin hash, int family, int days
INSERT INTO refresh_token (token_hash, family_id, created_at, expires_at)
VALUES (:hash, :family, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL :days DAY);

-- Locked, so that of two who come with the same token only one finds it unused.
-- name: refresh_token_get one
-- in: bin hash
-- out: int family_id, int user_id, int used, int good
SELECT f.id, f.user_id, r.used_at IS NOT NULL, f.ended_at IS NULL AND u.active = 1
  AND r.expires_at > UTC_TIMESTAMP(3) AND f.expires_at > UTC_TIMESTAMP(3)
FROM refresh_token r JOIN token_family f ON f.id = r.family_id JOIN user u ON u.id = f.user_id
WHERE r.token_hash = :hash FOR UPDATE;

-- name: refresh_token_use exec
-- in: bin hash
UPDATE refresh_token SET used_at = UTC_TIMESTAMP(3) WHERE token_hash = :hash;

-- name: token_family_touch exec
-- in: int id, str ip
UPDATE token_family SET last_used = UTC_TIMESTAMP(3), last_ip = :ip WHERE id = :id;

-- name: token_family_end exec
-- in: int user, int id, str why
UPDATE token_family SET ended_at = UTC_TIMESTAMP(3), ended_why = :why WHERE id = :id AND user_id = :user AND ended_at IS NULL;

-- name: token_family_end_user exec
-- in: int user
UPDATE token_family SET ended_at = UTC_TIMESTAMP(3), ended_why = 'REVOKED' WHERE user_id = :user AND ended_at IS NULL;

-- name: token_family_sweep exec
DELETE FROM token_family WHERE expires_at < UTC_TIMESTAMP(3) LIMIT 200;

-- name: token_family_list many
-- in: int user
-- out: int id, str name, time created_at, time expires_at, opt time last_used, str last_ip, str ended_why
SELECT id, name, created_at, expires_at, last_used, last_ip, ended_why FROM token_family
WHERE user_id = :user AND expires_at > UTC_TIMESTAMP(3) ORDER BY ended_at IS NOT NULL, id DESC LIMIT 200;

-- name: token_family_count one
-- in: int user
-- out: int n
SELECT COUNT(*) FROM token_family WHERE user_id = :user AND ended_at IS NULL AND expires_at > UTC_TIMESTAMP(3);

-- Whoever calls with an access token: its family must live and its user be active.
-- name: token_user one
-- in: int family, int user
-- out: int id, str username, str name, str email, str locale, int demo, str program, int idle, int factor
SELECT u.id, u.username, u.name, u.email, u.locale, u.demo, f.name,
  COALESCE(TIMESTAMPDIFF(SECOND, f.last_used, UTC_TIMESTAMP(3)), 1000000),
  EXISTS (SELECT 1 FROM second_factor x WHERE x.user_id = u.id AND x.confirmed_at IS NOT NULL)
FROM token_family f JOIN user u ON u.id = f.user_id
WHERE f.id = :family AND f.user_id = :user AND f.ended_at IS NULL AND f.expires_at > UTC_TIMESTAMP(3) AND u.active = 1;

-- name: api_key_user one
-- in: bin hash
-- out: int id, str username, str name, str email, str locale, int demo, int key_id, str program, int perms, int territory_id, int idle, int factor
SELECT u.id, u.username, u.name, u.email, u.locale, u.demo, k.id, k.name, k.perms, k.territory_id,
  COALESCE(TIMESTAMPDIFF(SECOND, k.last_used, UTC_TIMESTAMP(3)), 1000000),
  EXISTS (SELECT 1 FROM second_factor x WHERE x.user_id = u.id AND x.confirmed_at IS NOT NULL)
FROM api_key k JOIN user u ON u.id = k.user_id
WHERE k.key_hash = :hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > UTC_TIMESTAMP(3)) AND u.active = 1;

-- name: api_key_touch exec
-- in: int id, str ip
UPDATE api_key SET last_used = UTC_TIMESTAMP(3), last_ip = :ip WHERE id = :id;

-- name: api_key_add exec
-- in: int user, str name, bin hash, str hint, int perms, int territory, opt time expires
INSERT INTO api_key (user_id, name, key_hash, hint, perms, territory_id, created_at, expires_at)
VALUES (:user, :name, :hash, :hint, :perms, :territory, UTC_TIMESTAMP(3), :expires);

-- name: api_key_list many
-- in: int user
-- out: int id, str name, str hint, int perms, int territory_id, opt str territory, time created_at, opt time expires_at, opt time last_used, str last_ip
SELECT k.id, k.name, k.hint, k.perms, k.territory_id, t.name, k.created_at, k.expires_at, k.last_used, k.last_ip
FROM api_key k LEFT JOIN territory t ON t.id = k.territory_id
WHERE k.user_id = :user AND k.revoked_at IS NULL ORDER BY k.id DESC LIMIT 200;

-- Those of everybody, for an administrator: programs that are let in now, by keys or by tokens.
-- name: programs_all many
-- in: int tokens, int before, int limit
-- out: int id, str name, int perms, int user_id, str owner, opt str territory, time created_at, opt time expires_at, opt time last_used, str last_ip
SELECT p.id, p.name, p.perms, u.id, u.name, t.name, p.created_at, p.expires_at, p.last_used, p.last_ip FROM (
  SELECT 0 AS tokens, k.id, k.name, k.perms, k.user_id, k.territory_id, k.created_at, k.expires_at, k.last_used, k.last_ip FROM api_key k WHERE k.revoked_at IS NULL
  UNION ALL SELECT 1, f.id, f.name, 0, f.user_id, 0, f.created_at, f.expires_at, f.last_used, f.last_ip FROM token_family f WHERE f.ended_at IS NULL) p
JOIN user u ON u.id = p.user_id LEFT JOIN territory t ON t.id = p.territory_id
WHERE p.tokens = :tokens AND p.id < :before AND (p.expires_at IS NULL OR p.expires_at > UTC_TIMESTAMP(3)) ORDER BY p.id DESC LIMIT :limit;

-- name: program_owner one
-- in: int tokens, int id
-- out: int user_id, str name
SELECT user_id, name FROM api_key WHERE :tokens = 0 AND id = :id AND revoked_at IS NULL
UNION ALL SELECT user_id, name FROM token_family WHERE :tokens = 1 AND id = :id AND ended_at IS NULL;

-- name: api_key_revoke exec
-- in: int user, int id
UPDATE api_key SET revoked_at = UTC_TIMESTAMP(3) WHERE id = :id AND user_id = :user AND revoked_at IS NULL;

-- name: api_key_drop_user exec
-- in: int user
UPDATE api_key SET revoked_at = UTC_TIMESTAMP(3) WHERE user_id = :user AND revoked_at IS NULL;

-- What of the owner's scopes lies within the territory of a key: the territory itself where a scope stands above it, and
-- the scopes below it.
-- name: scopes_within many
-- in: int user, int territory
-- out: int territory_id, str role
SELECT DISTINCT IF(s.territory_id = 0 OR up.ancestor IS NOT NULL, :territory, s.territory_id) AS place, s.role
FROM user_scope s
LEFT JOIN territory_closure up ON up.ancestor = s.territory_id AND up.descendant = :territory
LEFT JOIN territory_closure down ON down.ancestor = :territory AND down.descendant = s.territory_id
WHERE s.user_id = :user AND (s.territory_id = 0 OR up.ancestor IS NOT NULL OR down.ancestor IS NOT NULL)
ORDER BY place, s.role;

-- The second factor.
-- name: factor_get one
-- in: int user
-- out: bin secret, int confirmed
SELECT secret, confirmed_at IS NOT NULL FROM second_factor WHERE user_id = :user;

-- name: factor_begin exec
-- in: int user, bin secret
INSERT INTO second_factor (user_id, secret, created_at) VALUES (:user, :secret, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE secret = IF(confirmed_at IS NULL, :secret, secret), created_at = IF(confirmed_at IS NULL, UTC_TIMESTAMP(3), created_at);

-- name: factor_confirm exec
-- in: int user
UPDATE second_factor SET confirmed_at = UTC_TIMESTAMP(3) WHERE user_id = :user AND confirmed_at IS NULL;

-- A code counts once: nothing changes when this step or a later one was taken before.
-- name: factor_step exec
-- in: int user, int step
UPDATE second_factor SET last_step = :step WHERE user_id = :user AND last_step < :step;

-- name: factor_drop exec
-- in: int user
DELETE FROM second_factor WHERE user_id = :user;

-- name: recovery_clear exec
-- in: int user
DELETE FROM recovery_code WHERE user_id = :user;

-- name: recovery_add exec
-- in: int user, bin hash
INSERT INTO recovery_code (user_id, code_hash) VALUES (:user, :hash);

-- name: recovery_use exec
-- in: int user, bin hash
UPDATE recovery_code SET used_at = UTC_TIMESTAMP(3) WHERE user_id = :user AND code_hash = :hash AND used_at IS NULL;

-- name: recovery_left one
-- in: int user
-- out: int n
SELECT COUNT(*) FROM recovery_code WHERE user_id = :user AND used_at IS NULL;

-- A forgotten password: whom a typed name or mail address means. One address may belong to several accounts.
-- name: reset_users many
-- in: str who
-- out: int id, str username, str name, str email, str locale
SELECT id, username, name, email, locale FROM user
WHERE active = 1 AND email <> '' AND (username = :who OR email = :who) ORDER BY id LIMIT 5;

-- name: reset_count one
-- in: int user
-- out: int n
SELECT COUNT(*) FROM password_reset WHERE user_id = :user AND created_at > UTC_TIMESTAMP(3) - INTERVAL 1 HOUR;

-- name: reset_add exec
-- in: bin hash, int user, int minutes
INSERT INTO password_reset (token_hash, user_id, created_at, expires_at)
VALUES (:hash, :user, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL :minutes MINUTE);

-- name: reset_drop exec
-- in: bin hash
DELETE FROM password_reset WHERE token_hash = :hash;

-- name: reset_sweep exec
DELETE FROM password_reset WHERE expires_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY LIMIT 1000;

-- name: reset_get one
-- in: bin hash
-- out: int user_id, str username, str name
SELECT u.id, u.username, u.name FROM password_reset r JOIN user u ON u.id = r.user_id
WHERE r.token_hash = :hash AND r.used_at IS NULL AND r.expires_at > UTC_TIMESTAMP(3) AND u.active = 1;

-- All links of the user are spent by one; nothing changes when this one was.
-- name: reset_use exec
-- in: bin hash, int user
UPDATE password_reset r JOIN password_reset mine ON mine.user_id = r.user_id SET r.used_at = UTC_TIMESTAMP(3)
WHERE mine.token_hash = :hash AND mine.used_at IS NULL AND r.user_id = :user AND r.used_at IS NULL;
