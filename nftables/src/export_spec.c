// SPDX-License-Identifier: GPL-2.0-or-later
/* "export ipfix", as it was read. */
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include "export.h"
#include "value.h"

#define SINCE_SEEN	(1u << EXPORT_NUMBERS)
#define MAX_SECONDS	86400

static const char *const number_names[] = {
	[EXPORT_TIMEOUT] = "timeout", [EXPORT_TEMPLATES] = "templates",
	[EXPORT_DOMAIN] = "domain",
};

void export_init(struct export_spec *export)
{
	export->number[EXPORT_TIMEOUT] = 60;
	export->number[EXPORT_TEMPLATES] = 60;
	export->number[EXPORT_DOMAIN] = 0;
}

void export_free(struct export_spec *export)
{
	free(export->name);
	free(export->target);
}

int export_target(struct export_spec *export, enum collector_kind kind,
		  const struct location *value_loc, const char *value)
{
	export->kind = kind;
	export->loc = *value_loc;
	export->name = xstrdup(value);
	if (kind == COLLECTOR_FILE) {
		export->target = xstrdup(value);
		return 0;
	}
	export->target = xalloc(strlen(value) + 1);
	return host_port_parse(value_loc, kind == COLLECTOR_TCP ? IPPROTO_TCP : IPPROTO_UDP,
			       value, export->target, &export->port);
}

static int once(struct export_spec *export, unsigned int bit, const struct location *loc,
		const char *name)
{
	if (export->seen & bit) {
		error_at(loc, "You can specify \"%s\" only once", name);
		return -1;
	}
	export->seen |= bit;
	return 0;
}

int export_number(struct export_spec *export, enum export_number which,
		  const struct location *loc, const struct location *value_loc,
		  const char *value)
{
	bool seconds = which != EXPORT_DOMAIN;
	uint64_t number;

	if (once(export, 1u << which, loc, number_names[which]) < 0)
		return -1;
	if (number_parse(value, seconds ? MAX_SECONDS : UINT32_MAX, &number) < 0 ||
	    (seconds && !number)) {
		error_at(value_loc, "syntax error, unexpected %s, expecting %s", value,
			 seconds ? "seconds from 1 to 86400" : "a number up to 4294967295");
		return -1;
	}
	export->number[which] = number;
	return 0;
}

int export_since(struct export_spec *export, const struct location *loc,
		 const struct location *value_loc, const char *value)
{
	if (once(export, SINCE_SEEN, loc, "since") < 0)
		return -1;
	export->since_start = !strcmp(value, "start");
	if (export->since_start || !strcmp(value, "flow"))
		return 0;
	error_at(value_loc, "syntax error, unexpected %s, expecting flow or start", value);
	return -1;
}
