/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables in a wrapper: gzip, ZIP, workbook, XML, JSON. */
#include <unistd.h>

#include "table/table.h"
#include "tests/fuzz/fuzz.h"

static enum bp_error begin(void *ctx, const char *part, struct bp_fail *f)
{
	(void)ctx;
	(void)f;
	return part ? BP_E_OK : BP_E_INTERNAL;
}

static enum bp_error put(void *ctx, const void *p, size_t n, struct bp_fail *f)
{
	size_t *total = ctx;

	(void)p;
	*total += n;
	/* What unpacks to much is slow, not wrong. */
	return *total > 8 << 20 ? bp_fail(f, BP_E_IMPORT_FORMAT, "enough") : BP_E_OK;
}

static enum bp_error end(void *ctx, struct bp_fail *f)
{
	(void)ctx;
	(void)f;
	return BP_E_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = fuzz_file(data, size);
	struct bp_fail f = {0};
	size_t total = 0;
	const struct tb_sink sink = {begin, put, end, &total};

	if (tb_form_of((const char *)data, size > 64 ? 64 : size) != TB_TEXT)
		tb_unwrap(fd, NULL, NULL, &sink, &f);
	close(fd);
	return 0;
}
