/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan map FILE: what its columns would be mapped to, and why; --score: how well, on labelled headers. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/cmd.h"
#include "daemon/map_score.h"
#include "daemon/state.h"
#include "intake/suggest.h"

static int score(const char *path)
{
	FILE *fp = fopen(path, "r");
	struct bp_map_score s;
	int sound;

	if (!fp) {
		fprintf(stderr, "beatplan map: cannot open %s: %s\n", path, strerror(errno));
		return 1;
	}
	sound = bp_map_score(fp, stdout, &s);
	fclose(fp);
	if (!sound) {
		fprintf(stderr, "beatplan map: %s has no columns file_id, system, entity, col_no, header, gold_field, alternatives, sample\n", path);
		return 1;
	}
	printf("%zu files, %.1f %% of the columns with a meaning are right; %zu of %zu without one were mapped; %zu files of kinds that are not imported\n",
		s.files, 100 * s.accuracy, s.mapped_none, s.none, s.other_files);
	printf("{\"files\":%zu,\"core_accuracy\":%.4f,\"false_mapping_rate\":%.4f,\"wrong\":%zu,\"other_files\":%zu}\n", s.files, s.accuracy,
		s.none ? (double)s.mapped_none / (double)s.none : 0, s.wrong, s.other_files);
	return 0;
}

static enum bp_error show(const char *path, struct bp_fail *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct im_sniffed sn;
	struct im_guess *g;
	enum im_entity entity;
	struct bp_arena a;
	enum bp_error e;

	if (fd < 0)
		return bp_fail(f, BP_E_INTERNAL, "cannot open %s: %s", path, strerror(errno));
	bp_arena_init(&a, 256 << 20);
	e = im_sniff(fd, (uint64_t)lseek(fd, 0, SEEK_END), NULL, &a, &sn, f);
	close(fd);
	if (!e) {
		entity = im_guess_entity(path, &sn, &a);
		printf("%s\n", entity < IM_ENTITY__MAX ? im_entities[entity].name : "what it holds is not clear");
		g = entity < IM_ENTITY__MAX ? im_suggest(entity, &sn, &a) : NULL;
		for (size_t i = 0; i < sn.n_columns; i++) {
			size_t n;
			const struct im_column *col = g && g[i].target >= 0 ? &im_columns_of(entity, &n)[g[i].target] : NULL;

			printf("  %-28s %-18s %3.0f %%  %s\n", sn.column[i], col ? col->name : "-", col ? 100 * g[i].confidence : 0, col ? g[i].reason : "");
		}
	}
	bp_arena_release(&a);
	return e;
}

int cmd_map(int argc, char **argv)
{
	static const struct option known[] = {{"score", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	const char *labels = NULL;
	struct bp_fail f = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) == 's')
		labels = optarg;
	if (c != -1 || (labels ? optind != argc : optind + 1 != argc)) {
		fputs("usage: beatplan map FILE             shows what its columns would be mapped to\n"
		      "       beatplan map --score FILE.tsv  scores the mapping on labelled header lines\n", stderr);
		return 2;
	}
	return labels ? score(labels) : show(argv[optind], &f) ? bp_cmd_failed("map", &f) : 0;
}
