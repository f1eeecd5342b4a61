-- SPDX-License-Identifier: GPL-3.0-or-later
-- Scopes of users that are gone, and of keys that were ended together with all others of their owner, which once stayed behind.
DELETE s FROM user_scope s LEFT JOIN user u ON u.id = s.user_id LEFT JOIN api_key k ON s.user_id = (1 << 62 | k.id) AND k.revoked_at IS NULL
WHERE u.id IS NULL AND k.id IS NULL;
