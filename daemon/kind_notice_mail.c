/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind NOTICE_MAIL: notices of people who want them by mail, all of one person in one mail.  A notice belongs to the job
 * that claimed it, so that two workers do not send the same and a job that is tried again goes on with its own. */
#include <string.h>

#include "base/buf.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "daemon/mail.h"
#include "health/health.h"
#include "notice/notice.h"
#include "queries.h"
#include "setting/setting.h"

enum { TOLD = 40, MAIL_MOST = 30000 }; /* notices in one mail; the others are on the page */

/* Of an alarm: its own words in French, and what stands behind them. */
static void put_french(struct bp_buf *b, const char *text)
{
	for (int i = 0; i < BP_ALARM__MAX; i++) {
		size_t n = strlen(bp_alarms[i].what);

		if (!strncmp(text, bp_alarms[i].what, n)) {
			bp_buf_str(b, bp_alarms[i].french);
			text += n;
			break;
		}
	}
	bp_buf_str(b, text);
}

static void put_line(struct bp_buf *b, bool french, const struct q_notice_mail_rows *r)
{
	const char *what = r->kind;

	for (int i = 0; i < BP_NOTICE__MAX; i++)
		if (!strcmp(bp_notices[i].name, r->kind))
			what = french ? bp_notices[i].french : bp_notices[i].what;
	bp_buf_printf(b, "- %s %s", r->from_name ? r->from_name : "Beatplan", what);
	if (r->territory)
		bp_buf_printf(b, " (%s%s%s)", r->territory, *r->channel ? " " : "", r->channel);
	bp_buf_str(b, *r->text ? "\n  " : "\n");
	if (french && !strncmp(r->kind, "ALARM_", 6))
		put_french(b, r->text);
	else
		bp_buf_str(b, r->text);
	bp_buf_str(b, *r->text ? "\n" : "");
}

/* The first `n` rows are of one person. */
static enum bp_error send_to(struct bp_job_run *run, const struct q_notice_mail_rows *r, size_t n)
{
	const struct bp_conf *conf = bp_jobs_conf();
	bool french = !strcmp(r->locale, "fr");
	struct bp_buf b;
	enum bp_error e;

	bp_buf_init(&b, MAIL_MOST);
	bp_buf_printf(&b, french ? "Bonjour %s,\n\n" : "Hello %s,\n\n", r->user_name);
	for (size_t i = 0; i < n && i < TOLD; i++)
		put_line(&b, french, &r[i]);
	if (n > TOLD)
		bp_buf_printf(&b, french ? "et %zu autres\n" : "and %zu more\n", n - TOLD);
	bp_buf_printf(&b, french ? "\nTous vos avis : %s/notices\nPour ne plus les recevoir par courriel : %s/account\n"
				 : "\nAll your notices: %s/notices\nTo have them by mail no longer: %s/account\n", conf->public_url, conf->public_url);
	e = bp_mail_send(conf, r->email, french ? "Avis de Beatplan" : "Notices of Beatplan", b.data, &run->fail);
	bp_buf_release(&b);
	return e ? e : q_notice_mailed(run->db, r->user, (int64_t)run->id, r[n - 1].id, NULL);
}

enum bp_error bp_kind_notice_mail(struct bp_job_run *run)
{
	struct q_notice_mail_rows *r = NULL;
	size_t n = 0;
	enum bp_error e = q_notice_mail_claim(run->db, (int64_t)run->id, NULL), failed = BP_E_OK;

	if (!e)
		e = q_notice_mail_rows(run->db, run->arena, (int64_t)run->id, &r, &n);
	for (size_t i = 0, k; i < n && !e; i = k) {
		enum bp_error one;

		for (k = i + 1; k < n && r[k].user == r[i].user; k++)
			;
		e = bp_job_report(run, "mail", (double)i * 100 / (double)n, NULL);
		one = e ? e : send_to(run, &r[i], k - i);
		failed = one ? one : failed; /* an address that is refused does not keep the others waiting */
	}
	return e ? e : failed;
}

void bp_notice_tick(struct bp_db *db)
{
	struct q_notice_mail_due r;
	struct bp_arena a;

	bp_arena_init(&a, 1u << 16);
	if (bp_setting(BP_SETTING_notice_mail) && !q_notice_mail_due(db, &a, &r) && r.due)
		bp_job_add(db, BP_JOB_NOTICE_MAIL, 0, 0, "{}", 0, 0, "", NULL);
	bp_arena_release(&a);
}
