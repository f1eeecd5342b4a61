/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_REGISTRY_H
#define BP_INTAKE_REGISTRY_H
/*
 * What can be imported: entities, their columns, the words of enumerated columns and the rules a row
 * is checked by.  Constant tables made from the .def files beside; no state.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum im_entity {
#define ENTITY(id, name, label, words) IM_##id,
#include "intake/entities.def"
#undef ENTITY
	IM_ENTITY__MAX
};

enum im_type {
	IM_T_CODE,       /* a key: text without line breaks */
	IM_T_TEXT,
	IM_T_LEVEL,      /* a level of the territory tree: text */
	IM_T_CODES,      /* keys separated by ; or | */
	IM_T_LAT,
	IM_T_LON,
	IM_T_NUMBER,     /* 0 .. 999999999999.99 */
	IM_T_AMOUNT,     /* as a number, also below 0, to four places */
	IM_T_COUNT,      /* 1 .. 999, or to `longest` */
	IM_T_PERCENT,    /* 0 .. 100 */
	IM_T_MINUTES,    /* 1 .. 1440 */
	IM_T_FREQUENCY,  /* visits in 4 weeks, 1 .. 28 */
	IM_T_DATE,
	IM_T_PERIOD,     /* a month (YYYY-MM) or a date */
	IM_T_TIME,       /* minute of the day */
	IM_T_WEEKDAYS,   /* bit 0 = Monday */
	IM_T_CHANNEL,    /* from here on: words of enums.def */
	IM_T_TIER,
	IM_T_STATUS,
	IM_T_VEHICLE,
	IM_T_SALES_MODEL,
	IM_T_FULFILMENT,
	IM_T_BOOL,
	IM_T_LIST,
	IM_T_HOLIDAY_RULE,
	IM_T_PIN,
	IM_T_ABSENCE,
};

enum { IM_F_REQUIRED = 1, IM_F_KEY = 2, IM_F_DICT = 4 };
enum { IM_COLUMNS_MOST = 32 }; /* of one entity */

struct im_column {
	enum im_entity entity;
	const char *name;    /* target, as stored in mappings and shown in templates */
	const char *label;   /* for people, to be translated */
	enum im_type type;
	unsigned flags;
	size_t longest;      /* bytes of text, most minutes, greatest count; 0 = set by the type */
	const char *aliases; /* see columns.def */
	const char *example, *help;
};

struct im_entity_info {
	const char *name, *label;
	const char *words; /* words in file names that speak for it */
};
extern const struct im_entity_info im_entities[IM_ENTITY__MAX];

enum im_rule {
#define RULE(id, code, severity, message) IM_R_##id,
#include "intake/rules.def"
#undef RULE
	IM_R__MAX
};
enum im_severity { IM_ERROR, IM_WARNING };
struct im_rule_info {
	const char *code;
	enum im_severity severity;
	const char *message;
};
extern const struct im_rule_info im_rules[IM_R__MAX];
struct im_rule_advice {
	bool open; /* its severity may be changed here */
	const char *remedy; /* NULL when nobody wrote one */
};
extern const struct im_rule_advice im_rule_advice[IM_R__MAX];

/* The columns of an entity in stage order; *n = how many (at most IM_COLUMNS_MOST). */
const struct im_column *im_columns_of(enum im_entity e, size_t *n);
/* Columns of outlets that are the levels of the sales geography, the widest first; the last is that of the distributor. */
enum { IM_LEVELS = 5 };
extern const char *const im_level_columns[IM_LEVELS];
/* Index of a column by its name, -1 when there is none. */
int im_column_index(enum im_entity e, const char *name);
/* IM_ENTITY__MAX when nothing is called so. */
enum im_entity im_entity_of(const char *name);
const char *im_type_name(enum im_type t);

/* The form in which names are compared: lower case, Latin letters without accents, no spaces and no
 * punctuation; other scripts stay as they are.  Writes at most size - 1 bytes and a NUL; returns the length. */
size_t im_squash(const char *s, size_t n, char *out, size_t size);

/* Words of the enumerated types, hashed once per job.  Memory belongs to the arena. */
struct im_lexicon;
struct im_lexicon *im_lexicon_new(struct bp_arena *a);
/* A word of the installation's own; it goes before those of enums.def. `value` must live as long as the lexicon. */
void im_lexicon_add(struct im_lexicon *lx, enum im_type t, const char *value, const char *word, size_t n);
/* The stored value of a word ("gold" -> "1"), NULL when unknown.  It lives as long as the lexicon. */
const char *im_lexicon_find(const struct im_lexicon *lx, enum im_type t, const char *s, size_t n);
/* Stored values of a type, comma separated ("GT, MT, WS"), for messages and the API. */
void im_words_of(enum im_type t, char *out, size_t size);

#endif
