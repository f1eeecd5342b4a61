/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/route.h"

#include <string.h>

#define RESOURCE(n) extern const struct bp_resource bp_res_##n;
#include "cgi/resources.def"
#undef RESOURCE
const struct bp_resource *const bp_resources[] = {
#define RESOURCE(n) &bp_res_##n,
#include "cgi/resources.def"
#undef RESOURCE
	NULL,
};

bool bp_endpoint_changes(const struct bp_endpoint *ep)
{
	return strcmp(ep->method, "GET") && strcmp(ep->method, "HEAD") && strcmp(ep->method, "OPTIONS");
}

static bool take_number(const char *s, size_t n, uint64_t *out)
{
	uint64_t v = 0;

	if (!n || n > 18)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(s[i] - '0');
	}
	*out = v;
	return true;
}

static bool matches(const char *pattern, struct bp_req *rq)
{
	const char *s = rq->path;
	int n = 0;

	while (*pattern) {
		const char *end = strchr(pattern, '}');
		size_t len;

		if (*pattern != '{') {
			if (*pattern++ != *s++)
				return false;
			continue;
		}
		len = strcspn(s, "/");
		if (!end || n == BP_ARGS_MOST || !len)
			return false;
		rq->arg[n] = 0;
		if (!memmem(pattern, (size_t)(end - pattern), ":text", 5) && !take_number(s, len, &rq->arg[n]))
			return false;
		rq->arg_text[n] = bp_strndup(rq->arena, s, len);
		n++;
		s += len;
		pattern = end + 1;
	}
	return !*s;
}

enum bp_error bp_route(struct bp_req *rq)
{
	bool seen = false;

	for (const struct bp_resource *const *r = bp_resources; *r; r++)
		for (size_t i = 0; i < (*r)->n; i++) {
			if (!matches((*r)->ep[i].path, rq))
				continue;
			seen = true;
			if (!strcmp((*r)->ep[i].method, rq->method)) {
				rq->ep = &(*r)->ep[i];
				return BP_E_OK;
			}
		}
	return seen ? BP_E_METHOD : BP_E_NO_ROUTE;
}
