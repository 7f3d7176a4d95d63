// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of nft_offload: the attributes of flows and flowtables.
 */
#include <linux/netdevice.h>
#include <linux/rhashtable.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netfilter/nf_flow_policy.h>
#include <net/netfilter/nf_flow_setting.h>
#include "nft_offload.h"

#define REASON_SIZE	64 /* longer than any name of a reason */

/*
 * A flow has some forty attributes, and a dump may have a million flows: nla_put(),
 * which looks for room each time, would take most of the time. There is room for
 * all of it (flow_room()), then it is written. These return what comes after.
 */
static __always_inline void *put_attr(void *pos, int type, const void *data,
				      int len)
{
	struct nlattr *nla = pos;

	nla->nla_type = type;
	nla->nla_len = nla_attr_size(len);
	if (len % NLA_ALIGNTO)
		memset(pos + NLA_HDRLEN + ALIGN_DOWN(len, NLA_ALIGNTO), 0,
		       NLA_ALIGNTO);
	memcpy(pos + NLA_HDRLEN, data, len);
	return pos + nla_total_size(len);
}

static __always_inline void *put_u8(void *pos, int type, u8 value)
{
	return put_attr(pos, type, &value, sizeof(value));
}

static __always_inline void *put_u16(void *pos, int type, u16 value)
{
	return put_attr(pos, type, &value, sizeof(value));
}

static __always_inline void *put_be16(void *pos, int type, __be16 value)
{
	return put_attr(pos, type, &value, sizeof(value));
}

static __always_inline void *put_u32(void *pos, int type, u32 value)
{
	return put_attr(pos, type, &value, sizeof(value));
}

/* As nla_put_u64_64bit() */
static __always_inline void *put_u64(void *pos, int type, u64 value, int pad)
{
#ifndef CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS
	if (IS_ALIGNED((unsigned long)pos, 8))
		pos = put_attr(pos, pad, NULL, 0);
#endif
	return put_attr(pos, type, &value, sizeof(value));
}

static void *put_string(void *pos, int type, const char *str)
{
	return put_attr(pos, type, str, strlen(str) + 1);
}

/* The length is set when it ends: put_nest_end(). */
static __always_inline void *put_nest(void *pos, int type)
{
	return put_attr(pos, type | NLA_F_NESTED, NULL, 0);
}

static __always_inline void put_nest_end(void *nest, const void *pos)
{
	((struct nlattr *)nest)->nla_len = pos - nest;
}

static void *put_encap(void *pos, const struct flow_offload_tuple *tuple)
{
	void *list = pos, *nest;
	int i;

	pos = put_nest(pos, NFT_OFFLOAD_DIR_ENCAP);
	for (i = 0; i < tuple->encap_num; i++) {
		nest = pos;
		pos = put_nest(pos, NFT_OFFLOAD_ENCAP_TAG);
		pos = put_be16(pos, NFT_OFFLOAD_ENCAP_PROTO,
			       tuple->encap[i].proto);
		pos = put_u16(pos, NFT_OFFLOAD_ENCAP_ID, tuple->encap[i].id);
		put_nest_end(nest, pos);
	}
	put_nest_end(list, pos);
	return pos;
}

static void *put_trouble(void *pos, int err, enum nf_flow_reason reason,
			 const char *msg)
{
	pos = put_u32(pos, NFT_OFFLOAD_DIR_ERRNO, -err);
	pos = put_string(pos, NFT_OFFLOAD_DIR_REASON,
			 nf_flow_reason_name(reason));
	if (msg && *msg)
		pos = put_string(pos, NFT_OFFLOAD_DIR_MESSAGE, msg);
	return pos;
}

/* Why is this direction not in hardware? */
static void *put_refused(void *pos, const struct nf_flow_acct *acct,
			 enum flow_offload_tuple_dir dir, int err)
{
	const struct nf_flow_failure *failure;

	failure = rcu_dereference(acct->count[dir].failure);
	return put_trouble(pos, err, failure ? failure->reason :
					       nf_flow_reason_driver(err),
			   failure ? failure->msg : NULL);
}

/* The policy has kept the flow from hardware: nothing was refused. */
static void *put_kept(void *pos, const struct nf_flow_acct *acct, int dir)
{
	enum nf_flow_reason reason;

	reason = nf_flow_policy_kept(acct->flowtable, acct->flow, dir);
	if (reason)
		pos = put_string(pos, NFT_OFFLOAD_DIR_REASON,
				 nf_flow_reason_name(reason));
	return pos;
}

static __always_inline void *put_count(void *pos, int type,
				       const atomic64_t *value)
{
	return put_u64(pos, type, atomic64_read(value), NFT_OFFLOAD_DIR_PAD);
}

/* What was not counted is not told. A rate needs the time at which the driver
 * counted, not that of the request.
 */
static void *put_counts(void *pos, const struct nf_flow_acct *acct,
			enum flow_offload_tuple_dir dir)
{
	const struct nf_flow_count *count = &acct->count[dir];
	s64 read = atomic64_read(&count->hw_read);
	u64 age;

	if (!acct->id)
		return pos;

	pos = put_count(pos, NFT_OFFLOAD_DIR_SW_PACKETS, &count->sw_packets);
	pos = put_count(pos, NFT_OFFLOAD_DIR_SW_BYTES, &count->sw_bytes);
	pos = put_count(pos, NFT_OFFLOAD_DIR_HW_PACKETS, &count->hw_packets);
	pos = put_count(pos, NFT_OFFLOAD_DIR_HW_BYTES, &count->hw_bytes);
	if (!read)
		return pos;

	age = max_t(s64, ktime_get_ns() - read, 0);
	return put_u64(pos, NFT_OFFLOAD_DIR_HW_AGE, div_u64(age, NSEC_PER_MSEC),
		       NFT_OFFLOAD_DIR_PAD);
}

static void *put_carried(void *pos, const struct nf_flow_acct *acct, int dir)
{
	u32 priority;
	u8 bits, dscp;

	bits = nf_flow_carry_get(acct->flowtable, acct->flow, dir, &priority,
				 &dscp);
	if (bits & BIT(NF_FLOW_CARRY_PRIORITY))
		pos = put_u32(pos, NFT_OFFLOAD_DIR_PRIORITY, priority);
	if (bits & BIT(NF_FLOW_CARRY_DSCP))
		pos = put_u8(pos, NFT_OFFLOAD_DIR_DSCP, dscp);
	bits = nf_flow_carry_refused(acct->flow, dir);
	if (bits)
		pos = put_u8(pos, NFT_OFFLOAD_DIR_NOT_CARRIED, bits);
	return pos;
}

static void *put_dir(void *pos, const struct nf_flow_acct *acct,
		     enum flow_offload_tuple_dir dir,
		     const struct nft_offload_failure *failure)
{
	const struct flow_offload_tuple *tuple = &acct->flow->tuplehash[dir].tuple;
	int state = READ_ONCE(acct->flow->hw.state[dir]);
	void *nest = pos;

	pos = put_nest(pos, dir == FLOW_OFFLOAD_DIR_ORIGINAL ?
		       NFT_OFFLOAD_FLOW_ORIGINAL : NFT_OFFLOAD_FLOW_REPLY);
	if (tuple->l3proto == NFPROTO_IPV4) {
		pos = put_attr(pos, NFT_OFFLOAD_DIR_SADDR, &tuple->src_v4,
			       sizeof(tuple->src_v4));
		pos = put_attr(pos, NFT_OFFLOAD_DIR_DADDR, &tuple->dst_v4,
			       sizeof(tuple->dst_v4));
	} else {
		pos = put_attr(pos, NFT_OFFLOAD_DIR_SADDR, &tuple->src_v6,
			       sizeof(tuple->src_v6));
		pos = put_attr(pos, NFT_OFFLOAD_DIR_DADDR, &tuple->dst_v6,
			       sizeof(tuple->dst_v6));
	}
	if (tuple->l4proto != IPPROTO_GRE) {
		pos = put_be16(pos, NFT_OFFLOAD_DIR_SPORT, tuple->src_port);
		pos = put_be16(pos, NFT_OFFLOAD_DIR_DPORT, tuple->dst_port);
	}
	pos = put_u32(pos, NFT_OFFLOAD_DIR_IIF, tuple->iifidx);
	pos = put_u32(pos, NFT_OFFLOAD_DIR_OIF, tuple->ifidx);
	if (tuple->encap_num)
		pos = put_encap(pos, tuple);
	pos = put_u32(pos, NFT_OFFLOAD_DIR_MTU, tuple->mtu);
	pos = put_counts(pos, acct, dir);
	pos = put_u8(pos, NFT_OFFLOAD_DIR_IN_HARDWARE,
		     state == FLOW_OFFLOAD_HW_INSTALLED);
	pos = put_carried(pos, acct, dir);

	if (failure && failure->dir == dir)
		pos = put_trouble(pos, failure->err, failure->reason,
				  failure->msg);
	else if (state < 0)
		pos = put_refused(pos, acct, dir, state);
	else if (state == FLOW_OFFLOAD_HW_NONE)
		pos = put_kept(pos, acct, dir);
	put_nest_end(nest, pos);
	return pos;
}

/* Also of a flow that has only just been added, and is to be offered next */
static bool never_in_hardware(const struct nf_flow_acct *acct)
{
	const struct flow_offload *flow = acct->flow;

	return !nf_flowtable_hw_offload(acct->flowtable) ||
	       flow->tuplehash[FLOW_OFFLOAD_DIR_ORIGINAL].tuple.tun_num ||
	       flow->tuplehash[FLOW_OFFLOAD_DIR_REPLY].tuple.tun_num;
}

static u32 fill_flags(const struct nf_flow_acct *acct)
{
	unsigned long bits = READ_ONCE(acct->flow->flags);
	u32 flags = 0;

	if (bits & BIT(NF_FLOW_SNAT))
		flags |= NFT_OFFLOAD_FLAG_SNAT;
	if (bits & BIT(NF_FLOW_DNAT))
		flags |= NFT_OFFLOAD_FLAG_DNAT;
	if (never_in_hardware(acct))
		flags |= NFT_OFFLOAD_FLAG_NO_HARDWARE;
	return flags;
}

static void *put_ct(void *pos, const struct nf_flow_acct *acct)
{
	const struct nf_conn *ct __maybe_unused = acct->flow->ct;

	pos = put_u32(pos, NFT_OFFLOAD_FLOW_CT_ID, acct->ct_id);
#ifdef CONFIG_NF_CONNTRACK_MARK
	pos = put_u32(pos, NFT_OFFLOAD_FLOW_CT_MARK, READ_ONCE(ct->mark));
#endif
#ifdef CONFIG_NF_CONNTRACK_ZONES
	pos = put_u16(pos, NFT_OFFLOAD_FLOW_CT_ZONE, nf_ct_zone(ct)->id);
#endif
	return pos;
}

/* As many bytes as a flow takes, or more. A number takes up to 16, with what pads
 * it.
 */
static int flow_room(int table, int name)
{
	return 16 * NFT_OFFLOAD_FLOW_MAX + nla_total_size(table) +
	       nla_total_size(name) +
	       FLOW_OFFLOAD_DIR_MAX *
	       (16 * NFT_OFFLOAD_DIR_MAX +
		2 * nla_total_size(sizeof(struct in6_addr)) +
		NF_FLOW_TABLE_ENCAP_MAX * 20 +
		nla_total_size(REASON_SIZE) +
		nla_total_size(NETLINK_MAX_FMTMSG_LEN));
}

/**
 * nft_offload_fill_flow() - all about a flow
 * @skb: message to fill
 * @acct: flow
 * @failure: what a driver said just now, NULL if it is about something else
 * @now: ktime_get_coarse_boottime_ns()
 *
 * Context: RCU, which keeps the flow.
 * Return: 0, or -EMSGSIZE with nothing of it in @skb.
 */
int nft_offload_fill_flow(struct sk_buff *skb,
			  const struct nf_flow_acct *acct,
			  const struct nft_offload_failure *failure, u64 now)
{
	const struct nft_flowtable *ft = nft_offload_flowtable(acct);
	const struct flow_offload *flow = acct->flow;
	s32 left = nf_flow_timeout_delta(READ_ONCE(flow->timeout));
	u64 age = now > acct->born ? now - acct->born : 0;
	enum nft_offload_state state = nft_offload_state(flow);
	int table = strlen(ft->table->name) + 1;
	int name = strlen(ft->name) + 1;
	void *pos = skb_tail_pointer(skb);

	/* the worker that was refused has not let go of it yet */
	if (failure && state == NFT_OFFLOAD_STATE_PENDING)
		state = NFT_OFFLOAD_STATE_FAILED;

	if (skb_tailroom(skb) < flow_room(table, name))
		return -EMSGSIZE;

	if (acct->id)
		pos = put_u64(pos, NFT_OFFLOAD_FLOW_ID, acct->id,
			      NFT_OFFLOAD_FLOW_PAD);
	pos = put_u8(pos, NFT_OFFLOAD_FLOW_TABLE_FAMILY, ft->table->family);
	pos = put_attr(pos, NFT_OFFLOAD_FLOW_TABLE, ft->table->name, table);
	pos = put_attr(pos, NFT_OFFLOAD_FLOW_FLOWTABLE, ft->name, name);
	pos = put_u8(pos, NFT_OFFLOAD_FLOW_L3PROTO,
		     flow->tuplehash[0].tuple.l3proto);
	pos = put_u8(pos, NFT_OFFLOAD_FLOW_L4PROTO,
		     flow->tuplehash[0].tuple.l4proto);
	pos = put_u8(pos, NFT_OFFLOAD_FLOW_STATE, state);
	pos = put_u32(pos, NFT_OFFLOAD_FLOW_FLAGS, fill_flags(acct));
	pos = put_dir(pos, acct, FLOW_OFFLOAD_DIR_ORIGINAL, failure);
	pos = put_dir(pos, acct, FLOW_OFFLOAD_DIR_REPLY, failure);
	pos = put_u32(pos, NFT_OFFLOAD_FLOW_TIMEOUT,
		      left > 0 ? jiffies_to_msecs(left) : 0);
	if (acct->id)
		pos = put_u64(pos, NFT_OFFLOAD_FLOW_AGE,
			      div_u64(age, NSEC_PER_MSEC),
			      NFT_OFFLOAD_FLOW_PAD);
	pos = put_ct(pos, acct);
	if (READ_ONCE(flow->pin))
		pos = put_u8(pos, NFT_OFFLOAD_FLOW_PIN, READ_ONCE(flow->pin));
	skb_put(skb, pos - (void *)skb_tail_pointer(skb));
	return 0;
}

/**
 * nft_offload_reply_count() - answer a request with a number of flows
 * @info: request
 * @count: number
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int nft_offload_reply_count(struct genl_info *info, u64 count)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_iput(skb, info);
	if (!hdr || nla_put_u64_64bit(skb, NFT_OFFLOAD_FLOW_COUNT, count,
				      NFT_OFFLOAD_FLOW_PAD)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/* Flowtables */

static int fill_device(struct sk_buff *skb, const struct net_device *dev,
		       unsigned long err)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NFT_OFFLOAD_TABLE_DEVICE);
	if (!nest ||
	    nla_put_u32(skb, NFT_OFFLOAD_DEVICE_IFINDEX, dev->ifindex) ||
	    nla_put_string(skb, NFT_OFFLOAD_DEVICE_NAME, dev->name) ||
	    (err && nla_put_u32(skb, NFT_OFFLOAD_DEVICE_ERRNO, err)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* A device, and all that comes after the devices: more than they take */
#define DEVICE_SIZE	64
#define REST_SIZE	(512 + 64 * __NF_FLOW_REASON_MAX + \
			 32 * (NF_FLOW_ERRNO_MAX + 1))

/* The message has room for more than a thousand devices. Of wildcards there may
 * be more: how many were left out is told, too.
 */
static int fill_devices(struct sk_buff *skb,
			const struct nf_flowtable *flowtable, bool first)
{
	struct net *net = read_pnet(&flowtable->net);
	const struct net_device *dev;
	unsigned long ifindex;
	struct nlattr *list;
	void *entry;
	u32 more = 0;
	int err = 0;

	list = nla_nest_start(skb, NFT_OFFLOAD_TABLE_DEVICES);
	if (!list)
		return -EMSGSIZE;

	rcu_read_lock();
	xa_for_each(&flowtable->counters->devices, ifindex, entry) {
		dev = dev_get_by_index_rcu(net, ifindex);
		if (!dev)
			continue;
		if (skb_tailroom(skb) < DEVICE_SIZE + REST_SIZE) {
			more++;
			continue;
		}
		err = fill_device(skb, dev, xa_to_value(entry));
		if (err)
			goto out;
	}
	nla_nest_end(skb, list);
	/* the next message has more room than what others have left of this */
	if (more)
		err = first ? nla_put_u32(skb, NFT_OFFLOAD_TABLE_DEVICES_MORE,
					  more) : -EMSGSIZE;
out:
	rcu_read_unlock();
	return err;
}

static int fill_count(struct sk_buff *skb, int type, const char *name,
		      int number, u64 times)
{
	struct nlattr *nest;

	if (!times)
		return 0;

	nest = nla_nest_start(skb, type);
	if (!nest ||
	    (name ? nla_put_string(skb, NFT_OFFLOAD_REASON_NAME, name) :
		    nla_put_u32(skb, NFT_OFFLOAD_REASON_ERRNO, number)) ||
	    nla_put_u64_64bit(skb, NFT_OFFLOAD_REASON_COUNT, times,
			      NFT_OFFLOAD_REASON_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_counts(struct sk_buff *skb,
		       const struct nf_flow_counters *counters)
{
	struct nlattr *list;
	int i;

	list = nla_nest_start(skb, NFT_OFFLOAD_TABLE_REASONS);
	if (!list)
		return -EMSGSIZE;
	for (i = 0; i < __NF_FLOW_REASON_MAX; i++)
		if (fill_count(skb, NFT_OFFLOAD_TABLE_REASON,
			       nf_flow_reason_name(i), 0,
			       nf_flow_counters_reason(counters, i)))
			return -EMSGSIZE;
	nla_nest_end(skb, list);

	list = nla_nest_start(skb, NFT_OFFLOAD_TABLE_ERRNOS);
	if (!list)
		return -EMSGSIZE;
	for (i = 0; i <= NF_FLOW_ERRNO_MAX; i++)
		if (fill_count(skb, NFT_OFFLOAD_TABLE_ERRNO, NULL, i,
			       atomic64_read(&counters->errnos[i])))
			return -EMSGSIZE;
	nla_nest_end(skb, list);
	return 0;
}

static u32 table_flags(const struct nf_flowtable *flowtable)
{
	u32 flags = 0;

	if (flowtable->flags & NF_FLOWTABLE_HW_OFFLOAD)
		flags |= NFT_OFFLOAD_TABLE_FLAG_HARDWARE;
	if (flowtable->flags & NF_FLOWTABLE_COUNTER)
		flags |= NFT_OFFLOAD_TABLE_FLAG_COUNTER;
	return flags;
}

/**
 * nft_offload_fill_table() - all about a flowtable
 * @skb: message to fill
 * @flowtable: flowtable, of nftables
 * @first: there is no other message in @skb: what has no room is left out, and
 *	not for the next message
 *
 * Context: nf_flow_table_for_each(), which keeps the flowtable.
 * Return: 0, or -EMSGSIZE; @skb may have a part of it then.
 */
int nft_offload_fill_table(struct sk_buff *skb, struct nf_flowtable *flowtable,
			   bool first)
{
	const struct nft_flowtable *ft = container_of(flowtable,
						      struct nft_flowtable,
						      data);
	const struct nf_flow_counters *counters = flowtable->counters;
	unsigned int length[__NF_FLOW_QUEUE_MAX];

	nf_flow_queue_lengths(flowtable, length);
	if (nla_put_u8(skb, NFT_OFFLOAD_TABLE_FAMILY, ft->table->family) ||
	    nla_put_string(skb, NFT_OFFLOAD_TABLE_TABLE, ft->table->name) ||
	    nla_put_string(skb, NFT_OFFLOAD_TABLE_NAME, ft->name) ||
	    nla_put_u32(skb, NFT_OFFLOAD_TABLE_FLAGS, table_flags(flowtable)) ||
	    nla_put_u8(skb, NFT_OFFLOAD_TABLE_ALLOWED,
		       nf_flow_table_hw_allowed(read_pnet(&flowtable->net))) ||
	    nla_put_u8(skb, NFT_OFFLOAD_TABLE_STRICT,
		       nf_flow_setting_strict(ft)) ||
	    fill_devices(skb, flowtable, first) ||
	    nla_put_u32(skb, NFT_OFFLOAD_TABLE_FLOWS,
			atomic_read(&flowtable->rhashtable.nelems) / 2) ||
	    nla_put_u32(skb, NFT_OFFLOAD_TABLE_HW_FLOWS,
			atomic_read(&counters->hw_flows)) ||
	    nla_put_u32(skb, NFT_OFFLOAD_TABLE_QUEUE_ADD,
			length[NF_FLOW_QUEUE_ADD]) ||
	    nla_put_u32(skb, NFT_OFFLOAD_TABLE_QUEUE_DEL,
			length[NF_FLOW_QUEUE_DEL]) ||
	    nla_put_u32(skb, NFT_OFFLOAD_TABLE_QUEUE_STATS,
			length[NF_FLOW_QUEUE_STATS]) ||
	    nla_put_u64_64bit(skb, NFT_OFFLOAD_TABLE_HW_ADDS,
			      atomic64_read(&counters->hw_adds),
			      NFT_OFFLOAD_TABLE_PAD) ||
	    nla_put_u64_64bit(skb, NFT_OFFLOAD_TABLE_HW_DELS,
			      atomic64_read(&counters->hw_dels),
			      NFT_OFFLOAD_TABLE_PAD) ||
	    fill_counts(skb, counters))
		return -EMSGSIZE;
	return 0;
}
