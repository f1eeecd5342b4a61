-- SPDX-License-Identifier: GPL-3.0-or-later
-- Queries of lib/outbox, and the alarms of lib/health.

-- A read without a lock: whoever writes an event does not wait for whoever delivers.
-- name: outbox_wanted one
-- out: int wanted
SELECT EXISTS (SELECT 1 FROM duty WHERE name = 'webhook');

-- name: outbox_add exec
-- in: str topic, int subject, str payload
INSERT INTO outbox (topic, subject, payload, created_at) VALUES (:topic, :subject, :payload, UTC_TIMESTAMP(3));

-- The next one to try: the oldest of its subject, an id of what stands before the dot of the topic; of these the least tried.
-- name: outbox_next one
-- out: int id, str event, str topic, int subject, str payload, time created_at, int attempts
SELECT o.id, o.event, o.topic, o.subject, o.payload, o.created_at, o.attempts FROM outbox o
WHERE o.delivered_at IS NULL AND o.given_up_at IS NULL AND COALESCE(o.not_before <= UTC_TIMESTAMP(3), 1)
  AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.subject = o.subject AND p.delivered_at IS NULL AND p.given_up_at IS NULL AND p.id < o.id
    AND SUBSTRING_INDEX(p.topic, '.', 1) = SUBSTRING_INDEX(o.topic, '.', 1))
  AND NOT EXISTS (SELECT 1 FROM duty d WHERE d.name = 'webhook' AND d.not_before > UTC_TIMESTAMP(3))
ORDER BY o.attempts, o.id LIMIT 1;

-- One of several takes it, for so many seconds.
-- name: outbox_claim exec
-- in: int id, int attempts, int seconds
UPDATE outbox SET attempts = attempts + 1, not_before = UTC_TIMESTAMP(3) + INTERVAL :seconds SECOND
WHERE id = :id AND attempts = :attempts AND delivered_at IS NULL AND given_up_at IS NULL;

-- name: outbox_delivered exec
-- in: int id
UPDATE outbox SET delivered_at = UTC_TIMESTAMP(3), error = '' WHERE id = :id AND delivered_at IS NULL;

-- name: outbox_failed exec
-- in: int id, int pause, int hours, str error
UPDATE outbox SET not_before = UTC_TIMESTAMP(3) + INTERVAL :pause SECOND, error = LEFT(:error, 200),
  given_up_at = IF(COALESCE(since, created_at) < UTC_TIMESTAMP(3) - INTERVAL :hours HOUR, UTC_TIMESTAMP(3), NULL)
WHERE id = :id AND delivered_at IS NULL;

-- What was given up is tried again, in its order.
-- name: outbox_again exec
UPDATE outbox SET given_up_at = NULL, attempts = 0, not_before = NULL, since = UTC_TIMESTAMP(3) WHERE delivered_at IS NULL AND given_up_at IS NOT NULL;

-- Without anybody who takes it nothing waits.
-- name: outbox_unwanted exec
DELETE FROM outbox WHERE delivered_at IS NULL AND created_at < UTC_TIMESTAMP(3) - INTERVAL 5 MINUTE AND NOT EXISTS (SELECT 1 FROM duty WHERE name = 'webhook');

-- name: outbox_prune exec
-- in: int days
DELETE FROM outbox WHERE delivered_at < UTC_TIMESTAMP(3) - INTERVAL :days DAY OR (delivered_at IS NULL AND given_up_at < UTC_TIMESTAMP(3) - INTERVAL :days DAY);

-- A duty begins to be somebody's; who had it already only says so again.
-- name: duty_keep exec
-- in: str name, str place, str target
INSERT INTO duty (name, place, target, at) VALUES (:name, :place, :target, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE target = VALUES(target),
  at = IF(name = 'webhook', VALUES(at), at), place = IF(name = 'webhook', VALUES(place), place);

-- Whoever has no address for it says so of itself, and of who has not been seen for a day.
-- name: duty_drop exec
-- in: str name, str place
DELETE FROM duty WHERE name = :name AND (place = :place OR at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY);

-- One takes the turn: one row is changed, or none. A clock that was ahead does not keep it from coming.
-- name: duty_take exec
-- in: str name, str place, int seconds
UPDATE duty SET place = :place, at = UTC_TIMESTAMP(3) WHERE name = :name AND at NOT BETWEEN UTC_TIMESTAMP(3) - INTERVAL :seconds SECOND AND UTC_TIMESTAMP(3);

-- name: duty_well exec
-- in: str name
UPDATE duty SET ok_at = UTC_TIMESTAMP(3), failures = 0, error = '', not_before = NULL WHERE name = :name;

-- Each failure in a row makes the rest twice as long, up to `most` seconds; 0 = it does not rest.
-- name: duty_ill exec
-- in: str name, str error, int most
UPDATE duty SET failed_at = UTC_TIMESTAMP(3), error = LEFT(:error, 200),
  not_before = UTC_TIMESTAMP(3) + INTERVAL LEAST(:most, 5 * POW(2, LEAST(failures, 16))) SECOND, failures = failures + 1 WHERE name = :name;

-- name: duties many
-- out: str name, str place, str target, time at, opt time ok_at, opt time failed_at, int failures, str error, num age
SELECT name, place, target, at, ok_at, failed_at, failures, error, CAST(TIMESTAMPDIFF(MICROSECOND, at, UTC_TIMESTAMP(6)) / 1e6 AS DOUBLE) FROM duty ORDER BY name;

-- name: alarm_rows many
-- in: str place
-- out: str name, int sounds, time turned_at, int stands, opt time began_at, opt time ended_at, opt time told_at, int flaps
SELECT name, sounds, turned_at, stands, began_at, ended_at, told_at, flaps FROM alarm WHERE place = :place FOR UPDATE;

-- name: alarm_put exec
-- in: str name, str place, int sounds, time turned_at, int stands, opt time began_at, opt time ended_at, opt time told_at, int flaps
INSERT INTO alarm (name, place, sounds, turned_at, stands, began_at, ended_at, told_at, flaps, seen_at)
VALUES (:name, :place, :sounds, :turned_at, :stands, :began_at, :ended_at, :told_at, :flaps, UTC_TIMESTAMP(3))
ON DUPLICATE KEY UPDATE sounds = VALUES(sounds), turned_at = VALUES(turned_at), stands = VALUES(stands), began_at = VALUES(began_at),
  ended_at = VALUES(ended_at), told_at = VALUES(told_at), flaps = VALUES(flaps);

-- name: alarm_seen exec
-- in: str place
UPDATE alarm SET seen_at = UTC_TIMESTAMP(3) WHERE place = :place;

-- Who was told just now: the notices of this transaction, from the first one on.
-- name: alarm_told exec
-- in: str name, str place, int first, str kind, str text
UPDATE alarm SET told = (SELECT COALESCE(JSON_ARRAYAGG(n.user_id), '[]') FROM notice n WHERE n.id >= :first AND n.kind = :kind AND n.text = LEFT(:text, 500))
WHERE name = :name AND place = :place;

-- Machines that have not looked for an hour: what they said no longer holds.
-- name: alarm_places_gone many
-- out: str place
SELECT DISTINCT place FROM alarm WHERE place <> '' AND stands = 1 AND seen_at < UTC_TIMESTAMP(3) - INTERVAL 1 HOUR;

-- name: alarms_standing many
-- out: str name, str place, int sounds, opt time began_at, opt time told_at, opt str told
SELECT a.name, a.place, a.sounds, a.began_at, a.told_at,
  (SELECT GROUP_CONCAT(u.name ORDER BY u.name SEPARATOR '\n') FROM JSON_TABLE(a.told, '$[*]' COLUMNS (id BIGINT PATH '$')) j JOIN user u ON u.id = j.id)
FROM alarm a WHERE a.stands = 1 ORDER BY a.began_at, a.name, a.place;
