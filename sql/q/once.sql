-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changes that are made once (cgi/once.h).

-- name: request_key_add exec
-- in: bin request, bin asked
INSERT INTO request_key (request, asked, created_at) VALUES (:request, :asked, UTC_TIMESTAMP(3));

-- name: request_key_get one
-- in: bin request
-- out: bin asked, opt bin reply
SELECT asked, reply FROM request_key WHERE request = :request;

-- name: request_key_reply exec
-- in: bin request, bin reply
UPDATE request_key SET reply = :reply WHERE request = :request;

-- name: request_key_forget exec
-- in: bin request
DELETE FROM request_key WHERE request = :request;

-- name: request_key_sweep exec
DELETE FROM request_key WHERE created_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY ORDER BY created_at LIMIT 20000;
