/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_APIDOC_EXAMPLE_H
#define BP_CGI_APIDOC_EXAMPLE_H
/* Examples of the interface's document: what a shape allows, with words that are usual for fields of such names. */
#include <jansson.h>

#include "base/shape.h"

/* Owned by the caller. */
json_t *bp_api_example(const struct bp_shape *s);
json_t *bp_api_example_field(const struct bp_field *f);

#endif
