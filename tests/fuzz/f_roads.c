/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server of travel times replies. */
#include <stdlib.h>

#include "osrm/table.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	double seconds[2 * 3], metres[2 * 3];

	if (!osrm_table_read((const char *)data, size, 2, 3, "http://127.0.0.1", seconds, metres, NULL))
		for (int i = 0; i < 2 * 3; i++)
			if (!(seconds[i] >= -1 && seconds[i] <= 1e7) || !(metres[i] >= -1 && metres[i] <= 1e9))
				abort();
	return 0;
}
