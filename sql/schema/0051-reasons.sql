-- SPDX-License-Identifier: GPL-3.0-or-later
-- Why planners override rules, as a list that an administrator keeps; and notices that also go out by mail.

-- A reason to choose from. Codes stay what they are, since the ledger and the audit trail tell them; labels may change.
CREATE TABLE IF NOT EXISTS override_reason (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  code VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label VARCHAR(120) NOT NULL,
  retired TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '1 = is not offered any more',
  PRIMARY KEY (id),
  UNIQUE KEY code (code)
) ENGINE=InnoDB;
INSERT IGNORE INTO override_reason (id, code, label) VALUES
  (1, 'CUSTOMER_WISH', 'Customer asked for it'), (2, 'CLOSED', 'Closed on that day'), (3, 'ABSENCE', 'Person absent'),
  (4, 'ACCESS', 'Road or access'), (5, 'BALANCE', 'Balance of work'), (6, 'DISTRIBUTOR', 'Change of distributor agreed'),
  (7, 'PROMOTION', 'Promotion or launch'), (8, 'DATA', 'The data is wrong'), (9, 'OTHER', 'Another reason');

ALTER TABLE plan_op ADD COLUMN IF NOT EXISTS reason_code VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'an override_reason';

ALTER TABLE user ADD COLUMN IF NOT EXISTS notice_mail TINYINT UNSIGNED NOT NULL DEFAULT 1 COMMENT '1 = notices also come by mail';
ALTER TABLE notice ADD COLUMN IF NOT EXISTS mail TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = none, 1 = is to be sent, 2 = was sent';
ALTER TABLE notice ADD COLUMN IF NOT EXISTS mail_job BIGINT UNSIGNED NULL COMMENT 'the job that sends it';
ALTER TABLE notice ADD INDEX IF NOT EXISTS mail (mail, at);
