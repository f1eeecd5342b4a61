-- SPDX-License-Identifier: GPL-3.0-or-later
-- The next dates of an outlet are found without reading the whole visit list of its plan.
CREATE INDEX IF NOT EXISTS need_day ON visit (need_id, day);
