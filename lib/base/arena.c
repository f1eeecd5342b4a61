/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define BLOCK_MIN 16384u
#define ALIGN 16u

struct bp_arena_block {
	struct bp_arena_block *next;
	size_t size, used;
	_Alignas(16) unsigned char mem[];
};

static _Noreturn void out_of_memory(size_t wanted)
{
	bp_log(BP_LOG_ERROR, "ev=out_of_memory bytes=%zu", wanted);
	abort();
}

void *bp_xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *bp_xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory(n * size);
	return p;
}

void *bp_xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void bp_arena_init(struct bp_arena *a, size_t ceiling)
{
	a->head = NULL;
	a->used = 0;
	a->ceiling = ceiling;
}

void bp_arena_release(struct bp_arena *a)
{
	while (a->head) {
		struct bp_arena_block *b = a->head;

		a->head = b->next;
		free(b);
	}
	a->used = 0;
}

void bp_arena_clear(struct bp_arena *a)
{
	struct bp_arena_block *b = a->head;

	/* Keep one ordinary block: the next request will want it. */
	if (b && !b->next && b->size == BLOCK_MIN) {
		b->used = 0;
		a->used = 0;
		return;
	}
	bp_arena_release(a);
}

void *bp_alloc(struct bp_arena *a, size_t size)
{
	struct bp_arena_block *b = a->head;
	size_t need;
	void *p;

	if (size > SIZE_MAX / 2 || a->used + size > a->ceiling)
		out_of_memory(size);
	need = size ? (size + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
	if (!b || b->size - b->used < need) {
		size_t cap = need > BLOCK_MIN ? need : BLOCK_MIN;

		b = bp_xmalloc(sizeof(*b) + cap);
		b->size = cap;
		b->used = 0;
		b->next = a->head;
		a->head = b;
	}
	p = b->mem + b->used;
	b->used += need;
	a->used += need;
	return memset(p, 0, size);
}

void *bp_alloc_array(struct bp_arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		out_of_memory(SIZE_MAX);
	return bp_alloc(a, n * size);
}

void *bp_grow_array(struct bp_arena *a, void *old, size_t old_n, size_t new_n, size_t size)
{
	void *p = bp_alloc_array(a, new_n, size);

	if (old_n)
		memcpy(p, old, old_n * size);
	return p;
}

char *bp_strndup(struct bp_arena *a, const char *s, size_t n)
{
	char *d = bp_alloc(a, n + 1);

	memcpy(d, s, n);
	return d;
}

char *bp_strdup(struct bp_arena *a, const char *s)
{
	return s ? bp_strndup(a, s, strlen(s)) : NULL;
}

char *bp_vsprintf(struct bp_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *d;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return bp_strdup(a, "");
	d = bp_alloc(a, (size_t)n + 1);
	vsnprintf(d, (size_t)n + 1, fmt, ap);
	return d;
}

char *bp_sprintf(struct bp_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *d;

	va_start(ap, fmt);
	d = bp_vsprintf(a, fmt, ap);
	va_end(ap);
	return d;
}
