// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows of nft_offload: list them, find one, end them.
 *
 * A dump goes by the numbers of flows. Between two messages it keeps nothing but
 * where it was, so that flows and flowtables may go meanwhile. Flows that are not
 * counted come last, and have neither a number, nor an age, nor counters.
 */
#include <linux/delay.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "nft_offload.h"

#define REASON_SIZE	64 /* longer than any name of a reason */

struct nlmsghdr *nft_offload_put_header(struct sk_buff *skb, u32 portid,
					u32 seq, int type, int flags, u8 family)
{
	return nfnl_msg_put(skb, portid, seq,
			    nfnl_msg_type(NFNL_SUBSYS_NFT_OFFLOAD, type), flags,
			    family, NFNETLINK_V0, 0);
}

/**
 * nft_offload_state() - where are the packets of a flow forwarded?
 * @flow: flow
 *
 * Context: RCU, which keeps the flow.
 * Return: the state.
 */
enum nft_offload_state nft_offload_state(const struct flow_offload *flow)
{
	unsigned long flags = READ_ONCE(flow->flags);

	/* after FIN or RST (NF_FLOW_CLOSING) packets are forwarded as before */
	if (flags & BIT(NF_FLOW_TEARDOWN))
		return NFT_OFFLOAD_STATE_CLOSING;
	if (test_bit(IPS_HW_OFFLOAD_BIT, &flow->ct->status))
		return NFT_OFFLOAD_STATE_HARDWARE;
	if (flags & BIT(NF_FLOW_PENDING))
		return NFT_OFFLOAD_STATE_PENDING;
	if (READ_ONCE(flow->hw.state[FLOW_OFFLOAD_DIR_ORIGINAL]) < 0 ||
	    READ_ONCE(flow->hw.state[FLOW_OFFLOAD_DIR_REPLY]) < 0)
		return NFT_OFFLOAD_STATE_FAILED;
	return NFT_OFFLOAD_STATE_SOFTWARE;
}

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
static void *put_refused(void *pos, const struct nf_flow_watch *watch,
			 enum flow_offload_tuple_dir dir, int err)
{
	const struct nf_flow_trouble *trouble;

	trouble = rcu_dereference(watch->count[dir].trouble);
	return put_trouble(pos, err, trouble ? trouble->reason :
					       nf_flow_reason_driver(err),
			   trouble ? trouble->msg : NULL);
}

static __always_inline void *put_count(void *pos, int type,
				       const atomic64_t *value)
{
	return put_u64(pos, type, atomic64_read(value), NFT_OFFLOAD_DIR_PAD);
}

/* What was not counted is not told. A rate needs the time at which the driver
 * counted, not that of the request.
 */
static void *put_counts(void *pos, const struct nf_flow_watch *watch,
			enum flow_offload_tuple_dir dir)
{
	const struct nf_flow_count *count = &watch->count[dir];
	s64 read = atomic64_read(&count->hw_read);
	u64 age;

	if (!watch->id)
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

static void *put_dir(void *pos, const struct nf_flow_watch *watch,
		     enum flow_offload_tuple_dir dir,
		     const struct nft_offload_trouble *trouble)
{
	const struct flow_offload_tuple *tuple = &watch->flow->tuplehash[dir].tuple;
	int state = READ_ONCE(watch->flow->hw.state[dir]);
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
	pos = put_counts(pos, watch, dir);
	pos = put_u8(pos, NFT_OFFLOAD_DIR_IN_HARDWARE,
		     state == FLOW_OFFLOAD_HW_INSTALLED);

	if (trouble && trouble->dir == dir)
		pos = put_trouble(pos, trouble->err, trouble->reason,
				  trouble->msg);
	else if (state < 0)
		pos = put_refused(pos, watch, dir, state);
	put_nest_end(nest, pos);
	return pos;
}

/* Also of a flow that has only just been added, and is to be offered next */
static bool never_in_hardware(const struct nf_flow_watch *watch)
{
	const struct flow_offload *flow = watch->flow;

	return !nf_flowtable_hw_offload(watch->flowtable) ||
	       flow->tuplehash[FLOW_OFFLOAD_DIR_ORIGINAL].tuple.tun_num ||
	       flow->tuplehash[FLOW_OFFLOAD_DIR_REPLY].tuple.tun_num;
}

static u32 fill_flags(const struct nf_flow_watch *watch)
{
	unsigned long bits = READ_ONCE(watch->flow->flags);
	u32 flags = 0;

	if (bits & BIT(NF_FLOW_SNAT))
		flags |= NFT_OFFLOAD_FLAG_SNAT;
	if (bits & BIT(NF_FLOW_DNAT))
		flags |= NFT_OFFLOAD_FLAG_DNAT;
	if (never_in_hardware(watch))
		flags |= NFT_OFFLOAD_FLAG_NO_HARDWARE;
	return flags;
}

static void *put_ct(void *pos, const struct nf_flow_watch *watch)
{
	const struct nf_conn *ct __maybe_unused = watch->flow->ct;

	pos = put_u32(pos, NFT_OFFLOAD_FLOW_CT_ID, watch->ct_id);
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
 * @watch: flow
 * @trouble: what a driver said just now, NULL if it is about something else
 * @now: ktime_get_coarse_boottime_ns()
 *
 * Context: RCU, which keeps the flow.
 * Return: 0, or -EMSGSIZE with nothing of it in @skb.
 */
int nft_offload_fill_flow(struct sk_buff *skb,
			  const struct nf_flow_watch *watch,
			  const struct nft_offload_trouble *trouble, u64 now)
{
	const struct nft_flowtable *ft = nft_offload_flowtable(watch);
	const struct flow_offload *flow = watch->flow;
	s32 left = nf_flow_timeout_delta(READ_ONCE(flow->timeout));
	u64 age = now > watch->born ? now - watch->born : 0;
	enum nft_offload_state state = nft_offload_state(flow);
	int table = strlen(ft->table->name) + 1;
	int name = strlen(ft->name) + 1;
	void *pos = skb_tail_pointer(skb);

	/* the worker that was refused has not let go of it yet */
	if (trouble && state == NFT_OFFLOAD_STATE_PENDING)
		state = NFT_OFFLOAD_STATE_FAILED;

	if (skb_tailroom(skb) < flow_room(table, name))
		return -EMSGSIZE;

	if (watch->id)
		pos = put_u64(pos, NFT_OFFLOAD_FLOW_ID, watch->id,
			      NFT_OFFLOAD_FLOW_PAD);
	pos = put_u8(pos, NFT_OFFLOAD_FLOW_TABLE_FAMILY, ft->table->family);
	pos = put_attr(pos, NFT_OFFLOAD_FLOW_TABLE, ft->table->name, table);
	pos = put_attr(pos, NFT_OFFLOAD_FLOW_FLOWTABLE, ft->name, name);
	pos = put_u8(pos, NFT_OFFLOAD_FLOW_L3PROTO,
		     flow->tuplehash[0].tuple.l3proto);
	pos = put_u8(pos, NFT_OFFLOAD_FLOW_L4PROTO,
		     flow->tuplehash[0].tuple.l4proto);
	pos = put_u8(pos, NFT_OFFLOAD_FLOW_STATE, state);
	pos = put_u32(pos, NFT_OFFLOAD_FLOW_FLAGS, fill_flags(watch));
	pos = put_dir(pos, watch, FLOW_OFFLOAD_DIR_ORIGINAL, trouble);
	pos = put_dir(pos, watch, FLOW_OFFLOAD_DIR_REPLY, trouble);
	pos = put_u32(pos, NFT_OFFLOAD_FLOW_TIMEOUT,
		      left > 0 ? jiffies_to_msecs(left) : 0);
	if (watch->id)
		pos = put_u64(pos, NFT_OFFLOAD_FLOW_AGE,
			      div_u64(age, NSEC_PER_MSEC),
			      NFT_OFFLOAD_FLOW_PAD);
	pos = put_ct(pos, watch);
	skb_put(skb, pos - (void *)skb_tail_pointer(skb));
	return 0;
}

/**
 * nft_offload_find_watch() - find the flow of a connection
 * @ct: its conntrack entry, or NULL
 * @none: see nf_flow_watch_of()
 *
 * Context: rcu_read_lock(), which keeps the flow.
 * Return: what is known of the flow; NULL if there is none.
 */
const struct nf_flow_watch *nft_offload_find_watch(const struct nf_conn *ct,
						   struct nf_flow_watch *none)
{
	struct nf_flowtable *flowtable;
	struct flow_offload *flow;

	flow = ct ? flow_offload_lookup_ct(ct, &flowtable) : NULL;
	if (!flow || !flowtable->counters) /* not of nftables */
		return NULL;
	return nf_flow_watch_of(flowtable, flow, none);
}

static u8 flow_family(const struct nf_flow_watch *watch)
{
	return watch->flow->tuplehash[0].tuple.l3proto;
}

/* The next flow, under RCU. @n: flows so far: others run now and then, and the one
 * before may be gone.
 */
static const struct nf_flow_watch *list_next(struct net *net,
					     struct nf_flow_list *list,
					     struct nf_flow_watch *none,
					     unsigned int *n)
{
	const struct nf_flow_watch *watch;

	if (!(++*n % 1024))
		nft_offload_resched_rcu();
	while (IS_ERR(watch = nf_flow_list_next(net, list, none)))
		nft_offload_resched_rcu();
	return watch;
}

/**
 * struct flow_dump - where a dump is, in struct netlink_callback
 * @filter: flows that are wanted
 * @list: where the list is
 */
struct flow_dump {
	struct nft_offload_filter	*filter;
	struct nf_flow_list		list;
};

static int flow_dump_start(struct netlink_callback *cb)
{
	struct flow_dump *dump = (struct flow_dump *)cb->ctx;
	struct net *net = sock_net(cb->skb->sk);

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	dump->filter = nft_offload_filter_parse(cb->data, cb->extack);
	if (IS_ERR(dump->filter))
		return PTR_ERR(dump->filter);
	nf_flow_watch_get(net, true);
	nf_flow_list_begin(net, &dump->list);
	return 0;
}

static int flow_dump_done(struct netlink_callback *cb)
{
	struct flow_dump *dump = (struct flow_dump *)cb->ctx;

	nf_flow_watch_put(sock_net(cb->skb->sk), NFT_OFFLOAD_LINGER);
	kfree(dump->filter);
	return 0;
}

static int flow_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct flow_dump *dump = (struct flow_dump *)cb->ctx;
	u64 now = ktime_get_coarse_boottime_ns();
	struct net *net = sock_net(skb->sk);
	const struct nf_flow_watch *watch;
	struct nf_flow_list list;
	struct nf_flow_watch none;
	struct nlmsghdr *nlh;
	unsigned int n = 0;

	rcu_read_lock();
	for (list = dump->list; (watch = list_next(net, &list, &none, &n));
	     dump->list = list) {
		if (nft_offload_filter_match(dump->filter, watch)) {
			nlh = nft_offload_put_header(skb,
						     NETLINK_CB(cb->skb).portid,
						     cb->nlh->nlmsg_seq,
						     NFT_OFFLOAD_MSG_FLOW_NEW,
						     NLM_F_MULTI,
						     flow_family(watch));
			if (!nlh)
				break;
			if (nft_offload_fill_flow(skb, watch, NULL, now)) {
				nlmsg_trim(skb, nlh);
				break;
			}
			nlmsg_end(skb, nlh);
		}
	}
	rcu_read_unlock();
	return skb->len;
}

static int flow_get_one(const struct nfnl_info *info, u32 portid,
			const struct nft_offload_filter *filter)
{
	const struct nf_flow_watch *watch;
	struct nf_flow_watch none;
	struct nf_conn *ct;
	struct nlmsghdr *nlh;
	struct sk_buff *skb;
	int err = -ENOENT;

	skb = nlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;

	nf_flow_watch_get(info->net, true);
	nf_flow_watch_put(info->net, NFT_OFFLOAD_LINGER);
	ct = nft_offload_find_ct(info->net, filter);
	rcu_read_lock();
	watch = nft_offload_find_watch(ct, &none);
	if (watch && nft_offload_filter_match(filter, watch)) {
		nlh = nft_offload_put_header(skb, portid, info->nlh->nlmsg_seq,
					     NFT_OFFLOAD_MSG_FLOW_NEW, 0,
					     flow_family(watch));
		err = nlh ? nft_offload_fill_flow(skb, watch, NULL,
						  ktime_get_coarse_boottime_ns()) :
			    -EMSGSIZE;
		if (!err)
			nlmsg_end(skb, nlh);
	}
	rcu_read_unlock();
	if (ct)
		nf_ct_put(ct);
	if (err) {
		if (err == -ENOENT)
			NL_SET_ERR_MSG(info->extack, "no such flow in any flowtable");
		kfree_skb(skb);
		return err;
	}
	return nfnetlink_unicast(skb, info->net, portid);
}

int nft_offload_flow_get(struct sk_buff *skb, const struct nfnl_info *info,
			 const struct nlattr * const cda[])
{
	struct nft_offload_filter *filter;
	int err;

	err = nft_offload_validate(info);
	if (err)
		return err;

	if (info->nlh->nlmsg_flags & NLM_F_DUMP) {
		struct netlink_dump_control c = {
			.start = flow_dump_start,
			.dump = flow_dump,
			.done = flow_dump_done,
			.module = THIS_MODULE,
			.data = (void *)cda[NFT_OFFLOAD_FLOW_FILTER],
			.extack = info->extack,
		};

		return netlink_dump_start(info->sk, skb, info->nlh, &c);
	}

	filter = nft_offload_filter_parse(cda[NFT_OFFLOAD_FLOW_FILTER],
					  info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	err = nft_offload_filter_exact(filter, info->extack) ?:
	      flow_get_one(info, NETLINK_CB(skb).portid, filter);
	kfree(filter);
	return err;
}

/* Tear down what the filter lets pass. */
static u64 flow_flush(struct net *net, const struct nft_offload_filter *filter,
		      struct nf_flow_list list)
{
	const struct nf_flow_watch *watch;
	struct nf_flow_watch none;
	unsigned int n = 0;
	u64 count = 0;

	rcu_read_lock();
	while ((watch = list_next(net, &list, &none, &n))) {
		if (test_bit(NF_FLOW_TEARDOWN, &watch->flow->flags) ||
		    !nft_offload_filter_match(filter, watch))
			continue;
		nf_flow_watch_cause(watch->flow, NF_FLOW_CAUSE_FLUSHED);
		flow_offload_teardown(watch->flow);
		nf_flow_offload_unload(watch->flowtable, watch->flow);
		count++;
	}
	rcu_read_unlock();
	return count;
}

/* Is one of those that were torn down in hardware still? @list goes to it. */
static bool flow_flush_busy(struct net *net, struct nf_flow_list *list)
{
	struct nf_flow_list next = *list;
	const struct nf_flow_watch *watch;
	struct nf_flow_watch none;
	unsigned int n = 0;
	bool busy = false;

	rcu_read_lock();
	for (; (watch = list_next(net, &next, &none, &n)); *list = next) {
		/* a driver may be about to add one */
		busy = test_bit(NF_FLOW_TEARDOWN, &watch->flow->flags) &&
		       (test_bit(NF_FLOW_PENDING, &watch->flow->flags) ||
			flow_offload_in_hw(watch->flow));
		if (busy)
			break;
	}
	rcu_read_unlock();
	return busy;
}

static int flow_del_echo(const struct nfnl_info *info, u32 portid, u64 count)
{
	struct nlmsghdr *nlh;
	struct sk_buff *skb;

	skb = nlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	nlh = nft_offload_put_header(skb, portid, info->nlh->nlmsg_seq,
				     NFT_OFFLOAD_MSG_FLOW_DEL, 0, AF_UNSPEC);
	if (!nlh || nla_put_u64_64bit(skb, NFT_OFFLOAD_FLOW_COUNT, count,
				      NFT_OFFLOAD_FLOW_PAD)) {
		kfree_skb(skb);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return nfnetlink_unicast(skb, info->net, portid);
}

int nft_offload_flow_del(struct sk_buff *skb, const struct nfnl_info *info,
			 const struct nlattr * const cda[])
{
	struct nft_offload_filter *filter;
	struct nf_flow_list list;
	bool unlock;
	u64 count;
	int err;

	err = nft_offload_validate(info);
	if (err)
		return err;

	filter = nft_offload_filter_parse(cda[NFT_OFFLOAD_FLOW_FILTER],
					  info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	nf_flow_watch_get(info->net, true);
	nf_flow_list_begin(info->net, &list);
	count = flow_flush(info->net, filter, list);
	kfree(filter);

	/* The drivers take their time, which no one else need wait for. The
	 * module stays meanwhile; if it is about to go already, it waits for the
	 * lock.
	 */
	unlock = try_module_get(THIS_MODULE);
	if (unlock)
		nfnl_unlock(NFNL_SUBSYS_NFT_OFFLOAD);
	while (!err && flow_flush_busy(info->net, &list))
		if (msleep_interruptible(1))
			err = -EINTR;
	if (unlock) {
		nfnl_lock(NFNL_SUBSYS_NFT_OFFLOAD);
		module_put(THIS_MODULE);
	}
	nf_flow_watch_put(info->net, 0);
	if (err) {
		NL_SET_ERR_MSG(info->extack,
			       "interrupted: flows go on leaving hardware");
		return err;
	}
	if (info->nlh->nlmsg_flags & NLM_F_ECHO)
		return flow_del_echo(info, NETLINK_CB(skb).portid, count);
	return 0;
}
