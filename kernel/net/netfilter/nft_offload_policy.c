// SPDX-License-Identifier: GPL-2.0-only
/*
 * POLICY_NEW, POLICY_GET and POLICY_DEL of nft_offload: which flows of a flowtable
 * are in hardware. See nf_flow_table_policy.c.
 */
#include <linux/slab.h>
#include <net/netfilter/nf_flow_policy.h>
#include "nft_offload.h"

/* The largest numbers that make sense: 2^50 bytes are a petabyte. */
#define POLICY_STACK_MAX	1000000
#define POLICY_BYTES_MAX	BIT_ULL(50)
#define POLICY_PACKETS_MAX	BIT_ULL(40)
#define POLICY_RATE_MAX		1000000000
#define POLICY_BUDGET_MAX	BIT(24)

#define POLICY_NAME_MAX		(NFT_NAME_MAXLEN - 1)

static int policy_check_name(const struct nlattr *nla, const char *what,
			     struct netlink_ext_ack *extack)
{
	size_t len = strlen(nla_data(nla));

	if (len && len <= POLICY_NAME_MAX)
		return 0;

	NL_SET_BAD_ATTR(extack, nla);
	if (len)
		NL_SET_ERR_MSG_FMT(extack,
				   "the name of the %s has %zu bytes, and may have %u",
				   what, len, POLICY_NAME_MAX);
	else
		NL_SET_ERR_MSG_FMT(extack, "the name of the %s is empty", what);
	return -EINVAL;
}

/* All requests but dumps are about one flowtable. */
static int policy_check_names(struct genl_info *info)
{
	int err;

	if (GENL_REQ_ATTR_CHECK(info, NFT_OFFLOAD_POLICY_FAMILY) ||
	    GENL_REQ_ATTR_CHECK(info, NFT_OFFLOAD_POLICY_TABLE) ||
	    GENL_REQ_ATTR_CHECK(info, NFT_OFFLOAD_POLICY_NAME)) {
		NL_SET_ERR_MSG(info->extack,
			       "family, table and flowtable are needed");
		return -EINVAL;
	}
	err = policy_check_name(info->attrs[NFT_OFFLOAD_POLICY_TABLE], "table",
				info->extack);
	return err ?: policy_check_name(info->attrs[NFT_OFFLOAD_POLICY_NAME],
					"flowtable", info->extack);
}

static u8 policy_family(const struct genl_info *info)
{
	return nla_get_u8(info->attrs[NFT_OFFLOAD_POLICY_FAMILY]);
}

static const char *policy_table(const struct genl_info *info)
{
	return nla_data(info->attrs[NFT_OFFLOAD_POLICY_TABLE]);
}

static const char *policy_name(const struct genl_info *info)
{
	return nla_data(info->attrs[NFT_OFFLOAD_POLICY_NAME]);
}

static const char *policy_action(const struct nf_flow_policy_mark *mark)
{
	return mark->never ? "never" : "software";
}

/* All that @other matches, @mark matches, too. */
static bool policy_mark_covers(const struct nf_flow_policy_mark *mark,
			       const struct nf_flow_policy_mark *other)
{
	return !(mark->mask & ~other->mask) &&
	       (other->value & mark->mask) == mark->value;
}

static bool policy_mark_equals(const struct nf_flow_policy_mark *mark,
			       const struct nf_flow_policy_mark *other)
{
	return mark->mask == other->mask && mark->value == other->value;
}

/* Does @mark make sense beside @other? */
static int policy_check_marks(const struct nlattr *nla,
			      const struct nf_flow_policy_mark *mark,
			      const struct nf_flow_policy_mark *other,
			      struct netlink_ext_ack *extack)
{
	const struct nf_flow_policy_mark *never = mark->never ? mark : other;
	const struct nf_flow_policy_mark *software = mark->never ? other : mark;

	if (mark->never == other->never) {
		if (!policy_mark_equals(mark, other))
			return 0;
		NL_SET_ERR_MSG_FMT(extack, "%s ct mark 0x%x/0x%x is there twice",
				   policy_action(mark), mark->value,
				   mark->mask);
	} else if (policy_mark_equals(mark, other)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "ct mark 0x%x/0x%x cannot be both never and software",
				   mark->value, mark->mask);
	} else if (policy_mark_covers(never, software)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "software 0x%x/0x%x has no effect: never 0x%x/0x%x is before it",
				   software->value, software->mask,
				   never->value, never->mask);
	} else {
		return 0;
	}
	NL_SET_BAD_ATTR(extack, nla);
	return -EINVAL;
}

static int policy_parse_mark(const struct nlattr *nla,
			     struct nf_flow_policy_mark *mark,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NFT_OFFLOAD_MARK_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NFT_OFFLOAD_MARK_MAX, nla,
			       nft_offload_mark_attrs_nl_policy, extack);
	if (err)
		return err;
	if (!IS_ENABLED(CONFIG_NF_CONNTRACK_MARK)) {
		NL_SET_ERR_MSG_ATTR(extack, nla,
				    "connections of this kernel have no mark");
		return -EOPNOTSUPP;
	}
	if (NL_REQ_ATTR_CHECK(extack, nla, tb, NFT_OFFLOAD_MARK_ACTION) ||
	    NL_REQ_ATTR_CHECK(extack, nla, tb, NFT_OFFLOAD_MARK_VALUE)) {
		NL_SET_ERR_MSG(extack, "a mark needs an action and a value");
		return -EINVAL;
	}

	mark->never = nla_get_u8(tb[NFT_OFFLOAD_MARK_ACTION]) ==
		      NFT_OFFLOAD_MARK_ACTION_NEVER;
	mark->value = nla_get_u32(tb[NFT_OFFLOAD_MARK_VALUE]);
	mark->mask = nla_get_u32_default(tb[NFT_OFFLOAD_MARK_MASK], U32_MAX);
	if (!mark->mask) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NFT_OFFLOAD_MARK_MASK],
				    "the mask of a mark is 0: all connections would match");
		return -EINVAL;
	}
	if (mark->value & ~mark->mask) {
		NL_SET_BAD_ATTR(extack, tb[NFT_OFFLOAD_MARK_VALUE]);
		NL_SET_ERR_MSG_FMT(extack,
				   "ct mark 0x%x/0x%x matches nothing: bits outside the mask",
				   mark->value, mark->mask);
		return -EINVAL;
	}
	return 0;
}

static int policy_parse_marks(struct genl_info *info,
			      struct nf_flow_policy *policy)
{
	struct nf_flow_policy_mark *mark;
	const struct nlattr *nla;
	unsigned int i;
	int err, rem;

	nlmsg_for_each_attr_type(nla, NFT_OFFLOAD_POLICY_MARK, info->nlhdr,
				 GENL_HDRLEN, rem) {
		if (policy->n_marks == NF_FLOW_POLICY_MARKS) {
			NL_SET_BAD_ATTR(info->extack, nla);
			NL_SET_ERR_MSG_FMT(info->extack,
					   "there may be no more than %u marks in a policy",
					   NF_FLOW_POLICY_MARKS);
			return -E2BIG;
		}
		mark = &policy->mark[policy->n_marks];
		err = policy_parse_mark(nla, mark, info->extack);
		if (err)
			return err;
		for (i = 0; i < policy->n_marks; i++) {
			err = policy_check_marks(nla, mark, &policy->mark[i],
						 info->extack);
			if (err)
				return err;
		}
		policy->n_marks++;
	}
	return 0;
}

/* The number of a statement: 1 to @max; 0 without the statement */
static int policy_parse_number(struct genl_info *info, int attr, u64 max,
			       const char *what, u64 *number)
{
	const struct nlattr *nla = info->attrs[attr];

	*number = 0;
	if (!nla)
		return 0;

	*number = nla_len(nla) == sizeof(u64) ? nla_get_u64(nla) :
						nla_get_u32(nla);
	if (*number && *number <= max)
		return 0;

	NL_SET_BAD_ATTR(info->extack, nla);
	if (!*number)
		NL_SET_ERR_MSG_FMT(info->extack, "%s 0 makes no sense", what);
	else
		NL_SET_ERR_MSG_FMT(info->extack,
				   "%s %llu is too much: %llu at most", what,
				   *number, max);
	return *number ? -ERANGE : -EINVAL;
}

static int policy_parse_after(struct genl_info *info,
			      struct nf_flow_policy *policy)
{
	static const int attrs[] = {
		NFT_OFFLOAD_POLICY_AFTER_BYTES,
		NFT_OFFLOAD_POLICY_AFTER_PACKETS,
		NFT_OFFLOAD_POLICY_AFTER_RATE,
	};
	const struct nlattr *first = NULL, *nla;
	unsigned int i;
	u64 number;
	int err;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		nla = info->attrs[attrs[i]];
		if (nla && first) {
			NL_SET_ERR_MSG_ATTR(info->extack, nla,
					    "hardware after: one of bytes, packets and rate, not two");
			return -EINVAL;
		}
		first = nla ?: first;
	}

	err = policy_parse_number(info, NFT_OFFLOAD_POLICY_AFTER_BYTES,
				  POLICY_BYTES_MAX, "after bytes",
				  &policy->after_bytes);
	if (err)
		return err;
	err = policy_parse_number(info, NFT_OFFLOAD_POLICY_AFTER_PACKETS,
				  POLICY_PACKETS_MAX, "after packets",
				  &policy->after_packets);
	if (err)
		return err;
	err = policy_parse_number(info, NFT_OFFLOAD_POLICY_AFTER_RATE,
				  POLICY_RATE_MAX, "after rate",
				  &number);
	policy->after_rate = number;
	return err;
}

static int policy_parse_budget(struct genl_info *info,
			       struct nf_flow_policy *policy)
{
	const struct nlattr *per = info->attrs[NFT_OFFLOAD_POLICY_BUDGET_PER_DEVICE];
	const struct nlattr *evict = info->attrs[NFT_OFFLOAD_POLICY_EVICT];
	u64 number;
	int err;

	err = policy_parse_number(info, NFT_OFFLOAD_POLICY_BUDGET,
				  POLICY_BUDGET_MAX, "budget", &number);
	if (err)
		return err;
	policy->budget = number;
	policy->per_device = per && nla_get_u8(per);
	policy->evict_slowest = evict && nla_get_u8(evict) ==
					 NFT_OFFLOAD_EVICT_SLOWEST;
	if (!number && (per || (evict && !policy->evict_slowest))) {
		NL_SET_ERR_MSG_ATTR(info->extack, per ?: evict,
				    "this is about a budget, and there is none");
		return -EINVAL;
	}
	return 0;
}

static void policy_parse_shaping(struct genl_info *info,
				 struct nf_flow_policy *policy)
{
	const struct nlattr *nla = info->attrs[NFT_OFFLOAD_POLICY_SHAPED];

	if (nla)
		policy->shaping = nla_get_u8(nla) == NFT_OFFLOAD_SHAPED_SOFTWARE ?
				  NF_FLOW_SHAPING_SOFTWARE :
				  NF_FLOW_SHAPING_IGNORE;
}

static_assert((int)NFT_OFFLOAD_CARRY_PRIORITY == NF_FLOW_CARRY_PRIORITY);
static_assert((int)NFT_OFFLOAD_CARRY_DSCP == NF_FLOW_CARRY_DSCP);

#define POLICY_DSCP_BITS	6

/* Bits of the mark that a value comes from */
static int policy_parse_carry_mark(struct nlattr **tb,
				   enum nf_flow_carry what,
				   struct nf_flow_policy_carry *carry,
				   struct netlink_ext_ack *extack)
{
	const struct nlattr *mask = tb[NFT_OFFLOAD_CARRY_MASK];
	const struct nlattr *state = tb[NFT_OFFLOAD_CARRY_STATE];

	if (!IS_ENABLED(CONFIG_NF_CONNTRACK_MARK)) {
		NL_SET_ERR_MSG_ATTR(extack, mask ?: state,
				    "connections of this kernel have no mark");
		return -EOPNOTSUPP;
	}
	if (!mask) {
		NL_SET_ERR_MSG_ATTR(extack, state,
				    "a state bit of the mark, and no mask of it");
		return -EINVAL;
	}
	carry->mask = nla_get_u32(mask);
	carry->state = nla_get_u32_default(state, 0);
	if (!carry->mask || (state && !carry->state)) {
		NL_SET_ERR_MSG_ATTR(extack, carry->mask ? state : mask,
				    "a mask of 0 leaves nothing of the mark");
		return -EINVAL;
	}
	if (carry->mask & carry->state) {
		NL_SET_BAD_ATTR(extack, state);
		NL_SET_ERR_MSG_FMT(extack,
				   "the state bits 0x%x are part of the mask 0x%x",
				   carry->state, carry->mask);
		return -EINVAL;
	}
	if (what == NF_FLOW_CARRY_DSCP &&
	    carry->mask >> __ffs(carry->mask) >= BIT(POLICY_DSCP_BITS)) {
		NL_SET_BAD_ATTR(extack, mask);
		NL_SET_ERR_MSG_FMT(extack,
				   "a DSCP has 6 bits: the mask 0x%x is wider",
				   carry->mask);
		return -ERANGE;
	}
	if ((carry->mask >> __ffs(carry->mask)) &
	    ((carry->mask >> __ffs(carry->mask)) + 1)) {
		NL_SET_BAD_ATTR(extack, mask);
		NL_SET_ERR_MSG_FMT(extack,
				   "the bits of the mask 0x%x are not side by side",
				   carry->mask);
		return -EINVAL;
	}
	return 0;
}

static int policy_parse_carry_one(const struct nlattr *nla,
				  struct nf_flow_policy *policy,
				  struct netlink_ext_ack *extack)
{
	static const char * const names[] = { "priority", "dscp" };
	struct nlattr *tb[NFT_OFFLOAD_CARRY_MAX + 1];
	struct nf_flow_policy_carry *carry;
	u8 what;
	int err;

	err = nla_parse_nested(tb, NFT_OFFLOAD_CARRY_MAX, nla,
			       nft_offload_carry_attrs_nl_policy, extack);
	if (err)
		return err;
	if (NL_REQ_ATTR_CHECK(extack, nla, tb, NFT_OFFLOAD_CARRY_WHAT)) {
		NL_SET_ERR_MSG(extack, "carry what? priority or dscp");
		return -EINVAL;
	}
	what = nla_get_u8(tb[NFT_OFFLOAD_CARRY_WHAT]);
	carry = &policy->carry[what];
	if (carry->on) {
		NL_SET_BAD_ATTR(extack, nla);
		NL_SET_ERR_MSG_FMT(extack, "carry %s is there twice",
				   names[what]);
		return -EINVAL;
	}
	carry->on = true;
	policy->carries = true;
	if (!tb[NFT_OFFLOAD_CARRY_MASK] && !tb[NFT_OFFLOAD_CARRY_STATE]) {
		policy->learns |= BIT(what);
		return 0;
	}
	policy->from_mark |= BIT(what);
	return policy_parse_carry_mark(tb, what, carry, extack);
}

static int policy_parse_carry(struct genl_info *info,
			      struct nf_flow_policy *policy)
{
	const struct nlattr *mode = info->attrs[NFT_OFFLOAD_POLICY_CARRY_MODE];
	const struct nlattr *nla;
	int err, rem;

	nlmsg_for_each_attr_type(nla, NFT_OFFLOAD_POLICY_CARRY, info->nlhdr,
				 GENL_HDRLEN, rem) {
		err = policy_parse_carry_one(nla, policy, info->extack);
		if (err)
			return err;
	}
	if (mode && !policy->carries) {
		NL_SET_ERR_MSG_ATTR(info->extack, mode,
				    "optional or required, and nothing is carried");
		return -EINVAL;
	}
	policy->carry_required = mode && nla_get_u8(mode) ==
					 NFT_OFFLOAD_CARRY_MODE_REQUIRED;
	return 0;
}

static bool policy_says_something(const struct nf_flow_policy *policy)
{
	return policy->n_marks || policy->stack || policy->after_bytes ||
	       policy->after_packets || policy->after_rate || policy->budget ||
	       policy->evict_slowest || policy->shaping || policy->carries;
}

static int policy_parse(struct genl_info *info, struct nf_flow_policy *policy)
{
	u64 number;
	int err;

	err = policy_parse_marks(info, policy);
	if (err)
		return err;
	err = policy_parse_number(info, NFT_OFFLOAD_POLICY_STACK,
				  POLICY_STACK_MAX, "stack", &number);
	if (err)
		return err;
	policy->stack = number;
	err = policy_parse_after(info, policy);
	if (err)
		return err;
	err = policy_parse_budget(info, policy);
	if (err)
		return err;
	policy_parse_shaping(info, policy);
	err = policy_parse_carry(info, policy);
	if (err)
		return err;
	if (!policy_says_something(policy)) {
		NL_SET_ERR_MSG(info->extack,
			       "the policy says nothing: delete it instead");
		return -EINVAL;
	}
	return 0;
}

static enum nf_flow_policy_mode policy_mode(const struct genl_info *info)
{
	const struct nlattr *mode = info->attrs[NFT_OFFLOAD_POLICY_MODE];

	switch (nla_get_u8_default(mode, NFT_OFFLOAD_POLICY_MODE_SET)) {
	case NFT_OFFLOAD_POLICY_MODE_ADD:
		return NF_FLOW_POLICY_ADD;
	case NFT_OFFLOAD_POLICY_MODE_REPLACE:
		return NF_FLOW_POLICY_REPLACE;
	default:
		return NF_FLOW_POLICY_SET;
	}
}

int nft_offload_nl_policy_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nf_flow_policy *policy;
	int err;

	err = policy_check_names(info);
	if (err)
		return err;
	policy = nf_flow_policy_alloc(policy_family(info), policy_table(info),
				      policy_name(info));
	if (!policy)
		return -ENOMEM;

	err = policy_parse(info, policy);
	if (!err)
		err = nf_flow_policy_set(genl_info_net(info), policy,
					 policy_mode(info), info->extack);
	if (err)
		kfree(policy);
	return err;
}

int nft_offload_nl_policy_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	err = policy_check_names(info);
	return err ?: nf_flow_policy_del(genl_info_net(info),
					 policy_family(info),
					 policy_table(info), policy_name(info),
					 info->extack);
}

static int policy_fill_mark(struct sk_buff *skb,
			    const struct nf_flow_policy_mark *mark)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NFT_OFFLOAD_POLICY_MARK);
	if (!nest ||
	    nla_put_u8(skb, NFT_OFFLOAD_MARK_ACTION,
		       mark->never ? NFT_OFFLOAD_MARK_ACTION_NEVER :
				     NFT_OFFLOAD_MARK_ACTION_SOFTWARE) ||
	    nla_put_u32(skb, NFT_OFFLOAD_MARK_VALUE, mark->value) ||
	    nla_put_u32(skb, NFT_OFFLOAD_MARK_MASK, mark->mask))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int policy_fill_carry(struct sk_buff *skb,
			     const struct nf_flow_policy *policy)
{
	const struct nf_flow_policy_carry *carry;
	struct nlattr *nest;
	int what;

	if (!policy->carries)
		return 0;
	for (what = 0; what < __NF_FLOW_CARRY_MAX; what++) {
		carry = &policy->carry[what];
		if (!carry->on)
			continue;
		nest = nla_nest_start(skb, NFT_OFFLOAD_POLICY_CARRY);
		if (!nest || nla_put_u8(skb, NFT_OFFLOAD_CARRY_WHAT, what) ||
		    (carry->mask &&
		     nla_put_u32(skb, NFT_OFFLOAD_CARRY_MASK, carry->mask)) ||
		    (carry->state &&
		     nla_put_u32(skb, NFT_OFFLOAD_CARRY_STATE, carry->state)))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return nla_put_u8(skb, NFT_OFFLOAD_POLICY_CARRY_MODE,
			  policy->carry_required ?
			  NFT_OFFLOAD_CARRY_MODE_REQUIRED :
			  NFT_OFFLOAD_CARRY_MODE_OPTIONAL);
}

static int policy_fill(struct sk_buff *skb, const struct nf_flow_policy *policy)
{
	unsigned int i;

	if (nla_put_u8(skb, NFT_OFFLOAD_POLICY_FAMILY, policy->family) ||
	    nla_put_string(skb, NFT_OFFLOAD_POLICY_TABLE, policy->table) ||
	    nla_put_string(skb, NFT_OFFLOAD_POLICY_NAME, policy->name))
		return -EMSGSIZE;
	for (i = 0; i < policy->n_marks; i++)
		if (policy_fill_mark(skb, &policy->mark[i]))
			return -EMSGSIZE;
	if ((policy->stack &&
	     nla_put_u32(skb, NFT_OFFLOAD_POLICY_STACK, policy->stack)) ||
	    (policy->after_bytes &&
	     nla_put_u64_64bit(skb, NFT_OFFLOAD_POLICY_AFTER_BYTES,
			       policy->after_bytes, NFT_OFFLOAD_POLICY_PAD)) ||
	    (policy->after_packets &&
	     nla_put_u64_64bit(skb, NFT_OFFLOAD_POLICY_AFTER_PACKETS,
			       policy->after_packets,
			       NFT_OFFLOAD_POLICY_PAD)) ||
	    (policy->after_rate &&
	     nla_put_u32(skb, NFT_OFFLOAD_POLICY_AFTER_RATE,
			 policy->after_rate)) ||
	    (policy->shaping &&
	     nla_put_u8(skb, NFT_OFFLOAD_POLICY_SHAPED,
			policy->shaping == NF_FLOW_SHAPING_SOFTWARE ?
			NFT_OFFLOAD_SHAPED_SOFTWARE :
			NFT_OFFLOAD_SHAPED_IGNORE)) ||
	    policy_fill_carry(skb, policy))
		return -EMSGSIZE;
	if (!policy->budget)
		return policy->evict_slowest ?
		       nla_put_u8(skb, NFT_OFFLOAD_POLICY_EVICT,
				  NFT_OFFLOAD_EVICT_SLOWEST) : 0;
	if (nla_put_u32(skb, NFT_OFFLOAD_POLICY_BUDGET, policy->budget) ||
	    nla_put_u8(skb, NFT_OFFLOAD_POLICY_BUDGET_PER_DEVICE,
		       policy->per_device) ||
	    nla_put_u8(skb, NFT_OFFLOAD_POLICY_EVICT,
		       policy->evict_slowest ? NFT_OFFLOAD_EVICT_SLOWEST :
					       NFT_OFFLOAD_EVICT_NONE))
		return -EMSGSIZE;
	return 0;
}

/**
 * struct policy_dump - a part of a dump, or the answer about one policy
 * @skb: message to fill
 * @info: request
 * @flags: of the message
 * @last: number of the last policy that has been told
 */
struct policy_dump {
	struct sk_buff		*skb;
	const struct genl_info	*info;
	int			flags;
	u64			last;
};

static int policy_dump_one(const struct nf_flow_policy *policy, void *data)
{
	struct policy_dump *dump = data;
	struct sk_buff *skb = dump->skb;
	void *hdr;

	hdr = __genlmsg_iput(skb, dump->info, dump->flags);
	if (!hdr)
		return -EMSGSIZE;
	if (policy_fill(skb, policy)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	dump->last = policy->id;
	return 0;
}

int nft_offload_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct policy_dump dump = { .info = info };
	int err;

	err = policy_check_names(info);
	if (err)
		return err;
	dump.skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!dump.skb)
		return -ENOMEM;

	err = nf_flow_policy_get(genl_info_net(info), policy_family(info),
				 policy_table(info), policy_name(info),
				 policy_dump_one, &dump, info->extack);
	if (err) {
		nlmsg_free(dump.skb);
		return err;
	}
	return genlmsg_reply(dump.skb, info);
}

static_assert(sizeof_field(struct netlink_callback, ctx) >= sizeof(u64));

int nft_offload_nl_policy_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb)
{
	u64 *last = (u64 *)cb->ctx;
	struct policy_dump dump = {
		.skb	= skb,
		.info	= genl_info_dump(cb),
		.flags	= NLM_F_MULTI,
		.last	= *last,
	};
	int err;

	err = nf_flow_policy_for_each(genl_info_net(dump.info), *last,
				      policy_dump_one, &dump);
	*last = dump.last;
	return err && !skb->len ? err : skb->len;
}
