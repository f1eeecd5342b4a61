/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Core and details of a snapshot: of one look at the database, named by their content, held against it, and never mixed. */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshot/snapshot.h"
#include "tests/db/db.h"

#define UNIT 5
#define FILES "/tmp/t_snapshot.XXXXXX"

static char dir[] = FILES;
static struct bp_fail fail;

static int fresh(void **state)
{
	(void)state;
	memcpy(dir, FILES, sizeof(FILES));
	if (!mkdtemp(dir))
		return 1;
	dbt_sql("DELETE FROM snapshot; DELETE FROM job; DELETE FROM need; DELETE FROM outlet; DELETE FROM territory_closure; DELETE FROM territory;"
		"INSERT INTO territory (id, rank, code, name, is_unit) VALUES (5, 3, 'U5', 'Five', 1), (6, 3, 'U6', 'Six', 1);"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (5, 5, 0), (6, 6, 0);"
		"INSERT INTO outlet (id, code, name, lat, lon, territory_id, created_at, updated_at)"
		" SELECT seq, CONCAT('A', seq), CONCAT('Shop ', seq), 10000000 + seq, 20000000, 5, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM seq_1_to_50;"
		"INSERT INTO need (outlet_id) SELECT id FROM outlet;");
	return 0;
}

static int gone(void **state)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	(void)state;
	while (d && (entry = readdir(d)))
		unlinkat(dirfd(d), entry->d_name, 0); /* not itself and the one above */
	if (d)
		closedir(d);
	return rmdir(dir);
}

static struct q_snapshot_territory row_of(uint64_t unit)
{
	struct q_snapshot_territory t;

	assert_int_equal(q_snapshot_territory(dbt.app, &dbt.arena, (int64_t)unit, &t), BP_E_OK);
	return t;
}

static struct q_snapshot_territory row(void)
{
	return row_of(UNIT);
}

static struct sn_info build(uint64_t unit)
{
	struct sn_info info;

	assert_int_equal(sn_build(dbt.app, &dbt.arena, dir, unit, &info, &fail), BP_E_OK);
	return info;
}

static enum sn_state verified(void)
{
	enum sn_state s;

	assert_int_equal(sn_verify(dbt.app, &dbt.arena, dir, UNIT, &s, &fail), BP_E_OK);
	return s;
}

static const char *path(const char *hash)
{
	return bp_sprintf(&dbt.arena, "%s/%s.json.gz", dir, hash);
}

static bool there(const char *hash)
{
	return !access(path(hash), R_OK);
}

static void what_is_built_is_what_the_database_says(void **state)
{
	struct q_snapshot_territory t;
	struct sn_info info;

	(void)state;
	assert_int_equal(verified(), SN_NONE);
	info = build(UNIT);
	t = row();
	assert_string_equal(t.hash, info.hash);
	assert_true(there(t.hash) && there(t.details));
	assert_int_equal(info.outlets, 50);
	assert_true(info.core.bytes && info.details.bytes && info.core.json > info.core.bytes);
	assert_int_equal(dbt_count("snapshot", bp_sprintf(&dbt.arena, "bytes = %llu AND details_bytes = %llu", (unsigned long long)info.core.bytes,
		(unsigned long long)info.details.bytes)), 1);
	assert_int_equal(verified(), SN_GOOD);
}

static void one_that_lacks_a_change_is_stale_until_it_is_built(void **state)
{
	(void)state;
	build(UNIT);
	assert_int_equal(row().stale, 0);
	assert_int_equal(sn_request(dbt.app, &dbt.arena, UNIT, 0, "test"), BP_E_OK);
	assert_int_equal(sn_request(dbt.app, &dbt.arena, UNIT, 0, "test"), BP_E_OK);
	assert_int_equal(row().stale, 2);
	build(UNIT); /* of the same content */
	assert_int_equal(row().stale, 0);
}

static void another_name_is_another_core_and_other_details(void **state)
{
	struct q_snapshot_territory was, is;

	(void)state;
	build(UNIT);
	was = row();
	dbt_sql("UPDATE outlet SET name = 'Renamed' WHERE id = 7");
	assert_int_equal(verified(), SN_STALE);
	build(UNIT);
	is = row();
	assert_string_not_equal(was.hash, is.hash); /* or the core would name details of another look */
	assert_string_not_equal(was.details, is.details);
	assert_true(there(is.hash) && there(is.details) && !there(was.hash) && !there(was.details));
	assert_int_equal(verified(), SN_GOOD);
}

static void other_minutes_leave_the_details_as_they_are(void **state)
{
	struct q_snapshot_territory was, is;
	struct stat before, after;

	(void)state;
	build(UNIT);
	was = row();
	assert_int_equal(stat(path(was.details), &before), 0);
	dbt_sql("UPDATE need SET service_minutes = 44 WHERE outlet_id = 7");
	build(UNIT);
	is = row();
	assert_string_not_equal(was.hash, is.hash);
	assert_string_equal(was.details, is.details);
	assert_int_equal(stat(path(is.details), &after), 0);
	assert_int_equal(before.st_ino, after.st_ino); /* not written again: browsers keep it */
	assert_false(there(was.hash));
}

/* A product line that only others buy is nothing to this unit; one that an outlet here asks for is. */
static void a_line_that_comes_elsewhere_changes_nothing(void **state)
{
	(void)state;
	build(UNIT);
	dbt_sql("INSERT INTO sales_line (id, code, name) VALUES (90, 'TEA', 'Tea'), (91, 'SOAP', 'Soap')");
	assert_int_equal(verified(), SN_GOOD);
	dbt_sql("INSERT INTO need (outlet_id, line_id) VALUES (7, 91)");
	assert_int_equal(verified(), SN_STALE);
	build(UNIT);
	assert_int_equal(verified(), SN_GOOD);
	dbt_sql("DELETE FROM need WHERE line_id > 1; DELETE FROM sales_line WHERE id > 1");
}

/* Both are empty; what one drops is not what the other names. */
static void two_units_never_share_a_file(void **state)
{
	const char *other;

	(void)state;
	dbt_sql("DELETE FROM need; UPDATE outlet SET territory_id = NULL");
	build(6);
	build(UNIT);
	other = row_of(6).details;
	assert_string_not_equal(row().details, other);
	dbt_sql("UPDATE outlet SET territory_id = 5");
	build(UNIT);
	assert_true(there(other));
}

/* Fifty outlets within 50 metres: one is moved far away, one is closed. */
static void outlets_are_counted_in_grids(void **state)
{
	(void)state;
	dbt_sql("UPDATE outlet SET lat = -33900000, lon = 151200000 WHERE code = 'A1'; UPDATE outlet SET status = 'closed' WHERE code = 'A2'; UPDATE outlet SET lat = NULL WHERE code = 'A3'");
	build(UNIT);
	assert_int_equal(dbt_count("(SELECT SUM(outlets) AS n FROM snapshot_cell GROUP BY level) x", "n = 48"), 4);
	/* Web Mercator, worked out by hand: 10 N 20 E, and Sydney. */
	assert_int_equal(dbt_count("snapshot_cell", "level = 9 AND x = 284 AND y = 241 AND outlets = 47"), 1);
	assert_int_equal(dbt_count("snapshot_cell", "level = 9 AND x = 471 AND y = 307 AND outlets = 1"), 1);
	/* Another name leaves them as they are; another place does not. */
	dbt_sql("UPDATE snapshot_cell SET outlets = 99 WHERE outlets = 47; UPDATE outlet SET name = 'Other' WHERE code = 'A9'");
	build(UNIT);
	assert_int_equal(dbt_count("snapshot_cell", "outlets = 99"), 4);
	dbt_sql("UPDATE outlet SET lat = -33900000, lon = 151200000 WHERE code = 'A9'");
	build(UNIT);
	assert_int_equal(dbt_count("snapshot_cell", "outlets = 46"), 4);
	assert_int_equal(dbt_count("snapshot_cell", "outlets = 2"), 4);
	/* Where they were never counted it is built though nothing else changed. */
	dbt_sql("DELETE FROM snapshot_cell; UPDATE snapshot SET cells = ''");
	build(UNIT);
	assert_int_equal(dbt_count("snapshot_cell", "1"), 8);
}

static void a_damaged_file_is_found_and_written_anew(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *hash;

		build(UNIT);
		hash = i ? row().details : row().hash;
		assert_int_equal(truncate(path(hash), 100), 0);
		assert_int_equal(verified(), SN_DAMAGED);
		dbt_sql("DELETE FROM job");
		assert_int_equal(unlink(path(hash)), 0);
		assert_int_equal(verified(), SN_DAMAGED);
		assert_int_equal(sn_mend(dbt.app, &dbt.arena, dir), BP_E_OK);
		assert_int_equal(dbt_count("job", "kind = 'SNAPSHOT' AND subject = 5"), 1);
		build(UNIT);
		assert_int_equal(verified(), SN_GOOD);
	}
}

static void what_is_missing_is_asked_for_once(void **state)
{
	(void)state;
	build(UNIT);
	for (int i = 0; i < 2; i++)
		assert_int_equal(sn_mend(dbt.app, &dbt.arena, dir), BP_E_OK);
	assert_int_equal(dbt_count("job", "kind = 'SNAPSHOT' AND subject = 6"), 1);
	assert_int_equal(dbt_count("job", "subject <> 6"), 0);
}

static const char *person(void)
{
	static char name[40];
	struct q_snapshot_seats *s;
	size_t n;

	assert_int_equal(q_snapshot_seats(dbt.app, &dbt.arena, UNIT, &s, &n), BP_E_OK);
	assert_int_equal(n, 1);
	snprintf(name, sizeof(name), "%s", s[0].person);
	return name;
}

/* Nobody changes a row on that day, so nobody asks for it. */
static void who_comes_to_a_seat_by_the_calendar_is_in_it_on_that_day(void **state)
{
	(void)state;
	dbt_sql("DELETE FROM seat_holder; DELETE FROM seat; DELETE FROM resource; INSERT INTO resource (id, code, name) VALUES (1, 'R1', 'Ada'), (2, 'R2', 'Bob');"
		"INSERT INTO seat (id, code, name, territory_id, active) VALUES (1, 'S1', 'Seat', 5, 1);"
		"INSERT INTO seat_holder (seat_id, resource_id, from_date, to_date) VALUES (1, 1, '2020-01-01', UTC_DATE() - INTERVAL 1 DAY), (1, 2, UTC_DATE(), NULL)");
	build(6);
	build(UNIT);
	assert_string_equal(person(), "Bob");
	assert_int_equal(sn_mend(dbt.app, &dbt.arena, dir), BP_E_OK);
	assert_int_equal(dbt_count("job", "1"), 0);
	dbt_sql("UPDATE snapshot SET made_at = made_at - INTERVAL 1 DAY");
	for (int i = 0; i < 2; i++)
		assert_int_equal(sn_mend(dbt.app, &dbt.arena, dir), BP_E_OK);
	assert_int_equal(dbt_count("job", "kind = 'SNAPSHOT' AND subject = 5"), 1);
	assert_int_equal(dbt_count("job", "1"), 1);
	dbt_sql("DELETE FROM job");
	build(UNIT); /* also where its content is the same */
	assert_int_equal(sn_mend(dbt.app, &dbt.arena, dir), BP_E_OK);
	assert_int_equal(dbt_count("job", "1"), 0);
	dbt_sql("DELETE FROM seat_holder; DELETE FROM seat; DELETE FROM resource");
}

static struct sn_round verified_some(int seconds)
{
	struct sn_round r;
	struct bp_arena a;

	bp_arena_init(&a, 64 << 20);
	assert_int_equal(sn_verify_some(dbt.app, &a, dir, seconds, &r, &fail), BP_E_OK);
	bp_arena_release(&a);
	return r;
}

static void each_is_held_against_the_database_once_a_day(void **state)
{
	(void)state;
	build(UNIT);
	build(6);
	assert_int_equal(verified_some(10).verified, 0); /* made today */
	dbt_sql("UPDATE snapshot SET made_at = made_at - INTERVAL 25 HOUR");
	assert_int_equal(verified_some(0).verified, 1); /* out of time: the other has its turn next */
	assert_int_equal(verified_some(0).verified, 1);
	assert_int_equal(verified_some(10).verified, 0);
	assert_int_equal(dbt_count("snapshot", "verified_at IS NOT NULL"), 2);
	assert_int_equal(dbt_count("job", "1"), 0);
}

static void one_that_differs_is_built_anew_and_told(void **state)
{
	const char *hash;
	struct sn_round r;

	(void)state;
	build(UNIT);
	build(6);
	dbt_sql("UPDATE outlet SET name = 'Slipped in' WHERE id = 7; UPDATE snapshot SET made_at = made_at - INTERVAL 25 HOUR");
	r = verified_some(10);
	assert_int_equal(r.verified, 2);
	assert_int_equal(r.differed, 1);
	assert_string_equal(r.last, "U5: the database says otherwise");
	assert_int_equal(dbt_count("job", "kind = 'SNAPSHOT' AND subject = 5 AND correlation_id = 'verify'"), 1);
	assert_int_equal(row().stale, 1);
	/* That a change waits is known, and no news. */
	dbt_sql("UPDATE snapshot SET verified_at = NULL");
	assert_int_equal(verified_some(10).differed, 0);
	assert_int_equal(verified(), SN_WAITS);
	build(UNIT);
	assert_int_equal(verified(), SN_GOOD);
	/* A damaged file has the name of its content: whoever builds must not take it for that. */
	for (int i = 0; i < 2; i++) {
		hash = i ? row().details : row().hash;
		dbt_sql("DELETE FROM job; UPDATE snapshot SET made_at = UTC_TIMESTAMP(3) - INTERVAL 25 HOUR, verified_at = NULL");
		assert_int_equal(truncate(path(hash), 100), 0);
		r = verified_some(10);
		assert_int_equal(r.differed, 1);
		assert_string_equal(r.last, "U5: a file is missing or damaged");
		assert_int_equal(dbt_count("job", "kind = 'SNAPSHOT' AND subject = 5"), 1);
		build(UNIT);
		assert_int_equal(verified(), SN_GOOD);
	}
}

static void files_that_nothing_names_go_after_a_day(void **state)
{
	static const struct timespec old[2] = {{1000000000, 0}, {1000000000, 0}};
	static const char *const stray[] = {"00000000000000000000000000000000.json.gz", ".11111111111111111111111111111111.Ab1Cd2"};
	struct q_snapshot_territory t;

	(void)state;
	build(UNIT);
	t = row();
	assert_int_equal(utimensat(AT_FDCWD, path(t.hash), old, 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, path(t.details), old, 0), 0);
	for (size_t i = 0; i < 2; i++) {
		const char *p = bp_sprintf(&dbt.arena, "%s/%s", dir, stray[i]);

		assert_int_equal(link(path(t.hash), p), 0);
	}
	sn_sweep(dbt.app, dir);
	assert_true(there(t.hash) && there(t.details));
	for (size_t i = 0; i < 2; i++)
		assert_int_not_equal(access(bp_sprintf(&dbt.arena, "%s/%s", dir, stray[i]), F_OK), 0);
}

enum { CHANGES = 60 };

static void *build_on_and_on(void *ctx)
{
	atomic_bool *stop = ctx;
	struct bp_db *db = dbt_connect();
	struct bp_arena a;
	intptr_t failed = 0;

	bp_arena_init(&a, 64 << 20);
	while (!atomic_load(stop)) {
		struct sn_info info;
		struct bp_fail f = {0};

		failed += sn_build(db, &a, dir, UNIT, &info, &f) != BP_E_OK;
		bp_arena_clear(&a);
	}
	bp_arena_release(&a);
	bp_db_free(db);
	return (void *)failed;
}

static void who_looked_before_a_change_does_not_undo_who_looked_after_it(void **state)
{
	atomic_bool stop = false;
	pthread_t other[2];
	void *failed;

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&other[i], NULL, build_on_and_on, &stop), 0);
	for (int i = 0; i < CHANGES; i++) {
		dbt_sql(bp_sprintf(&dbt.arena, "UPDATE outlet SET name = 'Change %d' WHERE id = 7", i));
		build(UNIT);
		for (int k = 0; k < 3; k++) {
			enum sn_state now = verified();

			assert_true(now == SN_GOOD);
		}
	}
	atomic_store(&stop, true);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(other[i], &failed), 0);
		assert_null(failed);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, gone)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_built_is_what_the_database_says), TEST(one_that_lacks_a_change_is_stale_until_it_is_built), TEST(another_name_is_another_core_and_other_details),
		TEST(other_minutes_leave_the_details_as_they_are),
		TEST(a_line_that_comes_elsewhere_changes_nothing), TEST(two_units_never_share_a_file),
		TEST(outlets_are_counted_in_grids), TEST(a_damaged_file_is_found_and_written_anew), TEST(what_is_missing_is_asked_for_once), TEST(each_is_held_against_the_database_once_a_day), TEST(one_that_differs_is_built_anew_and_told),
		TEST(who_comes_to_a_seat_by_the_calendar_is_in_it_on_that_day), TEST(files_that_nothing_names_go_after_a_day),
		TEST(who_looked_before_a_change_does_not_undo_who_looked_after_it),
	};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
