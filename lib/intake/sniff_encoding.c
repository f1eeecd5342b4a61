/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "intake/sniff.h"
#include "table/ending.h"

/* UTF-16 without a mark: Latin text has its zeros on one side. */
static const char *utf16_of(const unsigned char *p, size_t n)
{
	size_t even = 0, odd = 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		even += p[i] == 0;
		odd += p[i + 1] == 0;
	}
	if (odd > n / 5 && even < odd / 20 + 1)
		return "UTF-16LE";
	if (even > n / 5 && odd < even / 20 + 1)
		return "UTF-16BE";
	return NULL;
}

static bool letter(unsigned c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/*
 * One of the Windows code pages, by what its bytes would spell: whole words of high bytes are another
 * script (its commonest letters tell which); single high bytes between Latin letters are accents.
 */
static const char *code_page_of(const unsigned char *p, size_t n)
{
	static const unsigned char cyrillic[] = {0xEE, 0xE5, 0xE0, 0xE8, 0xED, 0xF2, 0xF1, 0xF0, 0xE2};
	static const unsigned char greek[] = {0xE1, 0xEF, 0xE9, 0xE5, 0xF4, 0xF3, 0xED, 0xDC, 0xFC, 0xE7};
	static const unsigned char arabic[] = {0xC7, 0xE1, 0xED, 0xE4, 0xE3, 0xE6, 0xD1, 0xC9};
	static const unsigned char central[] = {0xB9, 0xB3, 0xBF, 0x9C, 0x9F, 0xEA, 0xE6, 0xF8, 0xEC, 0xF5, 0xFB, 0xE8, 0xF9};
	static const unsigned char turkish[] = {0xF0, 0xFD, 0xFE, 0xDD, 0xD0, 0xDE};
	static const unsigned char western[] = {0xE9, 0xE8, 0xE0, 0xE7, 0xF1, 0xF3, 0xE1, 0xED, 0xFC, 0xF6, 0xE4, 0xDF, 0xE3, 0xF5, 0xEA, 0xE2, 0xF4, 0xE5, 0xF8, 0xE6};
	size_t high = 0, runs = 0, count[256] = {0}, cy = 0, gr = 0, ar = 0, ce = 0, tr = 0, we = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80)
			continue;
		high++;
		runs += i && p[i - 1] >= 0xC0 && p[i] >= 0xC0;
		/* only what stands within a word speaks for an accent */
		if ((i && (letter(p[i - 1]) || p[i - 1] >= 0x80)) || (i + 1 < n && letter(p[i + 1])))
			count[p[i]]++;
	}
	for (size_t i = 0; i < sizeof(cyrillic); i++)
		cy += count[cyrillic[i]];
	for (size_t i = 0; i < sizeof(greek); i++)
		gr += count[greek[i]];
	for (size_t i = 0; i < sizeof(arabic); i++)
		ar += count[arabic[i]];
	for (size_t i = 0; i < sizeof(central); i++)
		ce += count[central[i]];
	for (size_t i = 0; i < sizeof(turkish); i++)
		tr += count[turkish[i]];
	for (size_t i = 0; i < sizeof(western); i++)
		we += count[western[i]];
	if (runs * 2 > high) {
		if (ar > cy && ar > gr)
			return "windows-1256";
		return gr > cy ? "windows-1253" : "windows-1251";
	}
	/* a few letters of the other page are shared with the western one: it must win clearly */
	if (ce > we && count[0xB9] + count[0xB3] + count[0xBF] + count[0x9C] + count[0xF5] + count[0xFB] + count[0xEC] + count[0xF8] > 0)
		return "windows-1250";
	if (tr * 3 > we)
		return "windows-1254";
	return "windows-1252";
}

enum bp_error im_sniff_encoding(const char *s, size_t n, bool whole, const char **encoding, struct bp_fail *f)
{
	const unsigned char *p = (const unsigned char *)s;
	const char *foreign = tb_foreign(s, n);
	size_t odd = 0, fine;

	if (foreign)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "this is no CSV file but %s", foreign);
	if (n >= 4 && (!memcmp(s, "\xFF\xFE\0\0", 4) || !memcmp(s, "\0\0\xFE\xFF", 4)))
		return bp_fail(f, BP_E_IMPORT_FORMAT, "the file is UTF-32: save it as UTF-8");
	if (n >= 2 && !memcmp(s, "\xFF\xFE", 2)) {
		*encoding = "UTF-16LE";
	} else if (n >= 2 && !memcmp(s, "\xFE\xFF", 2)) {
		*encoding = "UTF-16BE";
	} else if (memchr(s, 0, n)) {
		*encoding = utf16_of(p, n);
		if (!*encoding)
			return bp_fail(f, BP_E_IMPORT_FORMAT, "this is no text: it holds zero bytes");
	} else {
		for (size_t i = 0; i < n; i++)
			odd += p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r' && p[i] != '\f' && p[i] != 0x1A;
		if (odd > n / 100)
			return bp_fail(f, BP_E_IMPORT_FORMAT, "this is no text: it holds %zu control characters", odd);
		fine = im_utf8_prefix(s, n);
		*encoding = fine == n || (!whole && n - fine < 4) ? "UTF-8" : code_page_of(p, n);
	}
	if (whole && !strncmp(*encoding, "UTF-16", 6) && n % 2)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "the file ends in the middle of a UTF-16 character: it was cut off");
	return BP_E_OK;
}
