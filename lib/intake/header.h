/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_HEADER_H
#define BP_INTAKE_HEADER_H
/* What a header means by its words, where no alias says it: words.def. */
#include "intake/registry.h"

struct im_words; /* the vocabulary, hashed */
struct im_words *im_words_new(struct bp_arena *a);
/* The column of the entity, -1 = a word is unknown, or the words together mean nothing of ours. */
int im_header_means(const struct im_words *w, enum im_entity e, const char *header);

#endif
