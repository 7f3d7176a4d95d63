// SPDX-License-Identifier: GPL-2.0-only
/*
 * What nft_offload expects of a connection: the flowtable that suits its devices
 * best, where its packets would be forwarded then, and what each device has to do
 * with that. Rules are not looked at.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/netfilter/nf_flow_policy.h>
#include "nf_flow_table_shaper.h"
#include "nft_offload.h"

/**
 * struct expect_table - the flowtable that suits a connection best
 * @filter: flowtables that are wanted
 * @only: the one it has to be, NULL if any
 * @end: indices of the devices at the ends, by enum nft_offload_side
 * @score: how well it does: 0 if there is none, as for all below
 * @hardware: it has "flags offload"
 * @has: which ends are in it
 * @err: errno of a device that cannot offload, or 0
 * @family: of its table
 * @table: name of its table
 * @name: its name
 */
struct expect_table {
	const struct nft_offload_filter	*filter;
	const struct nf_flowtable	*only;
	int				end[2];
	int				score;
	bool				hardware;
	bool				has[2];
	u32				err[2];
	u8				family;
	char				table[NFT_NAME_MAXLEN];
	char				name[NFT_NAME_MAXLEN];
};

/**
 * struct nft_offload_expect - what to expect of a connection
 * @path: its devices
 * @table: the flowtable for it
 * @marked: what the flowtable's policy does with its mark
 * @shaped: NF_FLOW_SHAPED_* that the policy cares about
 */
struct nft_offload_expect {
	struct nft_offload_path	path;
	struct expect_table	table;
	enum nf_flow_marked	marked;
	u8			shaped;
};

static int table_look(struct nf_flowtable *flowtable, void *data)
{
	const struct nft_flowtable *ft = container_of(flowtable,
						      struct nft_flowtable,
						      data);
	bool hardware = nf_flowtable_hw_offload(flowtable), has[2];
	struct expect_table *best = data;
	int score = 1 + hardware, i;
	void *entry;
	u32 err[2];

	if (!flowtable->counters || /* not of nftables */
	    (best->only && best->only != flowtable) ||
	    (ft->table->family != NFPROTO_INET &&
	     ft->table->family != best->filter->l3proto) ||
	    !nft_offload_filter_match_table(best->filter, ft))
		return 0;

	for (i = 0; i < 2; i++) {
		entry = xa_load(&flowtable->counters->devices, best->end[i]);
		has[i] = entry;
		err[i] = entry ? xa_to_value(entry) : 0;
		score += 8 * has[i] + 2 * (has[i] && !err[i]);
	}
	if (score <= best->score)
		return 0;

	best->score = score;
	best->hardware = hardware;
	memcpy(best->has, has, sizeof(has));
	memcpy(best->err, err, sizeof(err));
	best->family = ft->table->family;
	strscpy(best->table, ft->table->name);
	strscpy(best->name, ft->name);
	return 0;
}

/**
 * nft_offload_expect_layer() - where would its packets be forwarded?
 * @net: namespace
 * @expect: connection
 * @reason: set to the first reason why not by hardware
 *
 * Return: the layer.
 */
enum nft_offload_layer
nft_offload_expect_layer(const struct net *net,
			 const struct nft_offload_expect *expect,
			 enum nf_flow_reason *reason)
{
	const struct nft_offload_leg *leg = expect->path.leg;
	const struct expect_table *table = &expect->table;
	int i;

	for (i = 0; i < 2; i++) {
		*reason = leg[i].reason;
		if (*reason)
			return NFT_OFFLOAD_LAYER_CLASSIC;
	}
	*reason = NF_FLOW_REASON_DEVICE;
	if (!table->has[0] || !table->has[1])
		return NFT_OFFLOAD_LAYER_CLASSIC;

	if (expect->marked == NF_FLOW_MARKED_NEVER) {
		*reason = NF_FLOW_REASON_POLICY;
		return NFT_OFFLOAD_LAYER_CLASSIC;
	}
	if (expect->shaped & NF_FLOW_SHAPED_ABOVE) {
		*reason = NF_FLOW_REASON_SHAPED;
		return NFT_OFFLOAD_LAYER_CLASSIC;
	}
	if (!table->hardware)
		*reason = NF_FLOW_REASON_NOT_WANTED;
	else if (!nf_flow_table_hw_allowed(net))
		*reason = NF_FLOW_REASON_SWITCHED_OFF;
	else if (leg[0].tunnel || leg[1].tunnel)
		*reason = NF_FLOW_REASON_TUNNEL;
	else if (leg[0].mtu_below || leg[1].mtu_below)
		*reason = NF_FLOW_REASON_MTU;
	else if (expect->marked == NF_FLOW_MARKED_SOFTWARE)
		*reason = NF_FLOW_REASON_POLICY;
	else if (expect->shaped)
		*reason = NF_FLOW_REASON_SHAPED;
	else if (table->err[0] || table->err[1])
		*reason = nf_flow_reason_driver(-(table->err[0] ?:
						  table->err[1]));
	else
		*reason = NF_FLOW_REASON_NONE;
	return *reason ? NFT_OFFLOAD_LAYER_SOFTWARE :
			 NFT_OFFLOAD_LAYER_HARDWARE;
}

/* Why does the device number @n of a way keep its connection from hardware? */
static enum nf_flow_reason device_reason(const struct nft_offload_leg *leg,
					 unsigned int n, bool has, u32 err)
{
	if (n == 0 && leg->reason) /* it is about how to go on from there */
		return leg->reason;
	if (n != leg->num - 1 || leg->reason)
		return NF_FLOW_REASON_NONE;
	if (!has)
		return NF_FLOW_REASON_DEVICE;
	if (leg->mtu_below)
		return NF_FLOW_REASON_MTU;
	return err ? nf_flow_reason_driver(-err) : NF_FLOW_REASON_NONE;
}

static int fill_device(struct sk_buff *skb,
		       const struct nft_offload_path_dev *dev,
		       enum nft_offload_side side, u32 err,
		       enum nf_flow_reason reason)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NFT_OFFLOAD_EXPLAIN_DEVICE);
	if (!nest ||
	    nla_put_u32(skb, NFT_OFFLOAD_DEVICE_IFINDEX, dev->ifindex) ||
	    nla_put_string(skb, NFT_OFFLOAD_DEVICE_NAME, dev->name) ||
	    nla_put_u8(skb, NFT_OFFLOAD_DEVICE_SIDE, side) ||
	    (err && nla_put_u32(skb, NFT_OFFLOAD_DEVICE_ERRNO, err)) ||
	    (reason && nla_put_string(skb, NFT_OFFLOAD_DEVICE_REASON,
				      nf_flow_reason_name(reason))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_devices(struct sk_buff *skb,
			const struct nft_offload_expect *expect,
			enum nft_offload_side side)
{
	const struct nft_offload_leg *leg = &expect->path.leg[side];
	const struct expect_table *table = &expect->table;
	unsigned int i, n;

	for (i = 0; i < leg->num; i++) {
		u32 err = 0;

		n = side == NFT_OFFLOAD_SIDE_IN ? leg->num - 1 - i : i;
		if (n == leg->num - 1 && table->has[side])
			err = table->err[side];
		if (fill_device(skb, &leg->dev[n], side, err,
				device_reason(leg, n, table->has[side], err)))
			return -EMSGSIZE;
	}
	return 0;
}

/**
 * nft_offload_expect_fill() - its devices, and the flowtable for it
 * @skb: message to fill
 * @expect: connection
 *
 * The devices come as packets pass them: up to the route, and down again.
 *
 * Return: 0 or -EMSGSIZE.
 */
int nft_offload_expect_fill(struct sk_buff *skb,
			    const struct nft_offload_expect *expect)
{
	const struct expect_table *table = &expect->table;
	struct nlattr *nest;

	nest = nla_nest_start(skb, NFT_OFFLOAD_EXPLAIN_DEVICES);
	if (!nest || fill_devices(skb, expect, NFT_OFFLOAD_SIDE_IN) ||
	    fill_devices(skb, expect, NFT_OFFLOAD_SIDE_OUT))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	if (table->score &&
	    (nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_TABLE_FAMILY, table->family) ||
	     nla_put_string(skb, NFT_OFFLOAD_EXPLAIN_TABLE, table->table) ||
	     nla_put_string(skb, NFT_OFFLOAD_EXPLAIN_FLOWTABLE, table->name)))
		return -EMSGSIZE;
	return 0;
}

/**
 * nft_offload_expect_check() - is there the flowtable that the filter names?
 * @expect: connection
 * @extack: is told what is wrong
 *
 * Return: 0, also if it names none; -ENOENT if there is none of this name for
 * such connections, or the connection is in another one.
 */
int nft_offload_expect_check(const struct nft_offload_expect *expect,
			     struct netlink_ext_ack *extack)
{
	static const u32 names = BIT(NFT_OFFLOAD_FILTER_TABLE_FAMILY) |
				 BIT(NFT_OFFLOAD_FILTER_TABLE) |
				 BIT(NFT_OFFLOAD_FILTER_FLOWTABLE);
	const struct expect_table *table = &expect->table;

	if (table->score || !(table->filter->have & names))
		return 0;
	if (table->only)
		NL_SET_ERR_MSG(extack,
			       "the connection is in another flowtable");
	else
		NL_SET_ERR_MSG(extack,
			       "no such flowtable, or none for this protocol");
	return -ENOENT;
}

/**
 * nft_offload_expect_alloc() - look at the devices of a connection
 * @net: namespace
 * @filter: connection, see nft_offload_filter_exact(); used as long as what is
 *	returned
 * @ct: its conntrack entry, or NULL
 *
 * Context: process, may sleep.
 * Return: what was seen, for kfree(); NULL without memory.
 */
struct nft_offload_expect *
nft_offload_expect_alloc(struct net *net,
			 const struct nft_offload_filter *filter,
			 const struct nf_conn *ct)
{
	struct nft_offload_expect *expect;
	const struct nf_flow_acct *acct;
	struct nf_flow_acct none;
	int side;

	expect = kzalloc_obj(*expect);
	if (!expect)
		return NULL;
	nft_offload_path_find(net, filter, ct, &expect->path);

	expect->table.filter = filter;
	for (side = 0; side < 2; side++) {
		const struct nft_offload_leg *leg = &expect->path.leg[side];

		if (leg->num)
			expect->table.end[side] = leg->dev[leg->num - 1].ifindex;
	}
	rcu_read_lock();
	acct = nft_offload_find(ct, &none);
	if (acct) /* it may go: compared, and not looked at */
		expect->table.only = acct->flowtable;
	rcu_read_unlock();
	nf_flow_table_for_each(net, table_look, &expect->table);
	if (ct && expect->table.score)
		expect->marked = nf_flow_policy_expect(net,
						       expect->table.family,
						       expect->table.table,
						       expect->table.name, ct);
	if (expect->table.score &&
	    nf_flow_policy_shaping(net, expect->table.family,
				   expect->table.table, expect->table.name))
		expect->shaped = expect->path.leg[0].shaped |
				 expect->path.leg[1].shaped;
	return expect;
}
