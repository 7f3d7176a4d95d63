/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NF_FLOW_TABLE_VALIDATE_H
#define _NF_FLOW_TABLE_VALIDATE_H

#include <linux/types.h>
#include <net/netfilter/nf_flow_table.h>
#include "nf_flow_table_probe.h"

/* nf_flow_table_path.c: and with the frame, down to the port? */
int nf_flow_path_fill(const struct nf_flow_hop *hop, u8 l3proto, bool heard,
		      struct net_device_path_stack *stack, u8 *ha,
		      struct flow_offload_path *path);

/**
 * struct nf_flow_check - what the garbage collector of a flowtable keeps
 * @gc_due: when flows are looked at that time out, or have a TCP FIN (jiffies)
 * @gen: generation of the last pass of validation
 * @tail: entries of the ring of the namespace that passes have seen
 * @stale: a flow is to be validated, whatever @gen and @tail say
 *
 * Written by the garbage collector, but for @stale.
 */
struct nf_flow_check {
	unsigned long	gc_due;
	u32		gen;
	u32		tail;
	bool		stale;
};

/* nf_flow_table_validate.c: is it what a flow does with it? */
extern struct workqueue_struct *nf_flow_gc_wq;

int nf_flow_validate_init(void);
void nf_flow_validate_exit(void);
int nf_flow_check_init(struct nf_flowtable *flowtable);
void nf_flow_check_free(struct nf_flowtable *flowtable);
void nf_flow_validate_begin(const struct net *net, struct nf_flow_route *route);
void nf_flow_validate_gc(struct nf_flowtable *flowtable,
			 struct flow_offload *flow);
bool nf_flow_validate_table(struct nf_flowtable *flowtable);

/* nf_flow_table_core.c */
int __nf_flow_table_iterate(struct nf_flowtable *flow_table,
			    void (*iter)(struct nf_flowtable *flowtable,
					 struct flow_offload *flow, void *data),
			    void *data, u64 *ran);

#endif /* _NF_FLOW_TABLE_VALIDATE_H */
