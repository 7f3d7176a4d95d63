// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a connection.
 */
#include "internal.h"

struct nftnl_offload_explain {
	uint32_t		set;
	uint32_t		ct_id;
	uint8_t			layer;
	bool			has_flow;
	char			reason[NFTNL_REASON_SIZE];
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
};

static const uint8_t explain_by_nla[] = {
	[NFT_OFFLOAD_EXPLAIN_LAYER]	= NFTNL_OFFLOAD_EXPLAIN_LAYER + 1,
	[NFT_OFFLOAD_EXPLAIN_REASON]	= NFTNL_OFFLOAD_EXPLAIN_REASON + 1,
	[NFT_OFFLOAD_EXPLAIN_CT_ID]	= NFTNL_OFFLOAD_EXPLAIN_CT_ID + 1,
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
		e->flow.list.next = e->flow.list.prev = &e->flow.list;
	return e;
}

void nftnl_offload_explain_free(const struct nftnl_offload_explain *e)
{
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

void nftnl_offload_explain_nlmsg_build_payload(struct nlmsghdr *nlh,
					       const struct nftnl_offload_explain *e)
{
	struct nlattr *nest;

	nftnl_attr_build(&explain_desc, e, nlh);
	if (!e->has_flow)
		return;
	nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_EXPLAIN_FLOW);
	nftnl_flow_nlmsg_build_payload(nlh, &e->flow);
	mnl_attr_nest_end(nlh, nest);
}

static void reset(struct nftnl_offload_explain *e)
{
	e->set = 0;
	e->has_flow = false;
}

static int parse_attr(void *obj, const struct nlattr *attr)
{
	struct nftnl_offload_explain *e = obj;

	if (nftnl_nla_type(attr) != NFT_OFFLOAD_EXPLAIN_FLOW)
		return nftnl_attr_parse(&explain_desc, e, attr);
	e->has_flow = true;
	return nftnl_flow_parse(nftnl_nla_data(attr), nftnl_nla_len(attr), &e->flow);
}

int nftnl_offload_explain_nlmsg_parse(const struct nlmsghdr *nlh,
				      struct nftnl_offload_explain *e)
{
	reset(e);
	if (!nftnl_msg_each(nlh, NFTNL_NLA_ANY, parse_attr, e))
		return 0;
	reset(e);
	return -1;
}

int nftnl_offload_explain_snprintf(char *buf, size_t size,
				   const struct nftnl_offload_explain *e,
				   uint32_t type, uint32_t flags)
{
	struct nftnl_text t;

	if (nftnl_text_begin(&t, buf, size, type, flags))
		return -1;
	if (nftnl_offload_explain_is_set(e, NFTNL_OFFLOAD_EXPLAIN_LAYER))
		nftnl_text_word(&t, "layer %s", nftnl_offload_layer_str(e->layer));
	if (nftnl_offload_explain_is_set(e, NFTNL_OFFLOAD_EXPLAIN_REASON)) {
		nftnl_text_word(&t, "reason ");
		nftnl_text_str(&t, e->reason);
	}
	if (nftnl_offload_explain_is_set(e, NFTNL_OFFLOAD_EXPLAIN_CT_ID))
		nftnl_text_word(&t, "ct-id %u", e->ct_id);
	if (e->has_flow) {
		nftnl_text_word(&t, "flow");
		nftnl_text_flow(&t, &e->flow);
	}
	return nftnl_text_end(&t);
}
