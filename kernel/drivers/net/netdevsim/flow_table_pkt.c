// SPDX-License-Identifier: GPL-2.0
/*
 * Flow table of the emulated switch: packets.
 *
 * A packet comes as the port's receive path has it: skb->data behind the
 * Ethernet header, VLAN tags in the packet or accelerated. Parsing changes
 * nothing, so that a packet that misses or is punted goes to the CPU as it
 * came. Rewriting is in two steps because a PPPoE header cannot sit in front
 * of a GSO packet: nsim_ft_rewrite() does what can be done to a GSO packet,
 * nsim_ft_push() then runs on each packet that goes out.
 *
 * Sizes and counts are those of the wire: a GSO packet is the segments that
 * it will become.
 */

#include <linux/if_pppox.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ppp_defs.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <kunit/visibility.h>

#include "flow_table.h"

static enum nsim_ft_stat nsim_ft_parse_l4(const struct sk_buff *skb,
					  struct nsim_ft_pkt *pkt)
{
	struct tcphdr *tcp, _tcp;
	struct udphdr *udp, _udp;
	__be16 *gre, _gre;

	pkt->hlen = pkt->thoff - pkt->nhoff;
	switch (pkt->key.ip_proto) {
	case IPPROTO_TCP:
		tcp = skb_header_pointer(skb, pkt->thoff, sizeof(_tcp), &_tcp);
		if (!tcp || tcp->doff < sizeof(*tcp) / 4)
			return NSIM_FT_MISS;
		pkt->key.sport = tcp->source;
		pkt->key.dport = tcp->dest;
		pkt->tcp_flags = ((__be16 *)tcp)[6];
		pkt->hlen += tcp->doff * 4;
		break;
	case IPPROTO_UDP:
		udp = skb_header_pointer(skb, pkt->thoff, sizeof(_udp), &_udp);
		if (!udp)
			return NSIM_FT_MISS;
		pkt->key.sport = udp->source;
		pkt->key.dport = udp->dest;
		pkt->hlen += sizeof(*udp);
		break;
	case IPPROTO_GRE:
		gre = skb_header_pointer(skb, pkt->thoff, sizeof(_gre), &_gre);
		if (!gre)
			return NSIM_FT_MISS;
		break;
	default:
		return NSIM_FT_MISS;
	}
	return pkt->hlen <= pkt->l3len ? NSIM_FT_HIT : NSIM_FT_MISS;
}

static bool nsim_ft_len_ok(const struct sk_buff *skb, struct nsim_ft_pkt *pkt)
{
	unsigned int room = skb->len - pkt->nhoff;

	/* BIG TCP: the length does not fit the header and is not there */
	if (skb_is_gso(skb) && pkt->l3len < room &&
	    room > IP_MAX_MTU)
		pkt->l3len = room;
	return pkt->l3len <= room;
}

static enum nsim_ft_stat nsim_ft_parse_ipv4(const struct sk_buff *skb,
					    struct nsim_ft_pkt *pkt)
{
	struct iphdr *iph, _iph;

	iph = skb_header_pointer(skb, pkt->nhoff, sizeof(_iph), &_iph);
	if (!iph || iph->version != 4 || iph->ihl < 5)
		return NSIM_FT_MISS;
	pkt->key.src[0] = iph->saddr;
	pkt->key.dst[0] = iph->daddr;
	pkt->key.ip_proto = iph->protocol;
	pkt->ttl = iph->ttl;
	pkt->l3len = ntohs(iph->tot_len);
	if (!nsim_ft_len_ok(skb, pkt))
		return NSIM_FT_MISS;
	if (ip_is_fragment(iph))
		return NSIM_FT_PUNT_FRAG;
	if (iph->ihl > 5)
		return NSIM_FT_PUNT_OPTIONS;
	pkt->thoff = pkt->nhoff + sizeof(*iph);
	return nsim_ft_parse_l4(skb, pkt);
}

static enum nsim_ft_stat nsim_ft_parse_ipv6(const struct sk_buff *skb,
					    struct nsim_ft_pkt *pkt)
{
	struct ipv6hdr *ip6h, _ip6h;

	ip6h = skb_header_pointer(skb, pkt->nhoff, sizeof(_ip6h), &_ip6h);
	if (!ip6h || ip6h->version != 6)
		return NSIM_FT_MISS;
	memcpy(pkt->key.src, &ip6h->saddr, sizeof(pkt->key.src));
	memcpy(pkt->key.dst, &ip6h->daddr, sizeof(pkt->key.dst));
	pkt->key.ip_proto = ip6h->nexthdr;
	pkt->ttl = ip6h->hop_limit;
	pkt->l3len = ntohs(ip6h->payload_len) + sizeof(*ip6h);
	if (!nsim_ft_len_ok(skb, pkt))
		return NSIM_FT_MISS;
	if (ip6h->nexthdr == NEXTHDR_FRAGMENT)
		return NSIM_FT_PUNT_FRAG;
	if (ip6h->nexthdr == NEXTHDR_HOP || ip6h->nexthdr == NEXTHDR_ROUTING ||
	    ip6h->nexthdr == NEXTHDR_DEST || ip6h->nexthdr == NEXTHDR_AUTH)
		return NSIM_FT_PUNT_OPTIONS;
	pkt->thoff = pkt->nhoff + sizeof(*ip6h);
	return nsim_ft_parse_l4(skb, pkt);
}

struct nsim_ft_pppoe {
	struct pppoe_hdr	hdr;
	__be16			proto;
} __packed;

static bool nsim_ft_parse_pppoe(const struct sk_buff *skb,
				struct nsim_ft_pkt *pkt, __be16 *proto)
{
	const struct nsim_ft_pppoe *pppoe;
	struct nsim_ft_pppoe _pppoe;

	pppoe = skb_header_pointer(skb, pkt->nhoff, sizeof(_pppoe), &_pppoe);
	if (!pppoe || pppoe->hdr.ver != 1 || pppoe->hdr.type != 1 ||
	    pppoe->hdr.code)
		return false;
	if (pppoe->proto == htons(PPP_IP))
		*proto = htons(ETH_P_IP);
	else if (pppoe->proto == htons(PPP_IPV6))
		*proto = htons(ETH_P_IPV6);
	else
		return false;
	pkt->key.pppoe = 1;
	pkt->key.pppoe_sid = pppoe->hdr.sid;
	pkt->nhoff += PPPOE_SES_HLEN;
	return true;
}

/**
 * nsim_ft_parse() - find the match key of a packet
 * @skb: packet, skb->data behind the Ethernet header
 * @pkt: result; the ingress port in the key is left to the caller
 *
 * Return: %NSIM_FT_HIT if the packet may be looked up, else why not.
 */
enum nsim_ft_stat nsim_ft_parse(const struct sk_buff *skb,
				struct nsim_ft_pkt *pkt)
{
	struct vlan_hdr *vlan, _vlan;
	__be16 proto = skb->protocol;
	unsigned int n = 0;

	memset(pkt, 0, sizeof(*pkt));
	if (skb->pkt_type == PACKET_BROADCAST ||
	    skb->pkt_type == PACKET_MULTICAST)
		return NSIM_FT_MISS;

	if (skb_vlan_tag_present(skb)) {
		pkt->key.tag[n].proto = skb->vlan_proto;
		pkt->key.tag[n++].vid = skb_vlan_tag_get_id(skb);
	}
	while (eth_type_vlan(proto)) {
		vlan = skb_header_pointer(skb, pkt->nhoff, sizeof(_vlan),
					  &_vlan);
		if (!vlan || n == NSIM_FT_MAX_TAGS)
			return NSIM_FT_MISS;
		pkt->key.tag[n].proto = proto;
		pkt->key.tag[n++].vid = ntohs(vlan->h_vlan_TCI) & VLAN_VID_MASK;
		proto = vlan->h_vlan_encapsulated_proto;
		pkt->nhoff += VLAN_HLEN;
	}
	if (proto == htons(ETH_P_PPP_SES) &&
	    !nsim_ft_parse_pppoe(skb, pkt, &proto))
		return NSIM_FT_MISS;

	pkt->key.n_proto = proto;
	switch (proto) {
	case htons(ETH_P_IP):
		return nsim_ft_parse_ipv4(skb, pkt);
	case htons(ETH_P_IPV6):
		return nsim_ft_parse_ipv6(skb, pkt);
	default:
		return NSIM_FT_MISS;
	}
}
EXPORT_SYMBOL_IF_KUNIT(nsim_ft_parse);

/**
 * nsim_ft_check() - may the hardware forward a packet that matched
 * @skb: packet
 * @pkt: what nsim_ft_parse() found
 * @act: actions of the rule
 * @mtu: MTU of the egress port in bytes
 *
 * Return: %NSIM_FT_HIT, or why the packet goes to the CPU.
 */
enum nsim_ft_stat nsim_ft_check(const struct sk_buff *skb,
				const struct nsim_ft_pkt *pkt,
				const struct nsim_ft_act *act,
				unsigned int mtu)
{
	unsigned int len = pkt->l3len;

	if (pkt->tcp_flags & act->punt_tcp_flags)
		return NSIM_FT_PUNT_TCP_FLAGS;
	if (pkt->ttl <= 1)
		return NSIM_FT_PUNT_TTL;
	if (skb_is_gso(skb))
		len = min(len, pkt->hlen + skb_shinfo(skb)->gso_size);
	if (act->push_pppoe)
		len += PPPOE_SES_HLEN;
	if (len > mtu)
		return NSIM_FT_PUNT_MTU;
	return NSIM_FT_HIT;
}
EXPORT_SYMBOL_IF_KUNIT(nsim_ft_check);

/**
 * nsim_ft_wire() - what a packet is on the wire
 * @skb: packet
 * @pkt: what nsim_ft_parse() found
 * @pkts: result: packets
 * @bytes: result: bytes, IP headers and what they carry
 */
void nsim_ft_wire(const struct sk_buff *skb, const struct nsim_ft_pkt *pkt,
		  unsigned int *pkts, unsigned int *bytes)
{
	unsigned int segs = 1;

	if (skb_is_gso(skb) && pkt->l3len > pkt->hlen)
		segs = DIV_ROUND_UP(pkt->l3len - pkt->hlen,
				    skb_shinfo(skb)->gso_size);
	*pkts = segs;
	*bytes = pkt->l3len + (segs - 1) * pkt->hlen;
}
EXPORT_SYMBOL_IF_KUNIT(nsim_ft_wire);

/* Where the checksum of the transport header is; NULL: there is none. */
static __sum16 *nsim_ft_l4_check(struct sk_buff *skb, u8 ip_proto, void *l4)
{
	struct udphdr *udp = l4;

	switch (ip_proto) {
	case IPPROTO_TCP:
		return &((struct tcphdr *)l4)->check;
	case IPPROTO_UDP:
		if (udp->check || skb->ip_summed == CHECKSUM_PARTIAL)
			return &udp->check;
		return NULL;
	default:
		return NULL;
	}
}

static void nsim_ft_rewrite_addr(struct sk_buff *skb, __sum16 *ip_check,
				 __sum16 *l4_check, void *addr,
				 const __be32 *to)
{
	__be32 from[4];

	if (ip_check) {
		memcpy(from, addr, sizeof(from[0]));
		csum_replace4(ip_check, from[0], to[0]);
		if (l4_check)
			inet_proto_csum_replace4(l4_check, skb, from[0], to[0],
						 true);
		memcpy(addr, to, sizeof(from[0]));
		return;
	}
	memcpy(from, addr, sizeof(from));
	if (l4_check)
		inet_proto_csum_replace16(l4_check, skb, from, to, true);
	memcpy(addr, to, sizeof(from));
}

static void nsim_ft_rewrite_port(struct sk_buff *skb, __sum16 *l4_check,
				 __be16 *port, __be16 to)
{
	if (l4_check)
		inet_proto_csum_replace2(l4_check, skb, *port, to, false);
	*port = to;
}

static void nsim_ft_rewrite_ip(struct sk_buff *skb,
			       const struct nsim_ft_pkt *pkt,
			       const struct nsim_ft_act *act)
{
	void *l4 = skb->data + ETH_HLEN + pkt->thoff;
	void *l3 = skb->data + ETH_HLEN + pkt->nhoff;
	__sum16 *ip_check = NULL, *l4_check;
	void *saddr, *daddr;
	__be16 *ports = l4;

	l4_check = nsim_ft_l4_check(skb, pkt->key.ip_proto, l4);
	if (pkt->key.n_proto == htons(ETH_P_IP)) {
		struct iphdr *iph = l3;

		ip_decrease_ttl(iph);
		if (act->set_dscp)
			ipv4_change_dsfield(iph, INET_ECN_MASK,
					    act->dscp << 2);
		ip_check = &iph->check;
		saddr = &iph->saddr;
		daddr = &iph->daddr;
	} else {
		struct ipv6hdr *ip6h = l3;

		ip6h->hop_limit--;
		if (act->set_dscp)
			ipv6_change_dsfield(ip6h, INET_ECN_MASK,
					    act->dscp << 2);
		saddr = &ip6h->saddr;
		daddr = &ip6h->daddr;
	}

	if (act->set_src)
		nsim_ft_rewrite_addr(skb, ip_check, l4_check, saddr, act->src);
	if (act->set_dst)
		nsim_ft_rewrite_addr(skb, ip_check, l4_check, daddr, act->dst);
	if (act->set_sport)
		nsim_ft_rewrite_port(skb, l4_check, &ports[0], act->sport);
	if (act->set_dport)
		nsim_ft_rewrite_port(skb, l4_check, &ports[1], act->dport);

	/* RFC 768: an all zero checksum means that there is none */
	if (pkt->key.ip_proto == IPPROTO_UDP && l4_check && !*l4_check &&
	    skb->ip_summed != CHECKSUM_PARTIAL)
		*l4_check = CSUM_MANGLED_0;
}

static void nsim_ft_pop_pppoe(struct sk_buff *skb, __be16 n_proto)
{
	memmove(skb->data + PPPOE_SES_HLEN, skb->data, 2 * ETH_ALEN);
	__skb_pull(skb, PPPOE_SES_HLEN);
	skb_reset_mac_header(skb);
	eth_hdr(skb)->h_proto = n_proto;
	skb->protocol = n_proto;
	skb_set_network_header(skb, ETH_HLEN);
	skb_reset_mac_len(skb);
}

/**
 * nsim_ft_rewrite() - what the hardware does to a packet, but for pushing
 * @skb: packet, skb->data behind the Ethernet header; afterwards on it
 * @pkt: what nsim_ft_parse() found
 * @act: actions of the rule
 *
 * Return: true; false if memory ran out and the packet must be dropped.
 */
bool nsim_ft_rewrite(struct sk_buff *skb, const struct nsim_ft_pkt *pkt,
		     const struct nsim_ft_act *act)
{
	int i;

	skb_forward_csum(skb);
	skb_push(skb, ETH_HLEN);
	if (skb_ensure_writable(skb, ETH_HLEN + pkt->nhoff + pkt->hlen))
		return false;
	skb_set_network_header(skb, ETH_HLEN + pkt->nhoff);
	skb_set_transport_header(skb, ETH_HLEN + pkt->thoff);
	nsim_ft_rewrite_ip(skb, pkt, act);

	for (i = 0; i < act->n_pop; i++)
		if (skb_vlan_pop(skb))
			return false;
	if (act->pop_pppoe)
		nsim_ft_pop_pppoe(skb, pkt->key.n_proto);
	if (act->set_eth)
		memcpy(skb->data, act->eth, sizeof(act->eth));
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(nsim_ft_rewrite);

static bool nsim_ft_push_pppoe(struct sk_buff *skb, u16 sid)
{
	struct pppoe_hdr *hdr;
	__be16 *ppp_proto;
	unsigned int len;
	bool v4;

	v4 = skb->protocol == htons(ETH_P_IP);
	if (v4)
		len = ntohs(ip_hdr(skb)->tot_len);
	else
		len = ntohs(ipv6_hdr(skb)->payload_len) +
		      sizeof(struct ipv6hdr);

	if (skb_cow_head(skb, PPPOE_SES_HLEN))
		return false;
	skb_push(skb, PPPOE_SES_HLEN);
	memmove(skb->data, skb->data + PPPOE_SES_HLEN, 2 * ETH_ALEN);
	skb_reset_mac_header(skb);
	eth_hdr(skb)->h_proto = htons(ETH_P_PPP_SES);
	skb->protocol = htons(ETH_P_PPP_SES);

	hdr = (struct pppoe_hdr *)(skb->data + ETH_HLEN);
	hdr->ver = 1;
	hdr->type = 1;
	hdr->code = 0;
	hdr->sid = htons(sid);
	hdr->length = htons(len + sizeof(*ppp_proto));
	ppp_proto = (__be16 *)(hdr + 1);
	*ppp_proto = v4 ? htons(PPP_IP) : htons(PPP_IPV6);
	skb_set_network_header(skb, ETH_HLEN);
	skb_reset_mac_len(skb);
	return true;
}

/**
 * nsim_ft_push() - push the headers that a rule asks for
 * @skb: packet, skb->data on the Ethernet header; no GSO packet if the rule
 *	pushes PPPoE
 * @act: actions of the rule
 *
 * Return: true; false if memory ran out and the packet must be dropped.
 */
bool nsim_ft_push(struct sk_buff *skb, const struct nsim_ft_act *act)
{
	int i;

	if (act->push_pppoe && !nsim_ft_push_pppoe(skb, act->pppoe_sid))
		return false;
	for (i = act->n_push - 1; i >= 0; i--)
		if (skb_vlan_push(skb, act->push[i].proto, act->push[i].vid))
			return false;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(nsim_ft_push);
