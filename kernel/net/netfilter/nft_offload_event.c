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
 * written. Batches are charged to the cgroup that the namespace counts for.
 *
 * A namespace counts while a socket listens in it. Netlink tells that one is
 * about to, and not where: so a worker looks at all namespaces, soon after that, and
 * each LISTEN_DELAY as long as there is a listener in one of them.
 */
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/srcu.h>
#include <net/netns/generic.h>
#include "nft_offload.h"

/* payload of a message that takes 16 KiB with all that is around it */
#define EVENT_BATCH	(SKB_WITH_OVERHEAD(SZ_16K) - NLMSG_HDRLEN)
#define EVENT_BATCHES	4096 /* 64 MiB */
#define EVENT_BATCHES_USER	64 /* in namespaces of other user namespaces */
#define EVENT_DELAY	1 /* jiffies */
#define LISTEN_DELAY	HZ

unsigned int nft_offload_net_id __read_mostly;

static unsigned int event_batches;
module_param(event_batches, uint, 0644);
MODULE_PARM_DESC(event_batches,
		 "Batches of events, 16 KiB each, that may wait in a network namespace; 0: as many as fit into a 32nd of memory, from 16 to 4096 (default: 0); no more than 64 in one of another user namespace than the first");

static unsigned int event_room(const struct net *net)
{
	unsigned int room = READ_ONCE(event_batches);

	if (!room)
		room = clamp(totalram_pages() / (32 * SZ_16K / PAGE_SIZE),
			     16, EVENT_BATCHES);
	return net->user_ns == &init_user_ns ? room :
					       min(room, EVENT_BATCHES_USER);
}

static struct nft_offload_net *event_net(const struct net *net)
{
	return net_generic(net, nft_offload_net_id);
}

/* The number of the group is ours while the family is registered. */
DEFINE_STATIC_SRCU(event_srcu); /* for event_off */
static bool event_off = true;

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

static struct sk_buff *event_batch(const struct net *net)
{
	struct mem_cgroup *old;
	struct sk_buff *skb;

	old = set_active_memcg(nf_flow_acct_memcg(net));
	skb = nlmsg_new(EVENT_BATCH, GFP_NOWAIT | __GFP_ACCOUNT);
	set_active_memcg(old);
	return skb;
}

static int event_fill(struct sk_buff *skb, const struct nf_flow_acct *acct,
		      enum nf_flow_event event, u32 seq,
		      const struct nft_offload_failure *failure)
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
	    nft_offload_fill_flow(skb, acct, failure,
				  ktime_get_coarse_boottime_ns()) ||
	    (event == NF_FLOW_EVENT_GONE &&
	     nla_put_u8(skb, NFT_OFFLOAD_FLOW_CAUSE, acct->cause))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * nft_offload_event() - something has happened to a flow
 * @net: its namespace
 * @acct: the flow; NULL if it is not counted: its events are lost
 * @event: what
 * @dir: for %NF_FLOW_EVENT_FAILED: direction
 * @err: negative errno
 * @reason: a name for it
 * @msg: what the driver said, or NULL
 *
 * Context: any but hard interrupts; RCU keeps the flow.
 */
void nft_offload_event(struct net *net, const struct nf_flow_acct *acct,
		       enum nf_flow_event event,
		       enum flow_offload_tuple_dir dir, int err,
		       enum nf_flow_reason reason, const char *msg)
{
	struct nft_offload_failure failure = {
		.dir = dir, .err = err, .reason = reason, .msg = msg,
	};
	const struct nft_offload_failure *about = err ? &failure : NULL;
	struct nft_offload_net *on = event_net(net);
	struct sk_buff *skb;
	u32 seq;

	BUILD_BUG_ON((int)NF_FLOW_EVENT_PINNED != NFT_OFFLOAD_EVENT_PINNED);
	BUILD_BUG_ON((int)NF_FLOW_CAUSE_POLICY != NFT_OFFLOAD_CAUSE_POLICY);

	if (acct && event == NF_FLOW_EVENT_ADDED)
		nft_offload_added(net, acct->flow->ct);
	if (!genl_has_listeners(&nft_offload_nl_family, net,
				NFT_OFFLOAD_NLGRP_EVENTS))
		return;

	spin_lock_bh(&on->lock);
	if (on->dead)
		goto out;
	seq = ++on->seq;
	if (!acct)
		goto out;
	if (on->open && !event_fill(on->open, acct, event, seq, about))
		goto out;

	on->open = NULL;
	if (skb_queue_len(&on->batches) >= event_room(net))
		goto out;
	skb = event_batch(net);
	if (!skb)
		goto out;
	if (event_fill(skb, acct, event, seq, about)) {
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

/* protects listen_nets, and @listened of each */
static DEFINE_MUTEX(listen_mutex);
static LIST_HEAD(listen_nets);

static struct mem_cgroup *listen_memcg; /* of the last one that began to listen */
static unsigned long listen_since; /* jiffies when it did */

static void listen_look(struct work_struct *work);
static DECLARE_DELAYED_WORK(listen_work, listen_look);

static int listen_found(struct sock *sk, struct sk_buff *skb, void *data)
{
	*(bool *)data = true;
	return 1; /* not to be delivered */
}

/* Does a socket listen in this namespace? Netlink's own answer is about all. */
static bool listen_there(struct net *net, bool was)
{
	struct sk_buff *skb = genlmsg_new(0, GFP_KERNEL);
	bool there = false;

	if (!skb)
		return was;
	nlmsg_put(skb, 0, 0, NLMSG_NOOP, 0, 0); /* netlink wants some bytes */
	genlmsg_multicast_netns_filtered(&nft_offload_nl_family, net, skb, 0,
					 NFT_OFFLOAD_NLGRP_EVENTS, GFP_KERNEL,
					 listen_found, &there);
	return there;
}

static void listen_look(struct work_struct *work)
{
	struct mem_cgroup *memcg = xchg(&listen_memcg, NULL), *old;
	bool again = time_before(jiffies,
				 READ_ONCE(listen_since) + 2 * LISTEN_DELAY);
	struct nft_offload_net *on;
	bool there;

	old = set_active_memcg(memcg);
	mutex_lock(&listen_mutex);
	list_for_each_entry(on, &listen_nets, node) {
		there = listen_there(on->net, on->listened);
		again |= there;
		if (there == on->listened)
			continue;
		on->listened = there;
		if (there)
			nf_flow_acct_get(on->net, false);
		else
			nf_flow_acct_put(on->net, 0);
	}
	mutex_unlock(&listen_mutex);
	set_active_memcg(old);
	mem_cgroup_put(memcg);

	if (again)
		queue_delayed_work(system_dfl_wq, &listen_work, LISTEN_DELAY);
}

/**
 * nft_offload_event_bind() - a socket is about to listen, in some namespace
 * @group: of events
 *
 * Context: any but hard interrupts.
 * Return: 0.
 */
int nft_offload_event_bind(int group)
{
	mem_cgroup_put(xchg(&listen_memcg, get_mem_cgroup_from_mm(NULL)));
	WRITE_ONCE(listen_since, jiffies);
	mod_delayed_work(system_dfl_wq, &listen_work, EVENT_DELAY);
	return 0;
}

/**
 * nft_offload_event_start() - the family is registered
 *
 * Context: process.
 */
void nft_offload_event_start(void)
{
	WRITE_ONCE(event_off, false);
}

/**
 * nft_offload_event_stop() - the family is about to be unregistered
 *
 * No event is sent once this returns, and no worker looks for listeners.
 *
 * Context: process, may sleep.
 */
void nft_offload_event_stop(void)
{
	WRITE_ONCE(event_off, true);
	synchronize_srcu(&event_srcu);
	disable_delayed_work_sync(&listen_work);
}

/**
 * nft_offload_event_exit() - the family was unregistered
 *
 * Context: process. No one calls nft_offload_event_bind() any more.
 */
void nft_offload_event_exit(void)
{
	mem_cgroup_put(listen_memcg);
}

int nft_offload_event_net_init(struct net *net)
{
	struct nft_offload_net *on = event_net(net);

	on->net = net;
	spin_lock_init(&on->lock);
	__skb_queue_head_init(&on->batches);
	INIT_DELAYED_WORK(&on->work, event_work);
	mutex_lock(&listen_mutex);
	list_add(&on->node, &listen_nets);
	mutex_unlock(&listen_mutex);
	return 0;
}

/* Flowtables may go later than we do. */
void nft_offload_event_net_exit(struct net *net)
{
	struct nft_offload_net *on = event_net(net);

	mutex_lock(&listen_mutex);
	list_del(&on->node);
	if (on->listened)
		nf_flow_acct_put(net, 0);
	mutex_unlock(&listen_mutex);

	spin_lock_bh(&on->lock);
	on->dead = true;
	on->open = NULL;
	spin_unlock_bh(&on->lock);
	cancel_delayed_work_sync(&on->work);
	__skb_queue_purge(&on->batches);
}
