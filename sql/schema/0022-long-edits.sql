-- SPDX-License-Identifier: GPL-3.0-or-later
-- All windows of an outlet as one text are longer than any other value that a person gives.
ALTER TABLE outlet_edit MODIFY source_value VARCHAR(1000) NULL COMMENT 'what the source said last, NULL = nothing';
ALTER TABLE stage_held MODIFY live VARCHAR(1000) NULL COMMENT 'what the person says';
ALTER TABLE stage_held MODIFY value VARCHAR(1000) NOT NULL COMMENT 'what the file says';
