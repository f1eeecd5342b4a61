/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/snapshot.h"

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
#include "geo/cell.h"
#include "plan/work.h"
#include "queries.h"

#define COLUMN_MOST ((size_t)256 << 20)
#define FORMAT 2
#define TRIES 10 /* while others build the same */
#define ZIP_LEVEL 6

static const char *const channels[] = {"GT", "MT", "WS"};
static const char *const tiers[] = {"Gold", "Silver", "Bronze"};
static const char *const statuses[] = {"universe", "wholesale", "assigned", "active", "dormant", "closed"};

/* Outlets of the core, needs, outlets of the details. */
enum column { ID, LON, LAT, TIER, ACCOUNT, PARTNER, RURAL, NEED_ID, NEED_OUTLET, NEED_LINE, NEED_VISITS, NEED_SERVICE, CODE, NAME, CHANNEL, VOLUME,
	NPPD, DUE, EVERY, SPREAD, STATUS, COLUMNS };
static const char *const column_names[COLUMNS] = {"id", "lon", "lat", "tier", "account", "partner", "rural", "id", "outlet", "line", "visits",
	"service", "code", "name", "channel", "volume", "nppd", "due", "every", "spread", "status"};

struct part {
	struct bp_buf out;
	size_t from; /* where that begins of which its name is made */
	char hash[SN_HASH_SIZE];
	uint64_t bytes; /* of its file */
};
struct builder {
	struct bp_arena *arena;
	uint64_t territory;
	struct bp_buf col[COLUMNS];
	struct part core, details;
	int64_t last[COLUMNS], *ids; /* of a column of differences */
	size_t n, cap, at, n_needs;
	struct plan_policies policies;
	struct plan_work work;
	int64_t west, south, east, north;
	bool placed;
	struct geo_count *cell; /* open outlets, in the finest grid */
	size_t n_cells, cells_cap;
	struct bp_buf grid[GEO_GRIDS]; /* rows of snapshot_cell */
	char cells[SN_HASH_SIZE];
	struct q_snapshot_accounts *accounts;
	struct q_snapshot_partners *partners;
	struct q_snapshot_lines *lines; /* that there are anywhere: one that comes elsewhere is nothing to this unit */
	int64_t *line_no;               /* of each its place among those that are asked for here, -1 = it is not */
	size_t *line_used, n_used;      /* these, in the order in which they are met */
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

static void put_difference(struct builder *b, enum column c, int64_t v)
{
	put_int(b, c, v - b->last[c]);
	b->last[c] = v;
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

static void put_coordinate(struct builder *b, enum column c, struct bp_opt_int v)
{
	if (v.set)
		put_difference(b, c, coarse(v.v));
	else
		bp_buf_str(&b->col[c], b->col[c].len ? ",null" : "null");
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

static void put_cell(struct builder *b, const struct q_snapshot_outlets *o)
{
	if (b->n_cells == b->cells_cap) {
		b->cells_cap = b->cells_cap ? b->cells_cap * 2 : 4096;
		b->cell = bp_grow_array(b->arena, b->cell, b->n_cells, b->cells_cap, sizeof(*b->cell));
	}
	b->cell[b->n_cells++] = (struct geo_count){geo_cell_of((double)o->lat.v / 1e6, (double)o->lon.v / 1e6, geo_grid_level[GEO_GRIDS - 1]), 1};
}

static enum bp_error on_outlet(void *ctx, const void *row)
{
	const struct q_snapshot_outlets *o = row;
	struct builder *b = ctx;

	put_difference(b, ID, o->id);
	put_coordinate(b, LON, o->lon);
	put_coordinate(b, LAT, o->lat);
	put_int(b, TIER, o->tier - 1);
	put_int(b, ACCOUNT, index_of(b->accounts, b->n_accounts, sizeof(*b->accounts), o->account_id));
	put_int(b, PARTNER, index_of(b->partners, b->n_partners, sizeof(*b->partners), o->partner_id));
	put_int(b, RURAL, o->rural);
	put_text(b, CODE, o->code);
	put_text(b, NAME, o->name);
	put_int(b, CHANNEL, WORD(channels, o->channel));
	put_int(b, VOLUME, (int64_t)(o->sales_volume + 0.5));
	put_int(b, NPPD, o->nppd.set ? o->nppd.v : -1);
	/* A date as days since 1970, then tenths of days; -1 = nothing is known. */
	put_int(b, DUE, o->due.set ? o->due.v : -1);
	put_int(b, EVERY, o->every.set ? (int64_t)(o->every.v * 10 + 0.5) : -1);
	put_int(b, SPREAD, o->spread.set ? (int64_t)(o->spread.v * 10 + 0.5) : -1);
	put_int(b, STATUS, WORD(statuses, o->status));
	if (o->lat.set && o->lon.set) {
		b->west = !b->placed || o->lon.v < b->west ? o->lon.v : b->west;
		b->east = !b->placed || o->lon.v > b->east ? o->lon.v : b->east;
		b->south = !b->placed || o->lat.v < b->south ? o->lat.v : b->south;
		b->north = !b->placed || o->lat.v > b->north ? o->lat.v : b->north;
		b->placed = true;
		if (strcmp(o->status, "closed"))
			put_cell(b, o);
	}
	if (b->n == b->cap) {
		b->ids = bp_grow_array(b->arena, b->ids, b->n, b->cap ? b->cap * 2 : 4096, sizeof(*b->ids));
		b->cap = b->cap ? b->cap * 2 : 4096;
	}
	b->ids[b->n++] = o->id;
	return BP_E_OK;
}

static int64_t line_no(struct builder *b, int64_t id)
{
	int64_t i = index_of(b->lines, b->n_lines, sizeof(*b->lines), BP_SOME_INT(id));

	if (i >= 0 && b->line_no[i] < 0) {
		b->line_no[i] = (int64_t)b->n_used;
		b->line_used[b->n_used++] = (size_t)i;
	}
	return i < 0 ? -1 : b->line_no[i];
}

static enum bp_error on_need(void *ctx, const void *row)
{
	const struct q_snapshot_needs *n = row;
	struct builder *b = ctx;
	const struct plan_asked *asked = PLAN_ASKED(n);
	struct plan_call call = plan_call_of(&b->policy[!strcmp(n->channel, "MT")], plan_asked_chain(&b->chains, asked), asked);

	while (b->at < b->n && b->ids[b->at] < n->outlet_id)
		b->at++;
	put_difference(b, NEED_ID, n->id);
	put_difference(b, NEED_OUTLET, (int64_t)b->at);
	put_int(b, NEED_LINE, line_no(b, n->line_id));
	put_int(b, NEED_VISITS, (int64_t)(call.per4w + 0.5));
	put_int(b, NEED_SERVICE, (int64_t)(60 * call.minutes + 0.5));
	b->n_needs++;
	return BP_E_OK;
}

static enum bp_error on_work(void *ctx, const void *row)
{
	const struct q_plan_work_kinds *r = row;
	struct builder *b = ctx;
	struct plan_work w = plan_work_of(&b->policies, r->territory_id, PLAN_ASKED(r));

	b->work.visits += w.visits * (double)r->needs;
	b->work.minutes += w.minutes * (double)r->needs;
	return BP_E_OK;
}

static enum bp_error read_tx(struct bp_db *db, void *ctx)
{
	struct builder *b = ctx;
	int64_t t = (int64_t)b->territory;
	enum bp_error e;

	for (int c = 0; c < COLUMNS; c++) {
		bp_buf_clear(&b->col[c]);
		b->last[c] = 0;
	}
	b->n = b->at = b->n_needs = b->n_cells = 0;
	b->placed = false;
	b->work = (struct plan_work){0};
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
	b->line_no = bp_alloc_array(b->arena, b->n_lines, sizeof(*b->line_no));
	b->line_used = bp_alloc_array(b->arena, b->n_lines, sizeof(*b->line_used));
	b->n_used = 0;
	for (size_t i = 0; i < b->n_lines; i++)
		b->line_no[i] = -1;
	if (!e)
		e = q_snapshot_seats(db, b->arena, t, &b->seats, &b->n_seats);
	if (!e)
		e = q_snapshot_outlets(db, t, on_outlet, b);
	if (!e)
		e = q_snapshot_needs(db, t, on_need, b);
	if (!e)
		e = plan_policies_load(db, b->arena, b->territory, &b->policies);
	return e ? e : q_plan_work_kinds(db, t, on_work, b);
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

static void put_columns(const struct builder *b, struct bp_buf *o, const char *name, int from, int to)
{
	bp_buf_printf(o, "\"%s\":{", name);
	for (int c = from; c < to; c++) {
		bp_buf_printf(o, "%s\"%s\":[", c > from ? "," : "", column_names[c]);
		bp_buf_add(o, b->col[c].data, b->col[c].len);
		o->over = o->over || b->col[c].over;
		bp_buf_chr(o, ']');
	}
	bp_buf_str(o, "},");
}

static void put_partners_and_seats(const struct builder *b, struct bp_buf *o)
{
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

static void name_part(struct part *p)
{
	unsigned char h[(SN_HASH_SIZE - 1) / 2];

	crypto_generichash(h, sizeof(h), (unsigned char *)p->out.data + p->from, p->out.len - p->from, NULL, 0);
	sodium_bin2hex(p->hash, sizeof(p->hash), h, sizeof(h));
}

/* They name their unit, so that no two units have one file, which one of them drops while the other is about to name it. */
static void write_details(struct builder *b)
{
	struct bp_buf *o = &b->details.out;

	bp_buf_printf(o, "{\"v\":%d,\"territory\":%lld,\"n\":%zu,", FORMAT, (long long)b->t.id, b->n);
	put_columns(b, o, "outlets", CODE, COLUMNS);
	bp_buf_str(o, "\"dict\":{");
	put_words(o, "channel", channels, 3);
	bp_buf_chr(o, ',');
	put_words(o, "status", statuses, 6);
	bp_buf_str(o, "}}");
	name_part(&b->details);
}

/* `made` stands first so that the name can leave it out. The core names its details: it is another one when they are. */
static void write_core(struct builder *b)
{
	struct bp_buf *o = &b->core.out;
	char made[BP_INSTANT_SIZE];

	bp_instant_format(bp_now(), made);
	bp_buf_printf(o, "{\"v\":%d,\"made\":\"%s\"", FORMAT, made);
	b->core.from = o->len;
	bp_buf_printf(o, ",\"details\":\"%s\",\"territory\":{\"id\":%lld,\"code\":", b->details.hash, (long long)b->t.id);
	bp_json_string(o, b->t.code);
	bp_buf_str(o, ",\"name\":");
	bp_json_string(o, b->t.name);
	bp_buf_printf(o, "},\"n\":%zu,", b->n);
	put_columns(b, o, "outlets", ID, NEED_ID);
	put_columns(b, o, "needs", NEED_ID, CODE);
	bp_buf_str(o, "\"dict\":{");
	put_words(o, "tier", tiers, 3);
	bp_buf_str(o, ",\"account\":[");
	for (size_t i = 0; i < b->n_accounts; i++) {
		if (i)
			bp_buf_chr(o, ',');
		bp_json_string(o, b->accounts[i].name);
	}
	bp_buf_str(o, "],\"line\":[");
	for (size_t i = 0; i < b->n_used; i++) {
		if (i)
			bp_buf_chr(o, ',');
		bp_json_string(o, b->lines[b->line_used[i]].code);
	}
	bp_buf_chr(o, ']');
	put_partners_and_seats(b, o);
	name_part(&b->core);
}

/* --- counts in grids --- */

/* From the finest to the widest: each has the cells of the one before it, put together. */
static void write_grids(struct builder *b)
{
	crypto_generichash_state h;
	unsigned char sum[(SN_HASH_SIZE - 1) / 2];

	crypto_generichash_init(&h, NULL, 0, sizeof(sum));
	for (int g = GEO_GRIDS - 1; g >= 0; g--) {
		struct bp_buf *o = &b->grid[g];

		b->n_cells = geo_counts_widen(b->cell, b->n_cells, geo_grid_step(g));
		bp_buf_chr(o, '[');
		for (size_t i = 0; i < b->n_cells; i++)
			bp_buf_printf(o, "%s[%u,%u,%u]", i ? "," : "", b->cell[i].at.y, b->cell[i].at.x, b->cell[i].n);
		bp_buf_chr(o, ']');
		crypto_generichash_update(&h, (unsigned char *)o->data, o->len);
	}
	crypto_generichash_final(&h, sum, sizeof(sum));
	sodium_bin2hex(b->cells, sizeof(b->cells), sum, sizeof(sum));
}

static enum bp_error put_grids(struct builder *b, struct bp_db *db)
{
	enum bp_error e = q_snapshot_cells_drop(db, (int64_t)b->territory, NULL);

	for (int g = 0; !e && g < GEO_GRIDS; g++)
		e = q_snapshot_cells_put(db, (int64_t)b->territory, geo_grid_level[g], b->grid[g].data, NULL);
	return e;
}

char *sn_file_path(struct bp_arena *a, const char *dir, const char *hash)
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
	if (!err && rename(tmp, sn_file_path(a, dir, hash)))
		err = errno;
	if (err)
		unlink(tmp);
	return err ? bp_fail(f, bp_error_of_errno(err) == BP_E_DISK_FULL ? BP_E_DISK_FULL : BP_E_SNAPSHOT_FAILED, "cannot write the snapshot: %s",
			       strerror(err)) : BP_E_OK;
}

static enum bp_error compress_and_store(struct bp_arena *a, const char *dir, const char *name, const char *json, size_t len,
	uint64_t *bytes, struct bp_fail *f)
{
	struct libdeflate_compressor *z = libdeflate_alloc_compressor(ZIP_LEVEL);
	size_t room = libdeflate_gzip_compress_bound(z, len);
	void *gz = bp_xmalloc(room);
	size_t n = z ? libdeflate_gzip_compress(z, json, len, gz, room) : 0;
	enum bp_error e = n ? store(a, dir, name, gz, n, f) : bp_fail(f, BP_E_SNAPSHOT_FAILED, "compression failed");

	*bytes = n;
	free(gz);
	libdeflate_free_compressor(z);
	return e;
}

enum bp_error sn_keep(struct bp_arena *a, const char *dir, const char *name, const char *json, size_t n, struct bp_fail *f)
{
	uint64_t bytes;

	return compress_and_store(a, dir, name, json, n, &bytes, f);
}

bool sn_kept(struct bp_arena *a, const char *dir, const char *name)
{
	return !utimensat(AT_FDCWD, sn_file_path(a, dir, name), NULL, 0); /* asked for now: the sweep leaves it */
}

/* The last four bytes of a gzip file (RFC 1952), little end first. */
uint64_t sn_plain_size(struct bp_arena *a, const char *dir, const char *name)
{
	unsigned char n[4] = {0};
	int fd = open(sn_file_path(a, dir, name), O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (lseek(fd, -4, SEEK_END) < 0 || read(fd, n, 4) != 4)
		memset(n, 0, sizeof(n));
	close(fd);
	return n[0] | (uint64_t)n[1] << 8 | (uint64_t)n[2] << 16 | (uint64_t)n[3] << 24;
}

/* What has the name has the content. */
static enum bp_error put_part(struct builder *b, const char *dir, struct part *p, struct bp_fail *f)
{
	struct stat st;

	if (sn_kept(b->arena, dir, p->hash) && !stat(sn_file_path(b->arena, dir, p->hash), &st)) {
		p->bytes = (uint64_t)st.st_size;
		return BP_E_OK;
	}
	return compress_and_store(b->arena, dir, p->hash, p->out.data, p->out.len, &p->bytes, f);
}

static void drop_unused(struct bp_db *db, struct bp_arena *a, const char *dir, const char *hash)
{
	struct q_snapshot_hash_used used;

	if (hash && !q_snapshot_hash_used(db, a, hash, &used) && !used.n)
		unlink(sn_file_path(a, dir, hash));
}

/* CONFLICT when another has been made current since the look at the database: it may know more than this one. */
static enum bp_error make_current(struct bp_db *db, void *ctx)
{
	struct builder *b = ctx;
	struct q_snapshot_current now = {NULL};
	enum bp_error e = q_snapshot_current(db, b->arena, (int64_t)b->territory, &now);

	if (e && e != BP_E_NOT_FOUND)
		return e;
	if (strcmp(now.hash ? now.hash : "", b->t.hash ? b->t.hash : ""))
		return BP_E_CONFLICT;
	e = q_snapshot_put(db, (int64_t)b->territory, b->core.hash, b->details.hash, (int64_t)b->n, (int64_t)b->core.bytes, (int64_t)b->details.bytes,
		b->placed ? BP_SOME_INT(b->west) : BP_NO_INT, b->placed ? BP_SOME_INT(b->south) : BP_NO_INT,
		b->placed ? BP_SOME_INT(b->east) : BP_NO_INT, b->placed ? BP_SOME_INT(b->north) : BP_NO_INT, b->cells, (int64_t)(b->work.visits + 0.5), b->work.minutes, b->t.stale, NULL);
	return e || !strcmp(b->t.cells ? b->t.cells : "", b->cells) ? e : put_grids(b, db);
}

/* The details first: a core must never name what is not there. */
static enum bp_error publish(struct builder *b, struct bp_db *db, const char *dir, struct bp_fail *f)
{
	enum bp_error e = put_part(b, dir, &b->details, f);

	if (!e)
		e = put_part(b, dir, &b->core, f);
	if (e || (b->t.hash && !strcmp(b->t.hash, b->core.hash) && *b->t.cells && !b->t.stale))
		return e;
	e = bp_db_tx(db, make_current, b);
	if (!e && b->t.hash && strcmp(b->t.hash, b->core.hash)) {
		drop_unused(db, b->arena, dir, b->t.hash);
		drop_unused(db, b->arena, dir, b->t.details);
	}
	return e;
}

/* Both parts from one look at the database, in memory. */
static enum bp_error write_parts(struct builder *b, struct bp_db *db, struct bp_fail *f)
{
	enum bp_error e;

	for (int c = 0; c < COLUMNS; c++)
		bp_buf_init(&b->col[c], COLUMN_MOST);
	for (int g = 0; g < GEO_GRIDS; g++)
		bp_buf_init(&b->grid[g], COLUMN_MOST);
	bp_buf_init(&b->core.out, COLUMN_MOST * 4);
	bp_buf_init(&b->details.out, COLUMN_MOST * 4);
	e = bp_db_tx(db, read_tx, b);
	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(f, BP_E_TERRITORY_NONE, "there is no territory %llu", (unsigned long long)b->territory) : e;
	write_details(b);
	write_core(b);
	write_grids(b);
	return b->core.out.over || b->details.out.over ? bp_fail(f, BP_E_SNAPSHOT_FAILED, "the territory is too large for one snapshot") : BP_E_OK;
}

static void release(struct builder *b)
{
	for (int c = 0; c < COLUMNS; c++)
		bp_buf_release(&b->col[c]);
	for (int g = 0; g < GEO_GRIDS; g++)
		bp_buf_release(&b->grid[g]);
	bp_buf_release(&b->core.out);
	bp_buf_release(&b->details.out);
	free(b);
}

static struct builder *builder_new(struct bp_arena *a, uint64_t territory)
{
	struct builder *b = bp_xcalloc(1, sizeof(*b));

	b->arena = a;
	b->territory = territory;
	return b;
}

static enum bp_error build_once(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t territory, struct sn_info *info, struct bp_fail *f)
{
	struct builder *b = builder_new(a, territory);
	int64_t start = bp_monotonic_us(), read;
	enum bp_error e = write_parts(b, db, f);

	read = bp_monotonic_us();
	if (!e)
		e = publish(b, db, dir, f);
	*info = (struct sn_info){.outlets = b->n, .core = {b->core.out.len, b->core.bytes}, .details = {b->details.out.len, b->details.bytes},
		.read_us = read - start, .zip_us = bp_monotonic_us() - read};
	memcpy(info->hash, b->core.hash, sizeof(info->hash));
	release(b);
	return e;
}

enum bp_error sn_build(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t territory, struct sn_info *info,
	struct bp_fail *f)
{
	enum bp_error e;

	for (int i = 0; (e = build_once(db, a, dir, territory, info, f)) == BP_E_CONFLICT && i < TRIES; i++)
		;
	return e == BP_E_CONFLICT ? bp_fail(f, BP_E_SNAPSHOT_FAILED, "others keep building it at the same time") : e;
}

/* Does its file hold what the database says now, but for the head? */
static bool holds(struct bp_arena *a, const char *dir, const struct part *p)
{
	int fd = open(sn_file_path(a, dir, p->hash), O_RDONLY | O_CLOEXEC);
	struct libdeflate_decompressor *z = libdeflate_alloc_decompressor();
	size_t room = libdeflate_gzip_compress_bound(NULL, p->out.len), got = 0;
	void *gz = bp_xmalloc(room);
	char *plain = bp_xmalloc(p->out.len);
	ssize_t n = fd < 0 ? -1 : read(fd, gz, room); /* of a local file, whole */
	bool same = z && n > 0 && !libdeflate_gzip_decompress(z, gz, (size_t)n, plain, p->out.len, &got) && got == p->out.len &&
		!memcmp(plain + p->from, p->out.data + p->from, got - p->from);

	if (fd >= 0)
		close(fd);
	free(plain);
	free(gz);
	libdeflate_free_decompressor(z);
	return same;
}

const char *const sn_states[] = {[SN_GOOD] = "as the database says", [SN_NONE] = "there is none", [SN_STALE] = "the database says otherwise",
	[SN_DAMAGED] = "a file is missing or damaged", [SN_WAITS] = "a change is being built"};

/* Somebody made another one current while its files were read: they may be gone. */
static bool was_followed(struct bp_db *db, const struct builder *b)
{
	struct q_snapshot_territory now;

	return !q_snapshot_territory(db, b->arena, (int64_t)b->territory, &now) && now.hash && strcmp(now.hash, b->t.hash) != 0;
}

static enum sn_state state_of(struct bp_db *db, const struct builder *b, const char *dir)
{
	if (!b->t.hash)
		return SN_NONE;
	if (strcmp(b->t.hash, b->core.hash) != 0)
		return b->t.stale ? SN_WAITS : SN_STALE;
	if (holds(b->arena, dir, &b->core) && holds(b->arena, dir, &b->details))
		return SN_GOOD;
	return was_followed(db, b) ? SN_WAITS : SN_DAMAGED;
}

enum bp_error sn_verify(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t territory, enum sn_state *state, struct bp_fail *f)
{
	struct builder *b = builder_new(a, territory);
	enum bp_error e = write_parts(b, db, f);

	if (!e)
		*state = state_of(db, b, dir);
	release(b);
	return e;
}
