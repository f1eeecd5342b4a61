-- SPDX-License-Identifier: GPL-3.0-or-later
-- The price of a change in the one currency of the plan, minutes: `minutes` are those of work alone, in which a visit taken out is a saving.
ALTER TABLE plan_op ADD COLUMN IF NOT EXISTS price DOUBLE NULL COMMENT 'all prices together; NULL = made before they were counted';
