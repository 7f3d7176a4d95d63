// SPDX-License-Identifier: GPL-2.0-only
/*
 * What would the stack do with a packet of this flow now?
 *
 * Each processor has a packet of its own for such questions. It gets the
 * addresses, ports, protocol, tos, flow label, mark and input device that packets
 * of one direction of a flow have when they are routed, which is after destination
 * NAT and before source NAT, and is shown to the functions that classic
 * forwarding calls: input routing with its rules, reverse path filter and
 * forwarding switches, and the policies of IPsec. So what routing learns, this
 * file need not learn again.
 *
 * Of an ECMP group routing takes the member that a hash of the packet names, and
 * network cards or labels may have a part in that hash. Who has an eye on one
 * member gets that one, as long as it is alive.
 */
#include <linux/error-injection.h>
#include <linux/inetdevice.h>
#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/l3mdev.h>
#include <net/ndisc.h>
#include <net/nexthop.h>
#include <net/route.h>
#include <net/xfrm.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_table.h>
#include "nf_flow_table_probe.h"

/* Bottom halves are off while it is in use. */
static DEFINE_PER_CPU(struct sk_buff *, nf_flow_probe_skb);
static u32 nf_flow_hop_seed __read_mostly;

/* Next hops */

static void nf_flow_hop_set(struct nf_flow_hop *hop, struct net_device *dev,
			    u8 family, const void *addr)
{
	hop->dev = dev;
	hop->family = family;
	if (family == AF_INET)
		memcpy(&hop->addr.ip, addr, sizeof(hop->addr.ip));
	else
		memcpy(&hop->addr.in6, addr, sizeof(hop->addr.in6));
}

/**
 * nf_flow_ends_ct() - packets of a connection
 * @ends: set to what they have when they are routed
 * @ct: connection, which @ends refers to
 * @dir: their direction
 */
void nf_flow_ends_ct(struct nf_flow_ends *ends, const struct nf_conn *ct,
		     enum ip_conntrack_dir dir)
{
	const struct nf_conntrack_tuple *this = &ct->tuplehash[dir].tuple;
	const struct nf_conntrack_tuple *other = &ct->tuplehash[!dir].tuple;

	ends->saddr = &this->src.u3;
	ends->daddr = &other->src.u3;
	ends->saddr_out = &other->dst.u3;
	ends->sport = this->src.u.all;
	ends->dport = other->src.u.all;
	ends->sport_out = other->dst.u.all;
	ends->l3proto = this->src.l3num;
	ends->l4proto = this->dst.protonum;
}

/**
 * nf_flow_ends_flow() - packets of a flow
 * @ends: set to what they have when they are routed
 * @flow: flow, which @ends refers to
 * @dir: their direction
 */
void nf_flow_ends_flow(struct nf_flow_ends *ends,
		       const struct flow_offload *flow, int dir)
{
	const struct flow_offload_tuple *this = &flow->tuplehash[dir].tuple;
	const struct flow_offload_tuple *other = &flow->tuplehash[!dir].tuple;

	ends->saddr = (const union nf_inet_addr *)&this->src_v6;
	ends->daddr = (const union nf_inet_addr *)&other->src_v6;
	ends->saddr_out = (const union nf_inet_addr *)&other->dst_v6;
	ends->sport = this->src_port;
	ends->dport = other->src_port;
	ends->sport_out = other->dst_port;
	ends->l3proto = this->l3proto;
	ends->l4proto = this->l4proto;
}

/**
 * nf_flow_hop_init() - next hop of packets that take a route
 * @hop: next hop
 * @dst: route
 * @ends: of the packets
 */
void nf_flow_hop_init(struct nf_flow_hop *hop, const struct dst_entry *dst,
		      const struct nf_flow_ends *ends)
{
	if (ends->l3proto == NFPROTO_IPV6) {
		nf_flow_hop_set(hop, dst->dev, AF_INET6,
				rt6_nexthop(dst_rt6_info(dst),
					    &ends->daddr->in6));
	} else if (dst_rtable(dst)->rt_gw_family == AF_INET6) {
		nf_flow_hop_set(hop, dst->dev, AF_INET6,
				&dst_rtable(dst)->rt_gw6);
	} else {
		__be32 gw = rt_nexthop(dst_rtable(dst), ends->daddr->ip);

		nf_flow_hop_set(hop, dst->dev, AF_INET, &gw);
	}
}

/**
 * nf_flow_nexthop_hash() - a name for a next hop
 * @hop: next hop
 *
 * Return: hash of address and device, that of its neighbour entry as well.
 */
u32 nf_flow_nexthop_hash(const struct nf_flow_hop *hop)
{
	return jhash(&hop->addr, hop->family == AF_INET ? 4 : 16,
		     nf_flow_hop_seed ^ hop->dev->ifindex);
}

/**
 * nf_flow_hop_neigh() - neighbour entry of a next hop
 * @hop: next hop
 *
 * Context: rcu_read_lock() held.
 * Return: the entry; NULL if there is none, and none is made.
 */
struct neighbour *nf_flow_hop_neigh(const struct nf_flow_hop *hop)
{
	if (hop->family == AF_INET)
		return __ipv4_neigh_lookup_noref(hop->dev, (__force u32)
						 hop->addr.ip);
#if IS_ENABLED(CONFIG_IPV6)
	return __ipv6_neigh_lookup_noref(hop->dev, &hop->addr.in6);
#else
	return NULL;
#endif
}

/* The packet */

static struct sk_buff *nf_flow_probe_packet(const struct nf_flow_ends *ends,
					    struct net_device *in,
					    const struct flow_offload_path *path)
{
	bool ip6 = ends->l3proto == NFPROTO_IPV6;
	unsigned int len = ip6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	struct sk_buff *skb = this_cpu_read(nf_flow_probe_skb);
	struct net_device *l3mdev = l3mdev_master_dev_rcu(in);
	struct tcphdr *th;

	skb_trim(skb, 0);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, len);
	skb_put_zero(skb, len + sizeof(*th));
	memset(skb->cb, 0, sizeof(skb->cb));
	skb_clear_hash(skb);
	skb->mark = path->mark;
	skb->dev = l3mdev ?: in;
	skb->skb_iif = skb->dev->ifindex;
	skb->pkt_type = PACKET_HOST;

	th = tcp_hdr(skb);
	th->source = ends->sport;
	th->dest = ends->dport;
	th->doff = sizeof(*th) / 4;

	if (ip6) {
		struct ipv6hdr *ip6h = ipv6_hdr(skb);

		skb->protocol = htons(ETH_P_IPV6);
		ip6_flow_hdr(ip6h, path->tos, htonl(path->flowlabel));
		ip6h->payload_len = htons(sizeof(*th));
		ip6h->nexthdr = ends->l4proto;
		ip6h->hop_limit = IPDEFTTL;
		ip6h->saddr = ends->saddr->in6;
		ip6h->daddr = ends->daddr->in6;
		IP6CB(skb)->iif = in->ifindex;
		IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
		if (l3mdev)
			IP6CB(skb)->flags = IP6SKB_L3SLAVE;
	} else {
		struct iphdr *iph = ip_hdr(skb);

		skb->protocol = htons(ETH_P_IP);
		iph->version = 4;
		iph->ihl = sizeof(*iph) / 4;
		iph->tos = path->tos;
		iph->tot_len = htons(skb->len);
		iph->ttl = IPDEFTTL;
		iph->protocol = ends->l4proto;
		iph->saddr = ends->saddr->ip;
		iph->daddr = ends->daddr->ip;
		IPCB(skb)->iif = in->ifindex;
		if (l3mdev)
			IPCB(skb)->flags = IPSKB_L3SLAVE;
	}
	return skb;
}

/* Members of a group */

/* The route as ip_route_input_slow() finds it */
static bool nf_flow_member4(struct net *net, const struct sk_buff *skb,
			    const struct nf_flow_ends *ends,
			    const struct net_device *in, u32 nexthop,
			    struct nf_flow_hop *hop)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	struct flowi4 fl4 = {
		.flowi4_iif	= in->ifindex,
		.flowi4_mark	= skb->mark,
		.flowi4_dscp	= ip4h_dscp(iph),
		.flowi4_scope	= RT_SCOPE_UNIVERSE,
		.flowi4_proto	= iph->protocol,
		.flowi4_uid	= sock_net_uid(net, NULL),
		.daddr		= iph->daddr,
		.saddr		= ends->saddr->ip,
		.fl4_sport	= ends->sport,
		.fl4_dport	= th->dest,
	};
	const struct fib_nh_common *nhc;
	struct fib_result res;
	int i;

	if (fib_lookup(net, &fl4, &res, 0) || !res.fi)
		return false;

	for (i = 0; i < fib_info_num_path(res.fi); i++) {
		nhc = fib_info_nhc(res.fi, i);
		if (nhc->nhc_flags & RTNH_F_DEAD || !nhc->nhc_dev)
			continue;
		if (nhc->nhc_gw_family && nhc->nhc_scope == RT_SCOPE_LINK)
			nf_flow_hop_set(hop, nhc->nhc_dev, nhc->nhc_gw_family,
					&nhc->nhc_gw);
		else
			nf_flow_hop_set(hop, nhc->nhc_dev, AF_INET,
					&iph->daddr);
		if (nf_flow_nexthop_hash(hop) == nexthop)
			return true;
	}
	return false;
}

#if IS_ENABLED(CONFIG_IPV6)
struct nf_flow_member6 {
	const struct in6_addr	*daddr;
	struct nf_flow_hop	*hop;
	u32			nexthop;
};

static int nf_flow_member6_is(struct fib6_nh *nh, void *arg)
{
	struct nf_flow_member6 *member = arg;

	if (nh->fib_nh_flags & RTNH_F_DEAD || !nh->fib_nh_dev)
		return 0;
	nf_flow_hop_set(member->hop, nh->fib_nh_dev, AF_INET6,
			nh->fib_nh_gw_family ? &nh->fib_nh_gw6 : member->daddr);
	return nf_flow_nexthop_hash(member->hop) == member->nexthop;
}

static bool nf_flow_member6(const struct sk_buff *skb, u32 nexthop,
			    struct nf_flow_hop *hop)
{
	struct nf_flow_member6 member = {
		.daddr		= &ipv6_hdr(skb)->daddr,
		.hop		= hop,
		.nexthop	= nexthop,
	};
	struct fib6_info *from, *sibling;

	from = rcu_dereference(dst_rt6_info(skb_dst(skb))->from);
	if (!from)
		return false;
	if (from->nh)
		return nexthop_for_each_fib6_nh(from->nh, nf_flow_member6_is,
						&member);
	list_for_each_entry_rcu(sibling, &from->fib6_siblings, fib6_siblings)
		if (nf_flow_member6_is(sibling->fib6_nh, &member))
			return true;
	return false;
}
#endif

/* Asking */

/**
 * nf_flow_has_snat() - is the source of packets translated?
 * @ends: of the packets
 *
 * Return: true if address or port is another one on the way out.
 */
bool nf_flow_has_snat(const struct nf_flow_ends *ends)
{
	return !nf_inet_addr_cmp(ends->saddr, ends->saddr_out) ||
	       ends->sport != ends->sport_out;
}

/* Policies for packets that leave: they are asked twice if the source is
 * translated, and the second answer counts, see nf_xfrm_me_harder().
 */
static bool nf_flow_probe_xfrm(const struct net *net, struct sk_buff *skb,
			       const struct nf_flow_ends *ends)
{
	u8 family = ends->l3proto == NFPROTO_IPV6 ? AF_INET6 : AF_INET;
	struct dst_entry *dst __maybe_unused;

	if (!xfrm_route_forward(skb, family) || !skb_dst(skb))
		return false;
	if (!nf_flow_has_policies(net) || !nf_flow_has_snat(ends))
		return true;

	tcp_hdr(skb)->source = ends->sport_out;
	if (family == AF_INET6)
		ipv6_hdr(skb)->saddr = ends->saddr_out->in6;
	else
		ip_hdr(skb)->saddr = ends->saddr_out->ip;
#ifdef CONFIG_XFRM
	dst = skb_dst(skb);
	if (dst->xfrm) {
		dst = dst_clone(((struct xfrm_dst *)dst)->route);
		skb_dst_drop(skb);
		skb_dst_set(skb, dst);
	}
#endif
	return xfrm_route_forward(skb, family) && skb_dst(skb);
}

/* As ip_rcv_finish() and ip_forward() do. In a VRF the packet is the master's, but
 * is routed as one of @in; those of IPv6 are routed as the master's.
 */
static bool nf_flow_probe4(struct sk_buff *skb, struct net_device *in,
			   bool secure)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (ip_route_input_noref(skb, iph->daddr, iph->saddr, ip4h_dscp(iph),
				 in) || !skb_dst(skb))
		return false;

	return !skb_dst(skb)->error &&
	       skb_rtable(skb)->rt_type == RTN_UNICAST &&
	       (secure || xfrm4_policy_check(NULL, XFRM_POLICY_FWD, skb));
}

/* As ip6_rcv_finish() and ip6_forward() do */
static bool nf_flow_probe6(struct net *net, struct sk_buff *skb,
			   const struct net_device *in, bool secure)
{
#if IS_ENABLED(CONFIG_IPV6)
	const struct inet6_dev *idev = __in6_dev_get(in);

	if (!idev || (!READ_ONCE(net->ipv6.devconf_all->forwarding) &&
		      !nf_flow_force_forwarding(idev)))
		return false;

	ip6_route_input(skb);
	if (skb_dst(skb)->error ||
	    dst_rt6_info(skb_dst(skb))->rt6i_flags &
	    (RTF_LOCAL | RTF_ANYCAST | RTF_REJECT))
		return false;

	return secure || READ_ONCE(net->ipv6.devconf_all->disable_policy) ||
	       READ_ONCE(idev->cnf.disable_policy) ||
	       xfrm6_policy_check(NULL, XFRM_POLICY_FWD, skb);
#else
	return false;
#endif
}

/* Packets of such a device come to the stack as those of its master, which is
 * another input device to rules, reverse path filter and forwarding switches.
 */
static bool nf_flow_is_port(const struct net_device *dev)
{
	return netif_is_bridge_port(dev) || netif_is_lag_port(dev) ||
	       netif_is_ovs_port(dev);
}

/**
 * nf_flow_probe() - ask the stack
 * @net: namespace
 * @ends: of the packet
 * @iif: device that it comes in by
 * @path: its mark, tos and flow label
 * @secure: it comes out of IPsec, which has been checked
 * @nexthop: hash of the next hop that is expected; 0: any
 * @hop: the next hop: if @nexthop is a living member of a group, that one
 *
 * Context: rcu_read_lock() held and bottom halves off.
 * Return: route, or bundle of IPsec, for the caller to release; NULL if the
 * packet is not forwarded. @hop is that of a route only.
 */
struct dst_entry *nf_flow_probe(struct net *net,
				const struct nf_flow_ends *ends, int iif,
				const struct flow_offload_path *path,
				bool secure, u32 nexthop,
				struct nf_flow_hop *hop)
{
	bool ip6 = ends->l3proto == NFPROTO_IPV6;
	struct dst_entry *dst = NULL;
	struct nf_flow_hop member;
	struct net_device *in;
	struct sk_buff *skb;

	in = dev_get_by_index_rcu(net, iif);
	if (!in || !(in->flags & IFF_UP) || nf_flow_is_port(in))
		return NULL;

	skb = nf_flow_probe_packet(ends, in, path);
	if (!(ip6 ? nf_flow_probe6(net, skb, in, secure) :
		    nf_flow_probe4(skb, in, secure)) ||
	    !nf_flow_probe_xfrm(net, skb, ends))
		goto out;

	dst = skb_dst(skb);
	if (!dst_hold_safe(dst)) {
		dst = NULL;
		goto out;
	}
	if (dst_xfrm(dst) || dst->flags & DST_XFRM_QUEUE)
		goto out;

	nf_flow_hop_init(hop, dst, ends);
	if (!nexthop || nf_flow_nexthop_hash(hop) == nexthop)
		goto out;
#if IS_ENABLED(CONFIG_IPV6)
	if (ip6 && nf_flow_member6(skb, nexthop, &member))
		*hop = member;
#endif
	if (!ip6 && IPCB(skb)->flags & IPSKB_MULTIPATH &&
	    nf_flow_member4(net, skb, ends, in, nexthop, &member))
		*hop = member;
out:
	skb_dst_drop(skb);
	skb->dev = NULL;
	return dst;
}
ALLOW_ERROR_INJECTION(nf_flow_probe, NULL);

/**
 * nf_flow_has_policies() - may packets that leave be for IPsec?
 * @net: namespace
 *
 * Return: true if there is a policy for them.
 */
bool nf_flow_has_policies(const struct net *net)
{
#ifdef CONFIG_XFRM
	return READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_OUT]) ||
	       READ_ONCE(net->xfrm.policy_default[XFRM_POLICY_OUT]) !=
	       XFRM_USERPOLICY_ACCEPT;
#else
	return false;
#endif
}

/**
 * nf_flow_has_rules() - may a route depend on more than addresses?
 * @net: namespace
 * @l3proto: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Return: true if there are policy routing rules besides the usual ones.
 */
bool nf_flow_has_rules(const struct net *net, u8 l3proto)
{
	if (l3proto == NFPROTO_IPV4)
		return fib4_has_custom_rules(net);
#if IS_ENABLED(CONFIG_IPV6)
	return fib6_has_custom_rules(net);
#else
	return false;
#endif
}

void nf_flow_probe_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kfree_skb(per_cpu(nf_flow_probe_skb, cpu));
}

int __init nf_flow_probe_init(void)
{
	struct sk_buff *skb;
	int cpu;

	nf_flow_hop_seed = get_random_u32();
	for_each_possible_cpu(cpu) {
		skb = alloc_skb(sizeof(struct ipv6hdr) + sizeof(struct tcphdr),
				GFP_KERNEL);
		if (!skb) {
			nf_flow_probe_exit();
			return -ENOMEM;
		}
		per_cpu(nf_flow_probe_skb, cpu) = skb;
	}
	return 0;
}
