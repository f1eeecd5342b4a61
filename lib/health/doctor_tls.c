/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What certificates tell: whose they are, until when, and whether their key is theirs. */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "health/doctor.h"
#include "health/served.h"

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

/* Would a browser take the certificate? */
void bp_look_tls_trust(struct bp_look *l)
{
	const struct bp_conf *c = l->conf;
	gnutls_x509_trust_list_t list;
	gnutls_x509_crt_t *chain = NULL;
	gnutls_datum_t pem = {0}, why = {0};
	unsigned n = 0, status = 0;

	l->skipped = !strcmp(c->tls_certificate, "off");
	if (l->skipped || gnutls_x509_trust_list_init(&list, 0))
		return;
	gnutls_x509_trust_list_add_system_trust(list, 0, 0);
	if (strcmp(c->tls_ca, "off") && gnutls_x509_trust_list_add_trust_file(list, c->tls_ca, NULL, GNUTLS_X509_FMT_PEM, 0, 0) <= 0)
		bp_look_found(l, "tls_ca: no certificate can be read from %s", c->tls_ca);
	if (gnutls_load_file(c->tls_certificate, &pem) || gnutls_x509_crt_list_import2(&chain, &n, &pem, GNUTLS_X509_FMT_PEM, 0) || !n)
		bp_look_found(l, "%s cannot be read", c->tls_certificate);
	else if (!gnutls_x509_trust_list_verify_crt(list, chain, n, 0, &status, NULL) && status) {
		gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &why, 0);
		bp_look_found(l, "%s: %s", c->tls_certificate, why.data ? (const char *)why.data : "not trusted");
	}
	for (unsigned i = 0; i < n; i++)
		gnutls_x509_crt_deinit(chain[i]);
	gnutls_free(chain);
	gnutls_free(pem.data);
	gnutls_free(why.data);
	gnutls_x509_trust_list_deinit(list, 1);
}

/* Does the address lead to another machine in the clear? */
static bool plain_elsewhere(const char *url)
{
	static const char *const here[] = {"localhost", "127.", "[::1]"};

	if (strncmp(url, "http://", 7))
		return false;
	for (size_t i = 0; i < sizeof(here) / sizeof(*here); i++)
		if (!strncmp(url + 7, here[i], strlen(here[i])))
			return false;
	return true;
}

void bp_look_encryption(struct bp_look *l)
{
	const struct bp_conf *c = l->conf;
	const char *const addresses[][2] = {{"osrm_url", c->osrm_url}, {"webhook_url", c->webhook_url}, {"heartbeat_url", c->heartbeat_url}};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		if (plain_elsewhere(addresses[i][1]))
			bp_look_found(l, "%s begins with http://", addresses[i][0]);
	if (strcmp(c->db_host, "off") && !strcmp(c->db_ca, "off"))
		bp_look_found(l, "the machines of db_host are asked without db_ca");
	if (c->plain_http)
		bp_look_found(l, "plain_http is set: what lies between a web server in front and this one is not looked at");
}

static void look_served(struct bp_look *l, int64_t least)
{
	struct bp_served s = bp_certificate(l->conf);
	int64_t days = bp_certificate_days(&s);

	l->skipped = !s.ends;
	if (s.ends && days < least)
		bp_look_found(l, days < 0 ? "it is over since %lld days%s" : "it is over in %lld days%s", (long long)(days < 0 ? -1 - days : days),
			s.shown ? "" : ", as the file says: the web server does not show it");
}

void bp_look_certificate(struct bp_look *l)
{
	look_served(l, BP_CERTIFICATE_WARN_DAYS);
}

void bp_look_certificate_ends(struct bp_look *l)
{
	look_served(l, BP_CERTIFICATE_BAD_DAYS);
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
