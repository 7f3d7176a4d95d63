/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NF_FLOW_TABLE_INDEX_H
#define _NF_FLOW_TABLE_INDEX_H

#include <linux/types.h>
#include <net/flow.h>
#include <net/netfilter/nf_flow_table.h>

/* nf_flow_table_event.c asks for these to be looked at, see
 * nf_flow_table_index.c. Any context but hard interrupts.
 */
bool nf_flow_index_empty(void);
void nf_flow_index_neigh(const struct net *net, const struct neighbour *n,
			 const u8 *ha);
void nf_flow_index_fdb(const struct net *net, const u8 *addr, int ifindex);
void nf_flow_index_dev(const struct net *net, int ifindex);
void nf_flow_index_route(const struct net *net, u8 family, const void *addr,
			 unsigned int plen);
void nf_flow_index_forget(const struct net *net);

int nf_flow_index_init(void);
void nf_flow_index_exit(void);

/* nf_flow_table_index.c asks these. Process context, no locks held. */
bool nf_flow_path_is_valid(struct net *net, const struct nf_flow_path_key *key);
bool nf_flow_route_is_valid(struct net *net, const struct nf_flow_path_key *key,
			    u8 family, struct flowi *fl);

int nf_flow_event_init(void);
void nf_flow_event_exit(void);

#endif /* _NF_FLOW_TABLE_INDEX_H */
