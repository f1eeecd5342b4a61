/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/call.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define CONNECT_SECONDS 5L
#define REPLY_MOST ((size_t)65536)

/* What is answered goes nowhere, and who answers without an end is not listened to. */
static size_t drop(char *data, size_t one, size_t n, void *ctx)
{
	size_t *had = ctx;

	(void)data;
	*had += one * n;
	return *had > REPLY_MOST ? 0 : one * n;
}

static int go_on(void *ctx, curl_off_t down, curl_off_t downed, curl_off_t up, curl_off_t upped)
{
	const atomic_bool *stop = ctx;

	(void)down, (void)downed, (void)up, (void)upped;
	return stop && atomic_load(stop);
}

static enum bp_error verdict(CURLcode c, long status, const struct bp_call *call, struct bp_fail *f)
{
	/* With a status the rest of the reply does not matter. */
	if (status >= 200 && status < 300)
		return BP_E_OK;
	if (status >= 400 && status < 500)
		return bp_fail(f, BP_E_CONFLICT, "it answered %ld", status);
	if (status >= 300 && status < 400)
		return bp_fail(f, BP_E_BUSY, "it answered %ld: redirects are not followed, name the address itself", status);
	if (status)
		return bp_fail(f, BP_E_BUSY, "it answered %ld", status);
	if (c == CURLE_OPERATION_TIMEDOUT)
		return bp_fail(f, BP_E_BUSY, "no answer within %ld seconds", call->seconds);
	return bp_fail(f, BP_E_BUSY, "%s", c == CURLE_ABORTED_BY_CALLBACK ? "Beatplan is being stopped" : c ? curl_easy_strerror(c) : "no answer");
}

enum bp_error bp_call(const struct bp_call *call, struct bp_fail *f)
{
	struct curl_slist *headers = NULL;
	CURL *curl = curl_easy_init();
	size_t had = 0;
	long status = 0;
	CURLcode c;

	if (!curl)
		return bp_fail(f, BP_E_BUSY, "no room for a connection");
	for (const char *const *h = call->headers; h && *h; h++)
		headers = curl_slist_append(headers, *h);
	curl_easy_setopt(curl, CURLOPT_URL, call->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, call->seconds);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "beatplan");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (call->body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &had);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, call->stop);
	c = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	return verdict(c, status, call, f);
}

void bp_call_sign(const char *secret, const char *body, char out[BP_SIGNATURE_SIZE])
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state s;

	crypto_auth_hmacsha256_init(&s, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&s, (const unsigned char *)body, strlen(body));
	crypto_auth_hmacsha256_final(&s, mac);
	memcpy(out, "sha256=", 7);
	sodium_bin2hex(out + 7, BP_SIGNATURE_SIZE - 7, mac, sizeof(mac));
}

const char *bp_call_target(const char *url, char out[BP_TARGET_SIZE])
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	CURLU *u = curl_url();
	bool fine = u && !curl_url_set(u, CURLUPART_URL, url, 0) && !curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) &&
		!curl_url_get(u, CURLUPART_HOST, &host, 0) && (!strcmp(scheme, "http") || !strcmp(scheme, "https"));

	*out = '\0';
	if (fine && curl_url_get(u, CURLUPART_PORT, &port, 0))
		port = NULL;
	if (fine)
		snprintf(out, BP_TARGET_SIZE, "%s://%s%s%s", scheme, host, port ? ":" : "", port ? port : "");
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
	return fine ? NULL : "is no address that begins with http:// or https://";
}
