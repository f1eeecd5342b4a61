/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the columns of a file would be mapped to, by their words and by what they hold. */
#include <unistd.h>

#include "intake/sniff.h"
#include "intake/suggest.h"
#include "tests/fuzz/fuzz.h"

enum { COLUMNS_MOST = 12 }; /* more of them are slow, not different */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct im_wish wish = {.header_line = -1};
	int fd = fuzz_file(data, size);
	struct im_sniffed sn;
	struct bp_arena a;

	bp_arena_init(&a, 256 << 20);
	if (!im_sniff(fd, size, &wish, &a, &sn, NULL) && sn.n_columns <= COLUMNS_MOST) {
		enum im_entity entity = im_guess_entity("outlets.csv", &sn, &a);

		im_suggest(entity < IM_ENTITY__MAX ? entity : IM_OUTLETS, &sn, &a);
	}
	bp_arena_release(&a);
	close(fd);
	return 0;
}
