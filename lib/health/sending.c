/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/sending.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the paths of ssh's configuration: rsync parts the words of its command by itself. */
#define NO_WORD " \t\"'\\"
#define PACKET_TAG(byte) ((byte) & 0x40 ? (byte) & 0x3f : ((byte) & 0x3c) >> 2) /* of OpenPGP, RFC 4880 4.2 */
enum { SECRET_KEY = 5, PUBLIC_KEY = 6 };

static bool installed(const char *program)
{
	const char *const folders[] = {"/usr/local/bin", "/usr/bin", "/bin"};
	char path[64];

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], program);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

/* NULL = it is a public key, as far as its beginning tells. */
static const char *key_fault(const char *path)
{
	unsigned char head[4096] = "";
	FILE *in = fopen(path, "re");
	size_t n = in ? fread(head, 1, sizeof(head) - 1, in) : 0;
	int tag = head[0] & 0x80 ? PACKET_TAG(head[0]) : 0;
	const char *text = (const char *)head;

	if (!in)
		return strerror(errno);
	fclose(in);
	if (tag == SECRET_KEY || strstr(text, "BEGIN PGP PRIVATE KEY"))
		return "it is a private key, which does not belong on this machine: give what `gpg --armor --export` prints";
	if (!n || (tag != PUBLIC_KEY && !strstr(text, "BEGIN PGP PUBLIC KEY")))
		return "it is no OpenPGP public key: give what `gpg --armor --export` prints";
	return NULL;
}

static bool target_fault(const struct bp_conf *c, char *why, size_t size)
{
	const char *to = c->backup_push;
	struct stat st;

	if (bp_sending_program(c)) {
		if (stat(to, &st) || !S_ISREG(st.st_mode) || access(to, X_OK))
			return snprintf(why, size, "backup_push: %s is no program that can be run", to) > 0;
	} else if (*to == '-' || !strchr(to, ':')) {
		return snprintf(why, size, "backup_push takes HOST:FOLDER, rsync://HOST/MODULE or the path of a program, not %s", to) > 0;
	} else if (!installed("rsync")) {
		return snprintf(why, size, "rsync is missing: install its package") > 0;
	} else if (bp_sending_ssh(c)) {
		if (!installed("ssh"))
			return snprintf(why, size, "ssh is missing: install openssh-client") > 0;
		if (strcmp(c->backup_ssh, "off") && (strpbrk(c->backup_ssh, NO_WORD) || access(c->backup_ssh, R_OK)))
			return snprintf(why, size, "backup_ssh: %s cannot be read, or has blanks or quotes in its name", c->backup_ssh) > 0;
	}
	return false;
}

bool bp_sending_fault(const struct bp_conf *c, char *why, size_t size)
{
	const char *key;

	if (!strcmp(c->backup_dir, "off"))
		return snprintf(why, size, "backup_push is of daily backups: set backup_dir too") > 0;
	if (!strcmp(c->backup_key, "off"))
		return snprintf(why, size, "backups leave this machine encrypted only: set backup_key") > 0;
	key = key_fault(c->backup_key);
	if (key)
		return snprintf(why, size, "backup_key, %s: %s", c->backup_key, key) > 0;
	if (!installed("gpg"))
		return snprintf(why, size, "gpg is missing: install its package") > 0;
	return target_fault(c, why, size);
}
