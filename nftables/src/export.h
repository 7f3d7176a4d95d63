/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "export ipfix", as it was read. */
#ifndef NFT_OFFLOAD_EXPORT_H
#define NFT_OFFLOAD_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include "collector.h"
#include "input.h"

enum export_number { EXPORT_TIMEOUT, EXPORT_TEMPLATES, EXPORT_DOMAIN, EXPORT_NUMBERS };

struct export_spec {
	enum collector_kind	kind;
	char			*name;		/* as it was written */
	char			*target;	/* host, or path */
	uint16_t		port;
	struct location		loc;		/* of the target */
	uint64_t		number[EXPORT_NUMBERS];	/* seconds; and a domain */
	unsigned int		seen;		/* bits of what was given */
	bool			since_start;
};

void export_init(struct export_spec *export);
void export_free(struct export_spec *export);

/* All of these say what is wrong, at @loc or @value_loc, and return -1 */
int export_target(struct export_spec *export, enum collector_kind kind,
		  const struct location *value_loc, const char *value);
int export_number(struct export_spec *export, enum export_number which,
		  const struct location *loc, const struct location *value_loc,
		  const char *value);
int export_since(struct export_spec *export, const struct location *loc,
		 const struct location *value_loc, const char *value);

#endif
