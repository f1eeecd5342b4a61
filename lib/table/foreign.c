/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Apart from the readers of tables, which need libarchive. */
#include <string.h>

#include "table/ending.h"

static const struct {
	const char *bytes;
	size_t n;
	const char *what;
} magics[] = {
	{"\xD0\xCF\x11\xE0", 4, "an old Excel workbook: save the sheet as CSV"},
	{"%PDF", 4, "a PDF document"},
	{"\x1F\x8B", 2, "a gzip file: unpack it first"},
	{"BZh", 3, "a bzip2 file: unpack it first"},
	{"7z\xBC\xAF", 4, "a 7z archive: unpack it first"},
	{"\x89PNG", 4, "a picture"},
	{"\xFF\xD8\xFF", 3, "a picture"},
	{"\x7F" "ELF", 4, "a program"},
	{"SQLite", 6, "a database file"},
	{"PAR1", 4, "a Parquet file: export it as CSV"},
};

const char *tb_foreign(const char *head, size_t n)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (n >= magics[i].n && !memcmp(head, magics[i].bytes, magics[i].n))
			return magics[i].what;
	return NULL;
}
