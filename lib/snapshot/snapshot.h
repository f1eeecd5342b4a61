/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_SNAPSHOT_SNAPSHOT_H
#define BP_SNAPSHOT_SNAPSHOT_H
/*
 * The snapshot of a territory: all that a planning screen needs of its outlets, needs, distributors and
 * seats, as columns in two gzipped JSON files.  The core has what the map, the board and the price of a drag need at once, the
 * details what is read of an outlet: its code, its name and the like, in the order of the core.  Both come from one look at the
 * database and lie in a private folder under the hash of their content, so that they never change; the core names its details, and
 * the table `snapshot` says which core is current.  Beside them the outlets are counted in grids (table snapshot_cell, geo/cell.h).
 *
 * Coordinates are 1e-5 degrees; they, ids and the outlets of needs are told as differences to the one before that is known, which pack
 * to a half; words are numbers of a dictionary.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"

enum { SN_DEBOUNCE_MS = 1500, SN_HASH_SIZE = 33 };

struct sn_size {
	uint64_t json, bytes; /* plain, and as its file */
};
struct sn_info {
	char hash[SN_HASH_SIZE]; /* of the core */
	uint64_t outlets;
	struct sn_size core, details;
	int64_t read_us, zip_us; /* spent in the database with formatting, and in compressing and writing */
};

/* Something in it has changed: from now on it is stale, and built soon, in the caller's transaction. Several requests within the pause become
 * one job; whoever cannot wait for it builds it himself. */
enum bp_error sn_request(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, const char *correlation);
/* The same of all units of a territory. */
enum bp_error sn_request_units(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, const char *correlation);

/* Build it now into `dir`, make it current, remove the former files. Errors: TERRITORY_NONE, DISK_FULL,
 * SNAPSHOT_FAILED; what was current stays. */
enum bp_error sn_build(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t territory, struct sn_info *info,
	struct bp_fail *f);

/* Is it what the database says now?  Read anew and held against both files.  SN_WAITS: it is not, and that is known: a change was asked to be built.
 * Errors: TERRITORY_NONE, SNAPSHOT_FAILED. */
enum sn_state { SN_GOOD, SN_NONE, SN_STALE, SN_DAMAGED, SN_WAITS };
extern const char *const sn_states[]; /* as people read them */
enum bp_error sn_verify(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t territory, enum sn_state *state, struct bp_fail *f);

/* The same of those that were neither held against the database nor made for a day, the oldest first, until `seconds` have passed; whoever asks
 * again goes on there.  What is not good goes into the log and is built anew.  The arena is cleared. */
struct sn_round {
	uint64_t verified, differed;
	char last[200]; /* of those that differed: its code, and how it was */
};
enum bp_error sn_verify_some(struct bp_db *db, struct bp_arena *a, const char *dir, int seconds, struct sn_round *r, struct bp_fail *f);

/* Bytes of a file of that name once it is unpacked, as it says itself; 0: there is none. */
uint64_t sn_plain_size(struct bp_arena *a, const char *dir, const char *name);
/* Where a part lies, by its hash. */
char *sn_file_path(struct bp_arena *a, const char *dir, const char *hash);

/* Have those of planning units built of which there is none, or a file is missing: after a restore, or of an older form; and those in which
 * a person has come to a seat, or left it, by the calendar. */
enum bp_error sn_mend(struct bp_db *db, struct bp_arena *a, const char *dir);

/*
 * A reply that takes long to make and is named by what it is made of (32 hexadecimal digits), kept beside the snapshots.  Both are
 * swept alike: it goes when nobody has asked for it for a day.  Errors of sn_keep: DISK_FULL, SNAPSHOT_FAILED.
 */
bool sn_kept(struct bp_arena *a, const char *dir, const char *name);
enum bp_error sn_keep(struct bp_arena *a, const char *dir, const char *name, const char *json, size_t n, struct bp_fail *f);

/* Remove files that no row names and that are older than a day. */
void sn_sweep(struct bp_db *db, const char *dir);

#endif
