/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_STORES_H
#define BP_INTAKE_STORES_H
/*
 * Which outlet an invoice belongs to: by its code, else by the one outlet that has its tax number, else its telephone
 * (the last nine digits), else its name and postcode.  Numbers and names are compared without spaces, punctuation and case.
 */
#include "intake/intake.h"

/* Note in stage_ref what the stores of the session are and how they were found (`how`: CODE, TAX, PHONE, NAME; NONE =
 * nothing is said, UNKNOWN, AMBIGUOUS = several fit).  `publishing`: outlets of the same session are there by now. */
enum bp_error im_find_stores(struct im_work *w, bool publishing);

#endif
