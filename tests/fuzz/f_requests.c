/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes with a request: headers of tus, addresses, queries and JSON bodies through a shape. The first byte chooses. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "base/time.h"
#include "intake/tus.h"
#include "intake/reader.h"
#include "tests/fuzz/fuzz.h"

static const char *const kinds[] = {"one", "two", NULL};
struct inner {
	int64_t n;
};
BP_SHAPE(fuzz_inner, inner, BP_INT(inner, n, BP_REQ, 0, 9, ""));
struct outer {
	uint64_t seen;
	const char *name, *kind;
	struct bp_opt_int after, day;
	struct bp_opt_num share;
	bool on;
	struct inner *in;
	struct bp_list list, texts, numbers;
	json_t *any;
};
BP_PATCH(fuzz_outer, outer, BP_STR(outer, name, BP_NUL, 1, 20, ""), BP_ENUM(outer, kind, BP_NUL, kinds, ""), BP_INT(outer, after, BP_NUL, 1, 9e15, ""),
	BP_DATE(outer, day, BP_NUL, ""), BP_NUM(outer, share, BP_NUL, 0, 1, ""), BP_BOOL(outer, on, BP_DEF, ""), BP_OBJ(outer, in, BP_NUL, &fuzz_inner, ""),
	BP_LIST(outer, list, 0, 5, &fuzz_inner, ""), BP_LIST_STR(outer, texts, 0, 5, ""), BP_LIST_INT(outer, numbers, 0, 5, ""), BP_JSON(outer, any, BP_NUL, ""));
struct page {
	struct bp_opt_int limit, after;
	const char *q;
};
BP_SHAPE(fuzz_query, page, BP_INT(page, limit, BP_NUL, 1, 500, ""), BP_INT(page, after, BP_NUL, 1, 9e15, ""), BP_STR(page, q, BP_NUL, 0, 100, ""));

static void shapes(struct bp_arena *a, char *s, bool query)
{
	json_t *errors = json_array(), *in;
	struct outer o = {0};
	struct page p;

	if (query) {
		bp_shape_decode_query(&fuzz_query, a, s, &p, errors);
	} else if ((in = json_loads(s, JSON_REJECT_DUPLICATES, NULL))) {
		bp_shape_decode(&fuzz_outer, a, in, &o, errors);
		json_decref(in);
	}
	json_decref(errors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = fuzz_text(size ? data + 1 : data, size ? size - 1 : 0);
	struct tus_checksum sum;
	struct bp_arena a;
	uint64_t bytes;
	int64_t date;

	if (sodium_init() < 0)
		abort();
	bp_arena_init(&a, 64 << 20);
	switch (size ? data[0] % 5 : 0) {
	case 0:
		tus_bytes(s, &bytes);
		tus_checksum_parse(s, &sum);
		break;
	case 1:
		tus_metadata(&a, s, "filename");
		tus_metadata(&a, s, "session");
		tus_metadata(&a, s, "");
		break;
	case 2:
		shapes(&a, s, true);
		break;
	case 3:
		shapes(&a, s, false);
		break;
	default:
		bp_date_parse(s, &date);
		bp_url_decode(s);
		im_utf8_prefix(s, strlen(s));
	}
	bp_arena_release(&a);
	free(s);
	return 0;
}
