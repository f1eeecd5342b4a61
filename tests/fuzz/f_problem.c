/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routing problems in the field's own formats and in ours. */
#include <stdlib.h>

#include "route/read.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct rt_file file;

	/* What is read is the caller's; what is refused holds nothing. */
	if (!rt_file_parse(&file, text, size, NULL))
		rt_file_release(&file);
	free(text);
	return 0;
}
