/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sniffing and reading: awkward, broken, foreign and very large input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/arena.h"
#include "intake/reader.h"
#include "intake/sniff.h"

static struct bp_arena arena;
static struct bp_fail fail;

static int set_up(void **state)
{
	(void)state;
	bp_arena_init(&arena, 256 << 20);
	bp_fail_clear(&fail);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bp_arena_release(&arena);
	return 0;
}

static int file_of(const void *p, size_t n)
{
	char name[] = "/tmp/t_reader.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, p, n), n);
	return fd;
}

static enum bp_error sniff(const void *p, size_t n, struct im_sniffed *sn)
{
	int fd = file_of(p, n);
	enum bp_error e;

	bp_fail_clear(&fail);
	e = im_sniff(fd, n, NULL, &arena, sn, &fail);
	close(fd);
	return e;
}

/* All rows as "a|b;c|d;" with the line before each row and '!' for a fault. */
static const char *rows_of(const void *p, size_t n, const char *encoding, char delimiter, char eol)
{
	struct im_mem mem = {p, n};
	struct im_dialect d = {.delimiter = delimiter, .eol = eol};
	struct im_reader *r = bp_alloc(&arena, sizeof(*r));
	struct im_row row;
	struct bp_buf out;
	const char *all;
	bool end;

	snprintf(d.encoding, sizeof(d.encoding), "%s", encoding);
	bp_buf_init(&out, 16 << 20);
	assert_int_equal(im_reader_init(r, &d, im_read_mem, &mem, &fail), BP_E_OK);
	while (im_reader_next(r, &row, &end, &fail) == BP_E_OK && !end) {
		bp_buf_printf(&out, "%d%s:", (int)row.line, row.fault ? "!" : row.replaced ? "?" : "");
		for (size_t i = 0; i < row.n; i++)
			bp_buf_printf(&out, "%s%.40s", i ? "|" : "", row.field[i].s);
		bp_buf_chr(&out, ';');
	}
	im_reader_release(r);
	all = bp_strdup(&arena, out.data);
	bp_buf_release(&out);
	return all;
}
#define ROWS(s) rows_of(s, sizeof(s) - 1, "UTF-8", ',', '\n')

static void plain_rows(void **state)
{
	(void)state;
	assert_string_equal(ROWS("a,b\n1,2\n"), "1:a|b;2:1|2;");
	assert_string_equal(ROWS("a,b\r\n1, 2 \r\n\r\n  \r\n,\r\n3,4"), "1:a|b;2:1|2;6:3|4;");
	assert_string_equal(ROWS("\xEF\xBB\xBF" "a,b\n"), "1:a|b;");
	assert_string_equal(ROWS("\"x\ny\",\"say \"\"hi\"\"\"\nz,\n"), "1:x\ny|say \"hi\";3:z|;");
	assert_string_equal(ROWS("3\" pipe,12'\nb,c\n"), "1:3\" pipe|12';2:b|c;");
	assert_string_equal(rows_of("a;b\r1;2\r", 8, "UTF-8", ';', '\r'), "1:a|b;2:1|2;");
	assert_string_equal(ROWS(""), "");
	assert_string_equal(ROWS("\n"), "");
}

static void broken_rows(void **state)
{
	size_t n = 3 << 20;
	char *big = bp_alloc(&arena, n + 64), *p = big;

	(void)state;
	/* a quotation mark that never closes costs one row, not the rest of the file */
	assert_string_equal(ROWS("a,b\n\"open,1\nc,d\ne,f\n"), "1:a|b;2!:;3:c|d;4:e|f;");
	assert_string_equal(ROWS("a,\xFF\xFE\nb,\xC3\xA9\n"), "1?:a|??;2:b|\xC3\xA9;");
	assert_string_equal(rows_of("a,\0b\n", 5, "UTF-8", ',', '\n'), "1?:a|?b;");
	/* one line of 3 MiB, then a sound one */
	memset(p, 'x', n);
	memcpy(p + n, "\nk,l\n", 6);
	assert_string_equal(rows_of(big, n + 5, "UTF-8", ',', '\n'), "1!:;2:k|l;");
	/* a quoted field that swallows 3 MiB of lines */
	for (size_t i = 0; i < n; i += 4)
		memcpy(big + i, "p,q\n", 4);
	memcpy(big, "\"p,\n", 4);
	assert_int_equal(strncmp(rows_of(big, 400000, "UTF-8", ',', '\n'), "1!:;2:p|q;3:p|q;", 16), 0);
	/* a field of more than 64 KiB */
	memset(big, 'y', 70000);
	memcpy(big + 70000, ",1\nk,l\n", 8);
	assert_string_equal(rows_of(big, 70007, "UTF-8", ',', '\n'), "1!:;2:k|l;");
}

static void foreign_encodings(void **state)
{
	static const char le[] = "\xFF\xFE" "a\0,\0\xE9\0\n\0" "1\0,\0\x42\x04\n";

	(void)state;
	assert_string_equal(rows_of("caf\xE9,1\n", 7, "windows-1252", ',', '\n'), "1:caf\xC3\xA9|1;");
	assert_string_equal(rows_of(le, sizeof(le) - 1 + 1, "UTF-16LE", ',', '\n'), "1:a|\xC3\xA9;2:1|\xD1\x82;");
}

/* Characters that fall across the chunks of the reader are not torn. */
static void chunks(void **state)
{
	size_t rows = 30000;
	char *text = bp_alloc(&arena, rows * 16 * 2), *p = text;
	struct im_dialect d = {.encoding = "UTF-16BE", .delimiter = ';', .eol = '\n'};
	struct im_reader *r = bp_alloc(&arena, sizeof(*r));
	struct im_mem mem;
	struct im_row row;
	size_t n = 0;
	bool end;

	(void)state;
	for (size_t i = 0; i < rows; i++) {
		memcpy(p, "\x04\x42\0;\xD8\x3D\xDE\x00\0\n", 10);
		p += 10;
	}
	mem = (struct im_mem){text, (size_t)(p - text)};
	assert_int_equal(im_reader_init(r, &d, im_read_mem, &mem, &fail), BP_E_OK);
	while (im_reader_next(r, &row, &end, &fail) == BP_E_OK && !end) {
		assert_int_equal(row.n, 2);
		assert_string_equal(row.field[0].s, "\xD1\x82");
		assert_string_equal(row.field[1].s, "\xF0\x9F\x98\x80");
		assert_false(row.replaced);
		assert_int_equal(row.line, ++n);
	}
	assert_int_equal(n, rows);
	im_reader_release(r);
}

/* Line ends inside quotes stay as the file has them; here they do not matter. */
static const char *unix_text(const char *s)
{
	char *got = bp_strdup(&arena, s), *to = got;

	for (; *s; s++)
		if (*s != '\r')
			*to++ = *s;
	*to = '\0';
	return got;
}

static void spectrum(void **state)
{
	static const char *const names[] = {"comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
		"newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *want = json_load_file(bp_sprintf(&arena, DATA_DIR "/csv-spectrum/%s.json", names[i]), 0, NULL);
		FILE *fp = fopen(bp_sprintf(&arena, DATA_DIR "/csv-spectrum/%s.csv", names[i]), "r");
		struct im_dialect d = {.encoding = "UTF-8", .delimiter = ',', .eol = '\n'};
		struct im_reader *r = bp_alloc(&arena, sizeof(*r));
		const char *header[16];
		struct im_row row;
		size_t n = 0;
		bool end;
		int fd;

		assert_non_null(want);
		assert_non_null(fp);
		fd = fileno(fp);
		assert_int_equal(im_reader_init(r, &d, im_read_fd, &fd, &fail), BP_E_OK);
		assert_int_equal(im_reader_next(r, &row, &end, &fail), BP_E_OK);
		for (size_t c = 0; c < row.n; c++)
			header[c] = bp_strdup(&arena, row.field[c].s);
		for (; im_reader_next(r, &row, &end, &fail) == BP_E_OK && !end; n++)
			for (size_t c = 0; c < row.n; c++) {
				const char *s = json_string_value(json_object_get(json_array_get(want, n), header[c]));

				assert_non_null(s);
				assert_string_equal(unix_text(row.field[c].s), unix_text(s));
			}
		assert_int_equal(n, json_array_size(want));
		im_reader_release(r);
		fclose(fp);
		json_decref(want);
	}
}

#define SNIFF(s) sniff(s, sizeof(s) - 1, &sn)

static void sniffing(void **state)
{
	struct im_sniffed sn;

	(void)state;
	assert_int_equal(SNIFF("code;name;lat\n1;Caf\xE9;12,5\n2;B;13,25\n"), BP_E_OK);
	assert_string_equal(sn.dialect.encoding, "windows-1252");
	assert_int_equal(sn.dialect.delimiter, ';');
	assert_int_equal(sn.header_line, 1);
	assert_true(sn.decimal_comma);
	assert_string_equal(sn.row[0][1], "Caf\xC3\xA9");
	assert_int_equal(SNIFF("Report of May\n\nOutlet Code,Outlet Name\nA1,\"Shop, one\"\nA2,Two\n"), BP_E_OK);
	assert_int_equal(sn.header_line, 3);
	assert_string_equal(sn.column[0], "Outlet Code");
	assert_int_equal(sn.n_rows, 2);
	assert_int_equal(SNIFF("sep=;\ncode;name\n1;a,b\n"), BP_E_OK);
	assert_int_equal(sn.dialect.delimiter, ';');
	assert_int_equal(sn.header_line, 2);
	assert_int_equal(SNIFF("-111.7,32.8,\"7 Eleven-Casa Grande,AZ\"\n-111.8,33.3,\"7 Eleven-Chandler,AZ\"\n"), BP_E_OK);
	assert_int_equal(sn.header_line, 0);
	assert_string_equal(sn.column[2], "Column 3");
	assert_int_equal(SNIFF("a\tb\tc\n1\t2\t3\n"), BP_E_OK);
	assert_int_equal(sn.dialect.delimiter, '\t');
	assert_int_equal(SNIFF("code|name\r1|x\r2|y\r"), BP_E_OK);
	assert_int_equal(sn.dialect.eol, '\r');
	assert_int_equal(sn.n_rows, 2);
	assert_int_equal(SNIFF("c\0,\0n\0\n\0" "1\0,\0x\0\n\0"), BP_E_OK);
	assert_string_equal(sn.dialect.encoding, "UTF-16LE");
	/* Polish, Russian and Turkish in their Windows code pages */
	assert_int_equal(SNIFF("kod,nazwa\n1,\xAF\xF3\xB3w i G\xEA\x9C\n2,\xA3\xF3" "d\x9F sklep\xB9\n"), BP_E_OK);
	assert_string_equal(sn.dialect.encoding, "windows-1250");
	assert_int_equal(SNIFF("kod,name\n1,\xCC\xE0\xE3\xE0\xE7\xE8\xED \xEF\xF0\xEE\xE4\xF3\xEA\xF2\xEE\xE2\n"), BP_E_OK);
	assert_string_equal(sn.dialect.encoding, "windows-1251");
	assert_int_equal(SNIFF("kod,ad\n1,Ba\xF0" "c\xFDlar \xDE" "i\xFEli\n"), BP_E_OK);
	assert_string_equal(sn.dialect.encoding, "windows-1254");
}

static void refused(void **state)
{
	struct im_sniffed sn;
	static const struct {
		const char *p;
		size_t n;
		const char *word;
	} bad[] = {
#define B(s, w) {s, sizeof(s) - 1, w}
		B("", "empty"), B("  \n \n", "empty"), B("\x7F" "ELF\2\1\1\0\0\0", "program"),
		B("a\0b\0\0\0c\1\2\3\0\0\0\0x", "zero bytes"), B("\1\2\3\4\5\6\7,\n\x0E\x0F", "control"),
		B("name\nAlpha\nBeta\n", "one column"), B("code,name\n", "no row of data"),
		B("code,name,city\n1,A,X\n2,B,Y\n3,", "in line 4 (2 of 3 columns): it was cut off"), B("code,name\n1,A\n2,\"B", "cut off"),
		B("\xFF\xFE\0\0a\0\0\0", "UTF-32"), B("\xFF\xFE" "a\0,\0b\0\n\0" "1\0,\0002\0\n", "cut off"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(sniff(bad[i].p, bad[i].n, &sn), BP_E_IMPORT_FORMAT);
		if (!strstr(fail.detail, bad[i].word))
			fail_msg("%zu: \"%s\" does not say \"%s\"", i, fail.detail, bad[i].word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_rows), cmocka_unit_test(broken_rows), cmocka_unit_test(foreign_encodings),
		cmocka_unit_test(chunks), cmocka_unit_test(spectrum), cmocka_unit_test(sniffing), cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
