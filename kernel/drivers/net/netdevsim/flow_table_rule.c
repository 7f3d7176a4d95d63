// SPDX-License-Identifier: GPL-2.0
/*
 * Flow table of the emulated switch: from a flower rule to hardware.
 *
 * A rule is taken whole or refused with an extack that names what this switch
 * cannot do. The match must be exact in every bit, as the match of a hash
 * table is; keys and actions that the table does not know are refused, never
 * ignored.
 *
 * Two conventions of the nftables flowtable, which real drivers rely on too:
 * values of mangle actions are raw network bytes, and headers are pushed in
 * the order in which they are on the wire, outermost first.
 */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ppp_defs.h>
#include <linux/tcp.h>
#include <linux/tc_act/tc_csum.h>
#include <kunit/static_stub.h>
#include <kunit/visibility.h>

#include "flow_table.h"
#include "netdevsim.h"

const char * const nsim_ft_cap_names[__NSIM_FT_CAP_MAX] = {
	[NSIM_FT_CAP_IPV4]		= "ipv4",
	[NSIM_FT_CAP_IPV6]		= "ipv6",
	[NSIM_FT_CAP_TCP]		= "tcp",
	[NSIM_FT_CAP_UDP]		= "udp",
	[NSIM_FT_CAP_GRE]		= "gre",
	[NSIM_FT_CAP_VLAN]		= "vlan",
	[NSIM_FT_CAP_CVLAN]		= "cvlan",
	[NSIM_FT_CAP_8021AD]		= "8021ad",
	[NSIM_FT_CAP_PPPOE]		= "pppoe",
	[NSIM_FT_CAP_NAT4]		= "nat4",
	[NSIM_FT_CAP_NAT6]		= "nat6",
	[NSIM_FT_CAP_PORT]		= "port",
	[NSIM_FT_CAP_VLAN_POP]		= "vlan_pop",
	[NSIM_FT_CAP_VLAN_PUSH]		= "vlan_push",
	[NSIM_FT_CAP_PPPOE_PUSH]	= "pppoe_push",
	[NSIM_FT_CAP_VLAN_PRIO]		= "vlan_prio",
	[NSIM_FT_CAP_PRIORITY]		= "priority",
	[NSIM_FT_CAP_DSCP]		= "dscp",
	[NSIM_FT_CAP_SHAPER]		= "shaper",
};
EXPORT_SYMBOL_IF_KUNIT(nsim_ft_cap_names);

static const char * const nsim_ft_key_names[FLOW_DISSECTOR_KEY_MAX] = {
	[FLOW_DISSECTOR_KEY_PORTS_RANGE]	= "port range",
	[FLOW_DISSECTOR_KEY_ICMP]		= "ICMP",
	[FLOW_DISSECTOR_KEY_ETH_ADDRS]		= "Ethernet address",
	[FLOW_DISSECTOR_KEY_ARP]		= "ARP",
	[FLOW_DISSECTOR_KEY_FLOW_LABEL]		= "flow label",
	[FLOW_DISSECTOR_KEY_GRE_KEYID]		= "GRE key",
	[FLOW_DISSECTOR_KEY_ENC_KEYID]		= "tunnel key",
	[FLOW_DISSECTOR_KEY_ENC_IPV4_ADDRS]	= "tunnel IPv4 address",
	[FLOW_DISSECTOR_KEY_ENC_IPV6_ADDRS]	= "tunnel IPv6 address",
	[FLOW_DISSECTOR_KEY_ENC_CONTROL]	= "tunnel control",
	[FLOW_DISSECTOR_KEY_ENC_PORTS]		= "tunnel port",
	[FLOW_DISSECTOR_KEY_MPLS]		= "MPLS",
	[FLOW_DISSECTOR_KEY_IP]			= "TOS or TTL",
	[FLOW_DISSECTOR_KEY_ENC_IP]		= "tunnel TOS or TTL",
	[FLOW_DISSECTOR_KEY_ENC_OPTS]		= "tunnel option",
	[FLOW_DISSECTOR_KEY_CT]			= "conntrack",
	[FLOW_DISSECTOR_KEY_HASH]		= "hash",
	[FLOW_DISSECTOR_KEY_NUM_OF_VLANS]	= "number of VLANs",
	[FLOW_DISSECTOR_KEY_L2TPV3]		= "L2TPv3",
	[FLOW_DISSECTOR_KEY_CFM]		= "CFM",
	[FLOW_DISSECTOR_KEY_IPSEC]		= "IPsec",
};

static const char * const nsim_ft_action_names[NUM_FLOW_ACTIONS] = {
	[FLOW_ACTION_ACCEPT]		= "accept",
	[FLOW_ACTION_DROP]		= "drop",
	[FLOW_ACTION_TRAP]		= "trap",
	[FLOW_ACTION_GOTO]		= "goto",
	[FLOW_ACTION_MIRRED]		= "mirror",
	[FLOW_ACTION_VLAN_MANGLE]	= "vlan mangle",
	[FLOW_ACTION_TUNNEL_ENCAP]	= "tunnel encap",
	[FLOW_ACTION_TUNNEL_DECAP]	= "tunnel decap",
	[FLOW_ACTION_ADD]		= "add",
	[FLOW_ACTION_MARK]		= "mark",
	[FLOW_ACTION_SAMPLE]		= "sample",
	[FLOW_ACTION_POLICE]		= "police",
	[FLOW_ACTION_CT]		= "ct",
	[FLOW_ACTION_CT_METADATA]	= "ct metadata",
	[FLOW_ACTION_MPLS_PUSH]		= "MPLS push",
	[FLOW_ACTION_MPLS_POP]		= "MPLS pop",
};

#define NSIM_FT_KEYS	(BIT_ULL(FLOW_DISSECTOR_KEY_META) |		\
			 BIT_ULL(FLOW_DISSECTOR_KEY_CONTROL) |		\
			 BIT_ULL(FLOW_DISSECTOR_KEY_BASIC) |		\
			 BIT_ULL(FLOW_DISSECTOR_KEY_IPV4_ADDRS) |	\
			 BIT_ULL(FLOW_DISSECTOR_KEY_IPV6_ADDRS) |	\
			 BIT_ULL(FLOW_DISSECTOR_KEY_PORTS) |		\
			 BIT_ULL(FLOW_DISSECTOR_KEY_TCP) |		\
			 BIT_ULL(FLOW_DISSECTOR_KEY_VLAN) |		\
			 BIT_ULL(FLOW_DISSECTOR_KEY_CVLAN) |		\
			 BIT_ULL(FLOW_DISSECTOR_KEY_PPPOE))

static bool nsim_ft_cap(u32 caps, enum nsim_ft_cap cap,
			struct netlink_ext_ack *extack)
{
	if (caps & BIT(cap))
		return true;
	NL_SET_ERR_MSG_FMT_MOD(extack,
			       "flow table: this switch lacks capability %s",
			       nsim_ft_cap_names[cap]);
	return false;
}

static int nsim_ft_refuse_mask(struct netlink_ext_ack *extack, const char *what)
{
	NL_SET_ERR_MSG_FMT_MOD(extack, "flow table: %s match must be exact",
			       what);
	return -EOPNOTSUPP;
}

static bool nsim_ft_ones(const void *mem, size_t len)
{
	return !memchr_inv(mem, 0xff, len);
}

static int nsim_ft_parse_tag(u32 caps, enum nsim_ft_cap cap,
			     const struct flow_match_vlan *match,
			     struct nsim_ft_tag *tag,
			     struct netlink_ext_ack *extack)
{
	if (!nsim_ft_cap(caps, cap, extack))
		return -EOPNOTSUPP;
	if (match->mask->vlan_id != VLAN_VID_MASK ||
	    match->mask->vlan_tpid != cpu_to_be16(0xffff))
		return nsim_ft_refuse_mask(extack, nsim_ft_cap_names[cap]);
	if (match->mask->vlan_priority || match->mask->vlan_dei) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: cannot match VLAN priority");
		return -EOPNOTSUPP;
	}
	switch (match->key->vlan_tpid) {
	case htons(ETH_P_8021Q):
		break;
	case htons(ETH_P_8021AD):
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_8021AD, extack))
			return -EOPNOTSUPP;
		break;
	default:
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "flow table: unknown VLAN protocol 0x%04x",
				       ntohs(match->key->vlan_tpid));
		return -EOPNOTSUPP;
	}
	tag->proto = match->key->vlan_tpid;
	tag->vid = match->key->vlan_id;
	return 0;
}

static int nsim_ft_parse_tags(u32 caps, const struct flow_rule *flow,
			      struct nsim_ft_key *key,
			      struct netlink_ext_ack *extack)
{
	struct flow_match_vlan vlan;
	int err;

	if (flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_VLAN)) {
		flow_rule_match_vlan(flow, &vlan);
		err = nsim_ft_parse_tag(caps, NSIM_FT_CAP_VLAN, &vlan,
					&key->tag[0], extack);
		if (err)
			return err;
	}
	if (!flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_CVLAN))
		return 0;
	if (!key->tag[0].proto) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: inner VLAN match without an outer one");
		return -EINVAL;
	}
	flow_rule_match_cvlan(flow, &vlan);
	return nsim_ft_parse_tag(caps, NSIM_FT_CAP_CVLAN, &vlan, &key->tag[1],
				 extack);
}

static int nsim_ft_parse_l3(u32 caps, const struct flow_rule *flow,
			    struct nsim_ft_key *key,
			    struct netlink_ext_ack *extack)
{
	struct flow_match_ipv4_addrs ip4;
	struct flow_match_ipv6_addrs ip6;
	struct flow_match_control control;
	struct flow_match_basic basic;
	struct flow_match_pppoe pppoe;
	u16 addr_type;

	if (!flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_BASIC) ||
	    !flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_CONTROL)) {
		NL_SET_ERR_MSG_MOD(extack, "flow table: protocol match missing");
		return -EOPNOTSUPP;
	}
	flow_rule_match_basic(flow, &basic);
	flow_rule_match_control(flow, &control);
	if (basic.mask->n_proto != cpu_to_be16(0xffff) ||
	    basic.mask->ip_proto != 0xff)
		return nsim_ft_refuse_mask(extack, "protocol");
	if (control.mask->flags) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: cannot match control flags");
		return -EOPNOTSUPP;
	}

	key->n_proto = basic.key->n_proto;
	if (flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_PPPOE)) {
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_PPPOE, extack))
			return -EOPNOTSUPP;
		flow_rule_match_pppoe(flow, &pppoe);
		if (pppoe.mask->type != cpu_to_be16(0xffff) ||
		    pppoe.mask->session_id != cpu_to_be16(0xffff) ||
		    pppoe.mask->ppp_proto != cpu_to_be16(0xffff))
			return nsim_ft_refuse_mask(extack, "PPPoE");
		/* the basic key says what is in the session, as in flower */
		if (pppoe.key->type != htons(ETH_P_PPP_SES) ||
		    pppoe.key->ppp_proto !=
		    (key->n_proto == htons(ETH_P_IP) ? htons(PPP_IP) :
						       htons(PPP_IPV6))) {
			NL_SET_ERR_MSG_MOD(extack,
					   "flow table: PPPoE of another protocol");
			return -EOPNOTSUPP;
		}
		key->pppoe = 1;
		key->pppoe_sid = pppoe.key->session_id;
	}

	addr_type = control.key->addr_type;
	switch (key->n_proto) {
	case htons(ETH_P_IP):
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_IPV4, extack))
			return -EOPNOTSUPP;
		if (addr_type != FLOW_DISSECTOR_KEY_IPV4_ADDRS ||
		    !flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_IPV4_ADDRS))
			return nsim_ft_refuse_mask(extack, "IPv4 address");
		flow_rule_match_ipv4_addrs(flow, &ip4);
		if (!nsim_ft_ones(ip4.mask, sizeof(*ip4.mask)))
			return nsim_ft_refuse_mask(extack, "IPv4 address");
		key->src[0] = ip4.key->src;
		key->dst[0] = ip4.key->dst;
		break;
	case htons(ETH_P_IPV6):
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_IPV6, extack))
			return -EOPNOTSUPP;
		if (addr_type != FLOW_DISSECTOR_KEY_IPV6_ADDRS ||
		    !flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_IPV6_ADDRS))
			return nsim_ft_refuse_mask(extack, "IPv6 address");
		flow_rule_match_ipv6_addrs(flow, &ip6);
		if (!nsim_ft_ones(ip6.mask, sizeof(*ip6.mask)))
			return nsim_ft_refuse_mask(extack, "IPv6 address");
		memcpy(key->src, &ip6.key->src, sizeof(key->src));
		memcpy(key->dst, &ip6.key->dst, sizeof(key->dst));
		break;
	default:
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "flow table: cannot match protocol 0x%04x",
				       ntohs(key->n_proto));
		return -EOPNOTSUPP;
	}
	key->ip_proto = basic.key->ip_proto;
	return 0;
}

static int nsim_ft_parse_l4(u32 caps, const struct flow_rule *flow,
			    struct nsim_ft_key *key, struct nsim_ft_act *act,
			    struct netlink_ext_ack *extack)
{
	struct flow_match_ports ports;
	struct flow_match_tcp tcp;
	bool has_ports = true;

	switch (key->ip_proto) {
	case IPPROTO_TCP:
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_TCP, extack))
			return -EOPNOTSUPP;
		break;
	case IPPROTO_UDP:
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_UDP, extack))
			return -EOPNOTSUPP;
		break;
	case IPPROTO_GRE:
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_GRE, extack))
			return -EOPNOTSUPP;
		has_ports = false;
		break;
	default:
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "flow table: cannot match IP protocol %u",
				       key->ip_proto);
		return -EOPNOTSUPP;
	}

	if (has_ports != flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_PORTS))
		return nsim_ft_refuse_mask(extack, "port");
	if (has_ports) {
		flow_rule_match_ports(flow, &ports);
		if (ports.mask->src != cpu_to_be16(0xffff) ||
		    ports.mask->dst != cpu_to_be16(0xffff))
			return nsim_ft_refuse_mask(extack, "port");
		key->sport = ports.key->src;
		key->dport = ports.key->dst;
	}

	if (!flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_TCP))
		return 0;
	flow_rule_match_tcp(flow, &tcp);
	if (key->ip_proto != IPPROTO_TCP || (tcp.key->flags & tcp.mask->flags)) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: can only match TCP flags that are clear");
		return -EOPNOTSUPP;
	}
	act->punt_tcp_flags = tcp.mask->flags;
	return 0;
}

static int nsim_ft_parse_match(const struct netdevsim *in, u32 caps,
			       const struct flow_rule *flow,
			       struct nsim_ft_key *key,
			       struct nsim_ft_act *act,
			       struct netlink_ext_ack *extack)
{
	unsigned long long unknown;
	struct flow_match_meta meta;
	int err;

	unknown = flow->match.dissector->used_keys & ~NSIM_FT_KEYS;
	if (unknown) {
		unsigned int id = __ffs64(unknown);
		const char *name = NULL;

		if (id < FLOW_DISSECTOR_KEY_MAX)
			name = nsim_ft_key_names[id];
		if (name)
			NL_SET_ERR_MSG_FMT_MOD(extack,
					       "flow table: cannot match key %s",
					       name);
		else
			NL_SET_ERR_MSG_FMT_MOD(extack,
					       "flow table: cannot match key %u",
					       id);
		return -EOPNOTSUPP;
	}

	if (!flow_rule_match_key(flow, FLOW_DISSECTOR_KEY_META)) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: ingress port match missing");
		return -EOPNOTSUPP;
	}
	flow_rule_match_meta(flow, &meta);
	if (meta.mask->ingress_ifindex != U32_MAX)
		return nsim_ft_refuse_mask(extack, "ingress port");
	/* it is the port there that has something to say */
	if (meta.key->ingress_ifindex != in->netdev->ifindex)
		return -EOPNOTSUPP;
	if (meta.mask->l2_miss) {
		NL_SET_ERR_MSG_MOD(extack, "flow table: cannot match l2_miss");
		return -EOPNOTSUPP;
	}
	key->in = in;

	err = nsim_ft_parse_tags(caps, flow, key, extack);
	if (!err)
		err = nsim_ft_parse_l3(caps, flow, key, extack);
	if (!err)
		err = nsim_ft_parse_l4(caps, flow, key, act, extack);
	return err;
}

/* Mangle actions come four bytes at a time: gathered here, with one bit in
 * @set for each byte written, and judged when all have been seen.
 */
struct nsim_ft_mangle {
	u8	eth[2 * ETH_ALEN];
	u8	ip[sizeof(struct ipv6hdr)];
	u8	l4[4];
	u64	eth_set;
	u64	ip_set;
	u64	l4_set;
	u32	csum_flags;
};

static int nsim_ft_gather(const struct flow_action_entry *entry, u8 *buf,
			  u64 *set, unsigned int len,
			  struct netlink_ext_ack *extack)
{
	u8 keep[4], val[4];
	unsigned int i;

	memcpy(keep, &entry->mangle.mask, sizeof(keep));
	memcpy(val, &entry->mangle.val, sizeof(val));
	if (entry->mangle.offset % 4 || entry->mangle.offset + 4 > len)
		goto refuse;

	for (i = 0; i < 4; i++) {
		unsigned int at = entry->mangle.offset + i;

		if (keep[i] == 0xff)
			continue;
		if (keep[i])
			goto refuse;
		buf[at] = val[i];
		*set |= BIT_ULL(at);
	}
	return 0;

refuse:
	NL_SET_ERR_MSG_FMT_MOD(extack,
			       "flow table: cannot rewrite header %u at %u mask %08x",
			       entry->mangle.htype, entry->mangle.offset,
			       entry->mangle.mask);
	return -EOPNOTSUPP;
}

/* A DSCP is not whole bytes: it is known by its mask. Where it is in the first word of
 * the header
 */
#define NSIM_FT_DSCP4_SHIFT	18
#define NSIM_FT_DSCP6_SHIFT	22
#define NSIM_FT_DSCP_MASK	0x3f

static bool nsim_ft_is_dscp(const struct nsim_ft_key *key,
			    const struct flow_action_entry *entry, u8 *dscp)
{
	bool v4 = key->n_proto == htons(ETH_P_IP);
	int shift = v4 ? NSIM_FT_DSCP4_SHIFT : NSIM_FT_DSCP6_SHIFT;
	__be32 keep = (__force __be32)entry->mangle.mask;
	__be32 val = (__force __be32)entry->mangle.val;

	if (entry->mangle.htype != (v4 ? FLOW_ACT_MANGLE_HDR_TYPE_IP4 :
					 FLOW_ACT_MANGLE_HDR_TYPE_IP6) ||
	    entry->mangle.offset ||
	    ~ntohl(keep) != NSIM_FT_DSCP_MASK << shift)
		return false;
	*dscp = ntohl(val) >> shift & NSIM_FT_DSCP_MASK;
	return true;
}

static int nsim_ft_parse_mangle(u32 caps, const struct nsim_ft_key *key,
				const struct flow_action_entry *entry,
				struct nsim_ft_mangle *m,
				struct nsim_ft_act *act,
				struct netlink_ext_ack *extack)
{
	bool v4 = key->n_proto == htons(ETH_P_IP);
	const char *what;

	if (nsim_ft_is_dscp(key, entry, &act->dscp)) {
		act->set_dscp = true;
		return nsim_ft_cap(caps, NSIM_FT_CAP_DSCP, extack) ?
		       0 : -EOPNOTSUPP;
	}

	switch (entry->mangle.htype) {
	case FLOW_ACT_MANGLE_HDR_TYPE_ETH:
		return nsim_ft_gather(entry, m->eth, &m->eth_set,
				      sizeof(m->eth), extack);
	case FLOW_ACT_MANGLE_HDR_TYPE_IP4:
		what = "IPv4";
		if (v4)
			return nsim_ft_gather(entry, m->ip, &m->ip_set,
					      sizeof(struct iphdr), extack);
		break;
	case FLOW_ACT_MANGLE_HDR_TYPE_IP6:
		what = "IPv6";
		if (!v4)
			return nsim_ft_gather(entry, m->ip, &m->ip_set,
					      sizeof(struct ipv6hdr), extack);
		break;
	case FLOW_ACT_MANGLE_HDR_TYPE_TCP:
		what = "TCP";
		if (key->ip_proto == IPPROTO_TCP)
			return nsim_ft_gather(entry, m->l4, &m->l4_set,
					      sizeof(m->l4), extack);
		break;
	case FLOW_ACT_MANGLE_HDR_TYPE_UDP:
		what = "UDP";
		if (key->ip_proto == IPPROTO_UDP)
			return nsim_ft_gather(entry, m->l4, &m->l4_set,
					      sizeof(m->l4), extack);
		break;
	default:
		what = "unspecified";
		break;
	}
	NL_SET_ERR_MSG_FMT_MOD(extack,
			       "flow table: cannot rewrite %s header of such packets",
			       what);
	return -EOPNOTSUPP;
}

/* Take the field at @off of @len bytes out of what was gathered: all of it was
 * written, or nothing. Returns -EOPNOTSUPP for a part of it.
 */
static int nsim_ft_take(const u8 *buf, u64 *set, unsigned int off,
			unsigned int len, void *to, bool *flag)
{
	u64 bits = GENMASK_ULL(off + len - 1, off);

	if (!(*set & bits))
		return 0;
	if ((*set & bits) != bits)
		return -EOPNOTSUPP;
	memcpy(to, buf + off, len);
	*set &= ~bits;
	*flag = true;
	return 0;
}

static int nsim_ft_finish_mangle(u32 caps, const struct nsim_ft_key *key,
				 struct nsim_ft_mangle *m,
				 struct nsim_ft_act *act,
				 struct netlink_ext_ack *extack)
{
	bool v4 = key->n_proto == htons(ETH_P_IP);
	u32 csum_want = 0;
	int err;

	err = nsim_ft_take(m->eth, &m->eth_set, 0, sizeof(m->eth), act->eth,
			   &act->set_eth);
	if (v4) {
		err = err ?: nsim_ft_take(m->ip, &m->ip_set,
					  offsetof(struct iphdr, saddr), 4,
					  act->src, &act->set_src);
		err = err ?: nsim_ft_take(m->ip, &m->ip_set,
					  offsetof(struct iphdr, daddr), 4,
					  act->dst, &act->set_dst);
	} else {
		err = err ?: nsim_ft_take(m->ip, &m->ip_set,
					  offsetof(struct ipv6hdr, saddr), 16,
					  act->src, &act->set_src);
		err = err ?: nsim_ft_take(m->ip, &m->ip_set,
					  offsetof(struct ipv6hdr, daddr), 16,
					  act->dst, &act->set_dst);
	}
	err = err ?: nsim_ft_take(m->l4, &m->l4_set, 0, 2, &act->sport,
				  &act->set_sport);
	err = err ?: nsim_ft_take(m->l4, &m->l4_set, 2, 2, &act->dport,
				  &act->set_dport);
	if (err || m->ip_set) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: can only rewrite whole addresses and ports");
		return -EOPNOTSUPP;
	}

	if ((act->set_src || act->set_dst) &&
	    !nsim_ft_cap(caps, v4 ? NSIM_FT_CAP_NAT4 : NSIM_FT_CAP_NAT6,
			 extack))
		return -EOPNOTSUPP;
	if ((act->set_sport || act->set_dport) &&
	    !nsim_ft_cap(caps, NSIM_FT_CAP_PORT, extack))
		return -EOPNOTSUPP;

	/* This hardware always repairs checksums. That is what the core asks
	 * for when it rewrites IPv4; for IPv6 it says nothing, as no driver
	 * does anything else.
	 */
	if (v4 && (act->set_src || act->set_dst || act->set_dscp))
		csum_want |= TCA_CSUM_UPDATE_FLAG_IPV4HDR;
	if (v4 && (act->set_src || act->set_dst || act->set_sport ||
		   act->set_dport)) {
		if (key->ip_proto == IPPROTO_TCP)
			csum_want |= TCA_CSUM_UPDATE_FLAG_TCP;
		else if (key->ip_proto == IPPROTO_UDP)
			csum_want |= TCA_CSUM_UPDATE_FLAG_UDP;
	}
	if (csum_want & ~m->csum_flags) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: rewriting without checksum update");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int nsim_ft_parse_csum(u32 flags, struct netlink_ext_ack *extack)
{
	u32 known = TCA_CSUM_UPDATE_FLAG_IPV4HDR | TCA_CSUM_UPDATE_FLAG_TCP |
		    TCA_CSUM_UPDATE_FLAG_UDP;

	if (!(flags & ~known))
		return 0;
	NL_SET_ERR_MSG_FMT_MOD(extack,
			       "flow table: cannot update checksums 0x%x",
			       flags & ~known);
	return -EOPNOTSUPP;
}

static int nsim_ft_parse_push(u32 caps, const struct flow_action_entry *entry,
			      struct nsim_ft_act *act,
			      struct netlink_ext_ack *extack)
{
	if (!nsim_ft_cap(caps, NSIM_FT_CAP_VLAN_PUSH, extack))
		return -EOPNOTSUPP;
	if (entry->vlan.proto == htons(ETH_P_8021AD)) {
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_8021AD, extack))
			return -EOPNOTSUPP;
	} else if (entry->vlan.proto != htons(ETH_P_8021Q)) {
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "flow table: unknown VLAN protocol 0x%04x",
				       ntohs(entry->vlan.proto));
		return -EOPNOTSUPP;
	}
	if (entry->vlan.prio &&
	    !nsim_ft_cap(caps, NSIM_FT_CAP_VLAN_PRIO, extack))
		return -EOPNOTSUPP;
	if (entry->vlan.prio > VLAN_PRIO_MASK >> VLAN_PRIO_SHIFT ||
	    entry->vlan.vid >= VLAN_N_VID) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: cannot push this VLAN id or priority");
		return -EOPNOTSUPP;
	}
	if (act->n_push == NSIM_FT_MAX_TAGS || act->push_pppoe) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: two VLANs outside of PPPoE at most");
		return -EOPNOTSUPP;
	}
	act->push[act->n_push].proto = entry->vlan.proto;
	act->push[act->n_push].vid = entry->vlan.vid |
				     entry->vlan.prio << VLAN_PRIO_SHIFT;
	act->n_push++;
	return 0;
}

/**
 * nsim_ft_port() - the port behind a netdevice
 * @dev: netdevice
 *
 * Return: the port; NULL if @dev is no port of an emulated switch.
 */
struct netdevsim *nsim_ft_port(struct net_device *dev)
{
	KUNIT_STATIC_STUB_REDIRECT(nsim_ft_port, dev);
	return netdev_is_nsim(dev) ? netdev_priv(dev) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(nsim_ft_port);

static int nsim_ft_parse_redirect(const struct netdevsim *in,
				  const struct flow_action_entry *entry,
				  struct nsim_ft_act *act,
				  struct netlink_ext_ack *extack)
{
	struct netdevsim *out;

	out = nsim_ft_port(entry->dev);
	if (!out) {
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "flow table: %s is no port of a switch",
				       entry->dev->name);
		return -EOPNOTSUPP;
	}
	if (out->nsim_dev != in->nsim_dev) {
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "flow table: %s is a port of another switch",
				       entry->dev->name);
		return -EOPNOTSUPP;
	}
	act->out = out;
	return 0;
}

static int nsim_ft_parse_action(const struct netdevsim *in, u32 caps,
				const struct nsim_ft_key *key,
				const struct flow_action_entry *entry,
				struct nsim_ft_mangle *m,
				struct nsim_ft_act *act,
				struct netlink_ext_ack *extack)
{
	const char *name = NULL;

	if (act->out) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: redirect must be the last action");
		return -EOPNOTSUPP;
	}

	switch (entry->id) {
	case FLOW_ACTION_MANGLE:
		return nsim_ft_parse_mangle(caps, key, entry, m, act, extack);
	case FLOW_ACTION_CSUM:
		m->csum_flags |= entry->csum_flags;
		return nsim_ft_parse_csum(entry->csum_flags, extack);
	case FLOW_ACTION_VLAN_POP:
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_VLAN_POP, extack))
			return -EOPNOTSUPP;
		if (act->n_pop == NSIM_FT_MAX_TAGS ||
		    !key->tag[act->n_pop].proto) {
			NL_SET_ERR_MSG_MOD(extack,
					   "flow table: pops a VLAN that was not matched");
			return -EOPNOTSUPP;
		}
		act->n_pop++;
		return 0;
	case FLOW_ACTION_VLAN_PUSH:
		return nsim_ft_parse_push(caps, entry, act, extack);
	case FLOW_ACTION_PPPOE_PUSH:
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_PPPOE_PUSH, extack))
			return -EOPNOTSUPP;
		if (act->push_pppoe || (key->pppoe && !act->pop_pppoe)) {
			NL_SET_ERR_MSG_MOD(extack,
					   "flow table: one PPPoE header at most");
			return -EOPNOTSUPP;
		}
		act->push_pppoe = true;
		act->pppoe_sid = entry->pppoe.sid;
		return 0;
	case FLOW_ACTION_PPPOE_POP:
		if (!key->pppoe || act->pop_pppoe) {
			NL_SET_ERR_MSG_MOD(extack,
					   "flow table: pops a PPPoE header that was not matched");
			return -EOPNOTSUPP;
		}
		act->pop_pppoe = true;
		return 0;
	case FLOW_ACTION_PRIORITY:
		if (!nsim_ft_cap(caps, NSIM_FT_CAP_PRIORITY, extack))
			return -EOPNOTSUPP;
		act->priority = entry->priority;
		return 0;
	case FLOW_ACTION_REDIRECT:
		return nsim_ft_parse_redirect(in, entry, act, extack);
	default:
		if ((unsigned int)entry->id < NUM_FLOW_ACTIONS)
			name = nsim_ft_action_names[entry->id];
		if (name)
			NL_SET_ERR_MSG_FMT_MOD(extack,
					       "flow table: unknown action %s",
					       name);
		else
			NL_SET_ERR_MSG_FMT_MOD(extack,
					       "flow table: unknown action %u",
					       entry->id);
		return -EOPNOTSUPP;
	}
}

/**
 * nsim_ft_rule_parse() - translate a flower rule for the hardware
 * @in: port that was asked to take the rule
 * @caps: bits of enum nsim_ft_cap that the hardware has
 * @flow: the rule
 * @key: result: match
 * @act: result: actions
 * @extack: names the key or action that was refused
 *
 * Context: any; the netdev that the rule redirects to must be held.
 * Return: 0; -EOPNOTSUPP if the hardware cannot do exactly what the rule says;
 * -EINVAL if the rule makes no sense.
 */
int nsim_ft_rule_parse(const struct netdevsim *in, u32 caps,
		       const struct flow_rule *flow, struct nsim_ft_key *key,
		       struct nsim_ft_act *act,
		       struct netlink_ext_ack *extack)
{
	const struct flow_action_entry *entry;
	struct nsim_ft_mangle mangle = {};
	int err, i;

	memset(key, 0, sizeof(*key));
	memset(act, 0, sizeof(*act));

	err = nsim_ft_parse_match(in, caps, flow, key, act, extack);
	if (err)
		return err;

	flow_action_for_each(i, entry, &flow->action) {
		err = nsim_ft_parse_action(in, caps, key, entry, &mangle, act,
					   extack);
		if (err)
			return err;
	}
	if (!act->out) {
		NL_SET_ERR_MSG_MOD(extack, "flow table: redirect missing");
		return -EOPNOTSUPP;
	}
	if (key->pppoe && !act->pop_pppoe) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: PPPoE header is matched but not popped");
		return -EOPNOTSUPP;
	}
	if ((act->push_pppoe || act->pop_pppoe) &&
	    act->n_pop < NSIM_FT_MAX_TAGS && key->tag[act->n_pop].proto) {
		NL_SET_ERR_MSG_MOD(extack,
				   "flow table: PPPoE inside of a VLAN that stays");
		return -EOPNOTSUPP;
	}
	return nsim_ft_finish_mangle(caps, key, &mangle, act, extack);
}
EXPORT_SYMBOL_IF_KUNIT(nsim_ft_rule_parse);
