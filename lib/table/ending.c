/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/ending.h"

#include <string.h>
#include <strings.h>

#define MASK(form) (1u << (form))
#define WRITTEN (MASK(TB_TEXT) | MASK(TB_XML) | MASK(TB_JSON))

/* Programs write texts of all kinds as .txt, and tables of text or XML as .xls, which office programs open after a warning; a
 * workbook of before 2007 is told from them by its first bytes. */
static const struct ending {
	const char *ending, *what;
	unsigned forms;
} endings[] = {
	{".csv", "CSV", MASK(TB_TEXT)}, {".tsv", "a table of text", MASK(TB_TEXT)}, {".tab", "a table of text", MASK(TB_TEXT)},
	{".psv", "a table of text", MASK(TB_TEXT)}, {".txt", "text", WRITTEN}, {".xls", "a table of text or XML", MASK(TB_TEXT) | MASK(TB_XML)},
	{".xml", "XML", MASK(TB_XML)}, {".json", "JSON", MASK(TB_JSON)}, {".jsonl", "JSON", MASK(TB_JSON)}, {".ndjson", "JSON", MASK(TB_JSON)},
	{".gz", "gzip", MASK(TB_GZIP)}, {".zip", "a ZIP archive", MASK(TB_ZIP)}, {".xlsx", "a workbook", MASK(TB_ZIP)},
	{".xlsm", "a workbook", MASK(TB_ZIP)}, {".pdf", "a PDF file", 0}, {".doc", "a letter", 0}, {".docx", "a letter", 0},
	{".png", "a picture", 0}, {".jpg", "a picture", 0}, {".jpeg", "a picture", 0}, {".exe", "a program", 0},
};

static const struct {
	const char *what, *rename;
} forms[] = {
	[TB_TEXT] = {"text", ".csv or .txt"}, [TB_GZIP] = {"gzip", ".gz"}, [TB_ZIP] = {"a ZIP archive or a workbook", ".zip or .xlsx"},
	[TB_XML] = {"XML", ".xml"}, [TB_JSON] = {"JSON", ".json"},
};

static const struct ending *ending_of(const char *name)
{
	const char *slash = strrchr(name, '/'), *dot = strrchr(slash ? slash : name, '.');

	for (size_t i = 0; dot && i < sizeof(endings) / sizeof(*endings); i++)
		if (!strcasecmp(dot, endings[i].ending))
			return &endings[i];
	return NULL;
}

enum bp_error tb_ending_fits(const char *name, const char *head, size_t n, struct bp_fail *f)
{
	const struct ending *x = ending_of(name);
	enum tb_form form = tb_form_of(head, n);
	const char *foreign = form == TB_ZIP || form == TB_GZIP ? NULL : tb_foreign(head, n);

	if (!n || !x || (!foreign && x->forms & MASK(form)))
		return BP_E_OK;
	if (foreign) /* which its ending may say too: that is told where it is read */
		return !x->forms ? BP_E_OK : bp_fail(f, BP_E_IMPORT_FORMAT, "\"%.200s\" calls itself %s (%s) and is %s; tables come as CSV, "
			"XLSX, XML or JSON", name, x->what, x->ending, foreign);
	return bp_fail(f, BP_E_IMPORT_FORMAT, "\"%.200s\" calls itself %s (%s) and looks like %s: if that is right, let its name end in %s, "
		"else export it anew", name, x->what, x->ending, forms[form].what, forms[form].rename);
}

enum bp_error tb_ending_fits_archive(const char *name, bool workbook, struct bp_fail *f)
{
	const struct ending *x = ending_of(name);
	bool zip = x && !strcmp(x->ending, ".zip"), book = x && x->forms == MASK(TB_ZIP) && !zip;

	if (!(zip && workbook) && !(book && !workbook))
		return BP_E_OK;
	return bp_fail(f, BP_E_IMPORT_FORMAT, "\"%.200s\" calls itself %s (%s) and is %s: if that is right, let its name end in %s, else export it anew",
		name, x->what, x->ending, workbook ? "a workbook" : "a ZIP archive without one", workbook ? ".xlsx" : ".zip");
}
