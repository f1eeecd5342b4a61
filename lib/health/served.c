/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/served.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"

#define REMEMBERED_US 60000000
#define PATIENCE_S 2
#define DAY 86400

/* Where it listens: as `up` was told, or as configured. An address of all is asked at this machine. */
static void find_place(const struct bp_conf *c, char host[80], char port[12])
{
	if (!bp_conf_listens(c->dir, host, port)) {
		snprintf(host, 80, "%s", c->listen);
		snprintf(port, 12, "%ld", c->port);
	}
	if (!strcmp(host, "0.0.0.0"))
		snprintf(host, 80, "127.0.0.1");
	else if (!strcmp(host, "[::]"))
		snprintf(host, 80, "::1");
	if (*host == '[') {
		memmove(host, host + 1, strlen(host));
		host[strcspn(host, "]")] = '\0';
	}
}

static int reach(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *at = NULL;
	struct timeval patience = {PATIENCE_S, 0};
	int fd = -1;

	if (getaddrinfo(host, port, &hints, &at))
		return -1;
	fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		if (connect(fd, at->ai_addr, at->ai_addrlen)) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(at);
	return fd;
}

static int64_t end_of(const gnutls_datum_t *raw, gnutls_x509_crt_fmt_t form)
{
	gnutls_x509_crt_t crt;
	int64_t end = 0;

	if (gnutls_x509_crt_init(&crt))
		return 0;
	if (!gnutls_x509_crt_import(crt, raw, form))
		end = (int64_t)gnutls_x509_crt_get_expiration_time(crt);
	gnutls_x509_crt_deinit(crt);
	return end;
}

/* Whose it is, is not asked: it is our own port. */
static int64_t shown(const struct bp_conf *c)
{
	gnutls_certificate_credentials_t any;
	const gnutls_datum_t *peer = NULL;
	char host[80], port[12];
	gnutls_session_t tls;
	unsigned n = 0;
	int64_t end = 0;
	int fd;

	find_place(c, host, port);
	fd = reach(host, port);
	if (fd < 0)
		return 0;
	if (!gnutls_certificate_allocate_credentials(&any)) {
		if (!gnutls_init(&tls, GNUTLS_CLIENT)) {
			gnutls_set_default_priority(tls);
			gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, any);
			gnutls_transport_set_int(tls, fd);
			gnutls_handshake_set_timeout(tls, PATIENCE_S * 1000);
			if (!gnutls_handshake(tls))
				peer = gnutls_certificate_get_peers(tls, &n);
			if (peer && n)
				end = end_of(peer, GNUTLS_X509_FMT_DER);
			gnutls_deinit(tls);
		}
		gnutls_certificate_free_credentials(any);
	}
	close(fd);
	return end;
}

static int64_t of_file(const char *path)
{
	gnutls_datum_t text = {NULL, 0};
	int64_t end = 0;

	if (gnutls_load_file(path, &text) == GNUTLS_E_SUCCESS)
		end = end_of(&text, GNUTLS_X509_FMT_PEM);
	gnutls_free(text.data);
	return end;
}

struct bp_served bp_certificate(const struct bp_conf *c)
{
	static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
	static struct bp_served known;
	static int64_t asked;
	struct bp_served out = {.tls = strcmp(c->tls_certificate, "off") && bp_conf_runs(c, "web")};

	if (!out.tls)
		return out;
	pthread_mutex_lock(&guard);
	if (!asked || bp_monotonic_us() - asked > REMEMBERED_US) {
		known = out;
		known.ends = shown(c);
		known.shown = known.ends;
		if (!known.shown)
			known.ends = of_file(c->tls_certificate);
		asked = bp_monotonic_us();
	}
	out = known;
	pthread_mutex_unlock(&guard);
	return out;
}

int64_t bp_certificate_days(const struct bp_served *s)
{
	int64_t left = s->ends - (int64_t)time(NULL);

	return left < 0 ? -1 - (-left / DAY) : left / DAY;
}
