/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "tests/base/test.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 16, 17, 4000, 16384, 100000};
	unsigned char *p[8];
	struct bp_arena a;

	(void)state;
	bp_arena_init(&a, 1u << 20);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 8; i++) {
			p[i] = bp_alloc(&a, sizes[i]);
			assert_int_equal((uintptr_t)p[i] % 16, 0);
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(p[i][k], 0);
			memset(p[i], (int)i + 1, sizes[i]);
		}
		for (size_t i = 0; i < 8; i++)
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(p[i][k], i + 1);
		bp_arena_clear(&a);
		assert_int_equal(a.used, 0);
	}
	bp_arena_release(&a);
	assert_null(a.head);
}

static void a_clear_gives_zeroed_memory_again(void **state)
{
	struct bp_arena a;

	(void)state;
	bp_arena_init(&a, 1u << 16);
	memset(bp_alloc(&a, 1000), 0xff, 1000);
	bp_arena_clear(&a);
	for (const unsigned char *p = bp_alloc(&a, 1000), *end = p + 1000; p < end; p++)
		assert_int_equal(*p, 0);
	bp_arena_release(&a);
}

static void grown_arrays_keep_their_elements(void **state)
{
	struct bp_arena a;
	int64_t *v = NULL;
	size_t room = 0;

	(void)state;
	bp_arena_init(&a, 1u << 20);
	for (size_t n = 0; n < 1000; n++) {
		if (n == room) {
			v = bp_grow_array(&a, v, n, room ? room * 2 : 1, sizeof(*v));
			room = room ? room * 2 : 1;
		}
		v[n] = (int64_t)(n * n);
	}
	for (size_t n = 0; n < 1000; n++)
		assert_int_equal(v[n], n * n);
	bp_arena_release(&a);
}

static void texts_are_copied_and_ended(void **state)
{
	struct bp_arena a;
	char source[] = "abcdef";
	char *d, *n;

	(void)state;
	bp_arena_init(&a, 1u << 20);
	d = bp_strdup(&a, source);
	n = bp_strndup(&a, source, 3);
	source[0] = 'X';
	assert_string_equal(d, "abcdef");
	assert_string_equal(n, "abc");
	assert_null(bp_strdup(&a, NULL));
	assert_string_equal(bp_sprintf(&a, "%s-%05d", "x", 42), "x-00042");
	assert_int_equal(strlen(bp_sprintf(&a, "%*d", 30000, 1)), 30000);
	bp_arena_release(&a);
}

static void pass_the_ceiling(void *ctx)
{
	bp_alloc(ctx, 4097);
}
static void pass_it_in_steps(void *ctx)
{
	for (int i = 0; i < 5; i++)
		bp_alloc(ctx, 1000);
}
static void overflow_a_product(void *ctx)
{
	bp_alloc_array(ctx, SIZE_MAX / 8 + 2, 8); /* wraps around to 8 bytes */
}
static void ask_for_half_of_everything(void *ctx)
{
	bp_alloc(ctx, SIZE_MAX / 2 + 1);
}
static void stay_below_it(void *ctx)
{
	bp_alloc(ctx, 4096);
}

static void the_ceiling_ends_the_process(void **state)
{
	struct bp_arena a;

	(void)state;
	bp_arena_init(&a, 4096);
	assert_false(aborts(stay_below_it, &a));
	assert_true(aborts(pass_the_ceiling, &a));
	assert_true(aborts(pass_it_in_steps, &a));
	assert_true(aborts(overflow_a_product, &a));
	assert_true(aborts(ask_for_half_of_everything, &a));
	bp_arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(a_clear_gives_zeroed_memory_again),
		cmocka_unit_test(grown_arrays_keep_their_elements),
		cmocka_unit_test(texts_are_copied_and_ended),
		cmocka_unit_test(the_ceiling_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
