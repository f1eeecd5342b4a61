/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/mail.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"
#include "setting/setting.h"

/* Headers are ASCII: other words travel in base64 (RFC 2047). */
static void put_header(struct bp_buf *b, const char *name, const char *value)
{
	char text[400];

	for (const char *c = value; *c; c++)
		if (*c & 0x80 && strlen(value) < 200) {
			sodium_bin2base64(text, sizeof(text), (const unsigned char *)value, strlen(value), sodium_base64_VARIANT_ORIGINAL);
			bp_buf_printf(b, "%s: =?UTF-8?B?%s?=\n", name, text);
			return;
		}
	bp_buf_printf(b, "%s: %s\n", name, value);
}

static void write_message(const char *to, const char *subject, const char *text, struct bp_buf *b)
{
	unsigned char id[16];
	char hex[33], date[64];
	time_t now = (time_t)(bp_now() / 1000000);
	struct bp_arena a;
	struct tm tm;

	randombytes_buf(id, sizeof(id));
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &tm));
	bp_arena_init(&a, 4096);
	put_header(b, "From", bp_setting_text(&a, BP_SETTING_mail_from));
	bp_arena_release(&a);
	put_header(b, "To", to);
	put_header(b, "Subject", subject);
	bp_buf_printf(b, "Date: %s\nMessage-ID: <%s@beatplan>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
		"Content-Transfer-Encoding: 8bit\nAuto-Submitted: auto-generated\n\n%s\n",
		date, sodium_bin2hex(hex, sizeof(hex), id, sizeof(id)), text);
}

static enum bp_error keep(const struct bp_conf *conf, const struct bp_buf *b, struct bp_fail *f)
{
	char dir[1100], path[1200];
	bool whole;
	int fd;

	snprintf(dir, sizeof(dir), "%s/mail", conf->dir);
	if (mkdir(dir, 0700) && errno != EEXIST)
		return bp_fail(f, bp_error_of_errno(errno), "cannot make the folder of mails: %s", strerror(errno));
	snprintf(path, sizeof(path), "%s/%lld-%08x.eml", dir, (long long)bp_now(), randombytes_random());
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	whole = fd >= 0 && write(fd, b->data, b->len) == (ssize_t)b->len;
	if (fd >= 0)
		whole = !close(fd) && whole;
	return whole ? BP_E_OK : bp_fail(f, bp_error_of_errno(errno), "cannot keep a mail: %s", strerror(errno));
}

/* The command reads whom it is for from the message (-t): no word of ours becomes an argument. */
static enum bp_error hand_over(const char *command, const struct bp_buf *b, struct bp_fail *f)
{
	int ends[2], status = -1;
	bool whole;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return bp_fail(f, BP_E_INTERNAL, "no pipe: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		dup2(ends[0], STDIN_FILENO);
		execl(command, command, "-t", "-i", (char *)NULL);
		_exit(127);
	}
	close(ends[0]);
	whole = pid > 0 && write(ends[1], b->data, b->len) == (ssize_t)b->len; /* smaller than a pipe: it does not wait */
	close(ends[1]);
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	return whole && !status ? BP_E_OK : bp_fail(f, BP_E_INTERNAL, "the mail command %s did not take a mail (status %d)", command, status);
}

enum bp_error bp_mail_send(const struct bp_conf *conf, const char *to, const char *subject, const char *text, struct bp_fail *f)
{
	struct bp_buf b;
	enum bp_error e;

	if (strpbrk(to, "\r\n") || strpbrk(subject, "\r\n"))
		return bp_fail(f, BP_E_INTERNAL, "a mail address or subject holds a line end");
	bp_buf_init(&b, 32768);
	write_message(to, subject, text, &b);
	e = strcmp(conf->mail_command, "off") ? hand_over(conf->mail_command, &b, f) : keep(conf, &b, f);
	bp_buf_release(&b);
	return e;
}
