/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/shape.h"
#include "base/time.h"
#include "job/job.h"
#include "plan/chain.h"
#include "plan/profile.h"
#include "queries.h"

#define COLUMN_MOST ((size_t)256 << 20)
#define ZIP_LEVEL 6

static const char *const channels[] = {"GT", "MT", "WS"};
static const char *const tiers[] = {"Gold", "Silver", "Bronze"};
static const char *const statuses[] = {"universe", "wholesale", "assigned", "active", "dormant", "closed"};

enum column { ID, CODE, NAME, LON, LAT, CHANNEL, TIER, ACCOUNT, PARTNER, VOLUME, NPPD, STATUS, RURAL, NEED_ID, NEED_OUTLET, NEED_LINE, NEED_VISITS,
	NEED_SERVICE, COLUMNS };
static const char *const column_names[COLUMNS] = {"id", "code", "name", "lon", "lat", "channel", "tier", "account", "partner", "volume",
	"nppd", "status", "rural", "id", "outlet", "line", "visits", "service"};

struct builder {
	struct bp_arena *arena;
	uint64_t territory;
	struct bp_buf col[COLUMNS], out;
	int64_t last_outlet, last_need, *ids;
	size_t n, cap, at, n_needs;
	int64_t west, south, east, north;
	bool placed;
	struct q_snapshot_accounts *accounts;
	struct q_snapshot_partners *partners;
	struct q_snapshot_lines *lines;
	struct q_snapshot_seats *seats;
	size_t n_accounts, n_partners, n_lines, n_seats;
	struct q_snapshot_territory t;
	struct plan_profile policy[2]; /* of GT with WS, and of MT */
	struct plan_chains chains;
};

static int word_no(const char *const *words, size_t n, const char *w)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(words[i], w))
			return (int)i;
	return 0;
}
#define WORD(list, w) word_no(list, sizeof(list) / sizeof(list[0]), w)

static void put_int(struct builder *b, enum column c, int64_t v)
{
	if (b->col[c].len)
		bp_buf_chr(&b->col[c], ',');
	bp_buf_int(&b->col[c], v);
}

static void put_text(struct builder *b, enum column c, const char *s)
{
	if (b->col[c].len)
		bp_buf_chr(&b->col[c], ',');
	bp_json_string(&b->col[c], s);
}

/* Micro-degrees -> 1e-5 degrees, rounded half away from zero. */
static int64_t coarse(int64_t v)
{
	return (v + (v < 0 ? -5 : 5)) / 10;
}

static void put_coordinate(struct bp_buf *b, struct bp_opt_int v)
{
	if (b->len)
		bp_buf_chr(b, ',');
	if (v.set)
		bp_buf_int(b, coarse(v.v));
	else
		bp_buf_str(b, "null");
}

/* Place of an id in rows that begin with their id and are sorted by it, -1 = not there. */
static int64_t index_of(const void *rows, size_t n, size_t size, struct bp_opt_int id)
{
	size_t lo = 0, hi = n;

	while (id.set && lo < hi) {
		size_t mid = (lo + hi) / 2;
		int64_t at;

		memcpy(&at, (const char *)rows + mid * size, sizeof(at));
		if (at == id.v)
			return (int64_t)mid;
		if (at < id.v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

static enum bp_error on_outlet(void *ctx, const void *row)
{
	const struct q_snapshot_outlets *o = row;
	struct builder *b = ctx;

	put_int(b, ID, o->id - b->last_outlet);
	b->last_outlet = o->id;
	put_text(b, CODE, o->code);
	put_text(b, NAME, o->name);
	put_coordinate(&b->col[LON], o->lon);
	put_coordinate(&b->col[LAT], o->lat);
	put_int(b, CHANNEL, WORD(channels, o->channel));
	put_int(b, TIER, o->tier - 1);
	put_int(b, ACCOUNT, index_of(b->accounts, b->n_accounts, sizeof(*b->accounts), o->account_id));
	put_int(b, PARTNER, index_of(b->partners, b->n_partners, sizeof(*b->partners), o->partner_id));
	put_int(b, VOLUME, (int64_t)(o->sales_volume + 0.5));
	put_int(b, NPPD, o->nppd.set ? o->nppd.v : -1);
	put_int(b, STATUS, WORD(statuses, o->status));
	put_int(b, RURAL, o->rural);
	if (o->lat.set && o->lon.set) {
		b->west = !b->placed || o->lon.v < b->west ? o->lon.v : b->west;
		b->east = !b->placed || o->lon.v > b->east ? o->lon.v : b->east;
		b->south = !b->placed || o->lat.v < b->south ? o->lat.v : b->south;
		b->north = !b->placed || o->lat.v > b->north ? o->lat.v : b->north;
		b->placed = true;
	}
	if (b->n == b->cap) {
		b->ids = bp_grow_array(b->arena, b->ids, b->n, b->cap ? b->cap * 2 : 4096, sizeof(*b->ids));
		b->cap = b->cap ? b->cap * 2 : 4096;
	}
	b->ids[b->n++] = o->id;
	return BP_E_OK;
}

static enum bp_error on_need(void *ctx, const void *row)
{
	const struct q_snapshot_needs *n = row;
	struct builder *b = ctx;
	bool mt = !strcmp(n->channel, "MT");
	const struct plan_profile *policy = &b->policy[mt];
	const struct plan_chain *chain = mt ? plan_chain_of(&b->chains, n->account_id) : NULL;
	int64_t service;

	while (b->at < b->n && b->ids[b->at] < n->outlet_id)
		b->at++;
	put_int(b, NEED_ID, n->id - b->last_need);
	b->last_need = n->id;
	put_int(b, NEED_OUTLET, (int64_t)b->at);
	put_int(b, NEED_LINE, index_of(b->lines, b->n_lines, sizeof(*b->lines), BP_SOME_INT(n->line_id)));
	put_int(b, NEED_VISITS, n->visits.set ? n->visits.v : (int64_t)(plan_profile_visits(policy, n->tier, n->channel) + 0.5));
	service = n->minutes.set ? 60 * n->minutes.v : (int64_t)(60 * plan_profile_minutes(policy, n->tier, n->channel, n->sales_model) + 0.5);
	put_int(b, NEED_SERVICE, chain && chain->minutes * 60 > service ? chain->minutes * 60 : service);
	b->n_needs++;
	return BP_E_OK;
}

static enum bp_error read_tx(struct bp_db *db, void *ctx)
{
	struct builder *b = ctx;
	int64_t t = (int64_t)b->territory;
	enum bp_error e;

	for (int c = 0; c < COLUMNS; c++)
		bp_buf_clear(&b->col[c]);
	b->last_outlet = b->last_need = 0;
	b->n = b->at = b->n_needs = 0;
	b->placed = false;
	e = q_snapshot_territory(db, b->arena, t, &b->t);
	for (int c = 0; c < 2 && !e; c++)
		e = plan_profile_load(db, b->territory, channels[c], &b->policy[c]);
	if (!e)
		e = plan_chains_load(db, b->arena, &b->chains);
	if (!e)
		e = q_snapshot_accounts(db, b->arena, t, &b->accounts, &b->n_accounts);
	if (!e)
		e = q_snapshot_partners(db, b->arena, t, &b->partners, &b->n_partners);
	if (!e)
		e = q_snapshot_lines(db, b->arena, &b->lines, &b->n_lines);
	if (!e)
		e = q_snapshot_seats(db, b->arena, t, &b->seats, &b->n_seats);
	if (!e)
		e = q_snapshot_outlets(db, t, on_outlet, b);
	return e ? e : q_snapshot_needs(db, t, on_need, b);
}

static void put_words(struct bp_buf *o, const char *name, const char *const *words, size_t n)
{
	bp_buf_printf(o, "\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		if (i)
			bp_buf_chr(o, ',');
		bp_json_string(o, words[i]);
	}
	bp_buf_chr(o, ']');
}

static void put_degrees(struct bp_buf *o, const char *name, struct bp_opt_int v)
{
	if (v.set)
		bp_buf_printf(o, ",\"%s\":%.5f", name, (double)coarse(v.v) / 1e5);
	else
		bp_buf_printf(o, ",\"%s\":null", name);
}

static void put_columns(struct builder *b, const char *name, int from, int to)
{
	bp_buf_printf(&b->out, "\"%s\":{", name);
	for (int c = from; c < to; c++) {
		bp_buf_printf(&b->out, "%s\"%s\":[", c > from ? "," : "", column_names[c]);
		bp_buf_add(&b->out, b->col[c].data, b->col[c].len);
		bp_buf_chr(&b->out, ']');
	}
	bp_buf_str(&b->out, "},");
}

static void put_partners_and_seats(struct builder *b)
{
	struct bp_buf *o = &b->out;

	bp_buf_str(o, ",\"partner\":[");
	for (size_t i = 0; i < b->n_partners; i++) {
		bp_buf_printf(o, "%s{\"id\":%lld,\"code\":", i ? "," : "", (long long)b->partners[i].id);
		bp_json_string(o, b->partners[i].code);
		bp_buf_str(o, ",\"name\":");
		bp_json_string(o, b->partners[i].name);
		put_degrees(o, "lat", b->partners[i].lat);
		put_degrees(o, "lon", b->partners[i].lon);
		bp_buf_chr(o, '}');
	}
	bp_buf_str(o, "]},\"seats\":[");
	for (size_t i = 0; i < b->n_seats; i++) {
		bp_buf_printf(o, "%s{\"id\":%lld,\"code\":", i ? "," : "", (long long)b->seats[i].id);
		bp_json_string(o, b->seats[i].code);
		bp_buf_str(o, ",\"name\":");
		bp_json_string(o, b->seats[i].name);
		bp_buf_str(o, ",\"person\":");
		bp_json_string(o, b->seats[i].person);
		bp_buf_str(o, ",\"vehicle\":");
		bp_json_string(o, b->seats[i].vehicle);
		put_degrees(o, "lat", b->seats[i].lat);
		put_degrees(o, "lon", b->seats[i].lon);
		bp_buf_chr(o, '}');
	}
	bp_buf_str(o, "]}");
}

/* The document; `made` stands first so that the hash can leave it out. Returns where the hashed part begins. */
static size_t write_document(struct builder *b)
{
	struct bp_buf *o = &b->out;
	char made[BP_INSTANT_SIZE];
	size_t from;

	bp_instant_format(bp_now(), made);
	bp_buf_clear(o);
	bp_buf_printf(o, "{\"v\":1,\"made\":\"%s\"", made);
	from = o->len;
	bp_buf_printf(o, ",\"territory\":{\"id\":%lld,\"code\":", (long long)b->t.id);
	bp_json_string(o, b->t.code);
	bp_buf_str(o, ",\"name\":");
	bp_json_string(o, b->t.name);
	bp_buf_printf(o, "},\"n\":%zu,", b->n);
	put_columns(b, "outlets", ID, NEED_ID);
	put_columns(b, "needs", NEED_ID, COLUMNS);
	bp_buf_str(o, "\"dict\":{");
	put_words(o, "channel", channels, 3);
	bp_buf_chr(o, ',');
	put_words(o, "tier", tiers, 3);
	bp_buf_chr(o, ',');
	put_words(o, "status", statuses, 6);
	bp_buf_str(o, ",\"account\":[");
	for (size_t i = 0; i < b->n_accounts; i++) {
		if (i)
			bp_buf_chr(o, ',');
		bp_json_string(o, b->accounts[i].name);
	}
	bp_buf_str(o, "],\"line\":[");
	for (size_t i = 0; i < b->n_lines; i++) {
		if (i)
			bp_buf_chr(o, ',');
		bp_json_string(o, b->lines[i].code);
	}
	bp_buf_chr(o, ']');
	put_partners_and_seats(b);
	return from;
}

static char *file_path(struct bp_arena *a, const char *dir, const char *hash)
{
	return bp_sprintf(a, "%s/%s.json.gz", dir, hash);
}

/* Into a file of another name first, which no other thread has, onto the disk, then under its own name. */
static enum bp_error store(struct bp_arena *a, const char *dir, const char *hash, const void *p, size_t n, struct bp_fail *f)
{
	char *tmp = bp_sprintf(a, "%s/.%s.XXXXXX", dir, hash);
	const char *at = p;
	int fd = mkostemp(tmp, O_CLOEXEC), err = 0;

	if (fd < 0)
		return bp_fail(f, bp_error_of_errno(errno), "cannot write the snapshot: %s", strerror(errno));
	while (n && !err) {
		ssize_t k = write(fd, at, n);

		if (k < 0 && errno != EINTR)
			err = errno;
		else if (k > 0) {
			at += k;
			n -= (size_t)k;
		}
	}
	if (!err && fsync(fd))
		err = errno;
	if (close(fd) && !err)
		err = errno;
	if (!err && rename(tmp, file_path(a, dir, hash)))
		err = errno;
	if (err)
		unlink(tmp);
	return err ? bp_fail(f, bp_error_of_errno(err) == BP_E_DISK_FULL ? BP_E_DISK_FULL : BP_E_SNAPSHOT_FAILED, "cannot write the snapshot: %s",
			       strerror(err)) : BP_E_OK;
}

static enum bp_error compress_and_store(struct bp_arena *a, const char *dir, const char *name, const char *json, size_t len,
	struct sn_info *info, struct bp_fail *f)
{
	struct libdeflate_compressor *z = libdeflate_alloc_compressor(ZIP_LEVEL);
	int64_t start = bp_monotonic_us();
	size_t room = libdeflate_gzip_compress_bound(z, len);
	void *gz = bp_xmalloc(room);
	size_t n = z ? libdeflate_gzip_compress(z, json, len, gz, room) : 0;
	enum bp_error e = n ? BP_E_OK : bp_fail(f, BP_E_SNAPSHOT_FAILED, "compression failed");

	info->zip_us = bp_monotonic_us() - start;
	info->bytes = n;
	if (!e)
		e = store(a, dir, name, gz, n, f);
	free(gz);
	libdeflate_free_compressor(z);
	return e;
}

enum bp_error sn_keep(struct bp_arena *a, const char *dir, const char *name, const char *json, size_t n, struct bp_fail *f)
{
	return compress_and_store(a, dir, name, json, n, &(struct sn_info){.outlets = 0}, f);
}

bool sn_kept(struct bp_arena *a, const char *dir, const char *name)
{
	return !utimensat(AT_FDCWD, file_path(a, dir, name), NULL, 0); /* asked for now: the sweep leaves it */
}

static enum bp_error publish(struct builder *b, struct bp_db *db, const char *dir, struct sn_info *info, struct bp_fail *f)
{
	const char *former = b->t.hash;
	struct q_snapshot_hash_used used;
	unsigned char h[16];
	size_t from = write_document(b);
	enum bp_error e;

	if (b->out.over)
		return bp_fail(f, BP_E_SNAPSHOT_FAILED, "the territory is too large for one snapshot");
	crypto_generichash(h, sizeof(h), (unsigned char *)b->out.data + from, b->out.len - from, NULL, 0);
	sodium_bin2hex(info->hash, sizeof(info->hash), h, sizeof(h));
	info->outlets = b->n;
	info->json_bytes = b->out.len;
	if (former && !strcmp(former, info->hash) && !access(file_path(b->arena, dir, info->hash), R_OK))
		return BP_E_OK;
	e = compress_and_store(b->arena, dir, info->hash, b->out.data, b->out.len, info, f);
	if (!e)
		e = q_snapshot_put(db, (int64_t)b->territory, info->hash, (int64_t)b->n, (int64_t)info->bytes,
			b->placed ? BP_SOME_INT(b->west) : BP_NO_INT, b->placed ? BP_SOME_INT(b->south) : BP_NO_INT,
			b->placed ? BP_SOME_INT(b->east) : BP_NO_INT, b->placed ? BP_SOME_INT(b->north) : BP_NO_INT, NULL);
	if (!e && former && strcmp(former, info->hash) && !q_snapshot_hash_used(db, b->arena, former, &used) && !used.n)
		unlink(file_path(b->arena, dir, former));
	return e;
}

enum bp_error sn_build(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t territory, struct sn_info *info,
	struct bp_fail *f)
{
	struct builder *b = bp_xcalloc(1, sizeof(*b));
	int64_t start = bp_monotonic_us();
	enum bp_error e;

	memset(info, 0, sizeof(*info));
	b->arena = a;
	b->territory = territory;
	for (int c = 0; c < COLUMNS; c++)
		bp_buf_init(&b->col[c], COLUMN_MOST);
	bp_buf_init(&b->out, COLUMN_MOST * 4);
	e = bp_db_tx(db, read_tx, b);
	if (e == BP_E_NOT_FOUND)
		e = bp_fail(f, BP_E_TERRITORY_NONE, "there is no territory %llu", (unsigned long long)territory);
	info->read_us = bp_monotonic_us() - start;
	if (!e)
		e = publish(b, db, dir, info, f);
	for (int c = 0; c < COLUMNS; c++)
		bp_buf_release(&b->col[c]);
	bp_buf_release(&b->out);
	free(b);
	return e;
}

enum bp_error sn_request(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, const char *correlation)
{
	struct q_job_waiting w;
	enum bp_error e = q_job_waiting(db, a, bp_job_kinds[BP_JOB_SNAPSHOT].name, (int64_t)territory, &w);

	if (e != BP_E_NOT_FOUND)
		return e; /* one is waiting already: it will see this change too */
	return bp_job_add(db, BP_JOB_SNAPSHOT, territory, territory, "{}", SN_DEBOUNCE_MS, user, correlation, NULL);
}

void sn_sweep(struct bp_db *db, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	time_t day_ago = (time_t)(bp_now() / 1000000) - 86400;
	struct bp_arena a;

	bp_arena_init(&a, 16 << 20);
	while (d && (entry = readdir(d))) {
		char *path = bp_sprintf(&a, "%s/%s", dir, entry->d_name);
		struct q_snapshot_hash_used used;
		char hash[SN_HASH_SIZE];
		struct stat st;

		if (stat(path, &st) || !S_ISREG(st.st_mode) || st.st_mtime > day_ago)
			continue;
		snprintf(hash, sizeof(hash), "%.32s", entry->d_name);
		if (entry->d_name[0] == '.' || (!q_snapshot_hash_used(db, &a, hash, &used) && !used.n))
			unlink(path);
		bp_arena_clear(&a);
	}
	if (d)
		closedir(d);
	bp_arena_release(&a);
}
