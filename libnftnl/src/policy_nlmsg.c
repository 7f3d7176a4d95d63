// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of policies.
 */
#include "internal.h"
#include "policy.h"

#define P(_nla, _type, _field)						\
	NFTNL_ATTR(NFT_OFFLOAD_POLICY_##_nla, _type, nftnl_offload_policy, _field)

static const struct nftnl_attr policy_attr[] = {
	[NFTNL_OFFLOAD_POLICY_FAMILY]		= P(FAMILY, U8, family),
	[NFTNL_OFFLOAD_POLICY_TABLE]		= P(TABLE, STR, table),
	[NFTNL_OFFLOAD_POLICY_NAME]		= P(NAME, STR, name),
	[NFTNL_OFFLOAD_POLICY_MODE]		= P(MODE, U8, mode),
	[NFTNL_OFFLOAD_POLICY_STACK]		= P(STACK, U32, stack),
	[NFTNL_OFFLOAD_POLICY_AFTER_BYTES]	= P(AFTER_BYTES, U64, after_bytes),
	[NFTNL_OFFLOAD_POLICY_AFTER_PACKETS]	= P(AFTER_PACKETS, U64, after_packets),
	[NFTNL_OFFLOAD_POLICY_AFTER_RATE]	= P(AFTER_RATE, U32, after_rate),
	[NFTNL_OFFLOAD_POLICY_BUDGET]		= P(BUDGET, U32, budget),
	[NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE] =
		P(BUDGET_PER_DEVICE, U8, budget_per_device),
	[NFTNL_OFFLOAD_POLICY_EVICT]		= P(EVICT, U8, evict),
	[NFTNL_OFFLOAD_POLICY_SHAPED]		= P(SHAPED, U8, shaped),
	[NFTNL_OFFLOAD_POLICY_CARRY_MODE]	= P(CARRY_MODE, U8, carry_mode),
};

static const uint8_t policy_by_nla[] = {
	[NFT_OFFLOAD_POLICY_FAMILY]	= NFTNL_OFFLOAD_POLICY_FAMILY + 1,
	[NFT_OFFLOAD_POLICY_TABLE]	= NFTNL_OFFLOAD_POLICY_TABLE + 1,
	[NFT_OFFLOAD_POLICY_NAME]	= NFTNL_OFFLOAD_POLICY_NAME + 1,
	[NFT_OFFLOAD_POLICY_MODE]	= NFTNL_OFFLOAD_POLICY_MODE + 1,
	[NFT_OFFLOAD_POLICY_STACK]	= NFTNL_OFFLOAD_POLICY_STACK + 1,
	[NFT_OFFLOAD_POLICY_AFTER_BYTES] = NFTNL_OFFLOAD_POLICY_AFTER_BYTES + 1,
	[NFT_OFFLOAD_POLICY_AFTER_PACKETS] = NFTNL_OFFLOAD_POLICY_AFTER_PACKETS + 1,
	[NFT_OFFLOAD_POLICY_AFTER_RATE]	= NFTNL_OFFLOAD_POLICY_AFTER_RATE + 1,
	[NFT_OFFLOAD_POLICY_BUDGET]	= NFTNL_OFFLOAD_POLICY_BUDGET + 1,
	[NFT_OFFLOAD_POLICY_BUDGET_PER_DEVICE] =
		NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE + 1,
	[NFT_OFFLOAD_POLICY_EVICT]	= NFTNL_OFFLOAD_POLICY_EVICT + 1,
	[NFT_OFFLOAD_POLICY_SHAPED]	= NFTNL_OFFLOAD_POLICY_SHAPED + 1,
	[NFT_OFFLOAD_POLICY_CARRY_MODE]	= NFTNL_OFFLOAD_POLICY_CARRY_MODE + 1,
};

const struct nftnl_desc nftnl_policy_desc = {
	.attr		= policy_attr,
	.num		= ARRAY_SIZE(policy_attr),
	.by_nla		= policy_by_nla,
	.num_nla	= ARRAY_SIZE(policy_by_nla),
};

/* A mark as it is in a message */
struct mark {
	uint32_t	set;
	uint32_t	value;
	uint32_t	mask;
	uint8_t		action;
};

enum { MARK_ACTION, MARK_VALUE, MARK_MASK };

static const struct nftnl_attr mark_attr[] = {
	[MARK_ACTION]	= NFTNL_ATTR(NFT_OFFLOAD_MARK_ACTION, U8, mark, action),
	[MARK_VALUE]	= NFTNL_ATTR(NFT_OFFLOAD_MARK_VALUE, U32, mark, value),
	[MARK_MASK]	= NFTNL_ATTR(NFT_OFFLOAD_MARK_MASK, U32, mark, mask),
};

static const uint8_t mark_by_nla[] = {
	[NFT_OFFLOAD_MARK_ACTION]	= MARK_ACTION + 1,
	[NFT_OFFLOAD_MARK_VALUE]	= MARK_VALUE + 1,
	[NFT_OFFLOAD_MARK_MASK]		= MARK_MASK + 1,
};

static const struct nftnl_desc mark_desc = {
	.attr		= mark_attr,
	.num		= ARRAY_SIZE(mark_attr),
	.by_nla		= mark_by_nla,
	.num_nla	= ARRAY_SIZE(mark_by_nla),
};

/* One without an action or a value is of no use. */
static int parse_mark(struct nftnl_offload_policy *p, const struct nlattr *nest)
{
	struct mark m = { .mask = UINT32_MAX };
	struct nftnl_offload_mark mark;

	if (nftnl_attrs_parse(&mark_desc, &m, nftnl_nla_data(nest), nftnl_nla_len(nest)))
		return -1;
	if (!nftnl_attr_is_set(&mark_desc, &m, MARK_ACTION) ||
	    !nftnl_attr_is_set(&mark_desc, &m, MARK_VALUE))
		return 0;
	mark.action = m.action;
	mark.value = m.value;
	mark.mask = m.mask;
	return nftnl_offload_policy_add_mark(p, &mark);
}

/* What is carried, as it is in a message */
struct carry {
	uint32_t	set;
	uint32_t	mask;
	uint32_t	state;
	uint8_t		what;
};

enum { CARRY_WHAT, CARRY_MASK, CARRY_STATE };

static const struct nftnl_attr carry_attr[] = {
	[CARRY_WHAT]	= NFTNL_ATTR(NFT_OFFLOAD_CARRY_WHAT, U8, carry, what),
	[CARRY_MASK]	= NFTNL_ATTR(NFT_OFFLOAD_CARRY_MASK, U32, carry, mask),
	[CARRY_STATE]	= NFTNL_ATTR(NFT_OFFLOAD_CARRY_STATE, U32, carry, state),
};

static const uint8_t carry_by_nla[] = {
	[NFT_OFFLOAD_CARRY_WHAT]	= CARRY_WHAT + 1,
	[NFT_OFFLOAD_CARRY_MASK]	= CARRY_MASK + 1,
	[NFT_OFFLOAD_CARRY_STATE]	= CARRY_STATE + 1,
};

static const struct nftnl_desc carry_desc = {
	.attr		= carry_attr,
	.num		= ARRAY_SIZE(carry_attr),
	.by_nla		= carry_by_nla,
	.num_nla	= ARRAY_SIZE(carry_by_nla),
};

static int parse_carry(struct nftnl_offload_policy *p, const struct nlattr *nest)
{
	struct nftnl_offload_carry carry;
	struct carry c = {};

	if (nftnl_attrs_parse(&carry_desc, &c, nftnl_nla_data(nest), nftnl_nla_len(nest)))
		return -1;
	if (!nftnl_attr_is_set(&carry_desc, &c, CARRY_WHAT))
		return 0;
	carry.what = c.what;
	carry.mask = c.mask;
	carry.state = c.state;
	return nftnl_offload_policy_add_carry(p, &carry);
}

static int parse_attr(void *p, const struct nlattr *attr)
{
	if (nftnl_nla_type(attr) == NFT_OFFLOAD_POLICY_MARK)
		return parse_mark(p, attr);
	if (nftnl_nla_type(attr) == NFT_OFFLOAD_POLICY_CARRY)
		return parse_carry(p, attr);
	return nftnl_attr_parse(&nftnl_policy_desc, p, attr);
}

int nftnl_offload_policy_nlmsg_parse(const struct nlmsghdr *nlh,
				     struct nftnl_offload_policy *p)
{
	int err;

	nftnl_policy_reset(p);
	if (!nftnl_msg_each(nlh, NFTNL_NLA_ANY, parse_attr, p))
		return 0;
	err = errno;
	nftnl_policy_reset(p);
	errno = err;
	return -1;
}

static void build_carry(struct nlmsghdr *nlh, const struct nftnl_offload_carry *carry)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_POLICY_CARRY);

	mnl_attr_put_u8(nlh, NFT_OFFLOAD_CARRY_WHAT, carry->what);
	if (carry->mask)
		mnl_attr_put_u32(nlh, NFT_OFFLOAD_CARRY_MASK, carry->mask);
	if (carry->state)
		mnl_attr_put_u32(nlh, NFT_OFFLOAD_CARRY_STATE, carry->state);
	mnl_attr_nest_end(nlh, nest);
}

void nftnl_offload_policy_nlmsg_build_payload(struct nlmsghdr *nlh,
					      const struct nftnl_offload_policy *p)
{
	const struct nftnl_offload_carry *carry;
	const struct nftnl_offload_mark *mark;
	struct nlattr *nest;
	unsigned int i;

	nftnl_attr_build(&nftnl_policy_desc, p, nlh);
	for (i = 0; (mark = nftnl_offload_policy_mark(p, i)); i++) {
		nest = mnl_attr_nest_start(nlh, NFT_OFFLOAD_POLICY_MARK);
		mnl_attr_put_u8(nlh, NFT_OFFLOAD_MARK_ACTION, mark->action);
		mnl_attr_put_u32(nlh, NFT_OFFLOAD_MARK_VALUE, mark->value);
		mnl_attr_put_u32(nlh, NFT_OFFLOAD_MARK_MASK, mark->mask);
		mnl_attr_nest_end(nlh, nest);
	}
	for (i = 0; (carry = nftnl_offload_policy_carry(p, i)); i++)
		build_carry(nlh, carry);
}

static bool has_name(const struct nftnl_offload_policy *p, uint16_t attr)
{
	const char *name = nftnl_offload_policy_get_str(p, attr);

	return name && *name;
}

int nftnl_offload_policy_nlmsg_build_name(struct nlmsghdr *nlh,
					  const struct nftnl_offload_policy *p)
{
	if (!nftnl_offload_policy_get_u8(p, NFTNL_OFFLOAD_POLICY_FAMILY) ||
	    !has_name(p, NFTNL_OFFLOAD_POLICY_TABLE) ||
	    !has_name(p, NFTNL_OFFLOAD_POLICY_NAME)) {
		errno = EINVAL;
		return -1;
	}
	mnl_attr_put_u8(nlh, NFT_OFFLOAD_POLICY_FAMILY, p->family);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_POLICY_TABLE, p->table);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_POLICY_NAME, p->name);
	return 0;
}
