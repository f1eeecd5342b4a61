/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables in gzip, ZIP, workbooks, XML and JSON; packed here by libarchive, so that each case is in sight. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/buf.h"
#include "table/ending.h"

static struct bp_fail fail;

struct member {
	const char *name, *text;
	size_t n; /* 0 = strlen */
};

static int temp(void)
{
	char name[] = "/tmp/t_table.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	return fd;
}

static int plain(const char *text)
{
	int fd = temp();

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static int packed(bool zip, const struct member *m, size_t n)
{
	struct archive *a = archive_write_new();
	int fd = temp();

	if (zip) {
		archive_write_set_format_zip(a);
	} else {
		archive_write_add_filter_gzip(a);
		archive_write_set_format_raw(a);
	}
	assert_int_equal(archive_write_open_fd(a, fd), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();
		size_t size = m[i].n ? m[i].n : strlen(m[i].text);

		archive_entry_set_pathname(e, m[i].name);
		archive_entry_set_size(e, (la_int64_t)size);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		assert_int_equal(archive_write_data(a, m[i].text, size), size);
		archive_entry_free(e);
	}
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	return fd;
}
#define ZIP(...) packed(true, (const struct member[]){__VA_ARGS__}, sizeof((const struct member[]){__VA_ARGS__}) / sizeof(struct member))

/* All tables as "[part]text". */
static enum bp_error begin(void *ctx, const char *part, struct bp_fail *f)
{
	(void)f;
	bp_buf_printf(ctx, "[%s]", part);
	return BP_E_OK;
}

static enum bp_error add(void *ctx, const void *p, size_t n, struct bp_fail *f)
{
	(void)f;
	bp_buf_add(ctx, p, n);
	return BP_E_OK;
}

static enum bp_error end(void *ctx, struct bp_fail *f)
{
	(void)ctx;
	(void)f;
	return BP_E_OK;
}

static enum bp_error unwrap(int fd, const char *row, struct bp_buf *out)
{
	struct tb_sink sink = {begin, add, end, out};
	enum bp_error e;

	bp_fail_clear(&fail);
	bp_buf_init(out, 64 << 20);
	e = tb_unwrap(fd, NULL, row, &sink, &fail);
	close(fd);
	return e;
}

static void comes_out(int fd, const char *row, const char *want)
{
	struct bp_buf out;
	enum bp_error e = unwrap(fd, row, &out);

	if (e)
		fail_msg("%s", fail.detail);
	assert_string_equal(out.data, want);
	bp_buf_release(&out);
}

static void refused(int fd, const char *why)
{
	struct bp_buf out;

	assert_int_equal(unwrap(fd, NULL, &out), BP_E_IMPORT_FORMAT);
	if (!strstr(fail.detail, why))
		fail_msg("\"%s\" does not say \"%s\"", fail.detail, why);
	bp_buf_release(&out);
}

static void forms(void **state)
{
	(void)state;
	assert_int_equal(tb_form_of("a,b\n", 4), TB_TEXT);
	assert_int_equal(tb_form_of("", 0), TB_TEXT);
	assert_int_equal(tb_form_of("\xEF\xBB\xBF  <a/>", 9), TB_XML);
	assert_int_equal(tb_form_of("[\n {\"a\":1}", 10), TB_JSON);
	assert_int_equal(tb_form_of("{}", 2), TB_JSON);
	assert_int_equal(tb_form_of("[1] Name,b\n", 11), TB_TEXT); /* a header may begin with a bracket */
	assert_int_equal(tb_form_of("PK\3\4....", 8), TB_ZIP);
	assert_int_equal(tb_form_of("\x1F\x8B\x08", 3), TB_GZIP);
}

static void gzip_and_zip(void **state)
{
	const struct member one = {"x", "a;b\n1;2\n", 0};

	(void)state;
	comes_out(packed(false, &one, 1), NULL, "[]a;b\n1;2\n");
	comes_out(ZIP({"dir/only.csv", "a;b\n1;2\n", 0}), NULL, "[]a;b\n1;2\n");
	comes_out(ZIP({"b.csv", "a\n", 0}, {"__MACOSX/._b.csv", "x", 0}, {"d/c.json", "{\"q\":1}\n", 0}, {"z.txt", "t\n", 0}), NULL,
		"[b.csv]a\n[d/c.json]q\n1\n[z.txt]t\n");
	refused(ZIP({".DS_Store", "x", 0}), "empty");
	refused(ZIP({"a.gz", "\x1F\x8B\x08\x01\x02\x03\x04", 0}), "packed once more");
}

static void cut_off(void **state)
{
	struct bp_buf rows;
	char half[4096];
	struct member one = {.name = "x.csv"};
	int fd, cut;
	ssize_t n;

	(void)state;
	bp_buf_init(&rows, 16 << 20);
	for (unsigned i = 0, r = 1; i < 20000; i++)
		bp_buf_printf(&rows, "%u,%u\n", r = r * 1664525u + 1013904223u, i);
	one.text = rows.data;
	for (int zip = 0; zip < 2; zip++) {
		fd = packed(zip, &one, 1);
		cut = temp();
		n = pread(fd, half, sizeof(half), 0);
		assert_int_equal(write(cut, half, (size_t)n), n);
		close(fd);
		refused(cut, "cannot be unpacked");
	}
	bp_buf_release(&rows);
}

static void bomb(void **state)
{
	char *zeros = calloc(1, 200 << 20);
	const struct member one = {"x", zeros, 200 << 20};

	(void)state;
	memset(zeros, ' ', 200 << 20);
	refused(packed(false, &one, 1), "times its size");
	free(zeros);
}

static void json(void **state)
{
	(void)state;
	comes_out(plain("{\"a\":1,\"b\":\"x, y\"}\n{\"b\":null,\"c\":{\"d\":1.5,\"e\":[1,2]}}\n"), NULL, "[]a,b,c.d,c.e\n1,\"x, y\",,\n,,1.5,\"1;2\"\n");
	comes_out(plain("\xEF\xBB\xBF[ {\"a\":true} , {\"a\":[{\"z\":1}]} ]\n"), NULL, "[]a\ntrue\n\"[{\"\"z\"\":1}]\"\n");
	comes_out(plain("{\"n\":2,\"data\":[{\"k\":\"u\"},{\"k\":\"v\"}]}"), NULL, "[]k\nu\nv\n");
	comes_out(plain("{\"k\":12345678901234567}"), NULL, "[]k\n12345678901234567\n");
	refused(plain("{\"a\":1}\n{\"a\":\n"), "line");
	refused(plain("{\"a\":1}\n[1,2]\n"), "line 2: a row must be an object");
	refused(plain("[]"), "no row");
	refused(plain("{\"a\":1} trailing"), "line 1");
}

static void xml(void **state)
{
	(void)state;
	comes_out(plain("<?xml version=\"1.0\"?><outlets xmlns=\"urn:x\"><!-- c --><outlet id=\"7\"><name>A &amp; B</name><at><lat>1.5</lat></at></outlet>"
			"<outlet id=\"8\"><name><![CDATA[<C>]]></name><tag>p</tag><tag>q</tag></outlet></outlets>"), NULL,
		"[]id,name,at.lat,tag\n7,A & B,1.5,\n8,<C>,,\"p;q\"\n");
	comes_out(plain("<r><head><v>1</v><v>2</v></head><row a=\"1\"/><row a=\"2\"/><row a=\"3\"/></r>"), NULL, "[]a\n1\n2\n3\n");
	comes_out(plain("<r><x><y b=\"1\"/><y b=\"2\"/></x><x><y b=\"3\"/></x></r>"), "y", "[]b\n1\n2\n3\n");
	comes_out(plain("<r><only><n>1</n></only></r>"), NULL, "[]n\n1\n");
	refused(plain("<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><r><a><b>&e;</b></a></r>"), "DOCTYPE");
	refused(plain("<r><a><b>1</b></a><a>"), "line 1: this is no sound XML");
	refused(plain("<?xml version=\"1.0\" encoding=\"EUC-JP\"?><r><a><b>\xff\xff</b></a></r>"), "no sound XML: input conversion failed");
	refused(plain("<r>text alone</r>"), "no element");
}

#define BOOK "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" " \
	"xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><workbookPr/><sheets>" \
	"<sheet name=\"Shops &amp; more\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Old\" sheetId=\"2\" state=\"hidden\" r:id=\"rId2\"/>" \
	"<sheet name=\"DT\" sheetId=\"3\" r:id=\"rId3\"/></sheets></workbook>"
#define RELS "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Target=\"worksheets/sheet2.xml\"/>" \
	"<Relationship Id=\"rId3\" Target=\"/xl/worksheets/sheet3.xml\"/></Relationships>"
#define STYLES "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"[$-409]dd\\-mmm\\-yyyy;@\"/><numFmt numFmtId=\"171\" formatCode=\"0.0&quot;days&quot;\"/>" \
	"</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/>" \
	"<xf numFmtId=\"171\"/><xf numFmtId=\"20\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
#define SHARED "<sst><si><t>code</t></si><si><r><t>na</t></r><r><t xml:space=\"preserve\">me </t></r></si><si><t>\xE6\x9D\xB1</t><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></si></sst>"
#define SHEET(rows) "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>" rows "</sheetData></worksheet>"

static void workbook(void **state)
{
	const struct member book[] = {
		{"xl/worksheets/sheet1.xml", SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"
			"<row r=\"3\"><c r=\"A3\" t=\"s\"><v>2</v></c><c r=\"C3\"><v>0.30000000000000004</v></c><c r=\"D3\" s=\"1\"><v>46024</v></c>"
			"<c r=\"E3\" s=\"2\"><v>59</v></c><c r=\"F3\" s=\"3\"><v>46024</v></c><c r=\"G3\" s=\"4\"><v>0.375</v></c>"
			"<c r=\"H3\" s=\"5\"><v>46024.5</v></c><c r=\"I3\" t=\"b\"><v>1</v></c><c r=\"J3\" t=\"inlineStr\"><is><t>in, line</t></is></c>"
			"<c r=\"K3\" t=\"str\"><f>A1</f><v>f</v></c><c r=\"L3\"><v>9.1987654321E11</v></c></row>"), 0},
		{"xl/worksheets/sheet2.xml", SHEET("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"), 0},
		{"xl/worksheets/sheet3.xml", SHEET("<row><c><v>1</v></c><c><v>2</v></c></row>"), 0},
		{"xl/styles.xml", STYLES, 0}, {"xl/sharedStrings.xml", SHARED, 0}, {"xl/workbook.xml", BOOK, 0}, {"xl/_rels/workbook.xml.rels", RELS, 0}};

	(void)state;
	comes_out(packed(true, book, 7), NULL, "[Shops & more]code,name \n\n\xE6\x9D\xB1,,0.3,2026-01-02,1900-02-27,46024,09:00,2026-01-02 12:00,TRUE,"
		"\"in, line\",f,919876543210\n[DT]1,2\n");
	refused(packed(true, book + 3, 4), "no visible sheet");
}

/* One long word of the shared strings in cell after cell is little XML and a great table. */
static void workbook_bomb(void **state)
{
	struct bp_buf word, sheet;

	(void)state;
	bp_buf_init(&word, 2 << 20);
	bp_buf_init(&sheet, 1 << 20);
	bp_buf_printf(&word, "<sst><si><t>%0*d</t></si></sst>", 1000000, 7);
	bp_buf_printf(&sheet, "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>");
	for (int i = 0; i < 100; i++)
		bp_buf_printf(&sheet, "<row><c t=\"s\"><v>0</v></c></row>");
	bp_buf_printf(&sheet, "</sheetData></worksheet>");
	refused(ZIP({"xl/sharedStrings.xml", word.data, word.len}, {"xl/workbook.xml", BOOK, 0}, {"xl/_rels/workbook.xml.rels", RELS, 0},
		{"xl/worksheets/sheet1.xml", sheet.data, sheet.len}), "times its size");
	bp_buf_release(&word);
	bp_buf_release(&sheet);
}

static void sheets_that_lie(void **state)
{
	(void)state;
#define WITH(rows) ZIP({"xl/workbook.xml", BOOK, 0}, {"xl/_rels/workbook.xml.rels", RELS, 0}, {"xl/worksheets/sheet1.xml", SHEET(rows), 0})
	comes_out(WITH("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99</v></c><c r=\"B1\" s=\"77\"><v>5</v></c></row>"), NULL, "[Shops & more],5\n");
	refused(WITH("<row r=\"2\"/><row r=\"1\"/>"), "stands behind");
	refused(WITH("<row r=\"9999999\"/>"), "stands behind");
	refused(WITH("<row r=\"1\"><c r=\"ZZZZZ1\"><v>1</v></c></row>"), "which no sheet has");
	refused(WITH("<row r=\"1\"><c r=\"A1\"><v>1</v></c>"), "no sound XML");
}

static enum bp_error full(void *ctx, const void *p, size_t n, struct bp_fail *f)
{
	(void)ctx;
	(void)p;
	(void)n;
	return bp_fail(f, BP_E_DISK_FULL, "full");
}

static void the_sinks_error_comes_back(void **state)
{
	struct tb_sink sink = {begin, full, end, NULL};
	struct bp_buf out;
	const struct member one = {"x", "a;b\n1;2\n", 0};
	int fd = packed(false, &one, 1);

	(void)state;
	bp_buf_init(&out, 1 << 20);
	sink.ctx = &out;
	bp_fail_clear(&fail);
	assert_int_equal(tb_unwrap(fd, NULL, NULL, &sink, &fail), BP_E_DISK_FULL);
	close(fd);
	fd = plain("{\"a\":1}");
	bp_fail_clear(&fail);
	assert_int_equal(tb_unwrap(fd, NULL, NULL, &sink, &fail), BP_E_DISK_FULL);
	close(fd);
	bp_buf_release(&out);
}

/* What the bytes are under that name; "" = taken. */
static void named(const char *name, const char *head, size_t n, const char *why)
{
	enum bp_error e;

	bp_fail_clear(&fail);
	e = tb_ending_fits(name, head, n, &fail);
	assert_int_equal(e, *why ? BP_E_IMPORT_FORMAT : BP_E_OK);
	if (*why && (!strstr(fail.detail, why) || !strstr(fail.detail, name)))
		fail_msg("%s: \"%s\" does not say \"%s\"", name, fail.detail, why);
}

static void an_ending_that_lies_is_told(void **state)
{
	(void)state;
	named("a.csv", "a,b\n", 4, "");
	named("a.CSV", "<a/>", 4, "looks like XML: if that is right, let its name end in .xml");
	named("a.csv", "PK\3\4", 4, "looks like a ZIP archive or a workbook: if that is right, let its name end in .zip or .xlsx");
	named("a.csv", "\x1F\x8B\x08", 3, "looks like gzip");
	named("a.csv", "%PDF-1.7", 8, "is a PDF document");
	named("a.xlsx", "a,b\n", 4, "calls itself a workbook (.xlsx) and looks like text");
	named("a.xlsx", "\xD0\xCF\x11\xE0", 4, "is an old Excel workbook");
	named("a.json", "a,b\n", 4, "looks like text");
	named("a.pdf", "a,b\n", 4, "looks like text: if that is right, let its name end in .csv");
	named("a.xls", "a\tb\n", 4, ""); /* as many programs call a table of text */
	named("a.xls", "PK\3\4", 4, ".xlsx");
	named("a.txt", "{\"a\":1}", 7, "");
	named("a.pdf", "%PDF-1.7", 8, ""); /* true; that it is no table is told by whoever reads it */
	named("a.xlsx", "", 0, "");
	named("a.export", "<a/>", 4, "");
	named("a", "PK\3\4", 4, "");
	named("v1.xml/a", "a,b\n", 4, "");
}

static void named_packed(int fd, const char *name, const char *why)
{
	struct bp_buf out;
	struct tb_sink sink = {begin, add, end, &out};

	bp_fail_clear(&fail);
	bp_buf_init(&out, 1 << 20);
	assert_int_equal(tb_unwrap(fd, name, NULL, &sink, &fail), *why ? BP_E_IMPORT_FORMAT : BP_E_OK);
	if (*why && !strstr(fail.detail, why))
		fail_msg("%s: \"%s\" does not say \"%s\"", name, fail.detail, why);
	close(fd);
	bp_buf_release(&out);
}

static void so_is_one_of_what_is_packed(void **state)
{
	const struct member one = {"x", "a;b\n1;2\n", 0};

	(void)state;
	named_packed(ZIP({"d/a.csv", "a,b\n1,2\n", 0}), "all.zip", "");
	named_packed(ZIP({"d/a.csv", "<a><b/><b/></a>", 0}), "all.zip", "\"d/a.csv\" calls itself CSV (.csv) and looks like XML");
	named_packed(ZIP({"d/a.csv", "a,b\n1,2\n", 0}), "all.xlsx", "is a ZIP archive without one: if that is right, let its name end in .zip");
	named_packed(ZIP({"xl/workbook.xml", "<a/>", 0}), "all.zip", "is a workbook: if that is right, let its name end in .xlsx");
	named_packed(packed(false, &one, 1), "a.csv.gz", "");
	named_packed(packed(false, &one, 1), "a.json.gz", "\"a.json\" calls itself JSON (.json) and looks like text");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(gzip_and_zip),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(bomb),
		cmocka_unit_test(json),
		cmocka_unit_test(xml),
		cmocka_unit_test(workbook),
		cmocka_unit_test(workbook_bomb),
		cmocka_unit_test(sheets_that_lie),
		cmocka_unit_test(the_sinks_error_comes_back),
		cmocka_unit_test(an_ending_that_lies_is_told),
		cmocka_unit_test(so_is_one_of_what_is_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
