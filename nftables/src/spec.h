/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which flows a command is about: from nft's words to a filter of the library. */
#ifndef NFT_OFFLOAD_SPEC_H
#define NFT_OFFLOAD_SPEC_H

#include <stdbool.h>
#include <stdint.h>
#include "input.h"

struct match;
struct nftnl_flow;
struct nftnl_flow_filter;
struct nl_error;
struct nftnl_offload_table;

struct spec {
	struct nftnl_flow_filter	*filter;
	uint64_t			seen;	/* bits of what was given */
	int				l3proto;	/* 0: any */
	int				l4proto;	/* -1: any */
	bool				ports;
	char				*device[2];	/* iif, oif: looked up late */
	struct location			device_loc[2];
	struct location			table_loc;	/* of what names one last */
	struct match			*matches;	/* what the kernel does not look at */
};

enum spec_port { SPEC_SPORT, SPEC_DPORT };
enum spec_addr { SPEC_SADDR, SPEC_DADDR };
enum spec_device { SPEC_IIF, SPEC_OIF };

void spec_init(struct spec *spec);
void spec_free(struct spec *spec);

/* All of these say what is wrong, at @loc or @value_loc, and return -1 */
int spec_table(struct spec *spec, const struct location *loc, const struct location *family_loc,
	       const char *family, const char *name);
int spec_flowtable(struct spec *spec, const struct location *loc, const char *name);
int spec_nfproto(struct spec *spec, const struct location *loc, const struct location *value_loc,
		 const char *value);
int spec_addr(struct spec *spec, const struct location *loc, const struct location *value_loc,
	      int l3proto, enum spec_addr which, const char *value);
int spec_l4proto(struct spec *spec, const struct location *loc, const struct location *value_loc,
		 const char *value);
int spec_port(struct spec *spec, const struct location *loc, const struct location *value_loc,
	      int l4proto, enum spec_port which, const char *value);
int spec_device(struct spec *spec, const struct location *loc, const struct location *value_loc,
		enum spec_device which, const char *name);
int spec_device_index(struct spec *spec, const struct location *loc, enum spec_device which,
		      uint32_t index);
int spec_mark(struct spec *spec, const struct location *loc, const struct location *value_loc,
	      const char *value);
int spec_zone(struct spec *spec, const struct location *loc, const struct location *value_loc,
	      const char *value);
int spec_ct_id(struct spec *spec, const struct location *loc, const struct location *value_loc,
	       const char *value);
int spec_state_begin(struct spec *spec, const struct location *loc);
int spec_state(struct spec *spec, const struct location *loc, const char *name);
void spec_state_negate(struct spec *spec);
/* Of conditions that the kernel does not look at: only flows of this protocol, -1: with ports */
int spec_imply_l3proto(struct spec *spec, const struct location *loc, int l3proto);
int spec_imply_ports(struct spec *spec, const struct location *loc, int l4proto);

/* One connection: ADDRESS:PORT, or ADDRESS for gre, twice */
int spec_connection(struct spec *spec, int l4proto, const struct location *src_loc,
		    const char *src, const struct location *dst_loc, const char *dst);

/* Looks up devices, when the command is about to run */
int spec_resolve(struct spec *spec);

/* Of a flow that matches the filter of the kernel: does it match the rest, too? */
bool spec_flow(const struct spec *spec, const struct nftnl_flow *flow);
/* Hands each flowtable that @spec is about to @got, if it is not NULL. Returns how many there
 * are, or -1.
 */
int spec_tables(const struct spec *spec, void (*got)(const struct nftnl_offload_table *table),
		struct nl_error *failure);
/* Is the table and flowtable that it names there? -1 if it has said that it is not. */
int spec_table_exists(const struct spec *spec);
void spec_no_table(const struct spec *spec);	/* says so */
/* Is it the table, and flowtable, that @spec is about? */
bool spec_flowtable_matches(const struct spec *spec, const struct nftnl_offload_table *table);

#endif
