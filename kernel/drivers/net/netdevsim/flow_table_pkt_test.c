// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the emulated switch's flow table: what a packet is, and what the
 * hardware makes of it. No device is needed.
 */

#include <kunit/test.h>
#include <linux/if_pppox.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ppp_defs.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "flow_table.h"

/* MODULE_IMPORT_NS() wants quotes in newer kernels only */
MODULE_INFO(import_ns, "EXPORTED_FOR_KUNIT_TESTING");

#define PAYLOAD		100
#define SPORT		1234
#define DPORT		4321

static const struct in6_addr host_a = { { { 0x20, 0x01, 0x0d, 0xb8, 1,
					    [15] = 1 } } };
static const struct in6_addr host_b = { { { 0x20, 0x01, 0x0d, 0xb8, 2,
					    [15] = 2 } } };
static const struct in6_addr nat_to = { { { 0x20, 0x01, 0x0d, 0xb8, 3,
					    [15] = 3 } } };

/* What a packet is made of */
struct spec {
	const char		*name;
	bool			v6;
	u8			proto;
	u8			ip_summed;
	struct nsim_ft_tag	tag[3];	/* inline, outermost first */
	struct nsim_ft_tag	accel;
	u16			pppoe_sid;
	u8			ttl;
	bool			fin;
	bool			no_check;
	__be16			frag_off;
	u16			nexthdr;	/* IPv6, plus 1; 0: proto */
	bool			ip_options;
	unsigned int		cut;	/* bytes missing at the end */
	unsigned int		gso_size;
	u8			pkt_type;
	enum nsim_ft_stat	want;
};

static unsigned int l4_len(const struct spec *spec)
{
	return spec->proto == IPPROTO_TCP ? sizeof(struct tcphdr) :
	       spec->proto == IPPROTO_UDP ? sizeof(struct udphdr) : 4;
}

static unsigned int l3_hlen(const struct spec *spec)
{
	return spec->v6 ? sizeof(struct ipv6hdr) :
	       sizeof(struct iphdr) + (spec->ip_options ? 4 : 0);
}

static __sum16 *check_of(u8 proto, void *l4)
{
	return proto == IPPROTO_TCP ? &((struct tcphdr *)l4)->check :
	       &((struct udphdr *)l4)->check;
}

/* Pseudo header and L4 summed up; the L4 checksum is right if this is zero. */
static __sum16 l4_sum(bool v6, u8 proto, const void *l3, const void *l4,
		      unsigned int len, __wsum csum)
{
	if (v6) {
		const struct ipv6hdr *ip6h = l3;

		return csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len, proto,
				       csum);
	} else {
		const struct iphdr *iph = l3;

		return csum_tcpudp_magic(iph->saddr, iph->daddr, len, proto,
					 csum);
	}
}

static void build_l3(const struct spec *spec, void *l3, unsigned int l4len)
{
	if (spec->v6) {
		struct ipv6hdr *ip6h = l3;

		ip6h->version = 6;
		ip6h->nexthdr = spec->nexthdr ? spec->nexthdr - 1 : spec->proto;
		ip6h->hop_limit = spec->ttl ?: 64;
		ip6h->payload_len = htons(l4len);
		ip6h->saddr = host_a;
		ip6h->daddr = host_b;
	} else {
		struct iphdr *iph = l3;

		iph->version = 4;
		iph->ihl = l3_hlen(spec) / 4;
		iph->protocol = spec->proto;
		iph->ttl = spec->ttl ?: 64;
		iph->frag_off = spec->frag_off;
		iph->tot_len = htons(l3_hlen(spec) + l4len);
		iph->saddr = htonl(0xc0000201);
		iph->daddr = htonl(0xc6336402);
		if (spec->ip_options)
			memset(iph + 1, IPOPT_NOP, 4);
		ip_send_check(iph);
	}
}

static struct sk_buff *build(struct kunit *test, const struct spec *spec)
{
	unsigned int l4len = l4_len(spec) + PAYLOAD, i;
	__be16 proto = htons(spec->v6 ? ETH_P_IPV6 : ETH_P_IP);
	struct sk_buff *skb;
	void *l3, *l4;

	skb = alloc_skb(512, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 128);

	l3 = skb_put_zero(skb, l3_hlen(spec) + l4len);
	l4 = l3 + l3_hlen(spec);
	build_l3(spec, l3, l4len);
	for (i = 0; i < PAYLOAD; i++)
		((u8 *)l4)[l4_len(spec) + i] = i * 7;
	*(__be16 *)l4 = htons(SPORT);
	*((__be16 *)l4 + 1) = htons(DPORT);
	if (spec->proto == IPPROTO_TCP) {
		((struct tcphdr *)l4)->doff = 5;
		((struct tcphdr *)l4)->fin = spec->fin;
	} else if (spec->proto == IPPROTO_UDP) {
		((struct udphdr *)l4)->len = htons(l4len);
	}

	skb->ip_summed = spec->ip_summed;
	if (spec->proto == IPPROTO_GRE || spec->no_check) {
		/* none */
	} else if (spec->ip_summed == CHECKSUM_PARTIAL) {
		skb->csum_start = l4 - (void *)skb->head;
		skb->csum_offset = (void *)check_of(spec->proto, l4) - l4;
		*check_of(spec->proto, l4) = ~l4_sum(spec->v6, spec->proto, l3,
						     l4, l4len, 0);
	} else {
		__sum16 sum = l4_sum(spec->v6, spec->proto, l3, l4, l4len,
				     csum_partial(l4, l4len, 0));

		*check_of(spec->proto, l4) = sum ?: CSUM_MANGLED_0;
	}
	if (spec->gso_size) {
		skb_shinfo(skb)->gso_size = spec->gso_size;
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	}

	if (spec->pppoe_sid) {
		struct pppoe_hdr *hdr = skb_push(skb, PPPOE_SES_HLEN);

		memset(hdr, 0, PPPOE_SES_HLEN);
		hdr->ver = 1;
		hdr->type = 1;
		hdr->sid = htons(spec->pppoe_sid);
		*(__be16 *)(hdr + 1) = htons(spec->v6 ? PPP_IPV6 : PPP_IP);
		proto = htons(ETH_P_PPP_SES);
	}
	for (i = ARRAY_SIZE(spec->tag); i-- > 0;) {
		struct vlan_hdr *vlan;

		if (!spec->tag[i].proto)
			continue;
		vlan = skb_push(skb, VLAN_HLEN);
		vlan->h_vlan_TCI = htons(spec->tag[i].vid);
		vlan->h_vlan_encapsulated_proto = proto;
		proto = spec->tag[i].proto;
	}
	if (spec->accel.proto)
		__vlan_hwaccel_put_tag(skb, spec->accel.proto, spec->accel.vid);

	skb->protocol = proto;
	skb_push(skb, ETH_HLEN);
	memset(skb->data, 0x02, 2 * ETH_ALEN);
	((struct ethhdr *)skb->data)->h_proto = proto;
	skb_reset_mac_header(skb);
	skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	if (spec->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_partial(skb->data, skb->len, 0);
	skb_trim(skb, skb->len - spec->cut);
	skb->pkt_type = spec->pkt_type;
	return skb;
}

#define Q(id)	{ .proto = htons(ETH_P_8021Q), .vid = (id) }
#define AD(id)	{ .proto = htons(ETH_P_8021AD), .vid = (id) }

static const struct spec parse_specs[] = {
	{ "ipv4 tcp", .proto = IPPROTO_TCP },
	{ "ipv4 udp", .proto = IPPROTO_UDP },
	{ "ipv4 gre", .proto = IPPROTO_GRE },
	{ "ipv6 tcp", .v6 = true, .proto = IPPROTO_TCP },
	{ "ipv6 udp", .v6 = true, .proto = IPPROTO_UDP },
	{ "vlan inline", .proto = IPPROTO_TCP, .tag = { Q(10) } },
	{ "vlan accelerated", .proto = IPPROTO_TCP, .accel = Q(10) },
	{ "qinq", .proto = IPPROTO_TCP, .accel = AD(20), .tag = { Q(10) } },
	{ "pppoe", .proto = IPPROTO_TCP, .pppoe_sid = 7 },
	{ "pppoe in vlan", .v6 = true, .proto = IPPROTO_UDP, .pppoe_sid = 7,
	  .tag = { Q(10) } },
	{ "three tags", .proto = IPPROTO_TCP, .tag = { AD(1), Q(2), Q(3) },
	  .want = NSIM_FT_MISS },
	{ "icmp", .proto = IPPROTO_ICMP, .want = NSIM_FT_MISS },
	{ "first fragment", .proto = IPPROTO_UDP, .frag_off = htons(IP_MF),
	  .want = NSIM_FT_PUNT_FRAG },
	{ "later fragment", .proto = IPPROTO_UDP, .frag_off = htons(100),
	  .want = NSIM_FT_PUNT_FRAG },
	{ "don't fragment", .proto = IPPROTO_UDP, .frag_off = htons(IP_DF) },
	{ "ipv6 fragment", .v6 = true, .proto = IPPROTO_UDP,
	  .nexthdr = NEXTHDR_FRAGMENT + 1, .want = NSIM_FT_PUNT_FRAG },
	{ "ipv4 options", .proto = IPPROTO_UDP, .ip_options = true,
	  .want = NSIM_FT_PUNT_OPTIONS },
	{ "ipv6 hop-by-hop", .v6 = true, .proto = IPPROTO_UDP,
	  .nexthdr = NEXTHDR_HOP + 1, .want = NSIM_FT_PUNT_OPTIONS },
	{ "truncated payload", .proto = IPPROTO_UDP, .cut = 1,
	  .want = NSIM_FT_MISS },
	{ "truncated header", .proto = IPPROTO_TCP, .cut = PAYLOAD + 1,
	  .want = NSIM_FT_MISS },
	{ "broadcast", .proto = IPPROTO_UDP, .pkt_type = PACKET_BROADCAST,
	  .want = NSIM_FT_MISS },
};

KUNIT_ARRAY_PARAM_DESC(parse, parse_specs, name);

static void parse_test(struct kunit *test)
{
	const struct spec *spec = test->param_value;
	struct sk_buff *skb = build(test, spec);
	struct nsim_ft_tag want[NSIM_FT_MAX_TAGS] = {};
	struct nsim_ft_pkt pkt;
	unsigned int i, n = 0;

	KUNIT_EXPECT_EQ(test, nsim_ft_parse(skb, &pkt), spec->want);
	if (spec->want != NSIM_FT_HIT)
		goto out;

	if (spec->accel.proto)
		want[n++] = spec->accel;
	for (i = 0; i < ARRAY_SIZE(spec->tag); i++)
		if (spec->tag[i].proto)
			want[n++] = spec->tag[i];
	KUNIT_EXPECT_MEMEQ(test, pkt.key.tag, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, ntohs(pkt.key.pppoe_sid), spec->pppoe_sid);
	KUNIT_EXPECT_EQ(test, pkt.key.ip_proto, spec->proto);
	KUNIT_EXPECT_EQ(test, pkt.l3len,
			l3_hlen(spec) + l4_len(spec) + PAYLOAD);
	if (spec->v6)
		KUNIT_EXPECT_MEMEQ(test, pkt.key.src, &host_a, sizeof(host_a));
	else
		KUNIT_EXPECT_EQ(test, ntohl(pkt.key.src[0]), 0xc0000201);
	if (spec->proto != IPPROTO_GRE) {
		KUNIT_EXPECT_EQ(test, ntohs(pkt.key.sport), SPORT);
		KUNIT_EXPECT_EQ(test, ntohs(pkt.key.dport), DPORT);
	}
out:
	kfree_skb(skb);
}

static void check_test(struct kunit *test)
{
	struct spec spec = { .proto = IPPROTO_TCP, .ttl = 2 };
	struct nsim_ft_act act = { .punt_tcp_flags = htons(0x5) };
	unsigned int len = 40 + PAYLOAD, pkts, bytes;
	struct nsim_ft_pkt pkt;
	struct sk_buff *skb;

	skb = build(test, &spec);
	KUNIT_ASSERT_EQ(test, nsim_ft_parse(skb, &pkt), NSIM_FT_HIT);
	KUNIT_EXPECT_EQ(test, nsim_ft_check(skb, &pkt, &act, len), NSIM_FT_HIT);
	KUNIT_EXPECT_EQ(test, nsim_ft_check(skb, &pkt, &act, len - 1),
			NSIM_FT_PUNT_MTU);
	nsim_ft_wire(skb, &pkt, &pkts, &bytes);
	KUNIT_EXPECT_EQ(test, pkts, 1);
	KUNIT_EXPECT_EQ(test, bytes, len);

	act.push_pppoe = true;
	KUNIT_EXPECT_EQ(test, nsim_ft_check(skb, &pkt, &act, len + 7),
			NSIM_FT_PUNT_MTU);
	KUNIT_EXPECT_EQ(test, nsim_ft_check(skb, &pkt, &act, len + 8),
			NSIM_FT_HIT);
	act.push_pppoe = false;
	pkt.ttl = 1;
	KUNIT_EXPECT_EQ(test, nsim_ft_check(skb, &pkt, &act, len),
			NSIM_FT_PUNT_TTL);
	kfree_skb(skb);

	spec.fin = true;
	skb = build(test, &spec);
	KUNIT_ASSERT_EQ(test, nsim_ft_parse(skb, &pkt), NSIM_FT_HIT);
	KUNIT_EXPECT_EQ(test, nsim_ft_check(skb, &pkt, &act, len),
			NSIM_FT_PUNT_TCP_FLAGS);
	kfree_skb(skb);

	/* 100 bytes in segments of 30: 30 30 30 10 */
	spec.fin = false;
	spec.gso_size = 30;
	skb = build(test, &spec);
	KUNIT_ASSERT_EQ(test, nsim_ft_parse(skb, &pkt), NSIM_FT_HIT);
	KUNIT_EXPECT_EQ(test, nsim_ft_check(skb, &pkt, &act, 70), NSIM_FT_HIT);
	KUNIT_EXPECT_EQ(test, nsim_ft_check(skb, &pkt, &act, 69),
			NSIM_FT_PUNT_MTU);
	nsim_ft_wire(skb, &pkt, &pkts, &bytes);
	KUNIT_EXPECT_EQ(test, pkts, 4);
	KUNIT_EXPECT_EQ(test, bytes, 4 * 40 + PAYLOAD);
	kfree_skb(skb);
}

static const struct spec rewrite_specs[] = {
	{ "ipv4 tcp none", .proto = IPPROTO_TCP },
	{ "ipv4 tcp partial", .proto = IPPROTO_TCP,
	  .ip_summed = CHECKSUM_PARTIAL },
	{ "ipv4 tcp complete", .proto = IPPROTO_TCP,
	  .ip_summed = CHECKSUM_COMPLETE },
	{ "ipv4 udp none", .proto = IPPROTO_UDP },
	{ "ipv4 udp partial", .proto = IPPROTO_UDP,
	  .ip_summed = CHECKSUM_PARTIAL },
	{ "ipv4 udp complete", .proto = IPPROTO_UDP,
	  .ip_summed = CHECKSUM_COMPLETE },
	{ "ipv4 udp without checksum", .proto = IPPROTO_UDP, .no_check = true },
	{ "ipv6 tcp none", .v6 = true, .proto = IPPROTO_TCP },
	{ "ipv6 tcp partial", .v6 = true, .proto = IPPROTO_TCP,
	  .ip_summed = CHECKSUM_PARTIAL },
	{ "ipv6 tcp complete", .v6 = true, .proto = IPPROTO_TCP,
	  .ip_summed = CHECKSUM_COMPLETE },
	{ "ipv6 udp none", .v6 = true, .proto = IPPROTO_UDP },
	{ "ipv6 udp partial", .v6 = true, .proto = IPPROTO_UDP,
	  .ip_summed = CHECKSUM_PARTIAL },
	{ "ipv6 udp complete", .v6 = true, .proto = IPPROTO_UDP,
	  .ip_summed = CHECKSUM_COMPLETE },
	{ "vlan", .proto = IPPROTO_TCP, .tag = { Q(10) },
	  .ip_summed = CHECKSUM_PARTIAL },
	{ "vlan accelerated", .proto = IPPROTO_TCP, .accel = Q(10) },
	{ "qinq", .v6 = true, .proto = IPPROTO_TCP, .tag = { AD(20), Q(10) },
	  .ip_summed = CHECKSUM_COMPLETE },
	{ "pppoe", .proto = IPPROTO_UDP, .pppoe_sid = 7 },
	{ "pppoe in vlan", .v6 = true, .proto = IPPROTO_TCP, .pppoe_sid = 7,
	  .tag = { Q(10) }, .ip_summed = CHECKSUM_COMPLETE },
};

KUNIT_ARRAY_PARAM_DESC(rewrite, rewrite_specs, name);

/* What the receiver would check */
static void expect_sums(struct kunit *test, struct sk_buff *skb,
			const struct nsim_ft_pkt *pkt, bool no_check)
{
	bool v6 = pkt->key.n_proto == htons(ETH_P_IPV6);
	unsigned int len = pkt->l3len - (pkt->thoff - pkt->nhoff);
	void *l3 = skb->data + pkt->nhoff, *l4 = skb->data + pkt->thoff;
	__sum16 *check = check_of(pkt->key.ip_proto, l4);

	if (!v6)
		KUNIT_EXPECT_FALSE(test, ip_fast_csum(l3, ((struct iphdr *)l3)->ihl));
	if (no_check) {
		KUNIT_EXPECT_FALSE(test, *check);
		return;
	}
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb),
				(int)pkt->thoff);
		KUNIT_ASSERT_EQ(test, skb_checksum_help(skb), 0);
		l3 = skb->data + pkt->nhoff;
		l4 = skb->data + pkt->thoff;
	}
	KUNIT_EXPECT_TRUE(test, skb->ip_summed != CHECKSUM_COMPLETE);
	KUNIT_EXPECT_FALSE(test, l4_sum(v6, pkt->key.ip_proto, l3, l4, len,
					csum_partial(l4, len, 0)));
}

static void rewrite_test(struct kunit *test)
{
	const struct spec *spec = test->param_value;
	struct nsim_ft_act act = {
		.sport = htons(1111), .dport = htons(2222),
		.set_src = true, .set_dst = true,
		.set_sport = true, .set_dport = true, .set_eth = true,
		.eth = { 2, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2 },
	};
	struct nsim_ft_pkt pkt, after;
	struct sk_buff *skb, *clone;

	if (spec->v6) {
		memcpy(act.src, &nat_to, sizeof(nat_to));
		memcpy(act.dst, &host_a, sizeof(host_a));
	} else {
		act.src[0] = htonl(0xcb007101);
		act.dst[0] = htonl(0xc0a80901);
	}
	skb = build(test, spec);
	KUNIT_ASSERT_EQ(test, nsim_ft_parse(skb, &pkt), NSIM_FT_HIT);
	act.n_pop = !!pkt.key.tag[0].proto + !!pkt.key.tag[1].proto;
	act.pop_pppoe = pkt.key.pppoe;

	/* the sender keeps a clone, as TCP does: it must not change */
	clone = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	swap(skb, clone);
	consume_skb(skb);
	skb = skb_clone(clone, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_TRUE(test, nsim_ft_rewrite(skb, &pkt, &act));
	KUNIT_EXPECT_EQ(test, nsim_ft_parse(clone, &after), NSIM_FT_HIT);
	KUNIT_EXPECT_MEMEQ(test, &after.key, &pkt.key, sizeof(pkt.key));
	KUNIT_EXPECT_EQ(test, after.ttl, pkt.ttl);

	KUNIT_EXPECT_MEMEQ(test, skb->data, act.eth, sizeof(act.eth));
	KUNIT_EXPECT_FALSE(test, skb_vlan_tag_present(skb));
	skb_pull(skb, ETH_HLEN);
	KUNIT_ASSERT_EQ(test, nsim_ft_parse(skb, &after), NSIM_FT_HIT);
	KUNIT_EXPECT_EQ(test, ntohs(after.key.tag[0].proto), 0);
	KUNIT_EXPECT_FALSE(test, after.key.pppoe);
	KUNIT_EXPECT_MEMEQ(test, after.key.src, act.src, spec->v6 ? 16 : 4);
	KUNIT_EXPECT_MEMEQ(test, after.key.dst, act.dst, spec->v6 ? 16 : 4);
	KUNIT_EXPECT_EQ(test, ntohs(after.key.sport), ntohs(act.sport));
	KUNIT_EXPECT_EQ(test, ntohs(after.key.dport), ntohs(act.dport));
	KUNIT_EXPECT_EQ(test, after.ttl, pkt.ttl - 1);
	expect_sums(test, skb, &after, spec->no_check);
	kfree_skb(clone);
	kfree_skb(skb);
}

/* The one checksum that NAT must not turn into "no checksum": all zero */
static void rewrite_udp_zero_test(struct kunit *test)
{
	struct spec spec = { .proto = IPPROTO_UDP };
	struct nsim_ft_act act = { .set_sport = true };
	struct nsim_ft_pkt pkt;
	struct sk_buff *skb;
	struct udphdr *udp;
	u32 sum;

	skb = build(test, &spec);
	KUNIT_ASSERT_EQ(test, nsim_ft_parse(skb, &pkt), NSIM_FT_HIT);
	udp = (void *)skb->data + pkt.thoff;
	/* a port that takes up all of the checksum */
	sum = ntohs((__force __be16)udp->check) + SPORT;
	sum = (sum & 0xffff) + (sum >> 16);
	act.sport = htons(sum);
	KUNIT_ASSERT_TRUE(test, nsim_ft_rewrite(skb, &pkt, &act));
	skb_pull(skb, ETH_HLEN);
	udp = (void *)skb->data + pkt.thoff;
	KUNIT_EXPECT_TRUE(test, udp->check == CSUM_MANGLED_0);
	kfree_skb(skb);
}

static void push_test(struct kunit *test)
{
	struct spec spec = { .proto = IPPROTO_TCP,
			     .ip_summed = CHECKSUM_PARTIAL };
	struct nsim_ft_act act = {
		.push = { AD(20), Q(10) }, .n_push = 2,
		.push_pppoe = true, .pppoe_sid = 99,
	};
	struct nsim_ft_pkt pkt, after;
	struct pppoe_hdr *hdr;
	struct sk_buff *skb;

	skb = build(test, &spec);
	KUNIT_ASSERT_EQ(test, nsim_ft_parse(skb, &pkt), NSIM_FT_HIT);
	KUNIT_ASSERT_TRUE(test, nsim_ft_rewrite(skb, &pkt, &act));
	KUNIT_ASSERT_TRUE(test, nsim_ft_push(skb, &act));
	skb_pull(skb, ETH_HLEN);
	KUNIT_ASSERT_EQ(test, nsim_ft_parse(skb, &after), NSIM_FT_HIT);
	KUNIT_EXPECT_MEMEQ(test, after.key.tag, act.push, sizeof(act.push));
	KUNIT_EXPECT_EQ(test, ntohs(after.key.pppoe_sid), 99);
	hdr = (void *)skb->data + after.nhoff - PPPOE_SES_HLEN;
	KUNIT_EXPECT_EQ(test, ntohs(hdr->length), 2 + 40 + PAYLOAD);
	expect_sums(test, skb, &after, false);
	kfree_skb(skb);
}

static struct kunit_case nsim_ft_pkt_cases[] = {
	KUNIT_CASE_PARAM(parse_test, parse_gen_params),
	KUNIT_CASE(check_test),
	KUNIT_CASE_PARAM(rewrite_test, rewrite_gen_params),
	KUNIT_CASE(rewrite_udp_zero_test),
	KUNIT_CASE(push_test),
	{}
};

static struct kunit_suite nsim_ft_pkt_suite = {
	.name = "netdevsim_flow_table_pkt",
	.test_cases = nsim_ft_pkt_cases,
};

kunit_test_suite(nsim_ft_pkt_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of netdevsim's flow table");
