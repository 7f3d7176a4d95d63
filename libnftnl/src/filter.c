// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A filter: which flows a request is about.
 */
#include "internal.h"
#include "filter.h"

#define F(_nla, _type, _field)						\
	NFTNL_ATTR(NFT_OFFLOAD_FILTER_##_nla, _type, nftnl_flow_filter, _field)
#define F_BE(_nla, _type, _field)					\
	NFTNL_ATTR_BE(NFT_OFFLOAD_FILTER_##_nla, _type, nftnl_flow_filter, _field)

static const struct nftnl_attr filter_attr[] = {
	[NFTNL_FLOW_FILTER_TABLE_FAMILY]	= F(TABLE_FAMILY, U8, family),
	[NFTNL_FLOW_FILTER_TABLE]		= F(TABLE, STR, table),
	[NFTNL_FLOW_FILTER_FLOWTABLE]		= F(FLOWTABLE, STR, flowtable),
	[NFTNL_FLOW_FILTER_L3PROTO]		= F(L3PROTO, U8, l3proto),
	[NFTNL_FLOW_FILTER_L4PROTO]		= F(L4PROTO, U8, l4proto),
	[NFTNL_FLOW_FILTER_SADDR]		= F(SADDR, ADDR, saddr[0]),
	[NFTNL_FLOW_FILTER_SADDR_TO]		= F(SADDR_TO, ADDR, saddr[1]),
	[NFTNL_FLOW_FILTER_DADDR]		= F(DADDR, ADDR, daddr[0]),
	[NFTNL_FLOW_FILTER_DADDR_TO]		= F(DADDR_TO, ADDR, daddr[1]),
	[NFTNL_FLOW_FILTER_SPORT]		= F_BE(SPORT, U16, sport[0]),
	[NFTNL_FLOW_FILTER_SPORT_TO]		= F_BE(SPORT_TO, U16, sport[1]),
	[NFTNL_FLOW_FILTER_DPORT]		= F_BE(DPORT, U16, dport[0]),
	[NFTNL_FLOW_FILTER_DPORT_TO]		= F_BE(DPORT_TO, U16, dport[1]),
	[NFTNL_FLOW_FILTER_IIF]			= F(IIF, U32, iif),
	[NFTNL_FLOW_FILTER_OIF]			= F(OIF, U32, oif),
	[NFTNL_FLOW_FILTER_CT_MARK]		= F(CT_MARK, U32, mark),
	[NFTNL_FLOW_FILTER_CT_MASK]		= F(CT_MASK, U32, mask),
	[NFTNL_FLOW_FILTER_STATES]		= F(STATES, U32, states),
	[NFTNL_FLOW_FILTER_CT_ZONE]		= F(CT_ZONE, U16, zone),
	[NFTNL_FLOW_FILTER_CT_ID]		= F_BE(CT_ID, U32, ct_id),
};

static const uint8_t filter_by_nla[] = {
	[NFT_OFFLOAD_FILTER_TABLE_FAMILY] = NFTNL_FLOW_FILTER_TABLE_FAMILY + 1,
	[NFT_OFFLOAD_FILTER_TABLE]	= NFTNL_FLOW_FILTER_TABLE + 1,
	[NFT_OFFLOAD_FILTER_FLOWTABLE]	= NFTNL_FLOW_FILTER_FLOWTABLE + 1,
	[NFT_OFFLOAD_FILTER_L3PROTO]	= NFTNL_FLOW_FILTER_L3PROTO + 1,
	[NFT_OFFLOAD_FILTER_L4PROTO]	= NFTNL_FLOW_FILTER_L4PROTO + 1,
	[NFT_OFFLOAD_FILTER_SADDR]	= NFTNL_FLOW_FILTER_SADDR + 1,
	[NFT_OFFLOAD_FILTER_SADDR_TO]	= NFTNL_FLOW_FILTER_SADDR_TO + 1,
	[NFT_OFFLOAD_FILTER_DADDR]	= NFTNL_FLOW_FILTER_DADDR + 1,
	[NFT_OFFLOAD_FILTER_DADDR_TO]	= NFTNL_FLOW_FILTER_DADDR_TO + 1,
	[NFT_OFFLOAD_FILTER_SPORT]	= NFTNL_FLOW_FILTER_SPORT + 1,
	[NFT_OFFLOAD_FILTER_SPORT_TO]	= NFTNL_FLOW_FILTER_SPORT_TO + 1,
	[NFT_OFFLOAD_FILTER_DPORT]	= NFTNL_FLOW_FILTER_DPORT + 1,
	[NFT_OFFLOAD_FILTER_DPORT_TO]	= NFTNL_FLOW_FILTER_DPORT_TO + 1,
	[NFT_OFFLOAD_FILTER_IIF]	= NFTNL_FLOW_FILTER_IIF + 1,
	[NFT_OFFLOAD_FILTER_OIF]	= NFTNL_FLOW_FILTER_OIF + 1,
	[NFT_OFFLOAD_FILTER_CT_MARK]	= NFTNL_FLOW_FILTER_CT_MARK + 1,
	[NFT_OFFLOAD_FILTER_CT_MASK]	= NFTNL_FLOW_FILTER_CT_MASK + 1,
	[NFT_OFFLOAD_FILTER_STATES]	= NFTNL_FLOW_FILTER_STATES + 1,
	[NFT_OFFLOAD_FILTER_CT_ZONE]	= NFTNL_FLOW_FILTER_CT_ZONE + 1,
	[NFT_OFFLOAD_FILTER_CT_ID]	= NFTNL_FLOW_FILTER_CT_ID + 1,
};

static const struct nftnl_desc filter_desc = {
	.attr		= filter_attr,
	.num		= ARRAY_SIZE(filter_attr),
	.by_nla		= filter_by_nla,
	.num_nla	= ARRAY_SIZE(filter_by_nla),
};

struct nftnl_flow_filter *nftnl_flow_filter_alloc(void)
{
	return calloc(1, sizeof(struct nftnl_flow_filter));
}

void nftnl_flow_filter_free(const struct nftnl_flow_filter *f)
{
	free((void *)f);
}

bool nftnl_flow_filter_is_set(const struct nftnl_flow_filter *f, uint16_t attr)
{
	return nftnl_attr_is_set(&filter_desc, f, attr);
}

void nftnl_flow_filter_unset(struct nftnl_flow_filter *f, uint16_t attr)
{
	nftnl_attr_unset(&filter_desc, f, attr);
}

int nftnl_flow_filter_set_data(struct nftnl_flow_filter *f, uint16_t attr,
			       const void *data, uint32_t data_len)
{
	return nftnl_attr_set_data(&filter_desc, f, attr, data, data_len);
}

int nftnl_flow_filter_set_u8(struct nftnl_flow_filter *f, uint16_t attr, uint8_t val)
{
	return nftnl_attr_set(&filter_desc, f, attr, NFTNL_TYPE_U8, &val);
}

int nftnl_flow_filter_set_u16(struct nftnl_flow_filter *f, uint16_t attr, uint16_t val)
{
	return nftnl_attr_set(&filter_desc, f, attr, NFTNL_TYPE_U16, &val);
}

int nftnl_flow_filter_set_u32(struct nftnl_flow_filter *f, uint16_t attr, uint32_t val)
{
	return nftnl_attr_set(&filter_desc, f, attr, NFTNL_TYPE_U32, &val);
}

int nftnl_flow_filter_set_str(struct nftnl_flow_filter *f, uint16_t attr,
			      const char *str)
{
	return nftnl_attr_set_str(&filter_desc, f, attr, str);
}

const void *nftnl_flow_filter_get_data(const struct nftnl_flow_filter *f,
				       uint16_t attr, uint32_t *data_len)
{
	return nftnl_attr_get_data(&filter_desc, f, attr, data_len);
}

uint8_t nftnl_flow_filter_get_u8(const struct nftnl_flow_filter *f, uint16_t attr)
{
	const uint8_t *val = nftnl_attr_get(&filter_desc, f, attr, NFTNL_TYPE_U8);

	return val ? *val : 0;
}

uint16_t nftnl_flow_filter_get_u16(const struct nftnl_flow_filter *f, uint16_t attr)
{
	const uint16_t *val = nftnl_attr_get(&filter_desc, f, attr, NFTNL_TYPE_U16);

	return val ? *val : 0;
}

uint32_t nftnl_flow_filter_get_u32(const struct nftnl_flow_filter *f, uint16_t attr)
{
	const uint32_t *val = nftnl_attr_get(&filter_desc, f, attr, NFTNL_TYPE_U32);

	return val ? *val : 0;
}

const char *nftnl_flow_filter_get_str(const struct nftnl_flow_filter *f, uint16_t attr)
{
	return nftnl_attr_get(&filter_desc, f, attr, NFTNL_TYPE_STR);
}

void nftnl_flow_filter_nlmsg_build_payload(struct nlmsghdr *nlh, uint16_t type,
					   const struct nftnl_flow_filter *f)
{
	struct nlattr *nest;

	if (!f->set)
		return;
	nest = mnl_attr_nest_start(nlh, type);
	nftnl_attr_build(&filter_desc, f, nlh);
	mnl_attr_nest_end(nlh, nest);
}

static int parse_filter(void *f, const struct nlattr *nest)
{
	return nftnl_attrs_parse(&filter_desc, f, nftnl_nla_data(nest),
				 nftnl_nla_len(nest));
}

int nftnl_flow_filter_nlmsg_parse(const struct nlmsghdr *nlh, uint16_t type,
				  struct nftnl_flow_filter *f)
{
	f->set = 0;
	if (!nftnl_msg_each(nlh, type, parse_filter, f))
		return 0;
	f->set = 0;
	return -1;
}
