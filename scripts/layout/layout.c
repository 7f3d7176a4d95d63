// SPDX-License-Identifier: GPL-2.0
/* What modules that were built for mainline know of flowtables: nf_tables, act_ct and
 * nf_flow_table_inet use these structures and functions, drivers such as nfp the keys.
 * check-series compiles this against mainline and against the series, and compares the
 * numbers in the assembly. Functions that became others do not compile.
 */
#include <linux/kbuild.h>
#include <net/netfilter/nf_flow_table.h>
#include <net/netfilter/nf_tables.h>

#define FIELD(s, f) \
	do { \
		OFFSET(s.f, s, f); \
		DEFINE(sizeof s.f, sizeof_field(struct s, f)); \
	} while (0)
#define SIZE(s)		DEFINE(sizeof s, sizeof(struct s))
#define VALUE(v)	DEFINE(v, v)

int (*add)(struct nf_flowtable *, struct flow_offload *) = flow_offload_add;
struct flow_offload *(*alloc)(struct nf_conn *) = flow_offload_alloc;
void (*flow_free)(struct flow_offload *) = flow_offload_free;
struct flow_offload_tuple_rhash *(*lookup)(struct nf_flowtable *,
					   struct flow_offload_tuple *) =
	flow_offload_lookup;
void (*refresh)(struct nf_flowtable *, struct flow_offload *, bool) =
	flow_offload_refresh;
void (*teardown)(struct flow_offload *) = flow_offload_teardown;
void (*table_free)(struct nf_flowtable *) = nf_flow_table_free;
int (*table_init)(struct nf_flowtable *) = nf_flow_table_init;
int (*setup)(struct nf_flowtable *, struct net_device *,
	     enum flow_block_command) = nf_flow_table_offload_setup;
int (*rule4)(struct net *, struct flow_offload *, enum flow_offload_tuple_dir,
	     struct nf_flow_rule *) = nf_flow_rule_route_ipv4;
int (*rule6)(struct net *, struct flow_offload *, enum flow_offload_tuple_dir,
	     struct nf_flow_rule *) = nf_flow_rule_route_ipv6;
nf_hookfn *hook4 = nf_flow_offload_ip_hook;
nf_hookfn *hook6 = nf_flow_offload_ipv6_hook;

void layout(void);
void layout(void)
{
	SIZE(nf_flowtable);
	FIELD(nf_flowtable, flags);
	FIELD(nf_flowtable, priority);
	FIELD(nf_flowtable, rhashtable);
	FIELD(nf_flowtable, list);
	FIELD(nf_flowtable, type);
	FIELD(nf_flowtable, flow_block);
	FIELD(nf_flowtable, flow_block_lock);
	FIELD(nf_flowtable, net);
	SIZE(nft_flowtable);
	FIELD(nft_flowtable, name);
	FIELD(nft_flowtable, hook_list);
	FIELD(nft_flowtable, data);

	SIZE(nf_flowtable_type);
	FIELD(nf_flowtable_type, family);
	FIELD(nf_flowtable_type, init);
	FIELD(nf_flowtable_type, gc);
	FIELD(nf_flowtable_type, setup);
	FIELD(nf_flowtable_type, action);
	FIELD(nf_flowtable_type, free);
	FIELD(nf_flowtable_type, get);
	FIELD(nf_flowtable_type, put);
	FIELD(nf_flowtable_type, hook);
	FIELD(nf_flowtable_type, owner);

	FIELD(flow_offload, tuplehash);
	FIELD(flow_offload, ct);
	FIELD(flow_offload, flags);
	FIELD(flow_offload, type);
	FIELD(flow_offload, timeout);
	SIZE(flow_offload_tuple_rhash);
	FIELD(flow_offload_tuple_rhash, tuple);
	SIZE(flow_offload_tuple);
	FIELD(flow_offload_tuple, iifidx);
	FIELD(flow_offload_tuple, mtu);
	FIELD(flow_offload_tuple, dst_cache);
	FIELD(flow_offload_tuple, tc);

	/* act_ct fills actions in */
	SIZE(nf_flow_rule);
	FIELD(nf_flow_rule, rule);
	FIELD(flow_rule, action);
	FIELD(flow_action, num_entries);
	SIZE(flow_action_entry);

	/* drivers are told of it by offsets, but nfp copies its beginning */
	FIELD(nf_flow_key, meta);
	FIELD(nf_flow_key, control);
	FIELD(nf_flow_key, basic);
	FIELD(nf_flow_key, vlan);
	FIELD(nf_flow_key, cvlan);
	FIELD(nf_flow_key, ipv4);
	FIELD(nf_flow_key, ipv6);
	FIELD(nf_flow_key, enc_key_id);
	FIELD(nf_flow_key, enc_ipv4);
	FIELD(nf_flow_key, enc_ipv6);
	FIELD(nf_flow_key, tcp);
	FIELD(nf_flow_key, tp);

	VALUE(NF_FLOWTABLE_HW_OFFLOAD);
	VALUE(NF_FLOWTABLE_COUNTER);
	VALUE(NF_FLOW_SNAT);
	VALUE(NF_FLOW_DNAT);
	VALUE(NF_FLOW_TEARDOWN);
	VALUE(NF_FLOW_PENDING);
	VALUE(NF_FLOW_HW);
	VALUE(NF_FLOW_HW_DYING);
	VALUE(NF_FLOW_HW_BIDIRECTIONAL);
	VALUE(NF_FLOW_HW_ESTABLISHED);
	VALUE(NF_FLOW_OFFLOAD_ROUTE);
	VALUE(FLOW_ACTION_PRIORITY);
	VALUE(FLOW_ACTION_VLAN_POP);
	VALUE(FLOW_ACTION_PPPOE_PUSH);
	VALUE(FLOW_ACTION_JUMP);
	VALUE(FLOW_ACTION_PIPE);
	VALUE(FLOW_ACTION_VLAN_PUSH_ETH);
	VALUE(FLOW_ACTION_CONTINUE);
}
MODULE_LICENSE("GPL");
