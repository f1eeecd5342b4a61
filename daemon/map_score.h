/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_MAP_SCORE_H
#define BP_DAEMON_MAP_SCORE_H
/*
 * How well columns are mapped by themselves, on header lines that people have labelled (tests/data/headers/README).
 * Nothing is learnt from the labels: the aliases of lib/intake/columns.def speak for every file alike.
 */
#include <stddef.h>
#include <stdio.h>

struct bp_map_score {
	size_t files, other_files; /* scored; of kinds that are not imported */
	double accuracy;           /* share of the columns with a meaning that are mapped to it, mean over the files */
	size_t none, mapped_none;  /* columns without a meaning of ours; those of them that were mapped */
	size_t wrong;              /* columns mapped to a meaning that is not theirs, those included */
};

/* Score a file of columns file_id, system, entity, col_no, header, gold_field, alternatives, sample (TSV with a header).
 * `report` (may be NULL) gets a line for each miss.  false: this is no such file. */
int bp_map_score(FILE *labels, FILE *report, struct bp_map_score *out);

#endif
