/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan audit: is the trail as it was written, does it lead to a plan; the trail as a file; months that are over to archives; people who are forgotten. */
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
#include "plan/replay.h"

struct words {
	const char *state, *from, *to, *format, *out, *what, *reason; /* what = an archive or a user name */
	const char *territory, *channel;
	struct bp_opt_int version;
};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan audit: %s\n", why);
	fprintf(stderr, "usage: beatplan audit verify [FILE] [--state DIR]\n"
			"       beatplan audit export [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--format csv|xml] [--out FILE] [--state DIR]\n"
			"       beatplan audit replay --territory CODE [--channel GT|MT] [--version N] [--state DIR]\n"
			"       beatplan audit archive [--state DIR]\n"
			"       beatplan audit forget USERNAME --reason TEXT [--state DIR]\n"
			"  verify holds archives, tables and published heads against the chain, or one archive by itself; status 3 = broken\n"
			"  replay makes the changes that led to a version of a plan, the committed one, again; status 3 = they give another plan\n"
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

static void tell_outlet(const char *where, json_t *outlet)
{
	const char *name = json_string_value(json_object_get(outlet, "name")), *code = json_string_value(json_object_get(outlet, "code"));

	if (json_is_null(outlet))
		printf("          %s none\n", where);
	else if (code)
		printf("          %s outlet %s, %s\n", where, code, name);
	else
		printf("          %s need %lld, which is no longer here\n", where, (long long)json_integer_value(json_object_get(outlet, "need")));
}

/* Where the plan that the changes give parts from the version. */
static void tell_difference(json_t *d)
{
	const char *kind = json_string_value(json_object_get(d, "kind")), *label = json_string_value(json_object_get(d, "label")),
		   *seat = json_string_value(json_object_get(d, "seatCode"));

	fputs("DIFFERENT ", stdout);
	if (label)
		printf("at change %lld (%s): ", (long long)json_integer_value(json_object_get(d, "change")), label);
	if (!strcmp(kind, "UNTOLD")) {
		puts(label ? "the audit trail does not tell of it" : "the audit trail does not tell of the version");
	} else if (!strcmp(kind, "MARK")) {
		puts("the audit trail tells another mark of the version: its stops were changed since");
	} else {
		printf("seat %s, day %lld of the cycle, place %lld\n", seat ? seat : "of before", (long long)json_integer_value(json_object_get(d, "day")) + 1,
			(long long)json_integer_value(json_object_get(d, "position")));
		tell_outlet(strcmp(kind, "TAKEN") ? "the version has" : "it took away ", json_object_get(d, "version"));
		tell_outlet("the trail gives", json_object_get(d, "trail"));
	}
}

static long long told(json_t *o, const char *name)
{
	return (long long)json_integer_value(json_object_get(o, name));
}

static int tell_replay(json_t *o)
{
	bool same = json_is_true(json_object_get(o, "same"));

	printf("version   %lld, %s\n", told(o, "version"), json_string_value(json_object_get(o, "hash")));
	if (json_is_null(json_object_get(o, "from")))
		puts("from      the empty plan");
	else
		printf("from      version %lld\n", told(o, "from"));
	printf("changes   %lld, of which %lld took over a proposal or version; on the way %lld steps of undo and redo\n", told(o, "changes"), told(o, "accepted"),
		told(o, "steps"));
	printf("trail     tells of %lld of them\n", told(o, "told"));
	if (told(o, "archived"))
		printf("archived  what it tells of %lld; beatplan audit verify holds the archives together\n", told(o, "archived"));
	if (same)
		puts("identical the changes give the version");
	else
		tell_difference(json_object_get(o, "difference"));
	return same ? 0 : 3;
}

static int replay(struct bp_db *db, const struct words *w, struct bp_fail *f)
{
	struct q_replay_pick v;
	struct bp_arena a;
	json_t *o = NULL;
	int rc = 1;
	enum bp_error e;

	bp_arena_init(&a, (size_t)1 << 30);
	e = q_replay_pick(db, &a, w->territory, w->channel, w->version, &v);
	if (e == BP_E_NOT_FOUND)
		bp_fail(f, e, "there is no %s %s plan of a unit with the code %s", w->version.set ? "such version of a" : "committed", w->channel, w->territory);
	if (!e)
		e = plan_replay(db, &a, (uint64_t)v.version, &o, f);
	if (!e)
		rc = tell_replay(o);
	json_decref(o);
	bp_arena_release(&a);
	bp_fail(f, e, "%s", bp_errors[e].message);
	return e ? bp_cmd_failed("audit", f) : rc;
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
	} else if (!e && !strcmp(verb, "replay")) {
		rc = replay(db, w, &f);
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
		{"territory", required_argument, NULL, 'a'}, {"channel", required_argument, NULL, 'c'}, {"version", required_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};
	struct words w = {.format = "csv", .channel = "GT"};
	struct bp_audit_filter filter = {0};
	const char *verb;
	bool bad = false;
	char *end;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': w.state = optarg; break;
		case 'a': w.territory = optarg; break;
		case 'c': w.channel = optarg; break;
		case 'v':
			w.version = BP_SOME_INT(strtol(optarg, &end, 10));
			bad = bad || end == optarg || *end || w.version.v < 0;
			break;
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
	if ((strcmp(verb, "verify") && strcmp(verb, "export") && strcmp(verb, "replay") && strcmp(verb, "archive") && strcmp(verb, "forget")) || optind + 2 < argc)
		return usage("say what: verify, replay, export, archive or forget");
	if (!strcmp(verb, "replay") && !w.territory)
		return usage("--territory CODE is missing");
	if (strcmp(w.channel, "GT") && strcmp(w.channel, "MT"))
		return usage("--channel takes GT or MT");
	if (bad)
		return usage("--version takes the number of a version");
	if (!strcmp(verb, "forget") && (!w.what || !w.reason || !*w.reason))
		return usage("say whom, and why: forget USERNAME --reason TEXT");
	if (w.what && (!strcmp(verb, "export") || !strcmp(verb, "archive") || !strcmp(verb, "replay")))
		return usage("this takes no further word");
	if ((w.from && !bp_date_parse(w.from, &filter.from.v)) || (w.to && !bp_date_parse(w.to, &filter.to.v)))
		return usage("--from and --to take a date as 2026-01-31");
	filter.from.set = w.from;
	filter.to.set = w.to;
	if (strcmp(w.format, "csv") && strcmp(w.format, "xml"))
		return usage("--format takes csv or xml");
	return w.what && !strcmp(verb, "verify") ? verify_file(w.what) : run(verb, &w, &filter);
}
