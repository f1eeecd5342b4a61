/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a plain file: what it holds, and what the words of its header mean. */
#include <iconv.h>
#include <unistd.h>

#include "intake/header.h"
#include "intake/sniff.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bp_arena always; /* as a worker keeps them for all its files */
	static struct im_words *words;
	static const char *const pages[] = {"UTF-16LE", "UTF-16BE", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1256"};
	static iconv_t held[sizeof(pages) / sizeof(*pages)];
	struct im_wish wish = {.header_line = -1};
	int fd = fuzz_file(data, size);
	struct im_sniffed sn;
	struct bp_arena a;

	if (!words) {
		/* Held open: to load and unload what decodes them takes longer than the rest. */
		for (size_t i = 0; i < sizeof(held) / sizeof(*held); i++)
			held[i] = iconv_open("UTF-8", pages[i]);
		bp_arena_init(&always, 64 << 20);
		words = im_words_new(&always);
	}
	bp_arena_init(&a, 256 << 20);
	if (!im_sniff(fd, size, &wish, &a, &sn, NULL))
		for (size_t i = 0; i < sn.n_columns; i++)
			im_header_means(words, IM_OUTLETS, sn.column[i]);
	bp_arena_release(&a);
	close(fd);
	return 0;
}
