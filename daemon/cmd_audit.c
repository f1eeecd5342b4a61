/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan audit: is the trail as it was written; the trail as a file; months that are over to archives; people who are forgotten. */
#include <errno.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/audit.h"
#include "audit/chain.h"
#include "audit/trail.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/shell.h"
#include "daemon/state.h"

struct words {
	const char *state, *from, *to, *format, *out, *what, *reason; /* what = an archive or a user name */
};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan audit: %s\n", why);
	fprintf(stderr, "usage: beatplan audit verify [FILE] [--state DIR]\n"
			"       beatplan audit export [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--format csv|xml] [--out FILE] [--state DIR]\n"
			"       beatplan audit archive [--state DIR]\n"
			"       beatplan audit forget USERNAME --reason TEXT [--state DIR]\n"
			"  verify holds archives, tables and published heads against the chain, or one archive by itself; status 3 = broken\n"
			"  forget takes name, address and sign-in from an account and from all that the trail says of it; the chain stays whole\n");
	return 2;
}

static int tell(const struct bp_audit_verdict *v)
{
	char hex[2 * BP_AUDIT_HASH + 1];

	printf("tables    %lld events\narchives  %lld events\npublished %lld heads\nwaiting   %lld events for their seal\n", (long long)v->tables,
		(long long)v->archived, (long long)v->published, (long long)v->waiting);
	if (v->broken) {
		printf("BROKEN    at seal %lld, event %lld: %s\n", (long long)v->at.seal, (long long)v->at.event, v->what);
		return 3;
	}
	printf("whole     up to seal %lld, %s\n", (long long)v->head.seal, sodium_bin2hex(hex, sizeof(hex), v->head.hash, sizeof(v->head.hash)));
	return 0;
}

static bool to_file(void *ctx, const char *data, size_t n)
{
	return fwrite(data, 1, n, ctx) == n;
}

static enum bp_error export_to(struct bp_db *db, const struct words *w, const struct bp_audit_filter *filter, struct bp_fail *f)
{
	FILE *out = w->out ? fopen(w->out, "we") : stdout;
	enum bp_error e;

	if (!out)
		return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", w->out, strerror(errno));
	e = bp_audit_export(db, filter, strcmp(w->format, "xml") ? BP_AUDIT_CSV : BP_AUDIT_XML, to_file, out);
	if ((w->out ? fclose(out) : fflush(out)) && !e)
		e = bp_error_of_errno(errno);
	if (e && w->out)
		unlink(w->out);
	return e;
}

static enum bp_error archive(struct bp_db *db, const char *dir, struct bp_fail *f)
{
	int64_t made = 0;
	enum bp_error e = dir ? bp_audit_archive(db, dir, bp_now(), &made, f) : bp_fail(f, BP_E_CONFLICT, "name a folder first: audit_dir in beatplan.conf");

	printf("%lld months archived\n", (long long)made);
	return e;
}

static enum bp_error forget(struct bp_db *db, void *ctx)
{
	const struct words *w = ctx;
	struct bp_audit au = {.action = BP_ACTION_USER_FORGET, .resource_type = "user", .reason = w->reason};
	static enum bp_error (*const access[])(struct bp_db *, int64_t, uint64_t *) = {q_user_scope_clear, q_user_scope_clear_keys, q_user_forget_keys,
		q_user_forget_tokens, q_user_forget_factor, q_user_forget_codes};
	struct q_user_admins others;
	struct q_user_login u;
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	e = q_user_login(db, &a, w->what, &u);
	if (!e)
		e = q_user_admins(db, &a, u.id, &others);
	if (!e && !others.n) {
		fprintf(stderr, "beatplan audit: that is the last administrator: make another one first\n");
		e = BP_E_CONFLICT;
	}
	if (!e)
		e = q_user_forget(db, u.id, NULL);
	for (size_t i = 0; !e && i < sizeof(access) / sizeof(access[0]); i++)
		e = access[i](db, u.id, NULL);
	if (!e)
		e = q_user_forget_failures(db, w->what, NULL);
	if (!e)
		e = q_auth_session_drop_user(db, u.id, NULL);
	if (!e)
		e = q_erasable_change_drop(db, u.id, NULL);
	au.resource_id = e ? 0 : (uint64_t)u.id;
	bp_arena_release(&a);
	return e ? e : bp_audit_write(db, &au);
}

static enum bp_error act(const char *verb, struct bp_db *db, const char *dir, const struct words *w, const struct bp_audit_filter *filter, struct bp_fail *f)
{
	enum bp_error e;

	if (!strcmp(verb, "archive"))
		return archive(db, dir, f);
	if (!strcmp(verb, "export"))
		return export_to(db, w, filter, f);
	e = bp_db_tx(db, forget, (void *)(uintptr_t)w);
	if (e == BP_E_NOT_FOUND)
		bp_fail(f, e, "there is no user '%s'", w->what);
	return e;
}

static int run(const char *verb, const struct words *w, const struct bp_audit_filter *filter)
{
	struct bp_audit_verdict v = {0};
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_db *db = NULL;
	struct bp_state s;
	const char *dir;
	int rc = 0;
	enum bp_error e = bp_state_init(&s, bp_cmd_state(w->state), &f);

	if (!e)
		e = bp_state_drop(&s, &f); /* what is written belongs to the services' user */
	if (!e)
		e = bp_state_open(&s, &conf, &db, false, &f);
	dir = !e && strcmp(conf.audit_dir, "off") ? conf.audit_dir : NULL;
	if (!e && !strcmp(verb, "verify")) {
		e = bp_audit_verify(db, dir, &v, &f);
		rc = e ? 1 : tell(&v);
	} else if (!e) {
		e = act(verb, db, dir, w, filter, &f);
	}
	if (!e && !strcmp(verb, "export"))
		bp_shell_note(&s, BP_ACTION_AUDIT_EXPORT, "format", w->format);
	if (!e && !strcmp(verb, "archive"))
		bp_shell_note(&s, BP_ACTION_AUDIT_ARCHIVE, NULL, NULL);
	if (e)
		bp_fail(&f, e, "%s", db && bp_db_failure(db)->code ? bp_db_failure(db)->detail : bp_errors[e].message);
	bp_db_free(db);
	bp_conf_release(&conf);
	return e ? bp_cmd_failed("audit", &f) : rc;
}

static int verify_file(const char *path)
{
	struct bp_audit_verdict v;
	struct bp_fail f = {0};

	return bp_audit_verify_file(path, &v, &f) ? bp_cmd_failed("audit", &f) : tell(&v);
}

int cmd_audit(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"from", required_argument, NULL, 'f'},
		{"to", required_argument, NULL, 't'}, {"format", required_argument, NULL, 'm'}, {"out", required_argument, NULL, 'o'}, {"reason", required_argument, NULL, 'r'},
		{NULL, 0, NULL, 0}};
	struct words w = {.format = "csv"};
	struct bp_audit_filter filter = {0};
	const char *verb;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': w.state = optarg; break;
		case 'f': w.from = optarg; break;
		case 't': w.to = optarg; break;
		case 'm': w.format = optarg; break;
		case 'r': w.reason = optarg; break;
		case 'o': w.out = optarg; break;
		default: return usage(NULL);
		}
	}
	verb = optind < argc ? argv[optind] : "";
	w.what = optind + 1 < argc ? argv[optind + 1] : NULL;
	if ((strcmp(verb, "verify") && strcmp(verb, "export") && strcmp(verb, "archive") && strcmp(verb, "forget")) || optind + 2 < argc)
		return usage("say what: verify, export, archive or forget");
	if (!strcmp(verb, "forget") && (!w.what || !w.reason || !*w.reason))
		return usage("say whom, and why: forget USERNAME --reason TEXT");
	if (w.what && (!strcmp(verb, "export") || !strcmp(verb, "archive")))
		return usage("this takes no further word");
	if ((w.from && !bp_date_parse(w.from, &filter.from.v)) || (w.to && !bp_date_parse(w.to, &filter.to.v)))
		return usage("--from and --to take a date as 2026-01-31");
	filter.from.set = w.from;
	filter.to.set = w.to;
	if (strcmp(w.format, "csv") && strcmp(w.format, "xml"))
		return usage("--format takes csv or xml");
	return w.what && !strcmp(verb, "verify") ? verify_file(w.what) : run(verb, &w, &filter);
}
