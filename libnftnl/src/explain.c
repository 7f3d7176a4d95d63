// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a connection.
 */
#include "internal.h"
#include "array.h"

struct nftnl_offload_explain {
	uint32_t		set;
	uint32_t		ct_id;
	uint8_t			layer;
	uint8_t			expect;
	uint8_t			family;
	bool			has_flow;
	char			reason[NFTNL_REASON_SIZE];
	char			table[NFTNL_NAME_SIZE];
	char			flowtable[NFTNL_NAME_SIZE];
	struct nftnl_array	devices;	/* struct nftnl_device */
	struct nftnl_flow	flow;
};

#define E(_nla, _type, _field)						\
	NFTNL_ATTR(NFT_OFFLOAD_EXPLAIN_##_nla, _type,			\
		   nftnl_offload_explain, _field)

static const struct nftnl_attr explain_attr[] = {
	[NFTNL_OFFLOAD_EXPLAIN_LAYER]	= E(LAYER, U8, layer),
	[NFTNL_OFFLOAD_EXPLAIN_REASON]	= E(REASON, STR, reason),
	[NFTNL_OFFLOAD_EXPLAIN_CT_ID]	=
		NFTNL_ATTR_BE(NFT_OFFLOAD_EXPLAIN_CT_ID, U32,
			      nftnl_offload_explain, ct_id),
	[NFTNL_OFFLOAD_EXPLAIN_EXPECT]	= E(EXPECT, U8, expect),
	[NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY] = E(TABLE_FAMILY, U8, family),
	[NFTNL_OFFLOAD_EXPLAIN_TABLE]	= E(TABLE, STR, table),
	[NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE] = E(FLOWTABLE, STR, flowtable),
};

static const uint8_t explain_by_nla[] = {
	[NFT_OFFLOAD_EXPLAIN_LAYER]	= NFTNL_OFFLOAD_EXPLAIN_LAYER + 1,
	[NFT_OFFLOAD_EXPLAIN_REASON]	= NFTNL_OFFLOAD_EXPLAIN_REASON + 1,
	[NFT_OFFLOAD_EXPLAIN_CT_ID]	= NFTNL_OFFLOAD_EXPLAIN_CT_ID + 1,
	[NFT_OFFLOAD_EXPLAIN_EXPECT]	= NFTNL_OFFLOAD_EXPLAIN_EXPECT + 1,
	[NFT_OFFLOAD_EXPLAIN_TABLE_FAMILY] = NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY + 1,
	[NFT_OFFLOAD_EXPLAIN_TABLE]	= NFTNL_OFFLOAD_EXPLAIN_TABLE + 1,
	[NFT_OFFLOAD_EXPLAIN_FLOWTABLE]	= NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE + 1,
};

static const struct nftnl_desc explain_desc = {
	.attr		= explain_attr,
	.num		= ARRAY_SIZE(explain_attr),
	.by_nla		= explain_by_nla,
	.num_nla	= ARRAY_SIZE(explain_by_nla),
};

struct nftnl_offload_explain *nftnl_offload_explain_alloc(void)
{
	struct nftnl_offload_explain *e = calloc(1, sizeof(*e));

	if (e)
		nftnl_list_init(&e->flow.list);
	return e;
}

static void reset(struct nftnl_offload_explain *e)
{
	e->set = 0;
	e->has_flow = false;
	nftnl_array_free(&e->devices);
}

void nftnl_offload_explain_free(const struct nftnl_offload_explain *e)
{
	if (!e)
		return;
	reset((struct nftnl_offload_explain *)e);
	free((void *)e);
}

bool nftnl_offload_explain_is_set(const struct nftnl_offload_explain *e, uint16_t attr)
{
	return nftnl_attr_is_set(&explain_desc, e, attr);
}

void nftnl_offload_explain_unset(struct nftnl_offload_explain *e, uint16_t attr)
{
	nftnl_attr_unset(&explain_desc, e, attr);
}

int nftnl_offload_explain_set_u8(struct nftnl_offload_explain *e, uint16_t attr,
				 uint8_t val)
{
	return nftnl_attr_set(&explain_desc, e, attr, NFTNL_TYPE_U8, &val);
}

int nftnl_offload_explain_set_u32(struct nftnl_offload_explain *e, uint16_t attr,
				  uint32_t val)
{
	return nftnl_attr_set(&explain_desc, e, attr, NFTNL_TYPE_U32, &val);
}

int nftnl_offload_explain_set_str(struct nftnl_offload_explain *e, uint16_t attr,
				  const char *str)
{
	return nftnl_attr_set_str(&explain_desc, e, attr, str);
}

uint8_t nftnl_offload_explain_get_u8(const struct nftnl_offload_explain *e,
				     uint16_t attr)
{
	const uint8_t *val = nftnl_attr_get(&explain_desc, e, attr, NFTNL_TYPE_U8);

	return val ? *val : 0;
}

uint32_t nftnl_offload_explain_get_u32(const struct nftnl_offload_explain *e,
				       uint16_t attr)
{
	const uint32_t *val = nftnl_attr_get(&explain_desc, e, attr, NFTNL_TYPE_U32);

	return val ? *val : 0;
}

const char *nftnl_offload_explain_get_str(const struct nftnl_offload_explain *e,
					  uint16_t attr)
{
	return nftnl_attr_get(&explain_desc, e, attr, NFTNL_TYPE_STR);
}

const struct nftnl_flow *
nftnl_offload_explain_get_flow(const struct nftnl_offload_explain *e)
{
	return e->has_flow ? &e->flow : NULL;
}

int nftnl_offload_explain_set_flow(struct nftnl_offload_explain *e,
				   const struct nftnl_flow *f)
{
	if (f)
		nftnl_flow_copy(&e->flow, f);
	e->has_flow = f;
	return 0;
}

const struct nftnl_offload_device *
nftnl_offload_explain_device(const struct nftnl_offload_explain *e, unsigned int i)
{
	return nftnl_array_get(&e->devices, i);
}

int nftnl_offload_explain_add_device(struct nftnl_offload_explain *e,
				     const struct nftnl_offload_device *dev)
{
	return nftnl_device_add(&e->devices, dev);
}

void nftnl_offload_explain_nlmsg_build_payload(struct nlmsghdr *nlh,
					       const struct nftnl_offload_explain *e)
{
	struct nlattr *nest;

	nftnl_attr_build(&explain_desc, e, nlh);
	nftnl_array_build(nlh, &e->devices, NFT_OFFLOAD_EXPLAIN_DEVICES,
			  NFT_OFFLOAD_EXPLAIN_DEVICE, nftnl_device_build_side);
	if (!e->has_flow)
		return;
	nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_EXPLAIN_FLOW);
	nftnl_flow_nlmsg_build_payload(nlh, &e->flow);
	mnl_attr_nest_end(nlh, nest);
}

static int parse_attr(void *obj, const struct nlattr *attr)
{
	struct nftnl_offload_explain *e = obj;

	switch (nftnl_nla_type(attr)) {
	case NFT_OFFLOAD_EXPLAIN_FLOW:
		e->has_flow = true;
		return nftnl_flow_parse(nftnl_nla_data(attr), nftnl_nla_len(attr),
					&e->flow);
	case NFT_OFFLOAD_EXPLAIN_DEVICES:
		return nftnl_nest_each(attr, NFT_OFFLOAD_EXPLAIN_DEVICE,
				       nftnl_device_parse, &e->devices);
	default:
		return nftnl_attr_parse(&explain_desc, e, attr);
	}
}

int nftnl_offload_explain_nlmsg_parse(const struct nlmsghdr *nlh,
				      struct nftnl_offload_explain *e)
{
	int err;

	reset(e);
	if (!nftnl_msg_each(nlh, NFTNL_NLA_ANY, parse_attr, e))
		return 0;
	err = errno;
	reset(e);
	errno = err;
	return -1;
}
