-- SPDX-License-Identifier: GPL-3.0-or-later
-- When the next purchase of an outlet is due, counted by the worker from the days of its invoices (lib/plan/due.c). A score that the
-- outlet file brings (outlet.nppd) goes before it.
CREATE TABLE IF NOT EXISTS outlet_due (
  outlet_id BIGINT UNSIGNED NOT NULL,
  last DATE NOT NULL COMMENT 'of the last invoice',
  due DATE NOT NULL,
  every DECIMAL(6,2) NOT NULL COMMENT 'days from one purchase to the next, the median',
  spread DECIMAL(6,2) NOT NULL COMMENT 'days that they vary by',
  gaps TINYINT UNSIGNED NOT NULL COMMENT 'its own that were there, at most 8; fewer than 3: every and spread are those of its tier',
  made_at DATETIME(3) NOT NULL COMMENT 'when it was last counted',
  changed_at DATETIME(3) NOT NULL COMMENT 'when it last came out otherwise',
  PRIMARY KEY (outlet_id),
  CONSTRAINT outlet_due_outlet FOREIGN KEY (outlet_id) REFERENCES outlet (id) ON DELETE CASCADE
) ENGINE=InnoDB;

ALTER TABLE sales_rule ADD COLUMN IF NOT EXISTS due_at DATETIME(3) NULL COMMENT 'as of when the table outlet_due was counted';

-- Details of snapshots tell it: all are built anew.
DELETE FROM snapshot;
