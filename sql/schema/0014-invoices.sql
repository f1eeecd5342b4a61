-- SPDX-License-Identifier: GPL-3.0-or-later
-- Invoices: heads with what they say of the store, lines, the products on them.

CREATE TABLE IF NOT EXISTS product (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  code VARCHAR(200) COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'of the seller; the name where files give no code',
  name VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY code (code)
) ENGINE=InnoDB;

-- The head of an invoice. An invoice whose store is not known is kept; `store_by` says how the store was found, or why not.
-- Sums over the lines are kept, since months of an outlet and the sales volume are asked for more often than lines.
CREATE TABLE IF NOT EXISTS invoice (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  number VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
  seller VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT '' COMMENT 'the distributor that wrote it, as the file says; empty = ourselves',
  partner_id BIGINT UNSIGNED NULL COMMENT 'the same, where known',
  day DATE NOT NULL,
  outlet_id BIGINT UNSIGNED NULL,
  store_by ENUM('CODE','TAX','PHONE','NAME','NONE','UNKNOWN','AMBIGUOUS') NOT NULL,
  outlet_code VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT '',
  outlet_name VARCHAR(200) NOT NULL DEFAULT '',
  tax_no VARCHAR(40) NOT NULL DEFAULT '',
  phone VARCHAR(40) NOT NULL DEFAULT '',
  postcode VARCHAR(20) NOT NULL DEFAULT '',
  currency VARCHAR(8) NOT NULL DEFAULT '',
  salesperson VARCHAR(120) NOT NULL DEFAULT '',
  n_lines INT UNSIGNED NOT NULL DEFAULT 0,
  net DECIMAL(18,4) NOT NULL DEFAULT 0,
  tax DECIMAL(18,4) NOT NULL DEFAULT 0,
  gross DECIMAL(18,4) NOT NULL DEFAULT 0,
  import_id BIGINT UNSIGNED NOT NULL COMMENT 'import session that brought it',
  PRIMARY KEY (id),
  UNIQUE KEY number (number, seller),
  KEY outlet_day (outlet_id, day),
  KEY day (day)
) ENGINE=InnoDB;

-- A line. `item` is its number on the invoice, or 1,000,000,000 + the product where files give no numbers.
CREATE TABLE IF NOT EXISTS invoice_line (
  invoice_id BIGINT UNSIGNED NOT NULL,
  item BIGINT UNSIGNED NOT NULL,
  product_id BIGINT UNSIGNED NULL,
  quantity DECIMAL(16,4) NULL,
  unit VARCHAR(16) NOT NULL DEFAULT '',
  unit_price DECIMAL(16,4) NULL,
  discount DECIMAL(16,4) NULL,
  net DECIMAL(16,4) NOT NULL,
  tax DECIMAL(16,4) NOT NULL,
  gross DECIMAL(16,4) NOT NULL,
  PRIMARY KEY (invoice_id, item)
) ENGINE=InnoDB;

-- Stores (code, tax number, telephone, name, postcode), products (code, name) and sellers of staged invoices are numbered as
-- territories are; `how` says by what a store was found.
ALTER TABLE stage_ref
  MODIFY COLUMN kind ENUM('PLACE','ACCOUNT','DT','STORE','PRODUCT','SELLER') NOT NULL,
  ADD COLUMN IF NOT EXISTS how VARCHAR(10) NOT NULL DEFAULT '';

CREATE TABLE IF NOT EXISTS stage_invoices (
  session_id BIGINT UNSIGNED NOT NULL,
  file_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  invoice_no VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
  date DATE NOT NULL,
  line_no INT UNSIGNED NULL,
  quantity DECIMAL(16,4) NULL,
  unit VARCHAR(16) NULL,
  unit_price DECIMAL(16,4) NULL,
  discount DECIMAL(16,4) NULL,
  net DECIMAL(16,4) NULL,
  tax DECIMAL(16,4) NULL,
  gross DECIMAL(16,4) NULL,
  currency VARCHAR(8) NULL,
  salesperson VARCHAR(120) NULL,
  store INT UNSIGNED NULL,
  product INT UNSIGNED NULL,
  seller INT UNSIGNED NULL,
  item BIGINT UNSIGNED AS (COALESCE(line_no, 1000000000 + COALESCE(product, 0))) VIRTUAL COMMENT 'tells the lines of an invoice apart',
  state TINYINT UNSIGNED NOT NULL DEFAULT 0,
  bad TINYINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id, file_id, row_no),
  KEY row_key (session_id, invoice_no, seller, item, bad)
) ENGINE=InnoDB;
