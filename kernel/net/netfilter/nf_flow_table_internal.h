/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of nf_flow_table and nft_offload call in each other. Drivers,
 * nf_tables and act_ct have <net/netfilter/nf_flow_table.h>.
 */
#ifndef _NF_FLOW_TABLE_INTERNAL_H
#define _NF_FLOW_TABLE_INTERNAL_H

#include <net/netfilter/nf_flow_table.h>

/* nf_flow_table_core.c */
struct flow_offload *flow_offload_lookup_ct(const struct nf_conn *ct,
					    struct nf_flowtable **flowtable);
bool flow_offload_other_in_hw(const struct flow_offload *flow);
void flow_offload_end(struct flow_offload *flow);
void flow_offload_was_used(struct flow_offload *flow, u32 when);
struct nf_flowtable *nf_flow_table_find(const struct net *net, u64 id);
int nf_flow_table_for_each(const struct net *net,
			   int (*fn)(struct nf_flowtable *flowtable, void *data),
			   void *data);
void nf_flow_offload_recheck(struct nf_flowtable *flowtable,
			     struct flow_offload *flow);
void nf_flow_offload_remove(struct nf_flowtable *flowtable,
			    struct flow_offload *flow);

/* nf_flow_table_ip.c */
u16 nf_flow_vlan_tci(struct net *net, int vlan, u16 vid, u32 priority);

/* nf_flow_table_offload.c */
void nf_flow_offload_run(struct nf_flowtable *flowtable,
			 struct flow_offload *flow, enum nf_flow_queue_op op);

/* nf_flow_table_queue.c */
int nf_flow_queue_init(struct nf_flowtable *flowtable);
void nf_flow_queue_free(struct nf_flowtable *flowtable);
void nf_flow_queue_add(struct nf_flowtable *flowtable,
		       struct flow_offload *flow, enum nf_flow_queue_op op);
void nf_flow_queue_add_first(struct nf_flowtable *flowtable,
			     struct flow_offload *flow,
			     enum nf_flow_queue_op op);
bool nf_flow_queue_cancel(struct nf_flowtable *flowtable,
			  struct flow_offload *flow);
void nf_flow_queue_detach(struct nf_flowtable *flowtable,
			  struct flow_offload *flow);
void nf_flow_queue_flush(struct nf_flowtable *flowtable);
void nf_flow_queue_lengths(const struct nf_flowtable *flowtable,
			   unsigned int length[__NF_FLOW_QUEUE_MAX]);
int nf_flow_queue_module_init(void);
void nf_flow_queue_module_exit(void);

/* nf_flow_table_port.c */
int nf_flow_ports_init(struct nf_flowtable *flowtable);
void nf_flow_ports_free(struct nf_flowtable *flowtable);
void nf_flow_port_bind(struct nf_flowtable *flowtable,
		       const struct net_device *dev,
		       struct list_head *cb_list);
void nf_flow_port_unbind(struct nf_flowtable *flowtable,
			 const struct net_device *dev);
bool nf_flow_port_owns(const struct nf_flowtable *flowtable,
		       const struct flow_offload *flow,
		       enum flow_offload_tuple_dir dir,
		       const struct flow_block_cb *block_cb);
bool nf_flow_ports_pause(const struct nf_flowtable *flowtable,
			 const struct flow_offload *flow);
bool nf_flow_ports_may_add(struct nf_flowtable *flowtable,
			   const struct flow_offload *flow);
bool nf_flow_port_answer(struct nf_flowtable *flowtable,
			 const struct flow_offload *flow,
			 enum flow_offload_tuple_dir dir, int err);
void nf_flow_ports_room(struct nf_flowtable *flowtable);
u8 nf_flow_port_refuses(const struct nf_flowtable *flowtable,
			const struct flow_offload *flow,
			enum flow_offload_tuple_dir dir);
void nf_flow_port_refused(const struct nf_flowtable *flowtable,
			  const struct flow_offload *flow,
			  enum flow_offload_tuple_dir dir, u8 refuses);

/* nf_flow_table_event.c */
void nf_flow_validate_added(struct nf_flowtable *flowtable,
			    struct flow_offload *flow,
			    const struct nf_flow_route *route);
void nf_flow_validate_kick(struct nf_flowtable *flowtable,
			   struct flow_offload *flow);

/* nf_flow_table_end.c */
void nf_flow_end_done(struct flow_offload *flow);
void nf_flow_end_init(void);
void nf_flow_end_exit(void);

/* nf_flow_table_suspend.c */
#ifdef CONFIG_SYSCTL
bool nf_flow_table_hw_allowed(const struct net *net);
#else
static inline bool nf_flow_table_hw_allowed(const struct net *net)
{
	return true;
}
#endif /* CONFIG_SYSCTL */

#endif /* _NF_FLOW_TABLE_INTERNAL_H */
