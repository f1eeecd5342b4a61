-- SPDX-License-Identifier: GPL-3.0-or-later
-- Under which parameters the stored sums of a version or draft were counted (lib/plan/recount.h); '' = under some unknown ones.
ALTER TABLE plan_version ADD COLUMN IF NOT EXISTS reckoning CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
ALTER TABLE planning_session ADD COLUMN IF NOT EXISTS reckoning CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
-- Places and needs may change as well: which snapshot of the unit the sums of the committed version and of the drafts fit.
ALTER TABLE plan ADD COLUMN IF NOT EXISTS counted CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';

-- Of the plans that there are by now nobody knows it: they are counted anew with the snapshot of their unit.
INSERT INTO job (kind, subject, territory_id, payload, not_before, created_at)
SELECT DISTINCT 'SNAPSHOT', p.territory_id, p.territory_id, '{}', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM plan p JOIN plan_version v ON v.plan_id = p.id
WHERE v.reckoning = '' AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'SNAPSHOT' AND j.subject = p.territory_id AND j.state = 'queued');
