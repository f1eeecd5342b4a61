/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_SHAPE_H
#define BP_BASE_SHAPE_H
/*
 * A shape describes one C struct as it travels on the wire.  The same table
 * decodes JSON or a query string into the struct with every bad field reported,
 * encodes the struct as JSON, and prints itself as JSON Schema, so that the
 * three cannot disagree.
 *
 * Member names are snake_case in C and become camelCase on the wire.
 *
 *  macro     C member              wire
 *  BP_STR    const char *          string (min..max = bytes)
 *  BP_ENUM   const char *          string, one of the choices
 *  BP_INT    int64_t               integer (min..max = value)
 *  BP_NUM    double                number
 *  BP_BOOL   bool                  boolean
 *  BP_DATE   int64_t days          "2026-11-23"
 *  BP_TIME   int64_t microseconds  "2026-11-22T17:00:00.000Z" (encode only)
 *  BP_OBJ    struct T *            object
 *  BP_LIST   struct bp_list of T   array of objects (min..max = count)
 *  BP_LIST_* struct bp_list        array of strings, integers, dates
 *  BP_JSON   json_t * when decoded, const char * of JSON text when encoded
 *
 * Flags: BP_REQ the member must come and is never null; BP_NUL it may be null or
 * absent - INT, DATE and TIME members are then struct bp_opt_int, NUM members
 * struct bp_opt_num, the others NULL; BP_DEF it may be absent and keeps what the
 * caller put into the struct before (only INT, NUM, BOOL, STR, ENUM).
 */
#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/opt.h"

enum bp_type {
	BP_TYPE_STR, BP_TYPE_ENUM, BP_TYPE_INT, BP_TYPE_NUM, BP_TYPE_BOOL, BP_TYPE_DATE,
	BP_TYPE_TIME, BP_TYPE_OBJ, BP_TYPE_LIST, BP_TYPE_JSON
};
enum { BP_REQ = 1, BP_NUL = 2, BP_DEF = 4 };

struct bp_shape;
struct bp_field {
	const char *name;
	enum bp_type type, item; /* item: of a list */
	size_t off;
	unsigned flags;
	double min, max;
	const char *doc;
	const struct bp_shape *sub;        /* of an object or a list of objects */
	const char *const *choices;        /* of an enum, ended by NULL */
};
struct bp_shape {
	const char *name; /* unique among all shapes: its name in OpenAPI */
	size_t size;
	const struct bp_field *f;
	size_t n;
	size_t seen; /* offset of a uint64_t that gets bit i when field i came, + 1; 0 = none (for PATCH) */
};

#define BP_STR(st, m, fl, lo, hi, d) {#m, BP_TYPE_STR, 0, offsetof(struct st, m), fl, lo, hi, d, NULL, NULL}
#define BP_ENUM(st, m, fl, ch, d) {#m, BP_TYPE_ENUM, 0, offsetof(struct st, m), fl, 0, 0, d, NULL, ch}
#define BP_INT(st, m, fl, lo, hi, d) {#m, BP_TYPE_INT, 0, offsetof(struct st, m), fl, lo, hi, d, NULL, NULL}
#define BP_NUM(st, m, fl, lo, hi, d) {#m, BP_TYPE_NUM, 0, offsetof(struct st, m), fl, lo, hi, d, NULL, NULL}
#define BP_BOOL(st, m, fl, d) {#m, BP_TYPE_BOOL, 0, offsetof(struct st, m), fl, 0, 0, d, NULL, NULL}
#define BP_DATE(st, m, fl, d) {#m, BP_TYPE_DATE, 0, offsetof(struct st, m), fl, 0, 0, d, NULL, NULL}
#define BP_TIME(st, m, fl, d) {#m, BP_TYPE_TIME, 0, offsetof(struct st, m), fl, 0, 0, d, NULL, NULL}
#define BP_OBJ(st, m, fl, sh, d) {#m, BP_TYPE_OBJ, 0, offsetof(struct st, m), fl, 0, 0, d, sh, NULL}
#define BP_LIST(st, m, fl, hi, sh, d) {#m, BP_TYPE_LIST, BP_TYPE_OBJ, offsetof(struct st, m), fl, 0, hi, d, sh, NULL}
#define BP_LIST_STR(st, m, fl, hi, d) {#m, BP_TYPE_LIST, BP_TYPE_STR, offsetof(struct st, m), fl, 0, hi, d, NULL, NULL}
#define BP_LIST_INT(st, m, fl, hi, d) {#m, BP_TYPE_LIST, BP_TYPE_INT, offsetof(struct st, m), fl, 0, hi, d, NULL, NULL}
/* Elements are struct bp_opt_int and may be null. */
#define BP_LIST_DATE(st, m, fl, hi, d) {#m, BP_TYPE_LIST, BP_TYPE_DATE, offsetof(struct st, m), fl, 0, hi, d, NULL, NULL}
#define BP_JSON(st, m, fl, d) {#m, BP_TYPE_JSON, 0, offsetof(struct st, m), fl, 0, 0, d, NULL, NULL}
#define BP_SHAPE(var, st, ...) BP_SHAPE_NAMED(var, #var, st, 0, __VA_ARGS__)
/* A PATCH shape: struct st has a member `uint64_t seen`; bit i = field i came. */
#define BP_PATCH(var, st, ...) BP_SHAPE_NAMED(var, #var, st, offsetof(struct st, seen) + 1, __VA_ARGS__)
#define BP_SHAPE_NAMED(var, nm, st, sn, ...) \
	static const struct bp_field var##_f[] = {__VA_ARGS__}; \
	static const struct bp_shape var = {nm, sizeof(struct st), var##_f, sizeof(var##_f) / sizeof(*var##_f), sn}

/* Decode `in` into `*out`; members with BP_DEF keep what they hold, the others are
 * overwritten.  Strings and JSON members are borrowed from `in`, lists live in `a`.
 * Appends {"pointer","problem"} to `errors` for every bad field; true when none. */
bool bp_shape_decode(const struct bp_shape *s, struct bp_arena *a, json_t *in, void *out, json_t *errors);
/* The same from a query string ("a=1&b=x%20y", may be NULL or empty). */
bool bp_shape_decode_query(const struct bp_shape *s, struct bp_arena *a, const char *query, void *out, json_t *errors);
/* Append the struct as JSON. */
void bp_shape_encode(const struct bp_shape *s, const void *in, struct bp_buf *out);
/* JSON Schema (2020-12); nested shapes become {"$ref": "#/components/schemas/NAME"}.  Caller owns. */
json_t *bp_shape_schema(const struct bp_shape *s);
/* The parts of a text between separators as a list of strings for BP_LIST_STR; NULL or "" = none. */
struct bp_list bp_list_split(struct bp_arena *a, const char *s, char sep);

/* "visits_per_4_weeks" -> "visitsPer4Weeks", "auto_" -> "auto" (a word that C keeps for itself); `out` holds at least strlen(name) + 1. */
void bp_wire_name(const char *name, char *out);
/* Append s as a JSON string, or null; bytes that are not UTF-8 become U+FFFD. */
void bp_json_string(struct bp_buf *out, const char *s);
/* Append a number with at most 10 significant digits; NaN and infinities become null. */
void bp_json_number(struct bp_buf *out, double v);
/* Undo %XX and + in place. */
void bp_url_decode(char *s);

#endif
