/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting of a network namespace: nf_flow_table_acct.c, its data and sysctls:
 * nf_flow_table_acct_net.c, lists: nf_flow_table_list.c, events:
 * nf_flow_table_notify.c
 */
#ifndef _NF_FLOW_TABLE_ACCT_H
#define _NF_FLOW_TABLE_ACCT_H

#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_flow_acct.h>

/**
 * struct nf_flow_acct_net - records of a network namespace
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

/* nf_flow_table_acct_net.c */
extern unsigned int nf_flow_acct_net_id;

static inline struct nf_flow_acct_net *
nf_flow_acct_pernet(const struct net *net)
{
	return net_generic(net, nf_flow_acct_net_id);
}

static inline struct nf_flow_acct_net *
nf_flow_acct_pernet_of(const struct nf_flow_acct *acct)
{
	return nf_flow_acct_pernet(read_pnet(&acct->flowtable->net));
}

static inline bool nf_flow_acct_room(const struct nf_flow_acct_net *an)
{
	return READ_ONCE(an->num) < READ_ONCE(an->max);
}

/* nf_flow_table_acct.c */
extern struct kmem_cache *nf_flow_acct_cachep;

void nf_flow_acct_user(struct nf_flow_acct_net *an);
void nf_flow_acct_apply(struct nf_flow_acct_net *an);
void nf_flow_acct_end(struct nf_flow_acct_net *an);
void nf_flow_acct_work(struct work_struct *work);

/* nf_flow_table_list.c */
struct flow_offload *nf_flow_acct_without(const struct net *net,
					  struct nf_flow_walk *walk,
					  struct nf_flowtable **flowtable);

/* nf_flow_table_notify.c */
void nf_flow_acct_set_failure(struct nf_flow_acct *acct,
			      enum flow_offload_tuple_dir dir,
			      struct nf_flow_failure *failure);

#endif /* _NF_FLOW_TABLE_ACCT_H */
