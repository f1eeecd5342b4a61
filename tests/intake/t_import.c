/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The import against a database: what files become, what a second time changes, what a killed check leaves. */
#include <archive.h>
#include <archive_entry.h>

#include "tests/intake/session.h"

static const char outlets[] = "code,name,lat,lon,region,area,chain,class\n"
	"A1,One,10.1,20.1,North,Hill,Mega,A\nA2,Two,10.2,20.2,North,Hill,Mega,B\nA3,Three,10.3,20.3,North,Lake,,C\nA4,Four,,,South,Sea,,C\n";

static void a_whole_session(void **state)
{
	uint64_t s = open_session(), dt, out, seats, map, plan;

	(void)state;
	/* in the order in which a person would not think of */
	plan = add_file(s, "plan.csv", "outlet_code,seat_code,beat,week,weekday,position\nA1,S1,B1,1,Mon,1\nA2,S1,B1,1,Mon,2\nA1,S1,B1,3,Mon,1\nA3,S1,B2,2,Tue,1\n");
	map = add_file(s, "mapping.csv", "outlet_code,dt_code\nA1,D1\nA2,D1\nA3,D2\nA4,D2\n");
	seats = add_file(s, "seats.csv", "seat_code,seat_name,person,territory,dt_code,vehicle\nS1,Seat one,Ann,North,D1;D2,car\n");
	out = add_file(s, "outlets.csv", outlets);
	dt = add_file(s, "distributors.csv", "distributor_code,distributor_name,lat,lon\nD1,First,10,20\nD2,Second,11,21\n");
	check(s);
	assert_int_equal(dbt_count("outlet", "1"), 0); /* nothing is current before it is published */
	assert_int_equal(counts(out).n_inserted, 4);
	publish(s);
	assert_int_equal(counts(out).n_inserted, 4);
	assert_int_equal(counts(dt).n_inserted, 2);
	assert_int_equal(counts(seats).n_inserted, 1);
	assert_int_equal(counts(map).n_inserted, 4);
	assert_int_equal(counts(plan).n_inserted, 4);
	assert_int_equal(dbt_count("outlet", "partner_id IS NOT NULL"), 4);
	assert_int_equal(dbt_count("outlet", "account_id IS NOT NULL"), 2);
	assert_int_equal(dbt_count("territory", "rank = 3"), 2);
	assert_int_equal(dbt_count("territory", "rank = 5"), 3); /* D1 below Hill, D2 below Lake and Sea */
	assert_int_equal(dbt_count("need", "partner_id IS NOT NULL"), 4);
	assert_int_equal(dbt_count("seat_partner", "1"), 2);
	assert_int_equal(dbt_count("seat_holder", "to_date IS NULL"), 1);
	assert_int_equal(dbt_count("plan_stop", "1"), 4);
	assert_int_equal(dbt_count("plan_version", "number = 0 AND kind = 'IMPORT' AND calls > 0"), dbt_count("plan", "current_version IS NOT NULL"));
	assert_int_equal(dbt_count("audit_event", "action = 'IMPORT_PUBLISH'"), 1);
	assert_true(dbt_count("job", "kind = 'SNAPSHOT'") > 0);
	assert_int_equal(dbt_count("stage_outlets", "1"), 0);
	publish(s); /* a second time does nothing */
	assert_int_equal(dbt_count("audit_event", "action = 'IMPORT_PUBLISH'"), 1);
}

static void the_second_time(void **state)
{
	uint64_t s = open_session(), f = add_file(s, "outlets.csv", outlets);
	struct q_import_file_get c;

	(void)state;
	check(s);
	publish(s);
	assert_int_equal(counts(f).n_unchanged, 4);
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet'"), 0);
	/* one changed, one as it was, one new; a column that is not there keeps its values */
	s = open_session();
	f = add_file(s, "outlets.csv", "code,name,class\nA1,ONE,B\nA2,Two,B\nA9,Nine,A\n");
	check(s);
	publish(s);
	c = counts(f);
	assert_int_equal(c.n_updated, 1);
	assert_int_equal(c.n_unchanged, 1);
	assert_int_equal(c.n_inserted, 1);
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet' AND field = 'name' AND old_value = 'One' AND BINARY new_value = 'ONE'"), 1);
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet' AND field = 'tier' AND old_value = '1' AND new_value = '2'"), 1);
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet'"), 2);
	assert_int_equal(dbt_count("outlet", "code = 'A1' AND lat = 10100000 AND account_id IS NOT NULL AND partner_id IS NOT NULL"), 1);
}

static void bad_rows(void **state)
{
	uint64_t s = open_session(), f, m;

	(void)state;
	f = add_file(s, "outlets.csv", "code,name,lat,lon,dt_code\nB1,One,10,20,D1\nB1,Again,10,20,D1\n,No key,10,20,D1\nB2,Typo,10,20,D9\nB3,Swapped,120.5,20.2,D1\nA3,Three,0,0,D2\n");
	m = add_file(s, "mapping.csv", "outlet_code,dt_code\nB1,D1\nNOBODY,D1\nB3,D8\n");
	check(s);
	assert_int_equal(counts(f).n_duplicate, 1);
	assert_int_equal(counts(f).n_rejected, 1);
	assert_int_equal(counts(f).n_refused, 1);
	assert_int_equal(counts(m).n_refused, 2);
	assert_int_equal(dbt_count("import_issue", "rule = 'UNKNOWN_DT' AND value = 'D9' AND row_no = 5"), 1);
	assert_int_equal(dbt_count("import_issue", "rule = 'UNKNOWN_OUTLET' AND value = 'NOBODY'"), 1);
	assert_int_equal(dbt_count("import_issue", "rule = 'DUPLICATE' AND suggestion = 'kept: line 2'"), 1);
	assert_int_equal(dbt_count("import_issue", "rule = 'COORD_SWAPPED'"), 1);
	check(s); /* a second check finds the same, not twice as much */
	assert_int_equal(dbt_count("import_issue", "rule = 'DUPLICATE'"), 1);
	assert_int_equal(dbt_count("import_issue_group", "rule = 'DUPLICATE' AND n = 1"), 1);
	publish(s);
	assert_int_equal(dbt_count("outlet", "code IN ('B1', 'B3')"), 2);
	assert_int_equal(dbt_count("outlet", "code = 'B2' OR name = 'Again'"), 0);
	assert_int_equal(dbt_count("outlet", "code = 'A3' AND lat = 10300000"), 1); /* 0/0 says nothing */
}

static void a_required_column_missing(void **state)
{
	uint64_t s = open_session();
	struct im_work w = work_of(s);

	(void)state;
	add_file(s, "outlets.csv", "shop name,city\nOne,X\nTwo,Y\n");
	q_import_session_move(db, (int64_t)s, "UPLOADING", "VALIDATING", NULL);
	bp_fail_clear(&fail);
	assert_int_equal(im_check_session(&w), BP_E_IMPORT_SCHEMA);
	assert_non_null(strstr(fail.detail, "\"code\""));
}

enum { MANY = 130000 };

/* The check runs in a child that is killed without warning, again and again; at the end each row is there once. */
static void killed_again_and_again(void **state)
{
	uint64_t s = open_session(), f;
	char *text = bp_xmalloc(MANY * 64), *p = text;

	(void)state;
	p += snprintf(p, 64, "code,name,lat,lon,region,area\n");
	for (int i = 0; i < MANY; i++)
		p += snprintf(p, 64, "K%06d,Shop %d,%d.5,20.5,Kill,K%d\n", i, i, i % 80, i % 50);
	f = add_file(s, "outlets.csv", text);
	free(text);
	q_import_session_move(db, (int64_t)s, "UPLOADING", "VALIDATING", NULL);
	for (int round = 0; round < 5; round++) {
		struct timespec t = {round / 2, (round % 2 ? 350 : 150) * 1000000l};
		pid_t pid = fork();

		if (!pid) {
			struct bp_db_conf conf = dbt.app_conf;
			struct im_work w = work_of(s);

			conf.local_infile = true;
			if (!bp_db_open(&w.db, &conf, &fail))
				im_check_session(&w);
			_exit(0);
		}
		nanosleep(&t, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	check(s);
	assert_int_equal(counts(f).n_read, MANY);
	publish(s);
	assert_int_equal(counts(f).n_inserted, MANY);
	assert_int_equal(dbt_count("outlet", "code LIKE 'K0%' OR code LIKE 'K1%'"), MANY);
}

static void an_upload_survives_a_commit_that_is_tried_again(void **state)
{
	char text[32] = "";
	FILE *fp;

	(void)state;
	uint64_t session = open_session(), file = try_file(session, "outlets.csv", "code,name\nX1,Shop\nX2,Stall\n", 1);

	fp = fopen(im_upload_path(&dbt.arena, uploads, session, file), "r");
	assert_non_null(fp);
	assert_int_equal(fread(text, 1, sizeof(text), fp), 27);
	fclose(fp);
}

static long half_a_body(void *ctx, void *buf, size_t n)
{
	(void)n;
	memcpy(buf, "half", 4);
	return (*(int *)ctx)++ ? -ECONNABORTED : 4;
}

static void half_a_body_leaves_nothing(void **state)
{
	int reads = 0, left = 0;
	struct dirent *entry;
	struct im_upload u;
	DIR *d;

	(void)state;
	bp_fail_clear(&fail);
	assert_int_not_equal(im_receive(uploads, "half.csv", NULL, half_a_body, &reads, &dbt.arena, &u, &fail), BP_E_OK);
	d = opendir(uploads);
	while ((entry = readdir(d)))
		left += !strncmp(entry->d_name, ".upload-", 8);
	closedir(d);
	assert_int_equal(left, 0);
}

/* Whom to ask for: new, changed with its log, and left alone by a file that does not speak of it. */
static void owner_and_papers(void **state)
{
	static const char *const file[] = {"code,name,owner,e-mail,GSTIN,customer since\nO1,Shop,Meena,m@x.in,27ABC,18.03.2024\n",
		"code,name,owner,e-mail,GSTIN,customer since\nO1,Shop,Ravi,m@x.in,27ABC,18.03.2024\n", "code,name\nO1,Shop\n"};
	static const int64_t updated[] = {0, 1, 0};
	struct q_outlet_changes *c;
	struct q_outlet_search *r;
	struct q_outlet_get o;
	size_t n;

	(void)state;
	for (int i = 0; i < 3; i++) {
		uint64_t s = open_session(), f = add_file(s, "outlets.csv", file[i]);

		check(s);
		publish(s);
		assert_int_equal(counts(f).n_updated, updated[i]);
	}
	assert_int_equal(q_outlet_search(db, &dbt.arena, "O1", NULL, BP_NO_INT, 0, 1, NULL, BP_NO_INT, BP_NO_INT, NULL, NULL, 0, 10, &r, &n), BP_E_OK);
	assert_int_equal(n, 1);
	assert_int_equal(q_outlet_get(db, &dbt.arena, r[0].id, &o), BP_E_OK);
	assert_string_equal(o.owner, "Ravi");
	assert_string_equal(o.email, "m@x.in");
	assert_string_equal(o.tax_no, "27ABC");
	assert_int_equal(o.since.v, bp_date_of(2024, 3, 18));
	assert_int_equal(q_outlet_changes(db, &dbt.arena, o.id, 10, &c, &n), BP_E_OK);
	assert_int_equal(n, 1);
	assert_string_equal(c[0].field, "owner");
	assert_string_equal(c[0].old_value, "Meena");
}

static enum bp_error upload_tx(struct bp_db *d, void *ctx)
{
	struct im_upload *u = ctx;

	return im_upload_add(d, &dbt.arena, uploads, u->part[0].file, u, IM_ENTITY__MAX, &fail);
}

static enum bp_error upload_bytes(uint64_t session, const char *name, struct im_mem mem, struct im_upload *u)
{
	enum bp_error e;

	bp_fail_clear(&fail);
	e = im_receive(uploads, name, NULL, im_read_mem, &mem, &dbt.arena, u, &fail);
	u->part[0].file = session; /* until it is added */
	return e ? e : bp_db_tx(db, upload_tx, u);
}

static enum bp_error upload(uint64_t session, const char *name, const char *text, struct im_upload *u)
{
	return upload_bytes(session, name, (struct im_mem){text, strlen(text)}, u);
}

/* A table and a note that is none. */
static void upload_zip(uint64_t session, struct im_upload *u)
{
	static const char *const member[][2] = {{"a.csv", "code,name\nZ1,One\nZ2,Two\n"}, {"note.txt", "written by night\n"}};
	struct archive *a = archive_write_new();
	char zip[2000];
	size_t used = 0;

	archive_write_set_format_zip(a);
	archive_write_set_bytes_in_last_block(a, 1);
	archive_write_open_memory(a, zip, sizeof(zip), &used);
	for (int i = 0; i < 2; i++) {
		struct archive_entry *e = archive_entry_new();

		archive_entry_set_pathname(e, member[i][0]);
		archive_entry_set_size(e, (la_int64_t)strlen(member[i][1]));
		archive_entry_set_filetype(e, AE_IFREG);
		archive_write_header(a, e);
		archive_write_data(a, member[i][1], strlen(member[i][1]));
		archive_entry_free(e);
	}
	archive_write_close(a);
	archive_write_free(a);
	if (upload_bytes(session, "two.zip", (struct im_mem){zip, used}, u))
		fail_msg("%s", fail.detail);
}

/* The forms themselves: tests/table. */
static void records_become_a_table(void **state)
{
	uint64_t session = open_session();
	struct q_import_file_get row;
	struct im_upload u;

	(void)state;
	assert_int_equal(upload(session, "shops.json", "{\"code\":\"J1\",\"name\":\"One\"}\n{\"code\":\"J2\",\"name\":\"Two\"}\n", &u), BP_E_OK);
	assert_int_equal(u.n, 1);
	assert_null(u.part[0].problem);
	assert_int_equal(q_import_file_get(db, &dbt.arena, (int64_t)u.part[0].file, &row), BP_E_OK);
	assert_string_equal(row.name, "shops.json");
	assert_string_equal(row.entity, "outlets");
	im_upload_release(&u);
	upload_zip(session, &u);
	assert_int_equal(u.n, 2);
	assert_null(u.part[0].problem);
	assert_non_null(u.part[1].problem);
	assert_int_equal(q_import_file_get(db, &dbt.arena, (int64_t)u.part[0].file, &row), BP_E_OK);
	assert_string_equal(row.name, "two.zip \xE2\x80\xBA a.csv");
	im_upload_release(&u);
	assert_int_equal(upload(session, "bad.json", "{\"code\":\"J1\"", &u), BP_E_IMPORT_FORMAT);
	assert_non_null(strstr(fail.detail, "line 1"));
	assert_int_equal(u.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(an_upload_survives_a_commit_that_is_tried_again),
		cmocka_unit_test(half_a_body_leaves_nothing), cmocka_unit_test(records_become_a_table),
		cmocka_unit_test(a_whole_session), cmocka_unit_test(the_second_time), cmocka_unit_test(bad_rows),
		cmocka_unit_test(a_required_column_missing), cmocka_unit_test(killed_again_and_again), cmocka_unit_test(owner_and_papers)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
