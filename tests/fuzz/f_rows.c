/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plain file: how it is written, its rows, each row checked. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake/check.h"
#include "intake/sniff.h"
#include "tests/fuzz/fuzz.h"

/* The columns of the file are those of the entity in their order. */
static void check_rows(int fd, const struct im_sniffed *sn, enum im_entity entity, struct bp_arena *a)
{
	struct im_reader *r = malloc(sizeof(*r));
	struct im_feed feed[IM_COLUMNS_MOST];
	struct im_checked *out = malloc(sizeof(*out));
	struct im_checker *k = malloc(sizeof(*k));
	struct bp_arena rows;
	struct im_row row;
	bool end = false;

	if (!r || !out || !k)
		abort();
	for (size_t i = 0; i < IM_COLUMNS_MOST; i++)
		feed[i] = (struct im_feed){.source = i < sn->n_columns ? (int)i : -1};
	bp_arena_init(&rows, 64 << 20);
	im_checker_init(k, entity, feed, sn, a, &rows);
	if (lseek(fd, 0, SEEK_SET) == 0 && !im_reader_init(r, &sn->dialect, im_read_fd, &fd, NULL)) {
		while (!im_reader_next(r, &row, &end, NULL) && !end)
			im_check_row(k, &row, out);
		im_reader_release(r);
	}
	bp_arena_release(&rows);
	free(r);
	free(out);
	free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct im_wish wish = {.header_line = -1};
	int fd = fuzz_file(data, size);
	struct im_sniffed sn;
	struct bp_arena a;

	bp_arena_init(&a, 256 << 20);
	if (!im_sniff(fd, size, &wish, &a, &sn, NULL))
		check_rows(fd, &sn, (enum im_entity)(size % IM_ENTITY__MAX), &a);
	bp_arena_release(&a);
	close(fd);
	return 0;
}
