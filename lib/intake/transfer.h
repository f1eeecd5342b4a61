/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_TRANSFER_H
#define BP_INTAKE_TRANSFER_H
/*
 * Uploads that go on where they broke off.  The bytes of transfer ID lie in upload_dir/.transfer-ID, appended as they
 * arrive and made durable before an offset is told; the length of that file is the offset, whatever dies.  Who writes
 * holds a lock on the file, which the kernel gives back when a handler is killed.
 *
 * Tickets are addresses at which one file may be delivered without signing in: the server's key signs what they are for.
 */
#include "audit/audit.h"
#include "intake/intake.h"
#include "intake/tus.h"
#include "queries.h"

struct im_transfer {
	int fd;          /* -1 = not open */
	char *path;
	uint64_t offset; /* bytes that are there */
};

/* Open the bytes of a transfer for writing at their end.  Errors: UPLOAD_BUSY when another request writes; UPLOAD_GONE when
 * they were swept; DISK_FULL, INTERNAL.  Close it in any case. */
enum bp_error im_transfer_open(struct bp_arena *a, const char *upload_dir, uint64_t id, bool create, struct im_transfer *t, struct bp_fail *f);
void im_transfer_close(struct im_transfer *t);
/* How many bytes have come, without a lock; 0 when there are none. */
uint64_t im_transfer_offset(struct bp_arena *a, const char *upload_dir, uint64_t id);

/*
 * Append what read() gives, at most `most` bytes; t->offset follows.  When the sender goes away what has come is kept and
 * *gone set - unless there is a checksum, which speaks of the whole: then nothing is.
 * Errors: DISK_FULL (what found room is kept), TOO_LARGE (more than `most` came; nothing of it is kept), UPLOAD_CHECKSUM (nothing
 * of it is kept), INTERNAL.
 */
enum bp_error im_transfer_append(struct im_transfer *t, uint64_t most, const struct tus_checksum *sum, im_read_fn *read, void *ctx,
	bool *gone, struct bp_fail *f);

/* All bytes are there: their tables become files of the session, in one transaction with the transfer's end and the audit event, and
 * the bytes are removed.  Refused ones are noted with the reason.  Errors as im_receive and im_upload_add, IMPORT_STATE. */
enum bp_error im_transfer_finish(struct bp_db *db, struct bp_arena *a, const char *upload_dir, const struct q_transfer_get *row,
	struct im_transfer *t, const struct bp_audit *au, struct bp_fail *f);
enum bp_error im_transfer_drop(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t id);

/* A file may still be added to the session; a checked one goes back to UPLOADING.  IMPORT_STATE otherwise. */
enum bp_error im_session_reopen(struct bp_db *db, struct bp_arena *a, uint64_t session, struct bp_fail *f);

/* Add an upload with where it came from; each of its parts remembers the checksum. `tables` gets JSON of what became of each. */
enum bp_error im_upload_keep(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t session, struct im_upload *u,
	enum im_entity entity, const char **tables, struct bp_fail *f);

/* --- tickets --- */

enum { IM_TICKET_SIZE = 96 };
/* A ticket for a file of the session, good for `seconds`; `text` goes into an address. */
enum bp_error im_ticket_new(struct bp_db *db, struct bp_arena *a, uint64_t session, const char *name, uint64_t user, int64_t seconds,
	char text[IM_TICKET_SIZE], struct bp_fail *f);
/* Is it ours, in time and not used?  Errors: UPLOAD_TICKET, UPLOAD_GONE with the reason. */
enum bp_error im_ticket_check(struct bp_db *db, struct bp_arena *a, const char *text, struct q_ticket_get *out, struct bp_fail *f);

/* Remove transfers whose time is over, and raw files older than `days` whose sessions have ended. */
void im_sweep(struct bp_db *db, const char *upload_dir, int64_t days);

#endif
