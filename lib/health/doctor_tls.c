/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What certificates tell: whose they are, until when, and whether their key is theirs. */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "health/doctor.h"

#define PATH_SIZE 1200
#define DAY 86400
#define DAYS_LEFT_LEAST 14

static void look_expiry(struct bp_look *l, const char *path, gnutls_x509_crt_t crt)
{
	time_t end = gnutls_x509_crt_get_expiration_time(crt), now = time(NULL);

	if (end <= now)
		bp_look_found(l, "%s is over since %lld days", path, (long long)((now - end) / DAY));
	else if (end - now < (time_t)DAYS_LEFT_LEAST * DAY)
		bp_look_found(l, "%s is over in %lld days", path, (long long)((end - now) / DAY));
}

/* Is the key the certificate's, until when is it good, and, unless NULL, for that host? */
static void look_pair(struct bp_look *l, const char *path, const char *key, const char *host)
{
	gnutls_certificate_credentials_t pair;
	gnutls_x509_crt_t *chain = NULL;
	unsigned n = 0;
	int rc;

	if (access(path, R_OK) || access(key, R_OK)) {
		bp_look_found(l, "%s: %s", access(path, R_OK) ? path : key, strerror(errno));
		return;
	}
	if (gnutls_certificate_allocate_credentials(&pair))
		return;
	rc = gnutls_certificate_set_x509_key_file(pair, path, key, GNUTLS_X509_FMT_PEM);
	if (rc < 0)
		bp_look_found(l, "%s and %s: %s", path, key, gnutls_strerror(rc));
	else if (!gnutls_certificate_get_x509_crt(pair, (unsigned)rc, &chain, &n) && n) {
		look_expiry(l, path, chain[0]);
		if (host && !gnutls_x509_crt_check_hostname(chain[0], host))
			bp_look_found(l, "%s is not for %s", path, host);
	}
	for (unsigned i = 0; i < n; i++)
		gnutls_x509_crt_deinit(chain[i]);
	gnutls_free(chain);
	gnutls_certificate_free_credentials(pair);
}

void bp_look_https(struct bp_look *l)
{
	const struct bp_conf *c = l->conf;
	const char *from = c->public_url + strlen("https://");
	char host[256];

	l->skipped = !strcmp(c->tls_certificate, "off");
	if (l->skipped)
		return;
	if (strncmp(c->public_url, "https://", 8)) {
		bp_look_found(l, "public_url is %s: links in mails lead there", c->public_url);
		look_pair(l, c->tls_certificate, c->tls_key, NULL);
		return;
	}
	from += *from == '[';
	snprintf(host, sizeof(host), "%.*s", (int)strcspn(from, c->public_url[8] == '[' ? "]" : ":/"), from);
	look_pair(l, c->tls_certificate, c->tls_key, host);
}

void bp_look_db_tls(struct bp_look *l)
{
	char path[PATH_SIZE], key[PATH_SIZE];

	l->skipped = !strcmp(l->conf->db_listen, "off");
	snprintf(path, sizeof(path), "%s/db-server.pem", l->conf->dir);
	snprintf(key, sizeof(key), "%s/db-server.key", l->conf->dir);
	if (!l->skipped)
		look_pair(l, path, key, l->conf->db_listen);
}
