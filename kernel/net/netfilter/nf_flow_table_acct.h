/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting of a network namespace: nf_flow_table_acct.c, its data and sysctls:
 * nf_flow_table_acct_net.c, lists: nf_flow_table_list.c, events:
 * nf_flow_table_notify.c
 */
#ifndef _NF_FLOW_TABLE_ACCT_H
#define _NF_FLOW_TABLE_ACCT_H

#include <net/net_namespace.h>
#include <net/netfilter/nf_flow_acct.h>
#include "nf_flow_table_net.h"

static inline struct nf_flow_acct_net *
nf_flow_acct_pernet(const struct net *net)
{
	return &nf_flow_table_pernet(net)->acct;
}

static inline struct nf_flow_acct_net *
nf_flow_acct_pernet_of(const struct nf_flow_acct *acct)
{
	return nf_flow_acct_pernet(read_pnet(&acct->flowtable->net));
}

static inline bool nf_flow_acct_room(const struct nf_flow_acct_net *an)
{
	return READ_ONCE(an->num) < READ_ONCE(an->max);
}

/* nf_flow_table_acct.c */
extern struct kmem_cache *nf_flow_acct_cachep;

void nf_flow_acct_user(struct nf_flow_acct_net *an);
void nf_flow_acct_apply(struct nf_flow_acct_net *an);
void nf_flow_acct_end(struct nf_flow_acct_net *an);
void nf_flow_acct_work(struct work_struct *work);

/* nf_flow_table_list.c */
struct flow_offload *nf_flow_acct_without(const struct net *net,
					  struct nf_flow_walk *walk,
					  struct nf_flowtable **flowtable);

/* nf_flow_table_notify.c */
void nf_flow_acct_set_failure(struct nf_flow_acct *acct,
			      enum flow_offload_tuple_dir dir,
			      struct nf_flow_failure *failure);

#endif /* _NF_FLOW_TABLE_ACCT_H */
