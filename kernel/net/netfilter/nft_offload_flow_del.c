// SPDX-License-Identifier: GPL-2.0-only
/*
 * FLOW_DEL of nft_offload: end flows.
 *
 * The answer comes when the flows have left hardware. Drivers take their time, and
 * whoever registers or removes a generic netlink family waits for requests that
 * are being answered: so this waits for FLUSH_WAIT at most, and the request can be
 * sent again.
 */
#include <linux/delay.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "nft_offload.h"

#define FLUSH_WAIT	(5 * HZ)

/* Tear down what the filter lets pass. */
static u64 flush(struct net *net, const struct nft_offload_filter *filter,
		 struct nf_flow_list list)
{
	const struct nf_flow_acct *acct;
	struct nf_flow_acct none;
	unsigned int n = 0;
	u64 count = 0;

	rcu_read_lock();
	while ((acct = nft_offload_list_next(net, &list, &none, &n))) {
		if (test_bit(NF_FLOW_TEARDOWN, &acct->flow->flags) ||
		    !nft_offload_filter_match(filter, acct))
			continue;
		nf_flow_acct_cause(acct->flow, NF_FLOW_CAUSE_FLUSHED);
		flow_offload_teardown(acct->flow);
		nf_flow_offload_remove(acct->flowtable, acct->flow);
		count++;
	}
	rcu_read_unlock();
	return count;
}

/* Is one of those that were torn down in hardware still? @list goes to it. */
static bool flush_busy(struct net *net, struct nf_flow_list *list)
{
	struct nf_flow_list next = *list;
	const struct nf_flow_acct *acct;
	struct nf_flow_acct none;
	unsigned int n = 0;
	bool busy = false;

	rcu_read_lock();
	for (; (acct = nft_offload_list_next(net, &next, &none, &n));
	     *list = next) {
		/* a driver may be about to add one */
		busy = test_bit(NF_FLOW_TEARDOWN, &acct->flow->flags) &&
		       (test_bit(NF_FLOW_PENDING, &acct->flow->flags) ||
			flow_offload_in_hw(acct->flow));
		if (busy)
			break;
	}
	rcu_read_unlock();
	return busy;
}

static int flush_wait(struct net *net, struct nf_flow_list *list,
		      struct netlink_ext_ack *extack)
{
	unsigned long until = jiffies + FLUSH_WAIT;

	while (flush_busy(net, list)) {
		if (time_after(jiffies, until)) {
			NL_SET_ERR_MSG(extack,
				       "flows go on leaving hardware: to wait for them, ask again with states 0");
			return -ETIMEDOUT;
		}
		if (msleep_interruptible(1)) {
			NL_SET_ERR_MSG(extack,
				       "interrupted: flows go on leaving hardware");
			/* after -EINTR, netlink answers nothing */
			return -ECANCELED;
		}
	}
	return 0;
}

int nft_offload_nl_flow_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct nft_offload_filter *filter;
	struct nf_flow_list list;
	int err, echo = 0;
	u64 count;

	filter = nft_offload_filter_parse(info->attrs[NFT_OFFLOAD_FLOW_FILTER],
					  info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	nf_flow_acct_get(net, true);
	nf_flow_list_begin(net, &list);
	count = flush(net, filter, list);
	kfree(filter);

	err = flush_wait(net, &list, info->extack);
	nf_flow_acct_put(net, 0);
	if (info->nlhdr->nlmsg_flags & NLM_F_ECHO)
		echo = nft_offload_reply_count(info, count);
	return err ?: echo;
}
