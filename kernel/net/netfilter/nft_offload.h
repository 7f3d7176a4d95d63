/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the module nft_offload, see nft_offload_main.c */
#ifndef _NFT_OFFLOAD_H
#define _NFT_OFFLOAD_H

#include <linux/netfilter/nft_offload.h>
#include <net/genetlink.h>
#include <net/netfilter/nf_flow_acct.h>
#include <net/netfilter/nf_tables.h>
#include "nft_offload_nl_gen.h"
#include "nf_flow_table_internal.h"

extern struct genl_family nft_offload_nl_family;

/**
 * struct nft_offload_filter - which flows
 * @have: a bit for each NFT_OFFLOAD_FILTER_* that was given
 * @table_family: NFPROTO_* of the table
 * @l3proto: NFPROTO_* of the flow
 * @l4proto: IPPROTO_*
 * @table: name of the table
 * @flowtable: name of the flowtable
 * @saddr: lowest and highest source address
 * @daddr: lowest and highest destination address
 * @sport: lowest and highest source port, host byte order
 * @dport: lowest and highest destination port, host byte order
 * @iif: index of the device it enters by
 * @oif: index of the device it leaves by
 * @mark: of the conntrack entry
 * @mask: bits of the mark that count
 * @states: bits of enum nft_offload_state
 * @zone: of the conntrack entry
 * @ct_id: id of the conntrack entry
 */
struct nft_offload_filter {
	u32			have;
	u8			table_family;
	u8			l3proto;
	u8			l4proto;
	char			table[NFT_NAME_MAXLEN];
	char			flowtable[NFT_NAME_MAXLEN];
	union nf_inet_addr	saddr[2];
	union nf_inet_addr	daddr[2];
	u16			sport[2];
	u16			dport[2];
	u32			iif;
	u32			oif;
	u32			mark;
	u32			mask;
	u32			states;
	u16			zone;
	u32			ct_id;
};

static inline bool nft_offload_filter_has(const struct nft_offload_filter *filter,
					  unsigned int attr)
{
	return filter->have & BIT(attr);
}

struct nft_offload_filter *nft_offload_filter_parse(const struct nlattr *nla,
						    struct netlink_ext_ack *extack);
bool nft_offload_filter_match_table(const struct nft_offload_filter *filter,
				    const struct nft_flowtable *ft);
bool nft_offload_filter_match(const struct nft_offload_filter *filter,
			      const struct nf_flow_acct *acct);
int nft_offload_filter_exact(const struct nft_offload_filter *filter,
			     struct netlink_ext_ack *extack);

/* A walk over many flows lets others run now and then. */
static inline void nft_offload_resched_rcu(void)
{
	rcu_read_unlock();
	cond_resched();
	rcu_read_lock();
}

static inline const struct nft_flowtable *
nft_offload_flowtable(const struct nf_flow_acct *acct)
{
	return container_of(acct->flowtable, struct nft_flowtable, data);
}

/* For which a namespace counts on after a request, in seconds */
#define NFT_OFFLOAD_LINGER	60

const struct nf_flow_acct *nft_offload_find(const struct nf_conn *ct,
					    struct nf_flow_acct *none);
enum nft_offload_state nft_offload_state(const struct flow_offload *flow);
struct nf_conn *nft_offload_find_ct(struct net *net,
				    const struct nft_offload_filter *filter);
const struct nf_flow_acct *nft_offload_list_next(struct net *net,
						 struct nf_flow_list *list,
						 struct nf_flow_acct *none,
						 unsigned int *n);

/**
 * struct nft_offload_failure - why a flow was refused, for an event
 * @dir: direction
 * @err: negative errno
 * @reason: a name for it
 * @msg: what the driver said, or NULL
 */
struct nft_offload_failure {
	enum flow_offload_tuple_dir	dir;
	int				err;
	enum nf_flow_reason		reason;
	const char			*msg;
};

/* More than the message of any flowtable, with some hundred devices */
#define NFT_OFFLOAD_TABLE_SIZE	(32 * 1024)

int nft_offload_fill_flow(struct sk_buff *skb,
			  const struct nf_flow_acct *acct,
			  const struct nft_offload_failure *failure, u64 now);
int nft_offload_reply_count(struct genl_info *info, u64 count);
int nft_offload_fill_table(struct sk_buff *skb, struct nf_flowtable *flowtable,
			   bool first);

/**
 * struct nft_offload_path_dev - a device that a connection passes
 * @ifindex: its index
 * @name: its name
 */
struct nft_offload_path_dev {
	int	ifindex;
	char	name[IFNAMSIZ];
};

/**
 * struct nft_offload_leg - between routing and one end of a connection
 * @reason: why there is none, or it cannot be bypassed
 * @tunnel: there is a tunnel in it
 * @mtu_below: the route's MTU is less than the port's
 * @shaped: NF_FLOW_SHAPED_* on it
 * @known: the next hop's address is, or there is none to know
 * @num: of devices
 * @dev: the devices, from that of the route down
 */
struct nft_offload_leg {
	enum nf_flow_reason		reason;
	bool				tunnel;
	bool				mtu_below;
	u8				shaped;
	bool				known;
	unsigned int			num;
	struct nft_offload_path_dev	dev[NET_DEVICE_PATH_STACK_MAX];
};

/**
 * struct nft_offload_path - the way of a connection
 * @leg: by enum nft_offload_side
 */
struct nft_offload_path {
	struct nft_offload_leg	leg[2];
};

void nft_offload_path_find(struct net *net,
			   const struct nft_offload_filter *filter,
			   const struct nf_conn *ct,
			   struct nft_offload_path *path);

struct nft_offload_expect;

struct nft_offload_expect *
nft_offload_expect_alloc(struct net *net,
			 const struct nft_offload_filter *filter,
			 const struct nf_conn *ct);
int nft_offload_expect_check(const struct nft_offload_expect *expect,
			     struct netlink_ext_ack *extack);
enum nft_offload_layer
nft_offload_expect_layer(const struct net *net,
			 const struct nft_offload_expect *expect,
			 enum nf_flow_reason *reason);
int nft_offload_expect_fill(struct sk_buff *skb,
			    const struct nft_offload_expect *expect);

#define NFT_OFFLOAD_SKIP_BITS	10

/**
 * struct nft_offload_skip - a packet that made no flow
 * @key: of its connection, see skip_key()
 * @reason: why
 */
struct nft_offload_skip {
	u32			key;
	enum nf_flow_reason	reason;
};

/**
 * struct nft_offload_net - what is kept of a network namespace
 * @net: the namespace
 * @lock: protects what follows, up to @work
 * @batches: messages to send, oldest first
 * @open: the one in @batches that events are added to, or NULL
 * @seq: number of the last event
 * @dead: the namespace goes, or the module does
 * @work: sends @batches
 * @skips: last reason for which a packet made no flow, by a hash of the key; what
 *	is overwritten is forgotten
 * @node: in the list of all namespaces
 * @listened: a socket listens
 */
struct nft_offload_net {
	struct net		*net;
	spinlock_t		lock; /* see above */
	struct sk_buff_head	batches;
	struct sk_buff		*open;
	u32			seq;
	bool			dead;
	struct delayed_work	work;
	struct nft_offload_skip	skips[1 << NFT_OFFLOAD_SKIP_BITS];
	struct list_head	node;
	bool			listened;
};

extern unsigned int nft_offload_net_id;

void nft_offload_event(struct net *net, const struct nf_flow_acct *acct,
		       enum nf_flow_event event,
		       enum flow_offload_tuple_dir dir, int err,
		       enum nf_flow_reason reason, const char *msg);
void nft_offload_added(struct net *net, const struct nf_conn *ct);
void nft_offload_skipped(struct net *net, const struct nf_conn *ct,
			 enum nf_flow_reason reason);
enum nf_flow_reason nft_offload_skip_reason(struct net *net,
					    const struct nf_conn *ct);
void nft_offload_event_start(void);
void nft_offload_event_stop(void);
int nft_offload_event_net_init(struct net *net);
void nft_offload_event_net_exit(struct net *net);
int nft_offload_event_bind(int group);
void nft_offload_event_exit(void);

#endif /* _NFT_OFFLOAD_H */
