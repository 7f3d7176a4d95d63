// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the emulated switch's flow table: what a rule becomes, written as
 * net/netfilter/nf_flow_table_offload.c does. No device is needed.
 */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/if_pppox.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tc_act/tc_csum.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/netfilter/nf_flow_table.h>

#include "flow_table.h"
#include "netdevsim.h"

#define SPORT		1234
#define DPORT		4321

#define IFINDEX_IN	17

struct rule_ctx {
	struct nf_flow_match	match;
	struct net_device	*dev[2];
	struct netdevsim	port[2];
	struct flow_rule	*rule;
	struct nsim_ft_key	key;
	struct nsim_ft_act	act;
	struct netlink_ext_ack	extack;
	u32			caps;
};

static struct netdevsim *stub_port(struct net_device *dev)
{
	struct rule_ctx *ctx = kunit_get_current_test()->priv;

	return dev == ctx->dev[1] ? &ctx->port[1] : NULL;
}

static void __use(struct rule_ctx *ctx, enum flow_dissector_key_id id,
		  size_t offset)
{
	ctx->match.dissector.used_keys |= BIT_ULL(id);
	ctx->match.dissector.offset[id] = offset;
}

#define USE(ctx, id, field)						\
	__use(ctx, id, offsetof(struct nf_flow_key, field))

static struct flow_action_entry *add_action(struct rule_ctx *ctx,
					    enum flow_action_id id)
{
	struct flow_action_entry *entry;

	ctx->rule->action.num_entries++;
	entry = &ctx->rule->action.entries[ctx->rule->action.num_entries - 1];
	entry->id = id;
	return entry;
}

static void add_mangle(struct rule_ctx *ctx, enum flow_action_mangle_base type,
		       u32 offset, __be32 val, __be32 keep)
{
	struct flow_action_entry *entry = add_action(ctx, FLOW_ACTION_MANGLE);

	entry->mangle.htype = type;
	entry->mangle.offset = offset;
	entry->mangle.val = (__force u32)val;
	entry->mangle.mask = (__force u32)keep;
}

static int rule_init(struct kunit *test)
{
	struct nf_flow_key *key, *mask;
	struct rule_ctx *ctx;
	int i;

	ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	for (i = 0; i < 2; i++) {
		ctx->dev[i] = kunit_kzalloc(test, sizeof(*ctx->dev[i]),
					    GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, ctx->dev[i]);
		ctx->dev[i]->ifindex = IFINDEX_IN + i;
		ctx->port[i].netdev = ctx->dev[i];
	}
	ctx->rule = kunit_kzalloc(test, struct_size(ctx->rule, action.entries,
						    24), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx->rule);
	ctx->rule->match.dissector = &ctx->match.dissector;
	ctx->rule->match.key = &ctx->match.key;
	ctx->rule->match.mask = &ctx->match.mask;
	ctx->caps = NSIM_FT_CAPS_ALL;
	kunit_activate_static_stub(test, nsim_ft_port, stub_port);

	USE(ctx, FLOW_DISSECTOR_KEY_META, meta);
	USE(ctx, FLOW_DISSECTOR_KEY_CONTROL, control);
	USE(ctx, FLOW_DISSECTOR_KEY_BASIC, basic);
	USE(ctx, FLOW_DISSECTOR_KEY_IPV4_ADDRS, ipv4);
	USE(ctx, FLOW_DISSECTOR_KEY_PORTS, tp);
	USE(ctx, FLOW_DISSECTOR_KEY_TCP, tcp);
	key = &ctx->match.key;
	mask = &ctx->match.mask;
	key->meta.ingress_ifindex = IFINDEX_IN;
	mask->meta.ingress_ifindex = U32_MAX;
	key->control.addr_type = FLOW_DISSECTOR_KEY_IPV4_ADDRS;
	mask->control.addr_type = 0xffff;
	key->basic.n_proto = htons(ETH_P_IP);
	mask->basic.n_proto = cpu_to_be16(0xffff);
	key->basic.ip_proto = IPPROTO_TCP;
	mask->basic.ip_proto = 0xff;
	key->ipv4.src = htonl(0xc0000201);
	key->ipv4.dst = htonl(0xc6336402);
	memset(&mask->ipv4, 0xff, sizeof(mask->ipv4));
	key->tp.src = htons(SPORT);
	key->tp.dst = htons(DPORT);
	mask->tp.src = cpu_to_be16(0xffff);
	mask->tp.dst = cpu_to_be16(0xffff);
	mask->tcp.flags = htons(0x5);
	return 0;
}

static int rule_parse(struct kunit *test)
{
	struct rule_ctx *ctx = test->priv;
	struct flow_action_entry *entry;

	entry = add_action(ctx, FLOW_ACTION_REDIRECT);
	entry->dev = ctx->dev[1];
	return nsim_ft_rule_parse(&ctx->port[0], ctx->caps, ctx->rule,
				  &ctx->key, &ctx->act, &ctx->extack);
}

static void expect_refused(struct kunit *test, const char *what)
{
	struct rule_ctx *ctx = test->priv;

	KUNIT_EXPECT_EQ(test, rule_parse(test), -EOPNOTSUPP);
	KUNIT_ASSERT_NOT_NULL(test, ctx->extack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(ctx->extack._msg, what));
}

static void add_snat(struct rule_ctx *ctx)
{
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_IP4,
		   offsetof(struct iphdr, saddr), htonl(0xcb007101), 0);
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_TCP, 0, htonl(1111 << 16),
		   ~htonl(0xffff0000));
}

static void rule_nat_test(struct kunit *test)
{
	struct rule_ctx *ctx = test->priv;
	struct flow_action_entry *entry;

	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_ETH, 0, htonl(0x02010101), 0);
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_ETH, 4, htonl(0x01020000),
		   htonl(0x0000ffff));
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_ETH, 4, htonl(0x00000202),
		   htonl(0xffff0000));
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_ETH, 8, htonl(0x02020202), 0);
	add_snat(ctx);
	entry = add_action(ctx, FLOW_ACTION_CSUM);
	entry->csum_flags = TCA_CSUM_UPDATE_FLAG_IPV4HDR |
			    TCA_CSUM_UPDATE_FLAG_TCP;
	KUNIT_ASSERT_EQ(test, rule_parse(test), 0);
	KUNIT_EXPECT_PTR_EQ(test, ctx->key.in, (const void *)&ctx->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, ctx->act.out, &ctx->port[1]);
	KUNIT_EXPECT_EQ(test, ntohs(ctx->key.sport), SPORT);
	KUNIT_EXPECT_EQ(test, ntohs(ctx->act.punt_tcp_flags), 0x5);
	KUNIT_EXPECT_TRUE(test, ctx->act.set_eth);
	KUNIT_EXPECT_EQ(test, ctx->act.eth[5], 2);
	KUNIT_EXPECT_EQ(test, ctx->act.eth[6], 2);
	KUNIT_EXPECT_TRUE(test, ctx->act.set_src && ctx->act.set_sport);
	KUNIT_EXPECT_FALSE(test, ctx->act.set_dst || ctx->act.set_dport);
	KUNIT_EXPECT_EQ(test, ntohl(ctx->act.src[0]), 0xcb007101);
	KUNIT_EXPECT_EQ(test, ntohs(ctx->act.sport), 1111);
}

static void rule_port_test(struct kunit *test)
{
	struct rule_ctx *ctx = test->priv;

	ctx->match.key.meta.ingress_ifindex++;
	KUNIT_EXPECT_EQ(test, rule_parse(test), -EOPNOTSUPP);
	KUNIT_EXPECT_NULL(test, ctx->extack._msg);
	ctx->match.key.meta.ingress_ifindex--;

	ctx->rule->action.num_entries = 0;
	ctx->port[1].nsim_dev = (void *)ctx;
	expect_refused(test, "another switch");
	ctx->port[1].nsim_dev = NULL;

	ctx->rule->action.num_entries = 0;
	swap(ctx->dev[0], ctx->dev[1]);
	ctx->rule->action.num_entries = 0;
	kunit_deactivate_static_stub(test, nsim_ft_port);
	expect_refused(test, "no port of a switch");
}

static void rule_mask_test(struct kunit *test)
{
	struct rule_ctx *ctx = test->priv;
	struct nf_flow_key *mask = &ctx->match.mask;

	mask->ipv4.src = htonl(0xffffff00);
	expect_refused(test, "IPv4 address");
	mask->ipv4.src = htonl(0xffffffff);

	ctx->rule->action.num_entries = 0;
	mask->tp.dst = 0;
	expect_refused(test, "port");
	mask->tp.dst = cpu_to_be16(0xffff);

	ctx->rule->action.num_entries = 0;
	mask->control.flags = 1;
	expect_refused(test, "control flags");
	mask->control.flags = 0;

	ctx->rule->action.num_entries = 0;
	ctx->match.key.tcp.flags = htons(1);
	expect_refused(test, "TCP flags");
}

static void rule_key_test(struct kunit *test)
{
	struct rule_ctx *ctx = test->priv;
	unsigned long long used = ctx->match.dissector.used_keys;
	unsigned long long known = used |
		BIT_ULL(FLOW_DISSECTOR_KEY_IPV6_ADDRS) |
		BIT_ULL(FLOW_DISSECTOR_KEY_VLAN) |
		BIT_ULL(FLOW_DISSECTOR_KEY_CVLAN) |
		BIT_ULL(FLOW_DISSECTOR_KEY_PPPOE);
	int id;

	for (id = 0; id < FLOW_DISSECTOR_KEY_MAX; id++) {
		if (known & BIT_ULL(id))
			continue;
		ctx->match.dissector.used_keys = used | BIT_ULL(id);
		ctx->rule->action.num_entries = 0;
		expect_refused(test, "cannot match key");
	}
}

static void rule_action_test(struct kunit *test)
{
	struct rule_ctx *ctx = test->priv;
	int id;

	for (id = 0; id < NUM_FLOW_ACTIONS; id++) {
		if (id == FLOW_ACTION_REDIRECT || id == FLOW_ACTION_MANGLE ||
		    id == FLOW_ACTION_CSUM || id == FLOW_ACTION_VLAN_POP ||
		    id == FLOW_ACTION_VLAN_PUSH ||
		    id == FLOW_ACTION_PPPOE_PUSH ||
		    id == FLOW_ACTION_PPPOE_POP || id == FLOW_ACTION_PRIORITY)
			continue;
		ctx->rule->action.num_entries = 0;
		add_action(ctx, id);
		expect_refused(test, "unknown action");
	}

	ctx->rule->action.num_entries = 0;
	add_action(ctx, FLOW_ACTION_VLAN_POP);
	expect_refused(test, "not matched");

	ctx->rule->action.num_entries = 0;
	add_action(ctx, FLOW_ACTION_PPPOE_POP);
	expect_refused(test, "not matched");
}

static void rule_mangle_test(struct kunit *test)
{
	struct rule_ctx *ctx = test->priv;

	add_snat(ctx);
	expect_refused(test, "without checksum");

	ctx->rule->action.num_entries = 0;
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_IP4, 8, 0, htonl(0x00ffffff));
	expect_refused(test, "whole addresses");

	ctx->rule->action.num_entries = 0;
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_IP4, 12, 0, htonl(0xff000000));
	expect_refused(test, "whole addresses");

	ctx->rule->action.num_entries = 0;
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_IP4, 12, 0, htonl(0x0000000f));
	expect_refused(test, "cannot rewrite header");

	ctx->rule->action.num_entries = 0;
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_IP4, 200, 0, 0);
	expect_refused(test, "cannot rewrite header");

	ctx->rule->action.num_entries = 0;
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_IP6, 8, 0, 0);
	expect_refused(test, "IPv6");

	ctx->rule->action.num_entries = 0;
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_UDP, 0, 0, 0);
	expect_refused(test, "UDP");
}

/* The DSCP and nothing else, with a checksum; the priority as it is */
static void rule_carry_test(struct kunit *test)
{
	struct rule_ctx *ctx = test->priv;
	struct flow_action_entry *entry;

	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_IP4, 0, htonl(34 << 18),
		   ~htonl(0x3f << 18));
	expect_refused(test, "without checksum");
	ctx->rule->action.num_entries--;
	entry = add_action(ctx, FLOW_ACTION_CSUM);
	entry->csum_flags = TCA_CSUM_UPDATE_FLAG_IPV4HDR;
	entry = add_action(ctx, FLOW_ACTION_PRIORITY);
	entry->priority = 0x10006;
	KUNIT_EXPECT_EQ(test, rule_parse(test), 0);
	KUNIT_EXPECT_TRUE(test, ctx->act.set_dscp);
	KUNIT_EXPECT_EQ(test, ctx->act.dscp, 34);
	KUNIT_EXPECT_EQ(test, ctx->act.priority, 0x10006);

	ctx->rule->action.num_entries--;
	ctx->caps = NSIM_FT_CAPS_ALL & ~BIT(NSIM_FT_CAP_DSCP);
	expect_refused(test, "capability dscp");
	ctx->rule->action.num_entries--;
	ctx->caps = NSIM_FT_CAPS_ALL & ~BIT(NSIM_FT_CAP_PRIORITY);
	expect_refused(test, "capability priority");

	/* ECN as well: no */
	ctx->caps = NSIM_FT_CAPS_ALL;
	ctx->rule->action.num_entries = 0;
	add_mangle(ctx, FLOW_ACT_MANGLE_HDR_TYPE_IP4, 0, htonl(34 << 18),
		   ~htonl(0xff << 16));
	expect_refused(test, "whole addresses");
}

static void rule_caps_test(struct kunit *test)
{
	static const enum nsim_ft_cap needed[] = {
		NSIM_FT_CAP_IPV4, NSIM_FT_CAP_TCP, NSIM_FT_CAP_VLAN,
		NSIM_FT_CAP_CVLAN, NSIM_FT_CAP_8021AD, NSIM_FT_CAP_NAT4,
		NSIM_FT_CAP_PORT, NSIM_FT_CAP_VLAN_POP, NSIM_FT_CAP_VLAN_PUSH,
		NSIM_FT_CAP_PPPOE_PUSH,
	};
	struct rule_ctx *ctx = test->priv;
	struct flow_action_entry *entry;
	int i;

	USE(ctx, FLOW_DISSECTOR_KEY_VLAN, vlan);
	USE(ctx, FLOW_DISSECTOR_KEY_CVLAN, cvlan);
	ctx->match.key.vlan.vlan_id = 20;
	ctx->match.key.vlan.vlan_tpid = htons(ETH_P_8021AD);
	ctx->match.key.cvlan.vlan_id = 10;
	ctx->match.key.cvlan.vlan_tpid = htons(ETH_P_8021Q);
	ctx->match.mask.vlan.vlan_id = VLAN_VID_MASK;
	ctx->match.mask.vlan.vlan_tpid = cpu_to_be16(0xffff);
	ctx->match.mask.cvlan = ctx->match.mask.vlan;
	add_snat(ctx);
	entry = add_action(ctx, FLOW_ACTION_CSUM);
	entry->csum_flags = TCA_CSUM_UPDATE_FLAG_IPV4HDR |
			    TCA_CSUM_UPDATE_FLAG_TCP;
	add_action(ctx, FLOW_ACTION_VLAN_POP);
	add_action(ctx, FLOW_ACTION_VLAN_POP);
	entry = add_action(ctx, FLOW_ACTION_VLAN_PUSH);
	entry->vlan.proto = htons(ETH_P_8021Q);
	entry->vlan.vid = 30;
	entry = add_action(ctx, FLOW_ACTION_PPPOE_PUSH);
	entry->pppoe.sid = 5;

	KUNIT_ASSERT_EQ(test, rule_parse(test), 0);
	KUNIT_EXPECT_EQ(test, ctx->act.n_pop, 2);
	KUNIT_EXPECT_EQ(test, ctx->act.push[0].vid, 30);
	KUNIT_EXPECT_EQ(test, ctx->act.pppoe_sid, 5);
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		ctx->rule->action.num_entries--;
		ctx->caps = NSIM_FT_CAPS_ALL & ~BIT(needed[i]);
		expect_refused(test, nsim_ft_cap_names[needed[i]]);
	}
}

static struct kunit_case nsim_ft_rule_cases[] = {
	KUNIT_CASE(rule_nat_test),
	KUNIT_CASE(rule_port_test),
	KUNIT_CASE(rule_mask_test),
	KUNIT_CASE(rule_key_test),
	KUNIT_CASE(rule_action_test),
	KUNIT_CASE(rule_mangle_test),
	KUNIT_CASE(rule_carry_test),
	KUNIT_CASE(rule_caps_test),
	{}
};

static struct kunit_suite nsim_ft_rule_suite = {
	.name = "netdevsim_flow_table_rule",
	.init = rule_init,
	.test_cases = nsim_ft_rule_cases,
};

kunit_test_suite(nsim_ft_rule_suite);
