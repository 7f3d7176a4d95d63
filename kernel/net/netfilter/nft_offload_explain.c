// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explain of nft_offload: where a connection is forwarded, and why not in
 * hardware.
 *
 * Why a packet makes no flow is known when it meets the rule that adds flows, and
 * not before: so the last reasons are kept while the namespace counts, for as many
 * connections as there is room. Of a connection that met no such rule, conntrack
 * may tell what would happen, and of any the devices on its way, see
 * nft_offload_path.c: are both ends in one flowtable, and does that one offload to
 * both of them?
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "nft_offload.h"

/* More than a flow, and the devices of two ways */
#define EXPLAIN_SIZE	(8 * 1024)

/* What tells connections apart, for less than nf_ct_get_id() takes */
static u32 skip_key(const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *tuple;

	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	return jhash_3words(tuple->src.u3.all[0] ^ tuple->src.u3.all[3],
			    (__force u32)tuple->src.u.all << 16 |
			    (__force u32)tuple->dst.u.all,
			    hash32_ptr(ct), 0);
}

static struct nft_offload_skip *skip_of(struct net *net, u32 key)
{
	struct nft_offload_net *on = net_generic(net, nft_offload_net_id);

	return &on->skips[hash_32(key, NFT_OFFLOAD_SKIP_BITS)];
}

/**
 * nft_offload_skipped() - a packet made no flow
 * @net: its namespace
 * @ct: its connection
 * @reason: why
 *
 * Context: any but hard interrupts, under RCU.
 */
void nft_offload_skipped(struct net *net, const struct nf_conn *ct,
			 enum nf_flow_reason reason)
{
	u32 key = skip_key(ct);
	struct nft_offload_skip *skip = skip_of(net, key);

	/* two at once, of different connections: one of them may be told the
	 * reason of the other
	 */
	if (READ_ONCE(skip->key) != key)
		WRITE_ONCE(skip->key, key);
	if (READ_ONCE(skip->reason) != reason)
		WRITE_ONCE(skip->reason, reason);
}

/**
 * nft_offload_added() - a packet has made a flow after all
 * @net: its namespace
 * @ct: its connection
 *
 * Context: any but hard interrupts, under RCU.
 */
void nft_offload_added(struct net *net, const struct nf_conn *ct)
{
	u32 key = skip_key(ct);
	struct nft_offload_skip *skip = skip_of(net, key);

	if (READ_ONCE(skip->key) == key)
		WRITE_ONCE(skip->reason, NF_FLOW_REASON_NONE);
}

static bool explain_protocol(u8 l4proto)
{
	return l4proto == IPPROTO_TCP || l4proto == IPPROTO_UDP ||
	       l4proto == IPPROTO_GRE;
}

/* Of a connection that is not in a flowtable */
static enum nf_flow_reason explain_classic(struct net *net,
					   const struct nf_conn *ct)
{
	u32 key = skip_key(ct);
	const struct nft_offload_skip *skip = skip_of(net, key);
	enum nf_flow_reason last = NF_FLOW_REASON_NONE;

	if (READ_ONCE(skip->key) == key)
		last = READ_ONCE(skip->reason);
	/* this one shows, and may be over */
	if (last && last != NF_FLOW_REASON_TCP_STATE)
		return last;

	if (!explain_protocol(nf_ct_protonum(ct)))
		return NF_FLOW_REASON_PROTOCOL;
	if (nf_ct_protonum(ct) == IPPROTO_TCP &&
	    !nf_conntrack_tcp_established(ct))
		return NF_FLOW_REASON_TCP_STATE;
	if (nf_ct_ext_exist(ct, NF_CT_EXT_HELPER))
		return NF_FLOW_REASON_HELPER;
	if (ct->status & (IPS_SEQ_ADJUST | IPS_NAT_CLASH))
		return NF_FLOW_REASON_SEQ_ADJUST;
	return NF_FLOW_REASON_NONE;
}

/* What was refused, and why? The error says less. */
static enum nf_flow_reason explain_refused(const struct nf_flow_watch *watch)
{
	const struct nf_flow_trouble *trouble;
	int dir, state;

	for (dir = 0; dir < FLOW_OFFLOAD_DIR_MAX; dir++) {
		state = READ_ONCE(watch->flow->hw.state[dir]);
		if (state >= 0)
			continue;
		trouble = rcu_dereference(watch->count[dir].trouble);
		return trouble ? trouble->reason : nf_flow_reason_driver(state);
	}
	return NF_FLOW_REASON_NONE;
}

/* Of a flow that is not in hardware */
static enum nf_flow_reason explain_software(const struct nf_flow_watch *watch)
{
	if (!nf_flowtable_hw_offload(watch->flowtable))
		return NF_FLOW_REASON_NOT_WANTED;
	if (!nf_flow_table_hw_allowed(read_pnet(&watch->flowtable->net)))
		return NF_FLOW_REASON_SWITCHED_OFF;
	if (!test_bit(NF_FLOW_HW, &watch->flow->flags))
		return nf_flow_offload_unsupported(watch->flow);
	if (test_bit(NF_FLOW_CLOSING, &watch->flow->flags))
		return NF_FLOW_REASON_TCP_STATE;
	return explain_refused(watch);
}

static int fill_flow(struct sk_buff *skb, const struct nf_flow_watch *watch)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NFT_OFFLOAD_EXPLAIN_FLOW);
	if (!nest || nft_offload_fill_flow(skb, watch, NULL,
					   ktime_get_coarse_boottime_ns()))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Of a connection that is in no flowtable */
static int fill_expect(struct sk_buff *skb, struct net *net,
		       const struct nft_offload_filter *filter,
		       const struct nf_conn *ct,
		       const struct nft_offload_expect *expect)
{
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE, later;
	enum nft_offload_layer layer;

	layer = nft_offload_expect_layer(net, expect, &later);
	if (ct)
		reason = explain_classic(net, ct);
	else if (!explain_protocol(filter->l4proto))
		reason = NF_FLOW_REASON_PROTOCOL;

	/* these do not pass */
	if (reason == NF_FLOW_REASON_PROTOCOL ||
	    reason == NF_FLOW_REASON_GRE_KEY ||
	    reason == NF_FLOW_REASON_HELPER ||
	    reason == NF_FLOW_REASON_SEQ_ADJUST)
		layer = NFT_OFFLOAD_LAYER_CLASSIC;
	if (!reason)
		reason = later;

	if (nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_LAYER,
		       ct ? NFT_OFFLOAD_LAYER_CLASSIC :
			    NFT_OFFLOAD_LAYER_NONE) ||
	    nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_EXPECT, layer) ||
	    (reason && nla_put_string(skb, NFT_OFFLOAD_EXPLAIN_REASON,
				      nf_flow_reason_name(reason))))
		return -EMSGSIZE;
	return 0;
}

/* Of a flow */
static int fill_now(struct sk_buff *skb, const struct nf_flow_watch *watch)
{
	enum nft_offload_layer layer = NFT_OFFLOAD_LAYER_SOFTWARE;
	enum nf_flow_reason reason = NF_FLOW_REASON_NONE;

	switch (nft_offload_state(watch->flow)) {
	case NFT_OFFLOAD_STATE_HARDWARE:
		layer = NFT_OFFLOAD_LAYER_HARDWARE;
		break;
	case NFT_OFFLOAD_STATE_CLOSING:
		layer = NFT_OFFLOAD_LAYER_CLASSIC;
		break;
	default:
		reason = explain_software(watch);
	}
	if (nla_put_u8(skb, NFT_OFFLOAD_EXPLAIN_LAYER, layer) ||
	    (reason && nla_put_string(skb, NFT_OFFLOAD_EXPLAIN_REASON,
				      nf_flow_reason_name(reason))))
		return -EMSGSIZE;
	return fill_flow(skb, watch);
}

static int fill_explain(struct sk_buff *skb, struct net *net,
			const struct nft_offload_filter *filter,
			const struct nf_conn *ct,
			const struct nft_offload_expect *expect)
{
	const struct nf_flow_watch *watch;
	struct nf_flow_watch none;
	int err;

	rcu_read_lock();
	watch = nft_offload_find_watch(ct, &none);
	err = watch ? fill_now(skb, watch) :
		      fill_expect(skb, net, filter, ct, expect);
	rcu_read_unlock();
	if (!err && ct)
		err = nla_put_be32(skb, NFT_OFFLOAD_EXPLAIN_CT_ID,
				   (__force __be32)nf_ct_get_id(ct));
	return err ?: nft_offload_expect_fill(skb, expect);
}

/* Of one bucket, which is locked: the entry of this id, or NULL. */
static struct nf_conn *find_ct_id_in(const struct net *net, u32 id,
				     unsigned int bucket)
{
	struct nf_conntrack_tuple_hash *hash;
	struct hlist_nulls_node *n;
	struct nf_conn *ct;

	hlist_nulls_for_each_entry(hash, n, &nf_conntrack_hash[bucket], hnnode) {
		if (NF_CT_DIRECTION(hash) != IP_CT_DIR_ORIGINAL)
			continue;
		ct = nf_ct_tuplehash_to_ctrack(hash);
		if (net_eq(nf_ct_net(ct), net) && nf_ct_get_id(ct) == id &&
		    !nf_ct_is_dying(ct) && !nf_ct_is_expired(ct) &&
		    refcount_inc_not_zero(&ct->ct_general.use))
			return ct;
	}
	return NULL;
}

/* There is no index of this: all entries are looked at, bucket by bucket, as for a
 * dump of them. One that moves, as the table is resized, may be missed.
 */
static struct nf_conn *nft_offload_find_ct_id(const struct net *net, u32 id)
{
	struct nf_conn *ct = NULL;
	unsigned int bucket;
	spinlock_t *lock; /* of the bucket */

	for (bucket = 0; !ct && bucket < READ_ONCE(nf_conntrack_htable_size);
	     bucket++) {
		lock = &nf_conntrack_locks[bucket % CONNTRACK_LOCKS];
		local_bh_disable();
		nf_conntrack_lock(lock);
		if (bucket < nf_conntrack_htable_size)
			ct = find_ct_id_in(net, id, bucket);
		spin_unlock(lock);
		local_bh_enable();
		cond_resched();
	}
	return ct;
}

/**
 * nft_offload_find_ct() - the connection that a filter names
 * @net: namespace
 * @filter: filter, see nft_offload_filter_exact()
 *
 * Context: process, may sleep.
 * Return: its conntrack entry, for nf_ct_put(); NULL if there is none.
 */
struct nf_conn *nft_offload_find_ct(struct net *net,
				    const struct nft_offload_filter *filter)
{
	struct nf_conntrack_tuple_hash *hash;
	struct nf_conntrack_zone zone;
	struct nf_conntrack_tuple tuple = {
		.src.u3		= filter->saddr[0],
		.src.l3num	= filter->l3proto,
		.src.u.all	= htons(filter->sport[0]),
		.dst.u3		= filter->daddr[0],
		.dst.u.all	= htons(filter->dport[0]),
		.dst.protonum	= filter->l4proto,
	};

	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ID))
		return nft_offload_find_ct_id(net, filter->ct_id);
	nf_ct_zone_init(&zone, filter->zone, NF_CT_DEFAULT_ZONE_DIR, 0);
	hash = nf_conntrack_find_get(net, &zone, &tuple);
	return hash ? nf_ct_tuplehash_to_ctrack(hash) : NULL;
}

/* What this looks at: for all else, the answer would be wrong. */
static int explain_check(const struct nft_offload_filter *filter,
			 struct netlink_ext_ack *extack)
{
	static const u32 tuple = BIT(NFT_OFFLOAD_FILTER_L3PROTO) |
				 BIT(NFT_OFFLOAD_FILTER_L4PROTO) |
				 BIT(NFT_OFFLOAD_FILTER_SADDR) |
				 BIT(NFT_OFFLOAD_FILTER_DADDR) |
				 BIT(NFT_OFFLOAD_FILTER_SPORT) |
				 BIT(NFT_OFFLOAD_FILTER_DPORT) |
				 BIT(NFT_OFFLOAD_FILTER_CT_ZONE);
	static const u32 both = BIT(NFT_OFFLOAD_FILTER_TABLE_FAMILY) |
				BIT(NFT_OFFLOAD_FILTER_TABLE) |
				BIT(NFT_OFFLOAD_FILTER_FLOWTABLE) |
				BIT(NFT_OFFLOAD_FILTER_IIF);
	u32 id = BIT(NFT_OFFLOAD_FILTER_CT_ID);

	if (filter->have & ~(both | (filter->have & id ? id : tuple))) {
		NL_SET_ERR_MSG(extack,
			       "explain takes protocols, addresses, ports and zone, or an id; the device it enters by; the flowtable");
		return -EINVAL;
	}
	return nft_offload_filter_exact(filter, extack);
}

/* The entry says what the request need not. */
static void explain_complete(struct nft_offload_filter *filter,
			     const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *tuple;

	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	filter->l3proto = tuple->src.l3num;
	filter->l4proto = tuple->dst.protonum;
	filter->saddr[0] = tuple->src.u3;
	filter->daddr[0] = tuple->dst.u3;
	filter->sport[0] = ntohs(tuple->src.u.all);
	filter->dport[0] = ntohs(tuple->dst.u.all);
}

static bool explain_has_dev(struct net *net, u32 ifindex)
{
	bool there;

	rcu_read_lock();
	there = dev_get_by_index_rcu(net, ifindex);
	rcu_read_unlock();
	return there;
}

int nft_offload_explain(struct sk_buff *skb, const struct nfnl_info *info,
			const struct nlattr * const cda[])
{
	u32 portid = NETLINK_CB(skb).portid;
	struct nft_offload_filter *filter;
	struct nft_offload_expect *expect;
	struct sk_buff *answer = NULL;
	struct nlmsghdr *nlh;
	struct nf_conn *ct;
	int err;

	filter = nft_offload_filter_parse(cda[NFT_OFFLOAD_EXPLAIN_FILTER],
					  info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	err = explain_check(filter, info->extack);
	if (err)
		goto out;

	err = -ENODEV;
	if (filter->iif && !explain_has_dev(info->net, filter->iif)) {
		NL_SET_ERR_MSG(info->extack, "no device has this index");
		goto out;
	}

	/* what is told of it now may not be all: the next answer knows more */
	nf_flow_watch_get(info->net, true);
	nf_flow_watch_put(info->net, NFT_OFFLOAD_LINGER);
	ct = nft_offload_find_ct(info->net, filter);
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ID)) {
		if (!ct) {
			NL_SET_ERR_MSG(info->extack,
				       "no conntrack entry has this id");
			err = -ENOENT;
			goto out;
		}
		explain_complete(filter, ct);
	}
	expect = nft_offload_expect_alloc(info->net, filter, ct);
	err = -ENOMEM;
	answer = nlmsg_new(EXPLAIN_SIZE, GFP_KERNEL);
	if (!expect || !answer)
		goto out_put;
	err = nft_offload_expect_check(expect, info->extack);
	if (err)
		goto out_put;

	nlh = nft_offload_put_header(answer, portid, info->nlh->nlmsg_seq,
				     NFT_OFFLOAD_MSG_EXPLAIN, 0,
				     filter->l3proto);
	err = nlh ? fill_explain(answer, info->net, filter, ct, expect) :
		    -EMSGSIZE;
	if (!err)
		nlmsg_end(answer, nlh);
out_put:
	kfree(expect);
	if (ct)
		nf_ct_put(ct);
out:
	kfree(filter);
	if (err) {
		kfree_skb(answer);
		return err;
	}
	return nfnetlink_unicast(answer, info->net, portid);
}
