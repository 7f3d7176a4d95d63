// SPDX-License-Identifier: GPL-2.0-or-later
/* check: the kernel, and which of the modules it runs: its own, or those of the series. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "check.h"

static const char *const modules[] = {
	"nf_conntrack", "nf_tables", "nf_flow_table", "nf_flow_table_inet", "nft_flow_offload",
	"nft_offload", "act_ct",
};

/* Only nf_flow_table of the series has it. */
#define OF_SERIES	"/sys/module/nf_flow_table/parameters/offload_strict"

#define RELOAD	"nft-offload-reload (package nft-offload-dkms), or boot a kernel that has the series"

#define MODULES_SIZE	(64 * 1024)	/* of /proc/modules; more is not looked at */

/* The flags at the end of the module's line: (O) is out of tree. False: it is not there. */
static bool find_module(const char *list, const char *name, bool *foreign)
{
	size_t len = strlen(name);
	const char *line, *end;

	for (line = list; line && *line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		if (strncmp(line, name, len) || line[len] != ' ')
			continue;
		line = memchr(line, '(', end ? (size_t)(end - line) : strlen(line));
		*foreign = line && memchr(line, 'O', strcspn(line, ")\n"));
		return true;
	}
	return false;
}

/* Built in modules without parameters are in no list of the kernel's. The file can only be
 * written to.
 */
static bool is_built_in(const char *name)
{
	char path[80], buf[8];

	snprintf(path, sizeof(path), "/sys/module/%s/uevent", name);
	return machine.read(path, buf, sizeof(buf)) == 0 || errno != ENOENT;
}

/* What of them are the kernel's own, where the tool wants those of the series */
struct own {
	bool	flow_table;	/* nf_flow_table */
	bool	rule;		/* nft_flow_offload, beside nf_flow_table of the series */
};

static struct own list_modules(char *text, size_t size)
{
	static char list[MODULES_SIZE];
	bool foreign = false, replaced = false;
	struct own own = { };
	size_t i, used = 0;
	char buf[8];

	*text = '\0';
	if (machine.read("/proc/modules", list, sizeof(list)) < 0)
		*list = '\0';
	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		const char *name = modules[i], *how = "";
		bool found = find_module(list, name, &foreign);

		if (found)
			how = foreign ? " (out of tree)" : "";
		else if (is_built_in(name))
			how = " (built in)";
		else
			continue;
		if (!strcmp(name, "nf_flow_table")) {
			own.flow_table = machine.read(OF_SERIES, buf, sizeof(buf)) < 0;
			replaced = found && foreign;
			how = own.flow_table ? " (the kernel's own)" : how;
		} else if (!strcmp(name, "nft_flow_offload") && replaced && found && !foreign) {
			own.rule = true;
			how = " (the kernel's own)";
		}
		used += snprintf(text + used, size - used, "%s%s%s", used ? ", " : "", name, how);
	}
	return own;
}

void check_kernel(const struct facts *facts)
{
	char release[64], text[400];
	struct own own;

	if (machine.read("/proc/sys/kernel/osrelease", release, sizeof(release)) < 0)
		strcpy(release, "of unknown version");
	own = list_modules(text, sizeof(text));
	if (facts->no_kernel)
		check_line(CHECK_FAIL, "kernel", NULL,
			   facts->failure.err == EPERM ? "run it as root" :
			   own.flow_table ? RELOAD :
			   "modprobe nft_offload, or boot a kernel that has it",
			   "Linux %s: %s", release, nl_error_str(&facts->failure));
	else
		check_line(CHECK_OK, "kernel", NULL, NULL, "Linux %s answers", release);
	if (own.flow_table || own.rule)
		check_line(CHECK_WARN, "modules", NULL, RELOAD, "%s", text);
	else if (*text)
		check_line(CHECK_OK, "modules", NULL, NULL, "%s", text);
	else
		check_line(CHECK_UNKNOWN, "modules", NULL, NULL, "the kernel does not list its modules");
}
