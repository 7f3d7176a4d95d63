// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nft_offload.yaml */
/* YNL-GEN kernel source */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "nft_offload_nl_gen.h"

#include <uapi/linux/netfilter/nft_offload.h>
#include <linux/netfilter.h>

/* Sparse enums validation callbacks */
static int
nft_offload_filter_table_family_validate(const struct nlattr *attr,
					 struct netlink_ext_ack *extack)
{
	switch (nla_get_u8(attr)) {
	case NFPROTO_INET:
		fallthrough;
	case NFPROTO_IPV4:
		fallthrough;
	case NFPROTO_ARP:
		fallthrough;
	case NFPROTO_NETDEV:
		fallthrough;
	case NFPROTO_BRIDGE:
		fallthrough;
	case NFPROTO_IPV6:
		return 0;
	}
	NL_SET_ERR_MSG_ATTR(extack, attr, "invalid enum value");
	return -EINVAL;
}

static int
nft_offload_filter_l3proto_validate(const struct nlattr *attr,
				    struct netlink_ext_ack *extack)
{
	switch (nla_get_u8(attr)) {
	case NFPROTO_INET:
		fallthrough;
	case NFPROTO_IPV4:
		fallthrough;
	case NFPROTO_ARP:
		fallthrough;
	case NFPROTO_NETDEV:
		fallthrough;
	case NFPROTO_BRIDGE:
		fallthrough;
	case NFPROTO_IPV6:
		return 0;
	}
	NL_SET_ERR_MSG_ATTR(extack, attr, "invalid enum value");
	return -EINVAL;
}

static int
nft_offload_table_family_validate(const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	switch (nla_get_u8(attr)) {
	case NFPROTO_INET:
		fallthrough;
	case NFPROTO_IPV4:
		fallthrough;
	case NFPROTO_ARP:
		fallthrough;
	case NFPROTO_NETDEV:
		fallthrough;
	case NFPROTO_BRIDGE:
		fallthrough;
	case NFPROTO_IPV6:
		return 0;
	}
	NL_SET_ERR_MSG_ATTR(extack, attr, "invalid enum value");
	return -EINVAL;
}

static int
nft_offload_policy_family_validate(const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	switch (nla_get_u8(attr)) {
	case NFPROTO_INET:
		fallthrough;
	case NFPROTO_IPV4:
		fallthrough;
	case NFPROTO_ARP:
		fallthrough;
	case NFPROTO_NETDEV:
		fallthrough;
	case NFPROTO_BRIDGE:
		fallthrough;
	case NFPROTO_IPV6:
		return 0;
	}
	NL_SET_ERR_MSG_ATTR(extack, attr, "invalid enum value");
	return -EINVAL;
}

/* Common nested types */
const struct nla_policy nft_offload_carry_attrs_nl_policy[NFT_OFFLOAD_CARRY_STATE + 1] = {
	[NFT_OFFLOAD_CARRY_WHAT] = NLA_POLICY_MAX(NLA_U8, 1),
	[NFT_OFFLOAD_CARRY_MASK] = { .type = NLA_U32, },
	[NFT_OFFLOAD_CARRY_STATE] = { .type = NLA_U32, },
};

const struct nla_policy nft_offload_filter_attrs_nl_policy[NFT_OFFLOAD_FILTER_CT_ID + 1] = {
	[NFT_OFFLOAD_FILTER_TABLE_FAMILY] = NLA_POLICY_VALIDATE_FN(NLA_U8, &nft_offload_filter_table_family_validate),
	[NFT_OFFLOAD_FILTER_TABLE] = { .type = NLA_NUL_STRING, .len = 255, },
	[NFT_OFFLOAD_FILTER_FLOWTABLE] = { .type = NLA_NUL_STRING, .len = 255, },
	[NFT_OFFLOAD_FILTER_L3PROTO] = NLA_POLICY_VALIDATE_FN(NLA_U8, &nft_offload_filter_l3proto_validate),
	[NFT_OFFLOAD_FILTER_L4PROTO] = { .type = NLA_U8, },
	[NFT_OFFLOAD_FILTER_SADDR] = NLA_POLICY_MAX_LEN(16),
	[NFT_OFFLOAD_FILTER_SADDR_TO] = NLA_POLICY_MAX_LEN(16),
	[NFT_OFFLOAD_FILTER_DADDR] = NLA_POLICY_MAX_LEN(16),
	[NFT_OFFLOAD_FILTER_DADDR_TO] = NLA_POLICY_MAX_LEN(16),
	[NFT_OFFLOAD_FILTER_SPORT] = { .type = NLA_BE16, },
	[NFT_OFFLOAD_FILTER_SPORT_TO] = { .type = NLA_BE16, },
	[NFT_OFFLOAD_FILTER_DPORT] = { .type = NLA_BE16, },
	[NFT_OFFLOAD_FILTER_DPORT_TO] = { .type = NLA_BE16, },
	[NFT_OFFLOAD_FILTER_IIF] = NLA_POLICY_MIN(NLA_U32, 1),
	[NFT_OFFLOAD_FILTER_OIF] = NLA_POLICY_MIN(NLA_U32, 1),
	[NFT_OFFLOAD_FILTER_CT_MARK] = { .type = NLA_U32, },
	[NFT_OFFLOAD_FILTER_CT_MASK] = { .type = NLA_U32, },
	[NFT_OFFLOAD_FILTER_STATES] = NLA_POLICY_MASK(NLA_U32, 0x1f),
	[NFT_OFFLOAD_FILTER_CT_ZONE] = { .type = NLA_U16, },
	[NFT_OFFLOAD_FILTER_CT_ID] = { .type = NLA_BE32, },
};

const struct nla_policy nft_offload_mark_attrs_nl_policy[NFT_OFFLOAD_MARK_MASK + 1] = {
	[NFT_OFFLOAD_MARK_ACTION] = NLA_POLICY_MAX(NLA_U8, 1),
	[NFT_OFFLOAD_MARK_VALUE] = { .type = NLA_U32, },
	[NFT_OFFLOAD_MARK_MASK] = { .type = NLA_U32, },
};

/* NFT_OFFLOAD_CMD_FLOW_GET - do */
static const struct nla_policy nft_offload_flow_get_do_nl_policy[NFT_OFFLOAD_FLOW_FILTER + 1] = {
	[NFT_OFFLOAD_FLOW_FILTER] = NLA_POLICY_NESTED(nft_offload_filter_attrs_nl_policy),
};

/* NFT_OFFLOAD_CMD_FLOW_GET - dump */
static const struct nla_policy nft_offload_flow_get_dump_nl_policy[NFT_OFFLOAD_FLOW_FILTER + 1] = {
	[NFT_OFFLOAD_FLOW_FILTER] = NLA_POLICY_NESTED(nft_offload_filter_attrs_nl_policy),
};

/* NFT_OFFLOAD_CMD_FLOW_DEL - do */
static const struct nla_policy nft_offload_flow_del_nl_policy[NFT_OFFLOAD_FLOW_FILTER + 1] = {
	[NFT_OFFLOAD_FLOW_FILTER] = NLA_POLICY_NESTED(nft_offload_filter_attrs_nl_policy),
};

/* NFT_OFFLOAD_CMD_EXPLAIN - do */
static const struct nla_policy nft_offload_explain_nl_policy[NFT_OFFLOAD_EXPLAIN_FILTER + 1] = {
	[NFT_OFFLOAD_EXPLAIN_FILTER] = NLA_POLICY_NESTED(nft_offload_filter_attrs_nl_policy),
};

/* NFT_OFFLOAD_CMD_TABLE_SET - do */
static const struct nla_policy nft_offload_table_set_nl_policy[NFT_OFFLOAD_TABLE_STRICT + 1] = {
	[NFT_OFFLOAD_TABLE_FAMILY] = NLA_POLICY_VALIDATE_FN(NLA_U8, &nft_offload_table_family_validate),
	[NFT_OFFLOAD_TABLE_TABLE] = { .type = NLA_NUL_STRING, .len = 255, },
	[NFT_OFFLOAD_TABLE_NAME] = { .type = NLA_NUL_STRING, .len = 255, },
	[NFT_OFFLOAD_TABLE_STRICT] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* NFT_OFFLOAD_CMD_POLICY_NEW - do */
static const struct nla_policy nft_offload_policy_new_nl_policy[NFT_OFFLOAD_POLICY_CARRY_MODE + 1] = {
	[NFT_OFFLOAD_POLICY_FAMILY] = NLA_POLICY_VALIDATE_FN(NLA_U8, &nft_offload_policy_family_validate),
	[NFT_OFFLOAD_POLICY_TABLE] = { .type = NLA_NUL_STRING, },
	[NFT_OFFLOAD_POLICY_NAME] = { .type = NLA_NUL_STRING, },
	[NFT_OFFLOAD_POLICY_MODE] = NLA_POLICY_MAX(NLA_U8, 2),
	[NFT_OFFLOAD_POLICY_MARK] = NLA_POLICY_NESTED(nft_offload_mark_attrs_nl_policy),
	[NFT_OFFLOAD_POLICY_STACK] = { .type = NLA_U32, },
	[NFT_OFFLOAD_POLICY_AFTER_BYTES] = { .type = NLA_U64, },
	[NFT_OFFLOAD_POLICY_AFTER_PACKETS] = { .type = NLA_U64, },
	[NFT_OFFLOAD_POLICY_AFTER_RATE] = { .type = NLA_U32, },
	[NFT_OFFLOAD_POLICY_BUDGET] = { .type = NLA_U32, },
	[NFT_OFFLOAD_POLICY_BUDGET_PER_DEVICE] = NLA_POLICY_MAX(NLA_U8, 1),
	[NFT_OFFLOAD_POLICY_EVICT] = NLA_POLICY_MAX(NLA_U8, 1),
	[NFT_OFFLOAD_POLICY_SHAPED] = NLA_POLICY_MAX(NLA_U8, 1),
	[NFT_OFFLOAD_POLICY_CARRY] = NLA_POLICY_NESTED(nft_offload_carry_attrs_nl_policy),
	[NFT_OFFLOAD_POLICY_CARRY_MODE] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* NFT_OFFLOAD_CMD_POLICY_GET - do */
static const struct nla_policy nft_offload_policy_get_nl_policy[NFT_OFFLOAD_POLICY_NAME + 1] = {
	[NFT_OFFLOAD_POLICY_FAMILY] = NLA_POLICY_VALIDATE_FN(NLA_U8, &nft_offload_policy_family_validate),
	[NFT_OFFLOAD_POLICY_TABLE] = { .type = NLA_NUL_STRING, },
	[NFT_OFFLOAD_POLICY_NAME] = { .type = NLA_NUL_STRING, },
};

/* NFT_OFFLOAD_CMD_POLICY_DEL - do */
static const struct nla_policy nft_offload_policy_del_nl_policy[NFT_OFFLOAD_POLICY_NAME + 1] = {
	[NFT_OFFLOAD_POLICY_FAMILY] = NLA_POLICY_VALIDATE_FN(NLA_U8, &nft_offload_policy_family_validate),
	[NFT_OFFLOAD_POLICY_TABLE] = { .type = NLA_NUL_STRING, },
	[NFT_OFFLOAD_POLICY_NAME] = { .type = NLA_NUL_STRING, },
};

/* NFT_OFFLOAD_CMD_FLOW_SET - do */
static const struct nla_policy nft_offload_flow_set_nl_policy[NFT_OFFLOAD_FLOW_PIN + 1] = {
	[NFT_OFFLOAD_FLOW_FILTER] = NLA_POLICY_NESTED(nft_offload_filter_attrs_nl_policy),
	[NFT_OFFLOAD_FLOW_ID] = { .type = NLA_U64, },
	[NFT_OFFLOAD_FLOW_PIN] = NLA_POLICY_MAX(NLA_U8, 2),
};

/* Ops table for nft_offload */
const struct genl_split_ops nft_offload_nl_ops[12] = {
	{
		.cmd		= NFT_OFFLOAD_CMD_FLOW_GET,
		.doit		= nft_offload_nl_flow_get_doit,
		.policy		= nft_offload_flow_get_do_nl_policy,
		.maxattr	= NFT_OFFLOAD_FLOW_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NFT_OFFLOAD_CMD_FLOW_GET,
		.start		= nft_offload_nl_flow_get_start,
		.dumpit		= nft_offload_nl_flow_get_dumpit,
		.done		= nft_offload_nl_flow_get_done,
		.policy		= nft_offload_flow_get_dump_nl_policy,
		.maxattr	= NFT_OFFLOAD_FLOW_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NFT_OFFLOAD_CMD_FLOW_DEL,
		.doit		= nft_offload_nl_flow_del_doit,
		.policy		= nft_offload_flow_del_nl_policy,
		.maxattr	= NFT_OFFLOAD_FLOW_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NFT_OFFLOAD_CMD_TABLE_GET,
		.start	= nft_offload_nl_table_get_start,
		.dumpit	= nft_offload_nl_table_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NFT_OFFLOAD_CMD_EXPLAIN,
		.doit		= nft_offload_nl_explain_doit,
		.policy		= nft_offload_explain_nl_policy,
		.maxattr	= NFT_OFFLOAD_EXPLAIN_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NFT_OFFLOAD_CMD_TABLE_SET,
		.doit		= nft_offload_nl_table_set_doit,
		.policy		= nft_offload_table_set_nl_policy,
		.maxattr	= NFT_OFFLOAD_TABLE_STRICT,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NFT_OFFLOAD_CMD_SETTING_GET,
		.dumpit	= nft_offload_nl_setting_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NFT_OFFLOAD_CMD_POLICY_NEW,
		.doit		= nft_offload_nl_policy_new_doit,
		.policy		= nft_offload_policy_new_nl_policy,
		.maxattr	= NFT_OFFLOAD_POLICY_CARRY_MODE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NFT_OFFLOAD_CMD_POLICY_GET,
		.doit		= nft_offload_nl_policy_get_doit,
		.policy		= nft_offload_policy_get_nl_policy,
		.maxattr	= NFT_OFFLOAD_POLICY_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd	= NFT_OFFLOAD_CMD_POLICY_GET,
		.dumpit	= nft_offload_nl_policy_get_dumpit,
		.flags	= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= NFT_OFFLOAD_CMD_POLICY_DEL,
		.doit		= nft_offload_nl_policy_del_doit,
		.policy		= nft_offload_policy_del_nl_policy,
		.maxattr	= NFT_OFFLOAD_POLICY_NAME,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= NFT_OFFLOAD_CMD_FLOW_SET,
		.doit		= nft_offload_nl_flow_set_doit,
		.policy		= nft_offload_flow_set_nl_policy,
		.maxattr	= NFT_OFFLOAD_FLOW_PIN,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};
