/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mapping suggestions scored on labelled header lines, as `beatplan map --score` does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/map_score.h"
#include "intake/header.h"

static void labelled_headers(void **state)
{
	FILE *fp = fopen(DATA_DIR "/headers/dev.tsv", "r");
	struct bp_map_score s;

	(void)state;
	assert_non_null(fp);
	assert_true(bp_map_score(fp, stdout, &s));
	fclose(fp);
	print_message("%.4f of the columns with a meaning in %zu files, %zu of %zu without one mapped, %zu wrong\n", s.accuracy, s.files,
		s.mapped_none, s.none, s.wrong);
	assert_true(s.files > 20);
	assert_int_equal(s.other_files, 0);
	assert_true(s.accuracy > 0.97);
	assert_true((double)s.mapped_none < 0.03 * (double)s.none);
	assert_true(s.wrong <= 8);
}

/* Headers that no alias has: the trade's words in other orders, languages and abbreviations - and what means nothing of ours. */
static void headers_by_their_words(void **state)
{
	static const char *const says[][2] = {
		{"Cust. Nbr", "code"}, {"KundenNr", "code"}, {"Nomor Pelanggan", "code"}, {"RetailerCd", "code"}, {"N\xC3\xBAmero del Cliente", "code"},
		{"ID_Tienda", "code"}, {"custcode", "code"}, {"Code du magasin", "code"}, {"Numer klienta", "code"}, {"OutletRef", "code"},
		{"Nm Toko", "name"}, {"Shop Nm", "name"}, {"NombreTienda", "name"}, {"Nome da Loja", "name"}, {"Kunden Bezeichnung", "name"},
		{"Store Addr", "address"}, {"Direcci\xC3\xB3n del cliente", "address"}, {"Adresse du point vente", "address"}, {"Shop Street", "address"},
		{"Outlet Town", "city"}, {"Ville client", "city"}, {"CodePostal", "postcode"}, {"Kode Pos", "postcode"}, {"Cust Zip", "postcode"},
		{"Tel. Nr", "phone"}, {"Shop Mobile No", "phone"}, {"Mail Address", "email"}, {"GPSLat", "lat"}, {"Outlet Longitude", "lon"}, {"geo_long", "lon"},
		{"Distr Code", "dt_code"}, {"Nombre Distribuidor", "dt_name"}, {"Stockist Nm", "dt_name"}, {"Sales Region", "region"}, {"Bundesland", "region"},
		{"Trade Type", "channel"}, {"Kanal", "channel"}, {"Customer Grade", "tier"}, {"Avg Monthly Sales", "sales_volume"}, {"Ventas Anual", "sales_volume"},
		{"Call Freq", "frequency"}, {"Frecuencia de Visita", "frequency"}, {"Visit Mins", "service_minutes"}, {"Chain Name", "account"}, {"VAT Nr", "tax_no"},
		{"Shipping City", ""}, {"Contact Person", ""}, {"Last Order", ""}, {"Credit Limit", ""}, {"Fax Number", ""}, {"Photo", ""}, {"company_id", ""},
		{"Number of Employees", ""}, {"Customer Currency", ""}, {"", ""},
	};
	struct im_words *w;
	struct bp_arena a;
	int wrong = 0;

	(void)state;
	bp_arena_init(&a, 1 << 20);
	w = im_words_new(&a);
	for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		int c = im_header_means(w, IM_OUTLETS, says[i][0]);
		size_t n;
		const char *got = c < 0 ? "" : im_columns_of(IM_OUTLETS, &n)[c].name;

		if (strcmp(got, says[i][1])) {
			print_error("\"%s\" means \"%s\", not \"%s\"\n", says[i][0], says[i][1], got);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	bp_arena_release(&a);
}

static void any_other_file(void **state)
{
	char text[] = "a\tb\n1\t2\n";
	FILE *fp = fmemopen(text, strlen(text), "r");
	struct bp_map_score s;

	(void)state;
	assert_false(bp_map_score(fp, NULL, &s));
	fclose(fp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(labelled_headers), cmocka_unit_test(headers_by_their_words), cmocka_unit_test(any_other_file)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
