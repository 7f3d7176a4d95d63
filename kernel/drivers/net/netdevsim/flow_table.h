/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The emulated switch's flow table: what its files share.
 *
 *	flow_table.c		table, ports, TC_SETUP_FT, limits and faults
 *	flow_table_rule.c	flower rule -> match key and actions, or a refusal
 *	flow_table_pkt.c	packet -> match key; rewriting
 *	flow_table_qos.c	classes and shapers of ports
 *	flow_table_debugfs.c	what a test can see and turn
 *	flow_table_*_test.c	KUnit tests of the two in the middle
 */
#ifndef _NSIM_FLOW_TABLE_H
#define _NSIM_FLOW_TABLE_H

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/in6.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/pkt_sched.h>
#include <linux/spinlock.h>
#include <net/flow_offload.h>

struct netdevsim;
struct nsim_dev;
struct tc_ets_qopt_offload;
struct tc_tbf_qopt_offload;

/* VLAN tags that the switch parses, matches and pushes. */
#define NSIM_FT_MAX_TAGS	2

/* Each capability is one bit; the names are those of the "caps" file. */
enum nsim_ft_cap {
	NSIM_FT_CAP_IPV4,
	NSIM_FT_CAP_IPV6,
	NSIM_FT_CAP_TCP,
	NSIM_FT_CAP_UDP,
	NSIM_FT_CAP_GRE,
	NSIM_FT_CAP_VLAN,
	NSIM_FT_CAP_CVLAN,
	NSIM_FT_CAP_8021AD,
	NSIM_FT_CAP_PPPOE,
	NSIM_FT_CAP_NAT4,
	NSIM_FT_CAP_NAT6,
	NSIM_FT_CAP_PORT,
	NSIM_FT_CAP_VLAN_POP,
	NSIM_FT_CAP_VLAN_PUSH,
	NSIM_FT_CAP_PPPOE_PUSH,
	NSIM_FT_CAP_VLAN_PRIO,
	NSIM_FT_CAP_PRIORITY,
	NSIM_FT_CAP_DSCP,
	NSIM_FT_CAP_SHAPER,
	__NSIM_FT_CAP_MAX,
};

#define NSIM_FT_CAPS_ALL	GENMASK(__NSIM_FT_CAP_MAX - 1, 0)

extern const char * const nsim_ft_cap_names[__NSIM_FT_CAP_MAX];

/**
 * struct nsim_ft_tag - one VLAN tag
 * @proto: ETH_P_8021Q or ETH_P_8021AD, network order; 0: no tag
 * @vid: VLAN identifier, host order; of tags to push, with the priority
 */
struct nsim_ft_tag {
	__be16	proto;
	u16	vid;
};

/**
 * struct nsim_ft_key - what the hardware matches, exactly
 * @in: the port the packet enters
 * @src: source address; IPv4 in word 0, the others zero
 * @dst: destination address, likewise
 * @tag: VLAN tags, outermost first
 * @sport: layer 4 source port, 0 for GRE
 * @dport: layer 4 destination port
 * @pppoe_sid: PPPoE session, network order; valid if @pppoe
 * @n_proto: ETH_P_IP or ETH_P_IPV6, network order
 * @ip_proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_GRE
 * @pppoe: the IP header sits in a PPPoE session
 * @pad: zero
 *
 * Hashed and compared as bytes: zero it before use, leave no hole.
 */
struct nsim_ft_key {
	const struct netdevsim	*in;
	__be32			src[4];
	__be32			dst[4];
	struct nsim_ft_tag	tag[NSIM_FT_MAX_TAGS];
	__be16			sport;
	__be16			dport;
	__be16			pppoe_sid;
	__be16			n_proto;
	u8			ip_proto;
	u8			pppoe;
	u8			pad[6];
};

/**
 * struct nsim_ft_act - what the hardware does with a packet that matched
 * @out: port the packet leaves by
 * @src: new source address, if @set_src
 * @dst: new destination address, if @set_dst
 * @sport: new source port, if @set_sport
 * @dport: new destination port, if @set_dport
 * @eth: new destination and source MAC address, if @set_eth
 * @push: VLAN tags to push, outermost first
 * @pppoe_sid: PPPoE session to push, host order, if @push_pppoe
 * @n_push: valid entries of @push
 * @n_pop: VLAN tags to pop, outermost first
 * @set_src: rewrite the source address
 * @set_dst: rewrite the destination address
 * @set_sport: rewrite the source port
 * @set_dport: rewrite the destination port
 * @set_eth: rewrite both MAC addresses
 * @push_pppoe: push a PPPoE session header, inside of the VLAN tags
 * @pop_pppoe: pop the PPPoE session header that was matched
 * @set_dscp: rewrite the DSCP, and leave ECN
 * @dscp: new DSCP, if @set_dscp
 * @priority: of the packets; 0 if no action says so
 * @punt_tcp_flags: TCP flags (first 16 bits after the ack number, masked)
 *	that send the packet to the CPU
 */
struct nsim_ft_act {
	struct netdevsim	*out;
	__be32			src[4];
	__be32			dst[4];
	__be16			sport;
	__be16			dport;
	u8			eth[2 * ETH_ALEN];
	struct nsim_ft_tag	push[NSIM_FT_MAX_TAGS];
	u16			pppoe_sid;
	u8			n_push;
	u8			n_pop;
	bool			set_src;
	bool			set_dst;
	bool			set_sport;
	bool			set_dport;
	bool			set_eth;
	bool			push_pppoe;
	bool			pop_pppoe;
	bool			set_dscp;
	u8			dscp;
	u32			priority;
	__be16			punt_tcp_flags;
};

/* Traffic classes of a port */
#define NSIM_FT_CLASSES	8

/**
 * struct nsim_ft_shaper - a rate that a port, or a class, has at most
 * @rate: bytes per second; 0: any
 * @burst: bytes that may be sent at once after a pause
 * @tokens: bytes that may be sent now
 * @when: ktime_get_ns() of @tokens
 * @handle: of the qdisc
 */
struct nsim_ft_shaper {
	u64	rate;
	u64	burst;
	s64	tokens;
	u64	when;
	u32	handle;
};

/**
 * struct nsim_ft_qos - what a port does with packets that leave
 * @lock: protects all of it, but for readers of @on
 * @on: there is something to do
 * @ets: handle of the qdisc ETS, if there are @bands
 * @bands: classes that it has; 0: there is none
 * @priomap: class of each priority
 * @port: rate of the port
 * @band: rates of the classes
 */
struct nsim_ft_qos {
	spinlock_t		lock; /* see above */
	bool			on;
	u32			ets;
	unsigned int		bands;
	u8			priomap[TC_PRIO_MAX + 1];
	struct nsim_ft_shaper	port;
	struct nsim_ft_shaper	band[NSIM_FT_CLASSES];
};

/* Ends of a packet in the hardware, and counters of a port. */
enum nsim_ft_stat {
	NSIM_FT_HIT,
	NSIM_FT_HIT_BYTES,
	NSIM_FT_TX,
	NSIM_FT_TX_BYTES,
	NSIM_FT_MISS,
	NSIM_FT_PUNT_TTL,
	NSIM_FT_PUNT_FRAG,
	NSIM_FT_PUNT_OPTIONS,
	NSIM_FT_PUNT_MTU,
	NSIM_FT_PUNT_TCP_FLAGS,
	NSIM_FT_DROP,
	NSIM_FT_SHAPED,		/* dropped at the port that it leaves by */
	NSIM_FT_CLASS,		/* sent with class 0 */
	NSIM_FT_CLASS_LAST = NSIM_FT_CLASS + NSIM_FT_CLASSES - 1,
	__NSIM_FT_STAT_MAX,
};

extern const char nsim_ft_stat_names[__NSIM_FT_STAT_MAX][ETH_GSTRING_LEN];

/**
 * struct nsim_ft_pkt - where things are in a packet
 * @key: match key; complete only if nsim_ft_parse() returned NSIM_FT_HIT
 * @nhoff: offset of the IP header from skb->data
 * @thoff: offset of the layer 4 header from skb->data
 * @hlen: length of the IP and layer 4 headers in bytes
 * @l3len: length of the IP packet in bytes, headers included
 * @ttl: time to live or hop limit as received
 * @tcp_flags: 16 bits after the TCP ack number; 0 if not TCP
 */
struct nsim_ft_pkt {
	struct nsim_ft_key	key;
	unsigned int		nhoff;
	unsigned int		thoff;
	unsigned int		hlen;
	unsigned int		l3len;
	u8			ttl;
	__be16			tcp_flags;
};

/**
 * struct nsim_ft_rule - one entry of the hardware table
 * @key_node: in nsim_ft.keys
 * @cookie_node: in nsim_ft.cookies
 * @list: in nsim_ft.rules, oldest first
 * @rcu: for kfree_rcu()
 * @cookie: the core's name for this rule
 * @protocol: of the packets the rule is for, as the core says, network order
 * @key: match
 * @act: actions
 * @pkts: packets forwarded, as on the wire
 * @bytes: bytes of IP forwarded, as conntrack counts them
 * @lastused: jiffies of the last packet, or of the installation
 * @snap: counters as of @snap_time, what statistics reads return
 * @told: part of @snap that the core has been told already
 * @snap_time: jiffies
 */
struct nsim_ft_rule {
	struct rhash_head	key_node;
	struct rhash_head	cookie_node;
	struct list_head	list;
	struct rcu_head		rcu;
	unsigned long		cookie;
	__be16			protocol;
	struct nsim_ft_key	key;
	struct nsim_ft_act	act;
	atomic64_t		pkts;
	atomic64_t		bytes;
	unsigned long		lastused;
	struct {
		u64		pkts;
		u64		bytes;
		unsigned long	lastused;
	} snap;
	struct {
		u64		pkts;
		u64		bytes;
	} told;
	unsigned long		snap_time;
};

/* Commands of drivers, counted. */
enum nsim_ft_call {
	NSIM_FT_CALL_REPLACE,
	NSIM_FT_CALL_DESTROY,
	NSIM_FT_CALL_STATS,
	__NSIM_FT_CALL_MAX,
};

/**
 * struct nsim_ft - the flow table of one emulated switch
 * @nsim_dev: the switch
 * @lock: protects everything below but the data path's view of @keys, and
 *	the atomics
 * @keys: rules by match key; read by the data path under RCU
 * @cookies: rules by cookie
 * @rules: all rules
 * @count: length of @rules
 * @size: most rules the table takes
 * @devlink_size: what the devlink resource said at the last (re)load
 * @caps: bits of enum nsim_ft_cap
 * @profile: name of the last profile applied
 * @add_delay_us: time an addition takes, microseconds
 * @del_delay_us: time a deletion takes, microseconds
 * @stats_delay_ms: age up to which counters may be stale, milliseconds
 * @fail_add: errno (positive) to fail additions with; 0: none
 * @fail_every: fail each Nth addition; 1: each one
 * @any_port: each port takes rules for all ports of the switch
 * @miss_every: let each Nth packet that matches go to the CPU; 0: none
 * @matches: packets that matched, while @miss_every is set
 * @adds: additions asked for since @fail_add or @fail_every was written
 * @calls: commands received, at any port
 * @refused: those of @calls that were answered with an error
 * @ddir: debugfs directory
 */
struct nsim_ft {
	struct nsim_dev		*nsim_dev;
	struct mutex		lock; /* all below, but keys for readers, and atomics */
	struct rhashtable	keys;
	struct rhashtable	cookies;
	struct list_head	rules;
	u32			count;
	u32			size;
	u32			devlink_size;
	u32			caps;
	const char		*profile;
	u32			add_delay_us;
	u32			del_delay_us;
	u32			stats_delay_ms;
	u32			fail_add;
	u32			fail_every;
	u32			any_port;
	u32			miss_every;
	atomic_t		matches;
	u32			adds;
	atomic_t		calls[__NSIM_FT_CALL_MAX];
	atomic_t		refused[__NSIM_FT_CALL_MAX];
	struct dentry		*ddir;
};

/* flow_table_rule.c */
struct netdevsim *nsim_ft_port(struct net_device *dev);
int nsim_ft_rule_parse(const struct netdevsim *in, u32 caps,
		       const struct flow_rule *flow, struct nsim_ft_key *key,
		       struct nsim_ft_act *act,
		       struct netlink_ext_ack *extack);

/* flow_table_pkt.c */
enum nsim_ft_stat nsim_ft_parse(const struct sk_buff *skb,
				struct nsim_ft_pkt *pkt);
enum nsim_ft_stat nsim_ft_check(const struct sk_buff *skb,
				const struct nsim_ft_pkt *pkt,
				const struct nsim_ft_act *act,
				unsigned int mtu);
void nsim_ft_wire(const struct sk_buff *skb, const struct nsim_ft_pkt *pkt,
		  unsigned int *pkts, unsigned int *bytes);
bool nsim_ft_rewrite(struct sk_buff *skb, const struct nsim_ft_pkt *pkt,
		     const struct nsim_ft_act *act);
bool nsim_ft_push(struct sk_buff *skb, const struct nsim_ft_act *act);

/* flow_table_qos.c */
void nsim_ft_qos_init(struct netdevsim *ns);
bool nsim_ft_qos_send(struct netdevsim *out, u32 priority, unsigned int bytes,
		      unsigned int *class);
int nsim_ft_setup_tbf(struct netdevsim *ns, struct tc_tbf_qopt_offload *f);
int nsim_ft_setup_ets(struct netdevsim *ns, struct tc_ets_qopt_offload *f);

/* flow_table_debugfs.c */
void nsim_ft_debugfs_init(struct nsim_ft *ft);
void nsim_ft_debugfs_exit(struct nsim_ft *ft);

#endif /* _NSIM_FLOW_TABLE_H */
