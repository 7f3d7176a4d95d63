// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters of nft_offload: which flows a request is about.
 */
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "nft_offload.h"

static_assert(NFT_NAME_MAXLEN == 255 + 1, "see the specification");

static int filter_addr_len(const struct nft_offload_filter *filter)
{
	return filter->l3proto == NFPROTO_IPV4 ? 4 : 16;
}

/* The lowest and the highest address, of attributes @from and the next one */
static int filter_parse_addr(union nf_inet_addr *addr,
			     const struct nft_offload_filter *filter,
			     struct nlattr **tb, int from,
			     struct netlink_ext_ack *extack)
{
	int i, len = filter_addr_len(filter);

	if (!tb[from] && !tb[from + 1])
		return 0;

	if (!nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_L3PROTO)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[from] ?: tb[from + 1],
				    "an address needs the layer 3 protocol, too");
		return -EINVAL;
	}
	if (!tb[from]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[from + 1],
				    "a highest address needs the lowest one, too");
		return -EINVAL;
	}
	for (i = 0; i < 2; i++) {
		const struct nlattr *nla = tb[from + i] ?: tb[from];

		if (nla_len(nla) != len) {
			NL_SET_ERR_MSG_ATTR(extack, nla,
					    "address of another length than the layer 3 protocol has");
			return -EINVAL;
		}
		memcpy(&addr[i], nla_data(nla), len);
	}
	if (memcmp(&addr[0], &addr[1], len) > 0) {
		NL_SET_ERR_MSG_ATTR(extack, tb[from],
				    "lowest address is above the highest one");
		return -EINVAL;
	}
	return 0;
}

/* The same for ports */
static int filter_parse_port(u16 *port, struct nlattr **tb, int from,
			     struct netlink_ext_ack *extack)
{
	if (!tb[from]) {
		if (!tb[from + 1])
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, tb[from + 1],
				    "a highest port needs the lowest one, too");
		return -EINVAL;
	}
	port[0] = ntohs(nla_get_be16(tb[from]));
	port[1] = tb[from + 1] ? ntohs(nla_get_be16(tb[from + 1])) : port[0];
	if (port[0] > port[1]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[from],
				    "lowest port is above the highest one");
		return -EINVAL;
	}
	return 0;
}

/**
 * nft_offload_filter_parse() - filter of a request
 * @nla: %NFT_OFFLOAD_FLOW_FILTER, NULL for all flows
 * @extack: told what is wrong
 *
 * Context: process, may sleep.
 * Return: the filter, for kfree(); ERR_PTR() of -EINVAL or -ENOMEM, or what the
 * policy says.
 */
struct nft_offload_filter *nft_offload_filter_parse(const struct nlattr *nla,
						    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NFT_OFFLOAD_FILTER_MAX + 1] = {};
	struct nft_offload_filter *filter;
	int i, err;

	filter = kzalloc_obj(*filter);
	if (!filter)
		return ERR_PTR(-ENOMEM);
	if (!nla)
		return filter;

	err = nla_parse_nested(tb, NFT_OFFLOAD_FILTER_MAX, nla,
			       nft_offload_filter_attrs_nl_policy, extack);
	if (err)
		goto err_free;

	for (i = 1; i <= NFT_OFFLOAD_FILTER_MAX; i++)
		if (tb[i])
			filter->have |= BIT(i);

	err = -EINVAL;
	if (tb[NFT_OFFLOAD_FILTER_L3PROTO]) {
		filter->l3proto = nla_get_u8(tb[NFT_OFFLOAD_FILTER_L3PROTO]);
		if (filter->l3proto != NFPROTO_IPV4 &&
		    filter->l3proto != NFPROTO_IPV6) {
			NL_SET_ERR_MSG_ATTR(extack,
					    tb[NFT_OFFLOAD_FILTER_L3PROTO],
					    "layer 3 protocol is neither IPv4 nor IPv6");
			goto err_free;
		}
	}
	if (tb[NFT_OFFLOAD_FILTER_CT_MASK] && !tb[NFT_OFFLOAD_FILTER_CT_MARK]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NFT_OFFLOAD_FILTER_CT_MASK],
				    "a mask needs the mark, too");
		goto err_free;
	}
	filter->table_family = nla_get_u8_default(tb[NFT_OFFLOAD_FILTER_TABLE_FAMILY], 0);
	filter->l4proto = nla_get_u8_default(tb[NFT_OFFLOAD_FILTER_L4PROTO], 0);
	filter->iif = nla_get_u32_default(tb[NFT_OFFLOAD_FILTER_IIF], 0);
	filter->oif = nla_get_u32_default(tb[NFT_OFFLOAD_FILTER_OIF], 0);
	filter->mark = nla_get_u32_default(tb[NFT_OFFLOAD_FILTER_CT_MARK], 0);
	filter->mask = nla_get_u32_default(tb[NFT_OFFLOAD_FILTER_CT_MASK], ~0);
	filter->states = nla_get_u32_default(tb[NFT_OFFLOAD_FILTER_STATES], 0);
	filter->zone = nla_get_u16_default(tb[NFT_OFFLOAD_FILTER_CT_ZONE],
					   NF_CT_DEFAULT_ZONE_ID);
	/* as nf_ct_get_id() has it, in no order */
	filter->ct_id = nla_get_u32_default(tb[NFT_OFFLOAD_FILTER_CT_ID], 0);
	if (tb[NFT_OFFLOAD_FILTER_TABLE])
		nla_strscpy(filter->table, tb[NFT_OFFLOAD_FILTER_TABLE],
			    sizeof(filter->table));
	if (tb[NFT_OFFLOAD_FILTER_FLOWTABLE])
		nla_strscpy(filter->flowtable, tb[NFT_OFFLOAD_FILTER_FLOWTABLE],
			    sizeof(filter->flowtable));

	err = filter_parse_addr(filter->saddr, filter, tb,
				NFT_OFFLOAD_FILTER_SADDR, extack) ?:
	      filter_parse_addr(filter->daddr, filter, tb,
				NFT_OFFLOAD_FILTER_DADDR, extack) ?:
	      filter_parse_port(filter->sport, tb, NFT_OFFLOAD_FILTER_SPORT,
				extack) ?:
	      filter_parse_port(filter->dport, tb, NFT_OFFLOAD_FILTER_DPORT,
				extack);
	if (err)
		goto err_free;
	return filter;

err_free:
	kfree(filter);
	return ERR_PTR(err);
}

/**
 * nft_offload_filter_exact() - does a filter name one connection?
 * @filter: filter
 * @extack: told what is missing
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP if the kernel has no zones.
 */
int nft_offload_filter_exact(const struct nft_offload_filter *filter,
			     struct netlink_ext_ack *extack)
{
	static const u32 need = BIT(NFT_OFFLOAD_FILTER_L3PROTO) |
				BIT(NFT_OFFLOAD_FILTER_L4PROTO) |
				BIT(NFT_OFFLOAD_FILTER_SADDR) |
				BIT(NFT_OFFLOAD_FILTER_DADDR);
	static const u32 ports = BIT(NFT_OFFLOAD_FILTER_SPORT) |
				 BIT(NFT_OFFLOAD_FILTER_DPORT);
	static const u32 ranges = BIT(NFT_OFFLOAD_FILTER_SADDR_TO) |
				  BIT(NFT_OFFLOAD_FILTER_DADDR_TO) |
				  BIT(NFT_OFFLOAD_FILTER_SPORT_TO) |
				  BIT(NFT_OFFLOAD_FILTER_DPORT_TO);

	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ID))
		return 0;
	if ((filter->have & need) != need || (filter->have & ranges) ||
	    (filter->l4proto != IPPROTO_GRE && (filter->have & ports) != ports)) {
		NL_SET_ERR_MSG(extack,
			       "one flow needs protocols, addresses and ports: else ask for a dump");
		return -EINVAL;
	}
	if (!IS_ENABLED(CONFIG_NF_CONNTRACK_ZONES) && filter->zone) {
		NL_SET_ERR_MSG(extack, "this kernel has no conntrack zones");
		return -EOPNOTSUPP;
	}
	return 0;
}

static bool filter_match_addr(const union nf_inet_addr *range,
			      const void *addr, int len)
{
	return memcmp(addr, &range[0], len) >= 0 &&
	       memcmp(addr, &range[1], len) <= 0;
}

static u32 filter_ct_mark(const struct nf_conn *ct)
{
#ifdef CONFIG_NF_CONNTRACK_MARK
	return READ_ONCE(ct->mark);
#else
	return 0;
#endif
}

static bool filter_match_port(const u16 *range, __be16 port)
{
	return ntohs(port) >= range[0] && ntohs(port) <= range[1];
}

/**
 * nft_offload_filter_match_table() - does a filter let a flowtable pass?
 * @filter: filter
 * @ft: flowtable
 *
 * Return: true if so.
 */
bool nft_offload_filter_match_table(const struct nft_offload_filter *filter,
				    const struct nft_flowtable *ft)
{
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_TABLE_FAMILY) &&
	    filter->table_family != ft->table->family)
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_TABLE) &&
	    strcmp(filter->table, ft->table->name))
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_FLOWTABLE) &&
	    strcmp(filter->flowtable, ft->name))
		return false;
	return true;
}

/**
 * nft_offload_filter_match() - does a filter let a flow pass?
 * @filter: filter
 * @acct: flow
 *
 * Context: RCU, which keeps the flow.
 * Return: true if so.
 */
bool nft_offload_filter_match(const struct nft_offload_filter *filter,
			      const struct nf_flow_acct *acct)
{
	const struct flow_offload *flow = acct->flow;
	const struct flow_offload_tuple *tuple;

	if (!filter->have)
		return true;

	tuple = &flow->tuplehash[FLOW_OFFLOAD_DIR_ORIGINAL].tuple;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_L3PROTO) &&
	    filter->l3proto != tuple->l3proto)
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_L4PROTO) &&
	    filter->l4proto != tuple->l4proto)
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_SADDR) &&
	    !filter_match_addr(filter->saddr, &tuple->src_v4,
			       filter_addr_len(filter)))
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_DADDR) &&
	    !filter_match_addr(filter->daddr, &tuple->dst_v4,
			       filter_addr_len(filter)))
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_SPORT) &&
	    !filter_match_port(filter->sport, tuple->src_port))
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_DPORT) &&
	    !filter_match_port(filter->dport, tuple->dst_port))
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_IIF) &&
	    filter->iif != tuple->iifidx)
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_OIF) &&
	    filter->oif != tuple->ifidx)
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_MARK) &&
	    (filter_ct_mark(flow->ct) & filter->mask) !=
	    (filter->mark & filter->mask))
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_STATES) &&
	    !(filter->states & BIT(nft_offload_state(flow))))
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ZONE) &&
	    filter->zone != nf_ct_zone(flow->ct)->id)
		return false;
	if (nft_offload_filter_has(filter, NFT_OFFLOAD_FILTER_CT_ID) &&
	    filter->ct_id != acct->ct_id)
		return false;
	return nft_offload_filter_match_table(filter, nft_offload_flowtable(acct));
}
