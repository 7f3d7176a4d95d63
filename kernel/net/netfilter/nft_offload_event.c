// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of nft_offload: tell listeners what happens to flows.
 *
 * An event is about a flow as it is at that moment, and may come from the path of
 * a packet: the message is written at once, into a batch. A worker sends batches,
 * full ones at once, others after EVENT_DELAY: to wake a listener for each event
 * takes longer than all the rest. There is room for a bounded number of batches,
 * for the garbage collector may end 100,000 flows in one go; what does not fit is
 * lost, which listeners see from the numbers of the events, and so is what a
 * listener reads too slowly (ENOBUFS at its socket). Without listeners nothing is
 * written.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sizes.h>
#include <linux/srcu.h>
#include <net/netns/generic.h>
#include "nft_offload.h"

/* payload of a message that takes 16 KiB with all that is around it */
#define EVENT_BATCH	(SKB_WITH_OVERHEAD(SZ_16K) - NLMSG_HDRLEN)
#define EVENT_BATCHES	4096 /* 64 MiB */
#define EVENT_DELAY	1 /* jiffies */

unsigned int nft_offload_net_id __read_mostly;

static unsigned int event_batches;
module_param(event_batches, uint, 0644);
MODULE_PARM_DESC(event_batches,
		 "Batches of events, 16 KiB each, that may wait in a network namespace; 0: as many as fit into a 32nd of memory, from 16 to 4096 (default: 0)");

static unsigned int event_room(void)
{
	unsigned int room = READ_ONCE(event_batches);

	return room ?: clamp(totalram_pages() / (32 * SZ_16K / PAGE_SIZE),
			     16, EVENT_BATCHES);
}

static struct nft_offload_net *event_net(const struct net *net)
{
	return net_generic(net, nft_offload_net_id);
}

/* The number of the group is ours while the family is registered. */
DEFINE_STATIC_SRCU(event_srcu); /* for event_off */
static bool event_off;

static void event_send(struct net *net, struct sk_buff *skb)
{
	int idx = srcu_read_lock(&event_srcu);

	if (READ_ONCE(event_off))
		nlmsg_free(skb);
	else
		genlmsg_multicast_netns(&nft_offload_nl_family, net, skb, 0,
					NFT_OFFLOAD_NLGRP_EVENTS, GFP_KERNEL);
	srcu_read_unlock(&event_srcu, idx);
}

/**
 * nft_offload_event_stop() - the family is about to be unregistered
 *
 * No event is sent once this returns.
 *
 * Context: process, may sleep.
 */
void nft_offload_event_stop(void)
{
	WRITE_ONCE(event_off, true);
	synchronize_srcu(&event_srcu);
}

static void event_work(struct work_struct *work)
{
	struct nft_offload_net *on = container_of(to_delayed_work(work),
						  struct nft_offload_net, work);
	struct sk_buff *skb;

	for (;;) {
		spin_lock_bh(&on->lock);
		skb = __skb_dequeue(&on->batches);
		if (skb && skb == on->open)
			on->open = NULL;
		spin_unlock_bh(&on->lock);
		if (!skb)
			break;
		event_send(on->net, skb);
	}
}

static int event_fill(struct sk_buff *skb, const struct nf_flow_watch *watch,
		      enum nf_flow_event event, u32 seq,
		      const struct nft_offload_trouble *trouble)
{
	void *hdr;

	hdr = genlmsg_put(skb, 0, 0, &nft_offload_nl_family, 0,
			  event == NF_FLOW_EVENT_GONE ?
			  NFT_OFFLOAD_CMD_FLOW_DEL_NTF :
			  NFT_OFFLOAD_CMD_FLOW_NEW_NTF);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u8(skb, NFT_OFFLOAD_FLOW_EVENT, event) ||
	    nla_put_u32(skb, NFT_OFFLOAD_FLOW_SEQ, seq) ||
	    nft_offload_fill_flow(skb, watch, trouble,
				  ktime_get_coarse_boottime_ns()) ||
	    (event == NF_FLOW_EVENT_GONE &&
	     nla_put_u8(skb, NFT_OFFLOAD_FLOW_CAUSE, watch->cause))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * nft_offload_event() - something has happened to a flow
 * @net: its namespace
 * @watch: the flow
 * @event: what
 * @dir: for %NF_FLOW_EVENT_FAILED: direction
 * @err: negative errno
 * @reason: a name for it
 * @msg: what the driver said, or NULL
 *
 * Context: any but hard interrupts; RCU keeps the flow.
 */
void nft_offload_event(struct net *net, const struct nf_flow_watch *watch,
		       enum nf_flow_event event,
		       enum flow_offload_tuple_dir dir, int err,
		       enum nf_flow_reason reason, const char *msg)
{
	struct nft_offload_trouble trouble = {
		.dir = dir, .err = err, .reason = reason, .msg = msg,
	};
	const struct nft_offload_trouble *about = err ? &trouble : NULL;
	struct nft_offload_net *on = event_net(net);
	struct sk_buff *skb;
	u32 seq;

	BUILD_BUG_ON((int)NF_FLOW_EVENT_GONE != NFT_OFFLOAD_EVENT_GONE);
	BUILD_BUG_ON((int)NF_FLOW_CAUSE_TABLE != NFT_OFFLOAD_CAUSE_TABLE);

	if (event == NF_FLOW_EVENT_ADDED)
		nft_offload_added(net, watch->ct_id);
	if (!genl_has_listeners(&nft_offload_nl_family, net,
				NFT_OFFLOAD_NLGRP_EVENTS))
		return;

	spin_lock_bh(&on->lock);
	if (on->dead)
		goto out;
	seq = ++on->seq;
	if (on->open && !event_fill(on->open, watch, event, seq, about))
		goto out;

	on->open = NULL;
	if (skb_queue_len(&on->batches) >= event_room())
		goto out;
	skb = nlmsg_new(EVENT_BATCH, GFP_ATOMIC);
	if (!skb)
		goto out;
	if (event_fill(skb, watch, event, seq, about)) {
		kfree_skb(skb);
		goto out;
	}
	on->open = skb;
	/* the worker may be about to send the last one, and take this one, too */
	if (skb_queue_empty(&on->batches))
		queue_delayed_work(system_dfl_wq, &on->work, EVENT_DELAY);
	else
		mod_delayed_work(system_dfl_wq, &on->work, 0);
	__skb_queue_tail(&on->batches, skb);
out:
	spin_unlock_bh(&on->lock);
}

int nft_offload_event_net_init(struct net *net)
{
	struct nft_offload_net *on = event_net(net);

	on->net = net;
	spin_lock_init(&on->lock);
	__skb_queue_head_init(&on->batches);
	INIT_DELAYED_WORK(&on->work, event_work);
	return 0;
}

/* Flowtables may go later than we do. */
void nft_offload_event_net_exit(struct net *net)
{
	struct nft_offload_net *on = event_net(net);

	spin_lock_bh(&on->lock);
	on->dead = true;
	on->open = NULL;
	spin_unlock_bh(&on->lock);
	cancel_delayed_work_sync(&on->work);
	__skb_queue_purge(&on->batches);
}
