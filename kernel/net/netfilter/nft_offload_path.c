// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths of nft_offload: which devices a connection passes, or would pass.
 *
 * A rule that adds a flow asks the routes of both directions of a packet that is
 * there, and goes down from their devices to those at the ends (nft_flow_route()).
 * This does the same for a connection of which there may be no packet, nor any
 * conntrack entry:
 *
 *	     in                                   out
 *	lan1 -> br0 -> route to destination -> eth1.7 -> eth1
 *
 * If the request does not say where the connection comes in, it comes in by the
 * device of the route to its source. Both routes are looked up as for packets
 * that come in: with rules for devices, and with the reverse path filter. If the
 * route of the reply direction leads to another device, there is no flow.
 *
 * Nothing is changed: no neighbour is resolved, and no policy of IPsec is looked
 * up, as that may begin to negotiate keys.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/netfilter/nf_conntrack.h>
#include "nf_flow_table_probe.h"
#include "nf_flow_table_shaper.h"
#include "nft_offload.h"

/**
 * struct path_ends - the ends of a connection
 * @l3proto: NFPROTO_IPV4 or NFPROTO_IPV6
 * @l4proto: IPPROTO_*
 * @src: source of the original direction
 * @dst: its destination, after translation if that is known
 * @sport: port of @src, network byte order
 * @dport: port of @dst
 */
struct path_ends {
	u8			l3proto;
	u8			l4proto;
	union nf_inet_addr	src;
	union nf_inet_addr	dst;
	__be16			sport;
	__be16			dport;
};

static void path_ends(struct path_ends *ends,
		      const struct nft_offload_filter *filter,
		      const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *orig, *reply;

	ends->l3proto = filter->l3proto;
	ends->l4proto = filter->l4proto;
	if (!ct) {
		ends->src = filter->saddr[0];
		ends->dst = filter->daddr[0];
		ends->sport = htons(filter->sport[0]);
		ends->dport = htons(filter->dport[0]);
		return;
	}
	orig = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	ends->src = orig->src.u3;
	ends->dst = reply->src.u3;
	ends->sport = orig->src.u.all;
	ends->dport = reply->src.u.all;
}

/* Has the packet arrived? */
static bool path_is_local(const struct dst_entry *dst, u8 l3proto)
{
	if (l3proto == NFPROTO_IPV4)
		return dst_rtable(dst)->rt_type == RTN_LOCAL;
	return dst_rt6_info(dst)->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST);
}

/* Is it to be sent to one host? */
static bool path_is_unicast(const struct dst_entry *dst,
			    const struct path_ends *ends,
			    const union nf_inet_addr *to)
{
	if (dst->error)
		return false;
	if (ends->l3proto == NFPROTO_IPV4)
		return dst_rtable(dst)->rt_type == RTN_UNICAST;
	return !ipv6_addr_is_multicast(&to->in6);
}

/* Route of a packet whose input device is not known, by device @oif if given */
static struct dst_entry *path_route_output(struct net *net,
					   const struct path_ends *ends,
					   const union nf_inet_addr *to,
					   const union nf_inet_addr *from,
					   int oif)
{
	struct dst_entry *dst = NULL;
	struct flowi fl = {};

	if (ends->l3proto == NFPROTO_IPV4) {
		fl.u.ip4.daddr = to->ip;
		fl.u.ip4.saddr = from->ip;
		fl.u.ip4.flowi4_oif = oif;
		fl.u.ip4.flowi4_flags = FLOWI_FLAG_ANYSRC;
	} else {
		fl.u.ip6.daddr = to->in6;
		fl.u.ip6.saddr = from->in6;
		fl.u.ip6.flowi6_oif = oif;
		fl.u.ip6.flowi6_flags = FLOWI_FLAG_ANYSRC;
	}
	nf_route(net, &dst, &fl, false, ends->l3proto);
	return dst;
}

/* The first packet of the connection, to be shown to routing: up to the ports */
static struct sk_buff *path_packet(const struct path_ends *ends,
				   struct net_device *dev)
{
	bool ip4 = ends->l3proto == NFPROTO_IPV4;
	unsigned int len = ip4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	struct sk_buff *skb;
	__be16 *ports;

	skb = alloc_skb(len + sizeof(struct tcphdr), GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb->dev = dev;
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, len);
	skb_put_zero(skb, len + sizeof(struct tcphdr));

	if (ip4) {
		struct iphdr *iph = ip_hdr(skb);

		skb->protocol = htons(ETH_P_IP);
		iph->version = 4;
		iph->ihl = sizeof(*iph) / 4;
		iph->tot_len = htons(skb->len);
		iph->ttl = IPDEFTTL;
		iph->protocol = ends->l4proto;
		iph->saddr = ends->src.ip;
		iph->daddr = ends->dst.ip;
	} else {
		struct ipv6hdr *ip6h = ipv6_hdr(skb);

		skb->protocol = htons(ETH_P_IPV6);
		ip6h->version = 6;
		ip6h->payload_len = htons(sizeof(struct tcphdr));
		ip6h->hop_limit = IPDEFTTL;
		ip6h->nexthdr = ends->l4proto;
		ip6h->saddr = ends->src.in6;
		ip6h->daddr = ends->dst.in6;
	}
	ports = (__be16 *)skb_transport_header(skb);
	ports[0] = ends->sport;
	ports[1] = ends->dport;
	if (ends->l4proto == IPPROTO_TCP)
		tcp_hdr(skb)->doff = sizeof(struct tcphdr) / 4;
	return skb;
}

/* Route of a packet that comes in by @dev */
static struct dst_entry *path_route_input(const struct path_ends *ends,
					  struct net_device *dev)
{
	struct dst_entry *dst = NULL;
	struct sk_buff *skb;

	skb = path_packet(ends, dev);
	if (!skb)
		return NULL;
	if (ends->l3proto == NFPROTO_IPV4)
		ip_route_input_noref(skb, ends->dst.ip, ends->src.ip, 0, dev);
#if IS_ENABLED(CONFIG_IPV6)
	else
		ip6_route_input(skb);
#endif
	if (skb_dst(skb) && skb_dst_force(skb))
		dst = dst_clone(skb_dst(skb));
	consume_skb(skb);
	return dst;
}

static void path_add(struct nft_offload_leg *leg, const struct net_device *dev)
{
	struct nft_offload_path_dev *last = &leg->dev[leg->num];

	/* a bridge is there twice: as the route's device, and on the way down */
	if (leg->num && last[-1].ifindex == dev->ifindex)
		return;
	if (leg->num == ARRAY_SIZE(leg->dev))
		return;
	last->ifindex = dev->ifindex;
	strscpy(last->name, dev->name);
	leg->num++;
}

/* As dst_neigh_lookup(), but if there is none, none is made. */
static struct neighbour *path_find_neighbour(const struct dst_entry *dst,
					     u8 l3proto,
					     const union nf_inet_addr *to)
{
	bool ip4 = l3proto == NFPROTO_IPV4;

	if (ip4 && dst_rtable(dst)->rt_gw_family != AF_INET6)
		return __ipv4_neigh_lookup(dst->dev, (__force u32)
					   rt_nexthop(dst_rtable(dst), to->ip));
#if IS_ENABLED(CONFIG_IPV6)
	return __ipv6_neigh_lookup(dst->dev, ip4 ? &dst_rtable(dst)->rt_gw6 :
				   rt6_nexthop(dst_rt6_info(dst), &to->in6));
#else
	return NULL;
#endif
}

/* Returns false if it is not known yet. */
static bool path_neighbour(const struct dst_entry *dst, u8 l3proto,
			   const union nf_inet_addr *to, u8 *ha)
{
	struct neighbour *n = path_find_neighbour(dst, l3proto, to);
	bool known;

	if (!n)
		return false;
	read_lock_bh(&n->lock);
	known = n->nud_state & NUD_VALID;
	if (known)
		ether_addr_copy(ha, n->ha);
	read_unlock_bh(&n->lock);
	neigh_release(n);
	return known;
}

static bool path_has_neighbours(const struct net_device *dev)
{
	return !(dev->flags & IFF_LOOPBACK) && dev->type == ARPHRD_ETHER &&
	       dev->addr_len == ETH_ALEN && is_valid_ether_addr(dev->dev_addr);
}

static void path_add_encap(struct nft_offload_leg *leg, int *encaps)
{
	if ((*encaps)++ >= NF_FLOW_TABLE_ENCAP_MAX)
		leg->reason = NF_FLOW_REASON_PATH;
}

/* From the device of the route down, as nft_dev_path_info() has it */
static void path_go_down(struct nft_offload_leg *leg,
			 const struct dst_entry *dst,
			 const struct path_ends *ends,
			 const union nf_inet_addr *to)
{
	struct net_device_path_ctx ctx = {
		.dev		= dst->dev,
		.ether_type	= ends->l3proto == NFPROTO_IPV4 ?
				  htons(ETH_P_IP) : htons(ETH_P_IPV6),
		.ieee80211	= true,
	};
	struct net_device_path_stack stack;
	unsigned int mtu, tags = 0;
	int i, encaps = 0, tunnels = 0;

	path_add(leg, dst->dev);
	leg->known = !path_has_neighbours(dst->dev) ||
		     path_neighbour(dst, ends->l3proto, to, ctx.daddr);

	if (dev_fill_forward_path(&ctx, &stack) < 0) {
		/* to a bridge, an address that is not known is at no port */
		leg->reason = !leg->known && netif_is_bridge_master(ctx.dev) ?
			      NF_FLOW_REASON_NEIGHBOUR : NF_FLOW_REASON_PATH;
		return;
	}
	mtu = ends->l3proto == NFPROTO_IPV4 ?
	      ip_dst_mtu_maybe_forward((struct dst_entry *)dst, true) :
	      ip6_dst_mtu_maybe_forward(dst, true);
	for (i = 0; i < stack.num_paths; i++) {
		path_add(leg, stack.path[i].dev);
		switch (stack.path[i].type) {
		case DEV_PATH_VLAN:
			if (tags++)
				mtu += VLAN_HLEN;
			path_add_encap(leg, &encaps);
			break;
		case DEV_PATH_PPPOE:
			mtu += PPPOE_SES_HLEN;
			path_add_encap(leg, &encaps);
			break;
		case DEV_PATH_BRIDGE:
			if (stack.path[i].bridge.vlan_mode ==
			    DEV_PATH_BR_VLAN_TAG)
				path_add_encap(leg, &encaps);
			else if (stack.path[i].bridge.vlan_mode ==
				 DEV_PATH_BR_VLAN_UNTAG)
				encaps--;
			break;
		case DEV_PATH_TUN:
			tunnels++;
			break;
		case DEV_PATH_ETHERNET:
		case DEV_PATH_IEEE80211:
		case DEV_PATH_DSA:
			break;
		default:
			leg->reason = NF_FLOW_REASON_PATH;
		}
	}
	leg->tunnel = tunnels;
	leg->shaped = nf_flow_shaped(&stack);
	leg->mtu_below = mtu < READ_ONCE(stack.path[i - 1].dev->mtu);
	if (tunnels > 1)
		leg->reason = NF_FLOW_REASON_PATH;
	dev_fill_forward_path_release(&stack);
}

static void path_leg(struct nft_offload_leg *leg, const struct dst_entry *dst,
		     const struct path_ends *ends,
		     const union nf_inet_addr *to)
{
	if (!dst)
		leg->reason = NF_FLOW_REASON_NO_ROUTE;
	else if (path_is_local(dst, ends->l3proto))
		leg->reason = NF_FLOW_REASON_LOCAL;
	else if (!path_is_unicast(dst, ends, to))
		leg->reason = NF_FLOW_REASON_NO_ROUTE;
	else
		path_go_down(leg, dst, ends, to);
}

/* Where do the addresses of @dev, which may be a port of a bridge, have a meaning? */
static struct net_device *path_top(struct net_device *dev)
{
	struct net_device *master;

	while ((master = netdev_master_upper_dev_get_rcu(dev)) &&
	       !netif_is_l3_master(master))
		dev = master;
	return dev;
}

static bool path_passes(const struct nft_offload_leg *leg, u32 ifindex)
{
	unsigned int i;

	for (i = 0; i < leg->num; i++)
		if (leg->dev[i].ifindex == ifindex)
			return true;
	return false;
}

/* Where does the connection come in? By the device of the route to its source,
 * unless the request names one. Returns the device whose addresses packets meet
 * there, NULL if there is none.
 */
static struct net_device *path_from(struct net *net,
				    const struct path_ends *ends, u32 iif,
				    struct nft_offload_leg *leg)
{
	struct net_device *dev = NULL;
	struct dst_entry *dst;

	dst = path_route_output(net, ends, &ends->src, &ends->dst, 0);
	path_leg(leg, dst, ends, &ends->src);
	if (leg->num)
		dev = dst->dev;
	dst_release(dst);
	if (!iif || path_passes(leg, iif) ||
	    leg->reason == NF_FLOW_REASON_LOCAL)
		return dev;

	memset(leg, 0, sizeof(*leg));
	dev = dev_get_by_index_rcu(net, iif);
	if (!dev)
		return NULL;
	dev = path_top(dev);
	path_add(leg, dev);
	return dev;
}

/* The way of answers, which enter by @in, to where the connection came from */
static void path_back(struct nft_offload_leg *leg, const struct path_ends *ends,
		      struct net_device *in, const struct net_device *from)
{
	const struct path_ends back = {
		.l3proto	= ends->l3proto,
		.l4proto	= ends->l4proto,
		.src		= ends->dst,
		.dst		= ends->src,
		.sport		= ends->dport,
		.dport		= ends->sport,
	};
	struct dst_entry *dst;

	memset(leg, 0, sizeof(*leg));
	dst = path_route_input(&back, in);
	path_leg(leg, dst, &back, &back.dst);
	if (leg->num && dst->dev != from)
		leg->reason = NF_FLOW_REASON_ASYMMETRIC;
	dst_release(dst);
}

/* IPv4 has this in its routes. */
static bool path_forwards(const struct path_ends *ends,
			  const struct net_device *from)
{
#if IS_ENABLED(CONFIG_IPV6)
	const struct inet6_dev *idev = __in6_dev_get(from);
	int type = ipv6_addr_type(&ends->src.in6);

	if (ends->l3proto == NFPROTO_IPV6)
		return type != IPV6_ADDR_ANY &&
		       !(type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL)) &&
		       (READ_ONCE(dev_net(from)->ipv6.devconf_all->forwarding) ||
			(idev && nf_flow_force_forwarding(idev)));
#endif
	return true;
}

/**
 * nft_offload_path_find() - which devices does a connection pass?
 * @net: namespace
 * @filter: connection, see nft_offload_filter_exact()
 * @ct: its conntrack entry, or NULL
 * @path: answer
 *
 * Context: process.
 */
void nft_offload_path_find(struct net *net,
			   const struct nft_offload_filter *filter,
			   const struct nf_conn *ct,
			   struct nft_offload_path *path)
{
	struct nft_offload_leg *in = &path->leg[NFT_OFFLOAD_SIDE_IN];
	struct nft_offload_leg *out = &path->leg[NFT_OFFLOAD_SIDE_OUT];
	struct net_device *from;
	struct dst_entry *dst;
	u32 iif = filter->iif;
	struct path_ends ends;

	memset(path, 0, sizeof(*path));
	path_ends(&ends, filter, ct);
	/* the filter names the other direction */
	if (ct && !nf_inet_addr_cmp(&ends.src, &filter->saddr[0]))
		iif = 0;

	/* as softirqs, where packets are forwarded, have it */
	rcu_read_lock();
	local_bh_disable();
	from = path_from(net, &ends, iif, in);
	if (from)
		dst = path_route_input(&ends, from);
	else
		dst = path_route_output(net, &ends, &ends.dst, &ends.src, 0);
	path_leg(out, dst, &ends, &ends.dst);
	if (from && !out->reason && !path_forwards(&ends, from))
		out->reason = NF_FLOW_REASON_NO_ROUTE;
	if (from && in->reason != NF_FLOW_REASON_LOCAL && !out->reason)
		path_back(in, &ends, dst->dev, from);
	dst_release(dst);
	local_bh_enable();
	rcu_read_unlock();
}
