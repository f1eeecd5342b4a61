/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_FUZZ_H
#define BP_TESTS_FUZZ_H
/*
 * One program for every parser that takes bytes from outside.  Built with clang and libFuzzer it searches (tests/fuzz/run);
 * built by any compiler with replay.c it reads the corpus once, as a unit test.  A target is a file with LLVMFuzzerTestOneInput:
 * it must come back, whatever the bytes are, and leave nothing allocated.
 */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as a text of their own, so that a read beyond the end is seen. Free it. */
char *fuzz_text(const uint8_t *data, size_t size);
/* The bytes as an open file at its beginning. Close it. */
int fuzz_file(const uint8_t *data, size_t size);

#endif
