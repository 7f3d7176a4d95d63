/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a network namespace has of nf_flow_table. Each part belongs to one file,
 * which makes it in its nf_flow_*_net_init().
 */
#ifndef _NF_FLOW_TABLE_NET_H
#define _NF_FLOW_TABLE_NET_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

struct ctl_table_header;
struct mem_cgroup;

/**
 * struct nf_flow_setting_net - nf_flow_table_setting.c
 * @mutex: protects @entries and @num
 * @entries: struct nf_flow_setting_entry, oldest first
 * @num: how many
 * @header: of the sysctls
 * @strict: the sysctl nf_flow_offload_strict
 */
struct nf_flow_setting_net {
	struct mutex		mutex; /* see above */
	struct list_head	entries;
	unsigned int		num;
	struct ctl_table_header	*header;
	u8			strict;
};

#define NF_FLOW_RING		32

enum {
	NF_FLOW_WORD_RT4,
	NF_FLOW_WORD_RP_FILTER,
	NF_FLOW_WORD_NEXTHOP,
	NF_FLOW_WORD_RT6,
	NF_FLOW_WORD_RT6_DEL,
	NF_FLOW_WORD_FORWARD6,
	NF_FLOW_WORD_XFRM_OUT,
	NF_FLOW_WORD_XFRM_FWD,
	NF_FLOW_WORD_DEVS,
	NF_FLOW_WORDS,
};

/* Passes of validation: over what is out of date, or only for names of the ring */
enum nf_flow_budget {
	NF_FLOW_BUDGET_ALL,
	NF_FLOW_BUDGET_NAMED,
	__NF_FLOW_BUDGET_MAX,
};

/**
 * struct nf_flow_net - nf_flow_table_event.c: what may concern the flows
 * @net: the namespace
 * @work: polls @word, kicks flowtables
 * @polling: @work is queued, or about to be; else events are of no interest
 * @kicked: flowtables are to be looked at
 * @gen: generation, what a flow is to be stamped with
 * @dev_gen: the last one that was about more than routes
 * @events: changes of @gen and @head
 * @word: as they were polled last
 * @devs_due: when the switches of devices are polled next (jiffies)
 * @idle: polls since flows were looked for
 * @lock: protects what follows
 * @head: entries that the ring ever had
 * @ring: the last of them
 * @neighs: how many were about neighbours
 * @bridges: changes of what bridges forward
 * @all: the next generation is due
 * @budget: time for passes, ns; negative after a long one
 * @pass: time that the last one over all took, ns
 * @filled: when @budget was filled
 */
struct nf_flow_net {
	struct net		*net;
	struct delayed_work	work;
	bool			polling;
	bool			kicked;
	u32			gen;
	u32			dev_gen;
	u32			events;
	u32			word[NF_FLOW_WORDS];
	unsigned long		devs_due;
	unsigned int		idle;
	spinlock_t		lock; /* see above */
	u32			head;
	u32			ring[NF_FLOW_RING];
	u32			neighs;
	u32			bridges;
	bool			all;
	s64			budget[__NF_FLOW_BUDGET_MAX];
	s64			pass;
	u64			filled;
};

/**
 * struct nf_flow_shapers - nf_flow_table_shaper.c
 * @net: the namespace
 * @work: looks at its devices
 * @users: how many want to know
 * @fresh: flows know nothing yet
 * @devs: by ifindex, an entry for each device with a shaper; only @work changes it
 */
struct nf_flow_shapers {
	struct net		*net;
	struct delayed_work	work;
	atomic_t		users;
	atomic_t		fresh;
	struct xarray		devs;
};

/**
 * struct nf_flow_suspend_net - nf_flow_table_suspend.c
 * @header: of the sysctl
 * @on: the sysctl nf_flow_offload
 */
struct nf_flow_suspend_net {
	struct ctl_table_header	*header;
	u8			on;
};

/**
 * struct nf_flow_acct_net - nf_flow_table_acct_net.c
 * @net: the namespace
 * @lock: protects @tree, @youngest, and writing @num and @last
 * @tree: struct nf_flow_acct by number
 * @youngest: the last one in @tree, or NULL
 * @num: of records in @tree: the sysctl
 * @max: how many there may be: the sysctl
 * @last: number given last
 * @on: flows get a record when they are added; written under @mutex
 * @there: there may be records; written under @mutex
 * @missed: a flow has none for want of memory or room
 * @memcg: pays, while @on or @users; NULL: none does
 * @users: how many
 * @until: get_jiffies_64() until when it counts at least without users
 * @mutex: protects the start, the end and the walk; and @wanted
 * @work: starts, or ends, what @users and @until say
 * @wanted: the sysctl nf_flow_acct, which is one of @users
 * @header: of the sysctls
 */
struct nf_flow_acct_net {
	struct net		*net;
	spinlock_t		lock; /* see above */
	struct rb_root		tree;
	struct rb_node		*youngest;
	unsigned int		num;
	unsigned int		max;
	atomic64_t		last;
	bool			on;
	bool			there;
	bool			missed;
	struct mem_cgroup	*memcg;
	atomic_t		users;
	atomic64_t		until;
	struct mutex		mutex; /* see above */
	struct delayed_work	work;
	u8			wanted;
	struct ctl_table_header	*header;
};

/**
 * struct nf_flow_policy_net - nf_flow_table_policy.c
 * @mutex: protects what follows
 * @policies: struct nf_flow_policy, oldest first
 * @num: how many
 * @last_version: that was given to a policy
 * @early: what policies have as @early, or NULL
 */
struct nf_flow_policy_net {
	struct mutex		mutex; /* see above */
	struct list_head	policies;
	unsigned int		num;
	u64			last_version;
	atomic_t		*early;
};

/**
 * struct nf_flow_table_net - all of it
 * @setting: what is set for flowtables
 * @event: what validation goes by
 * @shapers: devices with a shaper
 * @suspend: hardware is off and on
 * @acct: flows that are counted
 * @policy: policies
 */
struct nf_flow_table_net {
	struct nf_flow_setting_net	setting;
	struct nf_flow_net		event;
	struct nf_flow_shapers		shapers;
	struct nf_flow_suspend_net	suspend;
	struct nf_flow_acct_net		acct;
	struct nf_flow_policy_net	policy;
};

/* nf_flow_table_core.c */
extern unsigned int nf_flow_table_net_id;

static inline struct nf_flow_table_net *
nf_flow_table_pernet(const struct net *net)
{
	return net_generic(net, nf_flow_table_net_id);
}

int nf_flow_setting_net_init(struct net *net);
void nf_flow_setting_net_exit(struct net *net);

void nf_flow_event_net_init(struct net *net);
void nf_flow_event_net_exit(struct net *net);

void nf_flow_shapers_net_init(struct net *net);
void nf_flow_shapers_net_exit(struct net *net);

#ifdef CONFIG_SYSCTL
int nf_flow_suspend_net_init(struct net *net);
void nf_flow_suspend_net_exit(struct net *net);
#else
static inline int nf_flow_suspend_net_init(struct net *net)
{
	return 0;
}

static inline void nf_flow_suspend_net_exit(struct net *net)
{
}
#endif /* CONFIG_SYSCTL */

int nf_flow_acct_net_init(struct net *net);
void nf_flow_acct_net_exit(struct net *net);

void nf_flow_policy_net_init(struct net *net);
void nf_flow_policy_net_exit(struct net *net);

#endif /* _NF_FLOW_TABLE_NET_H */
