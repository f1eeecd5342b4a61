-- SPDX-License-Identifier: GPL-3.0-or-later
-- When a session last gave its password: at sign-in, and again before what would outlast the session.
ALTER TABLE auth_session ADD COLUMN IF NOT EXISTS proved_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3);
