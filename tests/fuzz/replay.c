/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Give every file of a folder to the target, whole and cut off at each of some places: TAP for the unit tests. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { CUTS = 40, FILE_MOST = 1 << 20 };

int main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : FUZZ_CORPUS;
	struct dirent **list;
	int n = scandir(dir, &list, NULL, alphasort), tested = 0;

	for (int i = 0; i < n; i++) {
		uint8_t *data = malloc(FILE_MOST);
		char path[4096];
		size_t size = 0;
		FILE *in;

		snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name);
		in = list[i]->d_name[0] == '.' ? NULL : fopen(path, "re");
		if (in && data) {
			size = fread(data, 1, FILE_MOST, in);
			for (size_t k = 0; k <= CUTS; k++)
				LLVMFuzzerTestOneInput(data, size * k / CUTS);
			printf("ok %d - %s\n", ++tested, list[i]->d_name);
			fflush(stdout);
		}
		if (in)
			fclose(in);
		free(data);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	printf("1..%d\n", tested);
	return tested ? 0 : 1;
}
