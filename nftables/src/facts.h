/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "check" and "summary" have found out, before they say anything about it. */
#ifndef NFT_OFFLOAD_FACTS_H
#define NFT_OFFLOAD_FACTS_H

#include <libnftnl_offload/table.h>
#include "machine.h"
#include "netlink.h"

/* @err: positive errno if the list could not be read, or not all of it */
struct facts {
	struct nftnl_offload_table	**tables;
	unsigned int			num_tables;
	bool				no_kernel;	/* nft_offload does not answer: */
	struct nl_error			failure;

	struct nftnl_offload_table	**settings;	/* of one flowtable each, by name */
	unsigned int			num_settings;
	bool				has_settings;	/* this kernel has such */

	struct machine_link		*links;
	unsigned int			num_links;
	int				links_err;

	struct machine_route		*routes;
	unsigned int			num_routes;
	int				routes_err;

	struct machine_rule		*rules;
	unsigned int			num_rules;
	int				rules_err;

	struct machine_room		*rooms;
	unsigned int			num_rooms;
	int				rooms_err;
};

void facts_tables(struct facts *facts);
void facts_settings(struct facts *facts);
void facts_machine(struct facts *facts);	/* links, routes, rules */
void facts_links(struct facts *facts);
void facts_rules(struct facts *facts);
void facts_rooms(struct facts *facts);
void facts_free(struct facts *facts);

const struct machine_link *facts_link(const struct facts *facts, uint32_t ifindex);
/* Would a device that cannot offload be refused for @table, which may be a setting? */
bool facts_strict(const struct nftnl_offload_table *table);
/* A number in a file: -1 if it cannot be read. 0 and 1 are also N and Y. */
int facts_number(const char *path);

#endif
