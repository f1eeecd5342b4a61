-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/audit and of the audit resource.

-- name: audit_event_add exec
-- in: int user, str action, str type, int id, int territory, str channel, int session, str reason, str ip, str agent, str correlation
INSERT INTO audit_event (at, user_id, action, resource_type, resource_id, territory_id, channel, session_id, reason, ip,
  user_agent, correlation_id)
VALUES (UTC_TIMESTAMP(3), :user, :action, :type, :id, :territory, :channel, :session, LEFT(:reason, 500), :ip,
  LEFT(:agent, 255), :correlation);

-- name: audit_change_add exec
-- in: int event, int seq, str field, opt str old_value, opt str new_value
INSERT INTO audit_change (event_id, seq, field, old_value, new_value)
VALUES (:event, :seq, :field, LEFT(:old_value, 1000), LEFT(:new_value, 1000));

-- name: audit_list many
-- in: opt str action, opt int user, opt str who, opt str type, opt int id, opt date from, opt date to, int before, int limit
-- out: int id, time at, int user_id, opt str user, str action, str resource_type, int resource_id, opt str territory, str reason, str ip, str agent, str channel, int session_id, str correlation
SELECT e.id, e.at, e.user_id, u.name, e.action, e.resource_type, e.resource_id, t.name, e.reason, e.ip, e.user_agent, e.channel, e.session_id, e.correlation_id
FROM audit_event e LEFT JOIN user u ON u.id = e.user_id LEFT JOIN territory t ON t.id = e.territory_id
WHERE e.id < :before AND (:action IS NULL OR e.action = :action) AND (:user IS NULL OR e.user_id = :user)
  AND (:who IS NULL OR LOCATE(:who, u.name) OR LOCATE(:who, u.username))
  AND (:type IS NULL OR e.resource_type = :type) AND (:id IS NULL OR e.resource_id = :id)
  AND (:from IS NULL OR e.at >= :from) AND (:to IS NULL OR e.at < :to + INTERVAL 1 DAY)
ORDER BY e.id DESC LIMIT :limit;

-- What was changed of the parameters and holidays of a territory itself, the newest first: each change, of so many events.
-- name: audit_profile many
-- in: int territory, str channel, int before, int limit
-- out: int id, time at, opt str user, str action, str reason, str field, opt str old_value, opt str new_value
SELECT e.id, e.at, u.name, e.action, e.reason, c.field, c.old_value, c.new_value
FROM (SELECT x.id FROM audit_event x WHERE x.id < :before AND x.territory_id = :territory
    AND ((x.action = 'PROFILE_CHANGE' AND x.channel = :channel) OR x.action IN ('HOLIDAY_PUT', 'HOLIDAY_DROP')) ORDER BY x.id DESC LIMIT :limit) y
JOIN audit_event e ON e.id = y.id JOIN audit_change c ON c.event_id = e.id LEFT JOIN user u ON u.id = e.user_id
ORDER BY e.id DESC, c.seq;

-- One of them.
-- name: audit_profile_entry many
-- in: int territory, str channel, int entry
-- out: str action, str field, opt str old_value, opt str new_value
SELECT e.action, c.field, c.old_value, c.new_value FROM audit_event e JOIN audit_change c ON c.event_id = e.id
WHERE e.id = :entry AND e.territory_id = :territory
  AND ((e.action = 'PROFILE_CHANGE' AND e.channel = :channel) OR e.action IN ('HOLIDAY_PUT', 'HOLIDAY_DROP')) ORDER BY c.seq;

-- The newest of one parameter, or of the holiday of a date.
-- name: audit_profile_last one
-- in: int territory, str channel, str field
-- out: time at, opt str user
SELECT e.at, u.name FROM audit_event e JOIN audit_change c ON c.event_id = e.id LEFT JOIN user u ON u.id = e.user_id
WHERE e.territory_id = :territory AND c.field = :field
  AND ((e.action = 'PROFILE_CHANGE' AND e.channel = :channel) OR e.action IN ('HOLIDAY_PUT', 'HOLIDAY_DROP')) ORDER BY e.id DESC LIMIT 1;

-- name: audit_changes many
-- in: int event
-- out: str field, opt str old_value, opt str new_value
SELECT c.field, IF(x.event_id IS NOT NULL, x.old_value, IF(c.old_value LIKE 'blake2b:%', '(erased)', c.old_value)),
  IF(x.event_id IS NOT NULL, x.new_value, IF(c.new_value LIKE 'blake2b:%', '(erased)', c.new_value))
FROM audit_change c LEFT JOIN erasable_change x ON x.event_id = c.event_id AND x.seq = c.seq
WHERE c.event_id = :event ORDER BY c.seq;

-- name: erasable_change_add exec
-- in: int event, int seq, int user, bin salt, opt str old_value, opt str new_value
INSERT INTO erasable_change (event_id, seq, user_id, salt, old_value, new_value)
VALUES (:event, :seq, :user, :salt, :old_value, :new_value);

-- name: erasable_change_drop exec
-- in: int user
DELETE FROM erasable_change WHERE user_id = :user;

-- name: audit_seal_last one
-- out: int seal, int event_id, bin hash, time sealed_at
SELECT seal, event_id, hash, sealed_at FROM audit_seal ORDER BY seal DESC LIMIT 1;

-- Events that are old enough for those before them to have been written too.
-- name: audit_unsealed many
-- in: int after, int limit
-- out: int id
SELECT id FROM audit_event WHERE id > :after AND at <= UTC_TIMESTAMP(3) - INTERVAL 2 SECOND ORDER BY id LIMIT :limit;

-- name: audit_waiting one
-- in: int after, time before
-- out: int n
SELECT COUNT(*) FROM audit_event WHERE id > :after AND at < :before;

-- Refuses at once while a transaction that has written one of them is not at its end.
-- name: audit_settled many
-- in: int after, int upto
-- out: int id
SELECT id FROM audit_event WHERE id > :after AND id <= :upto ORDER BY id LOCK IN SHARE MODE NOWAIT;

-- name: audit_rows many
-- in: int after, int upto, int limit
-- out: int id, time at, int user_id, str action, str resource_type, int resource_id, int territory_id, str channel, int session_id, str reason, str ip, str user_agent, str correlation_id
SELECT id, at, user_id, action, resource_type, resource_id, territory_id, channel, session_id, reason, ip, user_agent, correlation_id
FROM audit_event WHERE id > :after AND id <= :upto ORDER BY id LIMIT :limit;

-- name: audit_row_changes many
-- in: int after, int upto
-- out: int event_id, str field, opt str old_value, opt str new_value, opt bin salt, opt str old_person, opt str new_person
SELECT c.event_id, c.field, c.old_value, c.new_value, x.salt, x.old_value, x.new_value
FROM audit_change c LEFT JOIN erasable_change x ON x.event_id = c.event_id AND x.seq = c.seq
WHERE c.event_id > :after AND c.event_id <= :upto ORDER BY c.event_id, c.seq;

-- name: audit_seal_add exec
-- in: int seal, int event, bin hash
INSERT INTO audit_seal (seal, event_id, hash, sealed_at) VALUES (:seal, :event, :hash, UTC_TIMESTAMP(3));

-- name: audit_seals many
-- in: int after, int upto, int limit
-- out: int seal, int event_id, bin hash
SELECT seal, event_id, hash FROM audit_seal WHERE seal > :after AND seal <= :upto ORDER BY seal LIMIT :limit;

-- name: audit_seal_first one
-- out: int seal
SELECT seal FROM audit_seal ORDER BY seal LIMIT 1;

-- name: audit_archives many
-- out: int first_seal, int last_seal, int last_event, bin last_hash, time newest, str name, int pruned
SELECT a.first_seal, a.last_seal, a.last_event, a.last_hash, a.newest, a.name,
  NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.seal = a.first_seal)
FROM audit_archive a ORDER BY a.first_seal;

-- name: audit_archive_last one
-- out: int last_seal, int last_event, bin last_hash
SELECT last_seal, last_event, last_hash FROM audit_archive ORDER BY first_seal DESC LIMIT 1;

-- name: audit_archive_add exec
-- in: int first, int last, int event, bin hash, time newest, str name
INSERT INTO audit_archive (first_seal, last_seal, last_event, last_hash, newest, name, made_at)
VALUES (:first, :last, :event, :hash, :newest, :name, UTC_TIMESTAMP(3));

-- When the event of a seal happened.
-- name: audit_seal_time one
-- in: int seal
-- out: time at
SELECT e.at FROM audit_seal s JOIN audit_event e ON e.id = s.event_id WHERE s.seal = :seal;

-- The first seal after another whose event is not older.
-- name: audit_seal_since one
-- in: int after, time at
-- out: int seal
SELECT s.seal FROM audit_seal s JOIN audit_event e ON e.id = s.event_id WHERE s.seal > :after AND e.at >= :at ORDER BY s.seal LIMIT 1;

-- name: audit_prune exec
-- in: int days
CALL audit_prune(:days);

-- A person is forgotten: the number stays, so that the trail still tells one from another; who it was does not.
-- name: user_forget exec
-- in: int id
UPDATE user SET username = CONCAT('erased-', id), name = CONCAT('Erased ', id), email = '', password = NULL, active = 0, last_login = NULL
WHERE id = :id;

-- What somebody got in by, with the names and addresses in it. Sessions and erasable values have queries of their own.
-- name: user_forget_keys exec
-- in: int user
DELETE FROM api_key WHERE user_id = :user;

-- name: user_forget_tokens exec
-- in: int user
DELETE FROM token_family WHERE user_id = :user;

-- name: user_forget_factor exec
-- in: int user
DELETE FROM second_factor WHERE user_id = :user;

-- name: user_forget_codes exec
-- in: int user
DELETE FROM recovery_code WHERE user_id = :user;

-- name: user_forget_failures exec
-- in: str username
DELETE FROM login_failure WHERE subject = LEFT(CONCAT('u:', :username), 80);
