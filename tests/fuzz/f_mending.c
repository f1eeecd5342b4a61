/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person writes in a shell to mend a cause. */
#include <stdlib.h>
#include <string.h>

#include "intake/mending.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = fuzz_text(data, size);
	struct im_mending m;
	const char *field = NULL;
	struct bp_arena a;

	bp_arena_init(&a, 16 << 20);
	if (!im_mending_parse(s, &a, &m, NULL)) {
		if (strlen(m.rule) + (m.column ? strlen(m.column) : 0) + strlen(m.kind) + (m.to ? strlen(m.to) : 0) >= size + 1)
			abort(); /* more than was written */
		if (im_mend_judge(&m, &field, NULL) && !field)
			abort(); /* nobody is told what is wrong */
	}
	bp_arena_release(&a);
	free(s);
	return 0;
}
