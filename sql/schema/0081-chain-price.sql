-- SPDX-License-Identifier: GPL-3.0-or-later
-- More visits of a chain by one person and day than it likes may be had for a price.
ALTER TABLE account_rule ADD COLUMN IF NOT EXISTS most_price SMALLINT UNSIGNED NULL COMMENT 'minutes that each visit beyond most_per_day costs; NULL = never more'
  AFTER most_per_day;
ALTER TABLE stage_chain_rules ADD COLUMN IF NOT EXISTS most_price SMALLINT UNSIGNED NULL AFTER most_per_day;
