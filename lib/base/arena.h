/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_ARENA_H
#define BP_BASE_ARENA_H
/*
 * An arena: memory that belongs to one request or one job and dies with it.
 * Handlers therefore hold no free().  Allocation never returns NULL: when the
 * ceiling is passed or the system has no memory, the process ends with a log
 * line - a request that needs more is a defect of its limits.
 */
#include <stdarg.h>
#include <stddef.h>

struct bp_arena_block;
struct bp_arena {
	struct bp_arena_block *head;
	size_t used;    /* bytes handed out since the last clear */
	size_t ceiling; /* most bytes this arena may hand out */
};

void bp_arena_init(struct bp_arena *a, size_t ceiling);
/* Free everything handed out; the arena can be used again. */
void bp_arena_clear(struct bp_arena *a);
void bp_arena_release(struct bp_arena *a);

/* `size` zeroed bytes aligned for any type; valid until clear or release. */
void *bp_alloc(struct bp_arena *a, size_t size);
/* An array of n zeroed elements; the product is checked for overflow. */
void *bp_alloc_array(struct bp_arena *a, size_t n, size_t size);
/* A grown copy of an array (old_n elements kept); the old one stays until clear. */
void *bp_grow_array(struct bp_arena *a, void *old, size_t old_n, size_t new_n, size_t size);
char *bp_strdup(struct bp_arena *a, const char *s);
char *bp_strndup(struct bp_arena *a, const char *s, size_t n);
char *bp_sprintf(struct bp_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *bp_vsprintf(struct bp_arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* malloc and realloc for long-lived objects, with the same rule: never NULL. */
void *bp_xmalloc(size_t size);
void *bp_xcalloc(size_t n, size_t size);
void *bp_xrealloc(void *p, size_t size);

#endif
