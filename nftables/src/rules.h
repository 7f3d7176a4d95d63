/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules with "flow add": which of them packets can meet, and what they have matched. */
#ifndef NFT_OFFLOAD_RULES_H
#define NFT_OFFLOAD_RULES_H

#include "facts.h"

#define RULES_TEXT	400

struct rules {
	unsigned int	num;		/* in a forward chain, or where one leads */
	unsigned int	counted;	/* of these, with a counter beside it */
	uint64_t	packets;	/* of the counters */
	char		text[RULES_TEXT];	/* how many, and what they have matched */
	char		each[RULES_TEXT];	/* the packets of each, if any is counted */
	char		lost[MACHINE_NAME];	/* a chain with one that no forward chain leads to */
};

/* Those for a flowtable. @family: NFPROTO_UNSPEC, @table and @flowtable: NULL for any. */
void rules_find(const struct facts *facts, uint8_t family, const char *table,
		const char *flowtable, struct rules *rules);

/* What helps if there are none: adding one, or a jump to the chain that has it */
void rules_fix(const struct rules *rules, const char *flowtable, char *buf, size_t size);

#endif
