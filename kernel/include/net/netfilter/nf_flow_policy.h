/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policies of flowtables, by name: nf_flow_table_policy.c; pins of flows:
 * nf_flow_table_pin.c
 */
#ifndef _NF_FLOW_POLICY_H
#define _NF_FLOW_POLICY_H

#include <linux/atomic.h>
#include <linux/jump_label_ratelimit.h>
#include <linux/list.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_reason.h>

struct net;
struct netlink_ext_ack;
struct flow_offload;
struct nf_flowtable;

/* Counters for packets of connections without accounting */
#define NF_FLOW_POLICY_EARLY_BITS	12

/* Marks in one policy: packets of the fast path are compared with all of them */
#define NF_FLOW_POLICY_MARKS	16

/**
 * struct nf_flow_policy_mark - connections with a mark
 * @value: of the mark, with the bits of @mask
 * @mask: bits that count
 * @never: they are in no flowtable; else, not in hardware
 */
struct nf_flow_policy_mark {
	u32	value;
	u32	mask;
	bool	never;
};

/**
 * enum nf_flow_shaping - what a policy says about shapers
 * @NF_FLOW_SHAPING_UNSET: nothing
 * @NF_FLOW_SHAPING_SOFTWARE: flows stay where a shaper of the stack sees them
 * @NF_FLOW_SHAPING_IGNORE: flows bypass them
 */
enum nf_flow_shaping {
	NF_FLOW_SHAPING_UNSET,
	NF_FLOW_SHAPING_SOFTWARE,
	NF_FLOW_SHAPING_IGNORE,
};

/* What rules give to packets, and flows carry. As enum nft_offload_carry */
enum nf_flow_carry {
	NF_FLOW_CARRY_PRIORITY,
	NF_FLOW_CARRY_DSCP,
	__NF_FLOW_CARRY_MAX,
};

/**
 * struct nf_flow_policy_carry - where one of these comes from
 * @on: it is carried
 * @mask: bits of the connection's mark that are the value; 0: each direction has what
 *	its packets had at "flow add"
 * @state: there is a value if the mark has one of these; 0: there always is
 */
struct nf_flow_policy_carry {
	bool	on;
	u32	mask;
	u32	state;
};

/**
 * enum nf_flow_policy_mode - what to do if there is a policy, or is none
 * @NF_FLOW_POLICY_SET: replace it, if any
 * @NF_FLOW_POLICY_ADD: there must be none
 * @NF_FLOW_POLICY_REPLACE: there must be one
 */
enum nf_flow_policy_mode {
	NF_FLOW_POLICY_SET,
	NF_FLOW_POLICY_ADD,
	NF_FLOW_POLICY_REPLACE,
};

/**
 * struct nf_flow_policy - which flows of a flowtable are in hardware
 * @list: in the list of its namespace
 * @rcu: for kfree_rcu()
 * @id: place in the list: that of the one it has replaced, else its @version
 * @version: greater than that of any older one, and of the one it has replaced
 * @family: NFPROTO_* of the table
 * @table: name of the table
 * @name: name of the flowtable, which need not be there
 * @after_bytes: a flow goes to hardware when its connection has had so many; 0:
 *	at once, as for the next two
 * @after_packets: the same, packets
 * @after_rate: or when it has so many packets a second
 * @stack: packets of a connection that make no flow, of both directions
 * @budget: flows that are in hardware at most; 0: any number
 * @per_device: @budget is for each device that original packets come in by
 * @evict_slowest: the slowest flow makes room for one that is twice as fast
 * @shaping: what becomes of flows that a shaper of the stack is to see
 * @carries: flows carry something
 * @learns: what of it packets tell that meet "flow add", BIT(enum nf_flow_carry)
 * @from_mark: what the mark of the connection tells
 * @carry_required: flows that cannot carry it in hardware are not there
 * @carry: what, and where it comes from
 * @early: counters for connections without accounting, if there is @stack
 * @n_marks: how many there are in @mark
 * @mark: marks
 * @names: both of them, each with its end
 *
 * It does not change once it has been given to nf_flow_policy_set().
 */
struct nf_flow_policy {
	union {
		struct list_head		list;
		struct rcu_head			rcu;
	};
	u64					id;
	u64					version;
	u8					family;
	const char				*table;
	const char				*name;
	u64					after_bytes;
	u64					after_packets;
	u32					after_rate;
	u32					stack;
	u32					budget;
	bool					per_device;
	bool					evict_slowest;
	enum nf_flow_shaping			shaping;
	bool					carries;
	u8					learns;
	u8					from_mark;
	bool					carry_required;
	struct nf_flow_policy_carry		carry[__NF_FLOW_CARRY_MAX];
	atomic_t				*early;
	unsigned int				n_marks;
	struct nf_flow_policy_mark		mark[NF_FLOW_POLICY_MARKS];
	char					names[];
};

/* Is there a policy in any namespace? */
extern struct static_key_false_deferred nf_flow_policed;

/* Is there one in whose flowtable flows carry something? */
extern struct static_key_false_deferred nf_flow_carried;

static inline bool nf_flow_is_policed(void)
{
	return static_branch_unlikely(&nf_flow_policed.key);
}

struct nf_flow_policy *nf_flow_policy_alloc(u8 family, const char *table,
					    const char *name);
int nf_flow_policy_set(struct net *net, struct nf_flow_policy *policy,
		       enum nf_flow_policy_mode mode,
		       struct netlink_ext_ack *extack);
int nf_flow_policy_del(struct net *net, u8 family, const char *table,
		       const char *name, struct netlink_ext_ack *extack);
int nf_flow_policy_get(struct net *net, u8 family, const char *table,
		       const char *name,
		       int (*fn)(const struct nf_flow_policy *policy,
				 void *data),
		       void *data, struct netlink_ext_ack *extack);
int nf_flow_policy_for_each(struct net *net, u64 after,
			    int (*fn)(const struct nf_flow_policy *policy,
				      void *data),
			    void *data);

/* Which marks of a policy match a connection? */
enum nf_flow_marked {
	NF_FLOW_MARKED_NONE,
	NF_FLOW_MARKED_SOFTWARE,
	NF_FLOW_MARKED_NEVER,
};

/**
 * nf_flow_policy_marked() - which marks match a connection?
 * @policy: policy
 * @ct: connection
 *
 * Context: any.
 * Return: what becomes of it.
 */
static inline enum nf_flow_marked
nf_flow_policy_marked(const struct nf_flow_policy *policy,
		      const struct nf_conn *ct)
{
	enum nf_flow_marked marked = NF_FLOW_MARKED_NONE;
#ifdef CONFIG_NF_CONNTRACK_MARK
	u32 ct_mark = READ_ONCE(ct->mark);
	unsigned int i;

	for (i = 0; i < policy->n_marks; i++) {
		if ((ct_mark & policy->mark[i].mask) != policy->mark[i].value)
			continue;
		if (policy->mark[i].never)
			return NF_FLOW_MARKED_NEVER;
		marked = NF_FLOW_MARKED_SOFTWARE;
	}
#endif
	return marked;
}

enum nf_flow_marked nf_flow_policy_expect(struct net *net, u8 family,
					  const char *table, const char *name,
					  const struct nf_conn *ct);
bool nf_flow_policy_shaping(struct net *net, u8 family, const char *table,
			    const char *name);
enum nf_flow_reason nf_flow_policy_kept(const struct nf_flowtable *flowtable,
					const struct flow_offload *flow,
					int dir);

/**
 * enum nf_flow_pin - where someone wants a flow to be forwarded
 * @NF_FLOW_PIN_AUTO: no one has said so
 * @NF_FLOW_PIN_HARDWARE: in hardware
 * @NF_FLOW_PIN_SOFTWARE: by the fast path
 */
enum nf_flow_pin {
	NF_FLOW_PIN_AUTO,
	NF_FLOW_PIN_HARDWARE,
	NF_FLOW_PIN_SOFTWARE,
};

void nf_flow_pin_set(struct nf_flowtable *flowtable,
		     struct flow_offload *flow, enum nf_flow_pin pin);

/* nf_flow_table_carry.c */
u8 nf_flow_carry_get(const struct nf_flowtable *flowtable,
		     const struct flow_offload *flow, int dir, u32 *priority,
		     u8 *dscp);
u8 nf_flow_carry_refused(const struct flow_offload *flow, int dir);

void nf_flow_policy_bind(struct nf_flowtable *flowtable);
void nf_flow_policy_exit(void);

#endif /* _NF_FLOW_POLICY_H */
