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
-- out: int id, time at, int user_id, opt str user, str action, str resource_type, int resource_id, opt str territory, str reason, str ip
SELECT e.id, e.at, e.user_id, u.name, e.action, e.resource_type, e.resource_id, t.name, e.reason, e.ip
FROM audit_event e LEFT JOIN user u ON u.id = e.user_id LEFT JOIN territory t ON t.id = e.territory_id
WHERE e.id < :before AND (:action IS NULL OR e.action = :action) AND (:user IS NULL OR e.user_id = :user)
  AND (:who IS NULL OR LOCATE(:who, u.name) OR LOCATE(:who, u.username))
  AND (:type IS NULL OR e.resource_type = :type) AND (:id IS NULL OR e.resource_id = :id)
  AND (:from IS NULL OR e.at >= :from) AND (:to IS NULL OR e.at < :to + INTERVAL 1 DAY)
ORDER BY e.id DESC LIMIT :limit;

-- name: audit_changes many
-- in: int event
-- out: str field, opt str old_value, opt str new_value
SELECT field, old_value, new_value FROM audit_change WHERE event_id = :event ORDER BY seq;
