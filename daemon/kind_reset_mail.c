/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind RESET_MAIL: somebody says that a password is forgotten; payload = the user name or mail address that was typed.
 * The secret of the link is made here and leaves only by the mail. */
#include <string.h>

#include "auth/auth.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "daemon/mail.h"
#include "queries.h"
#include "setting/setting.h"

#define AN_HOUR 3 /* links to one account: a mailbox is not flooded */

static const char *text_of(struct bp_arena *a, bool french, const struct q_reset_users *u, const char *url, const char *token)
{
	long long minutes = bp_setting(BP_SETTING_reset_minutes);

	if (french)
		return bp_sprintf(a, "Bonjour %s,\n\nquelqu'un, vous sans doute, a demandé un nouveau mot de passe pour le compte « %s ».\n"
			"Ce lien est valable %lld minutes et une seule fois :\n\n%s/reset#%s\n\n"
			"Si ce n'était pas vous, ne faites rien : le mot de passe reste le même.\n", u->name, u->username, minutes, url, token);
	return bp_sprintf(a, "Hello %s,\n\nsomebody, probably you, asked for a new password for the account '%s'.\n"
		"This link is good for %lld minutes and for one use:\n\n%s/reset#%s\n\n"
		"If it was not you, do nothing: the password stays as it is.\n", u->name, u->username, minutes, url, token);
}

static enum bp_error send_to(struct bp_job_run *run, const struct q_reset_users *u)
{
	const struct bp_conf *conf = bp_jobs_conf();
	bool french = !strcmp(u->locale, "fr");
	char token[BP_AUTH_TOKEN_SIZE];
	struct q_reset_count asked;
	unsigned char hash[32];
	enum bp_error e = q_reset_count(run->db, run->arena, u->id, &asked);

	if (e || asked.n >= AN_HOUR)
		return e;
	bp_auth_secret(token);
	e = q_reset_add(run->db, bp_auth_hash_of(token, hash), u->id, bp_setting(BP_SETTING_reset_minutes), NULL);
	if (e)
		return e;
	e = bp_mail_send(conf, u->email, french ? "Un nouveau mot de passe pour Beatplan" : "A new password for Beatplan",
		text_of(run->arena, french, u, conf->public_url, token), &run->fail);
	if (e) /* a link that nobody got is none of the hour's */
		q_reset_drop(run->db, bp_auth_hash_of(token, hash), NULL);
	return e;
}

enum bp_error bp_kind_reset_mail(struct bp_job_run *run)
{
	const char *who = json_string_value(json_object_get(run->payload, "who"));
	struct q_reset_users *u;
	size_t n = 0;
	enum bp_error e = who ? q_reset_users(run->db, run->arena, who, &u, &n) : BP_E_NOT_FOUND;

	q_reset_sweep(run->db, NULL);
	for (size_t i = 0; i < n && !e; i++)
		e = send_to(run, &u[i]);
	return e;
}
