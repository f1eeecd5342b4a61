/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_OPT_H
#define BP_BASE_OPT_H
/* Values that may be missing, the same for SQL NULL and JSON null, and lists. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bp_opt_int {
	int64_t v;
	bool set;
};
struct bp_opt_num {
	double v;
	bool set;
};
#define BP_SOME_INT(x) ((struct bp_opt_int){.v = (int64_t)(x), .set = true})
#define BP_NO_INT ((struct bp_opt_int){0})
#define BP_NO_NUM ((struct bp_opt_num){0})
#define BP_SOME_NUM(x) ((struct bp_opt_num){.v = (x), .set = true})

/* Tables hold millionths of a degree. */
static inline struct bp_opt_num bp_degrees(struct bp_opt_int micro)
{
	return (struct bp_opt_num){(double)micro.v / 1e6, micro.set};
}

/* n elements; what they are is said where the list is declared. */
struct bp_list {
	void *v;
	size_t n;
};

/* Raw bytes, borrowed. */
struct bp_bytes {
	const void *p;
	size_t n;
};

#endif
