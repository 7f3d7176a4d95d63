// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flowtables of nft_offload: their devices, and what became of their flows.
 */
#include <linux/netdevice.h>
#include <linux/rhashtable.h>
#include "nft_offload.h"

static int fill_device(struct sk_buff *skb, struct nf_flowtable *flowtable,
		       const struct net_device *dev)
{
	struct nlattr *nest;
	void *err;

	nest = nla_nest_start(skb, NFT_OFFLOAD_TABLE_DEVICE);
	if (!nest ||
	    nla_put_u32(skb, NFT_OFFLOAD_DEVICE_IFINDEX, dev->ifindex) ||
	    nla_put_string(skb, NFT_OFFLOAD_DEVICE_NAME, dev->name))
		return -EMSGSIZE;

	err = xa_load(&flowtable->counters->software, dev->ifindex);
	if (err && nla_put_u32(skb, NFT_OFFLOAD_DEVICE_ERRNO, xa_to_value(err)))
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
static int fill_devices(struct sk_buff *skb, const struct nft_flowtable *ft,
			struct nf_flowtable *flowtable, bool first)
{
	const struct nf_hook_ops *ops;
	const struct nft_hook *hook;
	struct nlattr *list;
	u32 more = 0;
	int err = 0;

	list = nla_nest_start(skb, NFT_OFFLOAD_TABLE_DEVICES);
	if (!list)
		return -EMSGSIZE;

	rcu_read_lock();
	list_for_each_entry_rcu(hook, &ft->hook_list, list) {
		list_for_each_entry_rcu(ops, &hook->ops_list, list) {
			if (skb_tailroom(skb) < DEVICE_SIZE + REST_SIZE) {
				more++;
				continue;
			}
			err = fill_device(skb, flowtable, ops->dev);
			if (err)
				goto out;
		}
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

static int fill_table(struct sk_buff *skb, struct nf_flowtable *flowtable,
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
	    fill_devices(skb, ft, flowtable, first) ||
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

/**
 * struct table_dump - where a dump is, in struct netlink_callback
 * @told: number of the flowtable that was told last
 * @skb: message to fill
 * @cb: the dump
 */
struct table_dump {
	u64			told;
	struct sk_buff		*skb;
	struct netlink_callback	*cb;
};

static int table_dump_one(struct nf_flowtable *flowtable, void *data)
{
	struct table_dump *dump = data;
	bool first = !dump->skb->len;
	struct nlmsghdr *nlh;

	/* not of nftables, or told already */
	if (!flowtable->counters || flowtable->counters->id >= dump->told)
		return 0;

	nlh = nft_offload_put_header(dump->skb,
				     NETLINK_CB(dump->cb->skb).portid,
				     dump->cb->nlh->nlmsg_seq,
				     NFT_OFFLOAD_MSG_TABLE_NEW, NLM_F_MULTI,
				     AF_UNSPEC);
	if (!nlh)
		return -EMSGSIZE;
	if (fill_table(dump->skb, flowtable, first)) {
		nlmsg_trim(dump->skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(dump->skb, nlh);
	dump->told = flowtable->counters->id;
	return 0;
}

static int table_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	u64 *told = (u64 *)cb->ctx;
	struct table_dump dump = {
		.told	= *told ?: U64_MAX,
		.skb	= skb,
		.cb	= cb,
	};
	int err;

	err = nf_flow_table_for_each(sock_net(skb->sk), table_dump_one, &dump);
	*told = dump.told;
	/* what did not fit comes next, but not if nothing fits */
	return err && !skb->len ? err : skb->len;
}

int nft_offload_table_get(struct sk_buff *skb, const struct nfnl_info *info,
			  const struct nlattr * const cda[])
{
	struct netlink_dump_control c = {
		.dump = table_dump,
		.module = THIS_MODULE,
		.min_dump_alloc = NFT_OFFLOAD_TABLE_SIZE,
	};
	int err;

	err = nft_offload_validate_empty(info);
	if (err)
		return err;
	if (!(info->nlh->nlmsg_flags & NLM_F_DUMP)) {
		NL_SET_ERR_MSG(info->extack, "flowtables come as a dump only");
		return -EOPNOTSUPP;
	}
	return netlink_dump_start(info->sk, skb, info->nlh, &c);
}
