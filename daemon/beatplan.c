/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan - the command. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/shell.h"
#include "daemon/state.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
#define CMD(name, fn, what) {name, fn, what},
#include "daemon/cmds.def"
#undef CMD
};
#define COMMANDS (sizeof(commands) / sizeof(*commands))

const char *bp_cmd_state(const char *given)
{
	const char *env = getenv("BEATPLAN_STATE");
	char bin[BP_STATE_PATH];

	if (given)
		return given;
	bp_state_bin(bin, sizeof(bin));
	return env && *env ? env : strcmp(bin, BP_INSTALLED_BIN) ? "var" : BP_INSTALLED_STATE;
}

static void help(FILE *out)
{
	fputs("usage: beatplan COMMAND [OPTIONS]\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].what);
	fputs("  check      build and run the whole test suite\n", out);
}

/* mariadbd and nginx lie where the shells of ordinary users do not look. */
static int widen_path(void)
{
	const char *path = getenv("PATH");
	char wide[4096];
	int n = snprintf(wide, sizeof(wide), "%s:/usr/local/sbin:/usr/sbin:/sbin", path && *path ? path : "/usr/bin:/bin");

	return n > 0 && (size_t)n < sizeof(wide) ? setenv("PATH", wide, 1) : 0;
}

int main(int argc, char **argv)
{
	if (sodium_init() < 0 || widen_path())
		return 1;
	bp_shell_begin(argc > 1 ? argv[1] : "");
	if (argc < 2 || !strcmp(argv[1], "help") || !strcmp(argv[1], "--help")) {
		help(argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("beatplan " PACKAGE_VERSION);
		return 0;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "beatplan: there is no command '%s'\n\n", argv[1]);
	help(stderr);
	return 2;
}
