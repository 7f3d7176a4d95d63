/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions on flows that a filter of the kernel does not have: sets, what is not to be,
 * addresses after NAT, names of devices. The program looks at each flow itself then. What
 * the kernel can look at is left to it: one value, in the original direction.
 */
#ifndef NFT_OFFLOAD_MATCH_H
#define NFT_OFFLOAD_MATCH_H

#include <stdbool.h>
#include "input.h"

struct nftnl_flow;
struct spec;
struct match;

enum match_field {
	MATCH_SADDR, MATCH_DADDR, MATCH_SPORT, MATCH_DPORT,
	MATCH_REPLY_SADDR, MATCH_REPLY_DADDR, MATCH_REPLY_SPORT, MATCH_REPLY_DPORT,
	MATCH_HOST,
	MATCH_L4PROTO, MATCH_NFPROTO, MATCH_MARK, MATCH_ZONE, MATCH_CT_ID,
	MATCH_IIF, MATCH_OIF, MATCH_IIFNAME, MATCH_OIFNAME,
};

struct match_value {
	const char		*text;
	struct location		loc;
};

/**
 * match_add() - one more condition
 * @spec: filter
 * @loc: place of all of it
 * @field: what has to be so
 * @proto: of addresses NFPROTO_*, of ports IPPROTO_* or -1
 * @negate: it must be none of @values
 * @values: it has to be one of these
 * @num: of @values
 *
 * Return: 0, or -1 if it has said what is wrong.
 */
int match_add(struct spec *spec, const struct location *loc, enum match_field field, int proto,
	      bool negate, const struct match_value *values, unsigned int num);

/* Looks up devices, when the command is about to run: -1 if it has said that there is none */
int match_resolve(struct match *matches);
/* Is the flow as all of @matches say? */
bool match_flow(const struct match *matches, const struct nftnl_flow *flow);
void match_free(struct match *matches);

#endif
