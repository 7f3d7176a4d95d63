// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of flowtables.
 */
#include "internal.h"
#include "table.h"

#define T(_nla, _type, _field)						\
	NFTNL_ATTR(NFT_OFFLOAD_TABLE_##_nla, _type, nftnl_offload_table, _field)

static const struct nftnl_attr table_attr[] = {
	[NFTNL_OFFLOAD_TABLE_FAMILY]		= T(FAMILY, U8, family),
	[NFTNL_OFFLOAD_TABLE_TABLE]		= T(TABLE, STR, table),
	[NFTNL_OFFLOAD_TABLE_NAME]		= T(NAME, STR, name),
	[NFTNL_OFFLOAD_TABLE_FLAGS]		= T(FLAGS, U32, flags),
	[NFTNL_OFFLOAD_TABLE_ALLOWED]		= T(ALLOWED, U8, allowed),
	[NFTNL_OFFLOAD_TABLE_FLOWS]		= T(FLOWS, U32, flows),
	[NFTNL_OFFLOAD_TABLE_HW_FLOWS]		= T(HW_FLOWS, U32, hw_flows),
	[NFTNL_OFFLOAD_TABLE_QUEUE_ADD]		= T(QUEUE_ADD, U32, queue_add),
	[NFTNL_OFFLOAD_TABLE_QUEUE_DEL]		= T(QUEUE_DEL, U32, queue_del),
	[NFTNL_OFFLOAD_TABLE_QUEUE_STATS]	= T(QUEUE_STATS, U32, queue_stats),
	[NFTNL_OFFLOAD_TABLE_HW_ADDS]		= T(HW_ADDS, U64, hw_adds),
	[NFTNL_OFFLOAD_TABLE_HW_DELS]		= T(HW_DELS, U64, hw_dels),
	[NFTNL_OFFLOAD_TABLE_DEVICES_MORE]	= T(DEVICES_MORE, U32, devices_more),
	[NFTNL_OFFLOAD_TABLE_STRICT]		= T(STRICT, U8, strict),
};

static const uint8_t table_by_nla[] = {
	[NFT_OFFLOAD_TABLE_FAMILY]	= NFTNL_OFFLOAD_TABLE_FAMILY + 1,
	[NFT_OFFLOAD_TABLE_TABLE]	= NFTNL_OFFLOAD_TABLE_TABLE + 1,
	[NFT_OFFLOAD_TABLE_NAME]	= NFTNL_OFFLOAD_TABLE_NAME + 1,
	[NFT_OFFLOAD_TABLE_FLAGS]	= NFTNL_OFFLOAD_TABLE_FLAGS + 1,
	[NFT_OFFLOAD_TABLE_ALLOWED]	= NFTNL_OFFLOAD_TABLE_ALLOWED + 1,
	[NFT_OFFLOAD_TABLE_FLOWS]	= NFTNL_OFFLOAD_TABLE_FLOWS + 1,
	[NFT_OFFLOAD_TABLE_HW_FLOWS]	= NFTNL_OFFLOAD_TABLE_HW_FLOWS + 1,
	[NFT_OFFLOAD_TABLE_QUEUE_ADD]	= NFTNL_OFFLOAD_TABLE_QUEUE_ADD + 1,
	[NFT_OFFLOAD_TABLE_QUEUE_DEL]	= NFTNL_OFFLOAD_TABLE_QUEUE_DEL + 1,
	[NFT_OFFLOAD_TABLE_QUEUE_STATS]	= NFTNL_OFFLOAD_TABLE_QUEUE_STATS + 1,
	[NFT_OFFLOAD_TABLE_HW_ADDS]	= NFTNL_OFFLOAD_TABLE_HW_ADDS + 1,
	[NFT_OFFLOAD_TABLE_HW_DELS]	= NFTNL_OFFLOAD_TABLE_HW_DELS + 1,
	[NFT_OFFLOAD_TABLE_DEVICES_MORE] = NFTNL_OFFLOAD_TABLE_DEVICES_MORE + 1,
	[NFT_OFFLOAD_TABLE_STRICT]	= NFTNL_OFFLOAD_TABLE_STRICT + 1,
};

const struct nftnl_desc nftnl_table_desc = {
	.attr		= table_attr,
	.num		= ARRAY_SIZE(table_attr),
	.by_nla		= table_by_nla,
	.num_nla	= ARRAY_SIZE(table_by_nla),
};

/* A reason as it is in a message */
struct reason {
	uint32_t	set;
	uint32_t	err;
	uint64_t	count;
	char		name[NFTNL_REASON_SIZE];
};

enum { REASON_NAME, REASON_ERRNO, REASON_COUNT };

static const struct nftnl_attr reason_attr[] = {
	[REASON_NAME]	= NFTNL_ATTR(NFT_OFFLOAD_REASON_NAME, STR, reason, name),
	[REASON_ERRNO]	= NFTNL_ATTR(NFT_OFFLOAD_REASON_ERRNO, U32, reason, err),
	[REASON_COUNT]	= NFTNL_ATTR(NFT_OFFLOAD_REASON_COUNT, U64, reason, count),
};

static const uint8_t reason_by_nla[] = {
	[NFT_OFFLOAD_REASON_NAME]	= REASON_NAME + 1,
	[NFT_OFFLOAD_REASON_ERRNO]	= REASON_ERRNO + 1,
	[NFT_OFFLOAD_REASON_COUNT]	= REASON_COUNT + 1,
};

static const struct nftnl_desc reason_desc = {
	.attr		= reason_attr,
	.num		= ARRAY_SIZE(reason_attr),
	.by_nla		= reason_by_nla,
	.num_nla	= ARRAY_SIZE(reason_by_nla),
};

/* One without a name and a number is of no use. */
static int parse_reason(void *t, const struct nlattr *nest)
{
	struct nftnl_offload_reason reason = {};
	struct reason r = {};

	if (nftnl_attrs_parse(&reason_desc, &r, nftnl_nla_data(nest),
			      nftnl_nla_len(nest)))
		return -1;
	if (nftnl_attr_is_set(&reason_desc, &r, REASON_NAME))
		reason.name = r.name;
	else if (nftnl_attr_is_set(&reason_desc, &r, REASON_ERRNO))
		reason.err = r.err;
	else
		return 0;
	reason.count = r.count;
	return nftnl_offload_table_add_reason(t, &reason);
}

static int parse_attr(void *t, const struct nlattr *attr)
{
	struct nftnl_offload_table *table = t;

	switch (nftnl_nla_type(attr)) {
	case NFT_OFFLOAD_TABLE_DEVICES:
		return nftnl_nest_each(attr, NFT_OFFLOAD_TABLE_DEVICE,
				       nftnl_device_parse, &table->devices);
	case NFT_OFFLOAD_TABLE_REASONS:
		return nftnl_nest_each(attr, NFT_OFFLOAD_TABLE_REASON, parse_reason, t);
	case NFT_OFFLOAD_TABLE_ERRNOS:
		return nftnl_nest_each(attr, NFT_OFFLOAD_TABLE_ERRNO, parse_reason, t);
	default:
		return nftnl_attr_parse(&nftnl_table_desc, t, attr);
	}
}

int nftnl_offload_table_nlmsg_parse(const struct nlmsghdr *nlh,
				    struct nftnl_offload_table *t)
{
	int err;

	nftnl_table_reset(t);
	if (!nftnl_msg_each(nlh, NFTNL_NLA_ANY, parse_attr, t))
		return 0;
	err = errno;
	nftnl_table_reset(t);
	errno = err;
	return -1;
}

static void build_reason(struct nlmsghdr *nlh, const void *item)
{
	const struct nftnl_offload_reason *reason = item;

	if (reason->name)
		mnl_attr_put_strz(nlh, NFT_OFFLOAD_REASON_NAME, reason->name);
	else
		mnl_attr_put_u32(nlh, NFT_OFFLOAD_REASON_ERRNO, reason->err);
	mnl_attr_put_u64(nlh, NFT_OFFLOAD_REASON_COUNT, reason->count);
}

void nftnl_offload_table_nlmsg_build_payload(struct nlmsghdr *nlh,
					     const struct nftnl_offload_table *t)
{
	nftnl_attr_build(&nftnl_table_desc, t, nlh);
	nftnl_array_build(nlh, &t->devices, NFT_OFFLOAD_TABLE_DEVICES,
		   NFT_OFFLOAD_TABLE_DEVICE, nftnl_device_build);
	nftnl_array_build(nlh, &t->reasons, NFT_OFFLOAD_TABLE_REASONS,
		   NFT_OFFLOAD_TABLE_REASON, build_reason);
	nftnl_array_build(nlh, &t->errnos, NFT_OFFLOAD_TABLE_ERRNOS,
		   NFT_OFFLOAD_TABLE_ERRNO, build_reason);
}

static bool has_name(const struct nftnl_offload_table *t, uint16_t attr)
{
	const char *name = nftnl_offload_table_get_str(t, attr);

	return name && *name;
}

int nftnl_offload_table_nlmsg_build_setting(struct nlmsghdr *nlh,
					    const struct nftnl_offload_table *t)
{
	bool strict = nftnl_offload_table_is_set(t, NFTNL_OFFLOAD_TABLE_STRICT);

	if (!nftnl_offload_table_get_u8(t, NFTNL_OFFLOAD_TABLE_FAMILY) ||
	    !has_name(t, NFTNL_OFFLOAD_TABLE_TABLE) ||
	    !has_name(t, NFTNL_OFFLOAD_TABLE_NAME) || (strict && t->strict > 1)) {
		errno = EINVAL;
		return -1;
	}
	mnl_attr_put_u8(nlh, NFT_OFFLOAD_TABLE_FAMILY, t->family);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_TABLE_TABLE, t->table);
	mnl_attr_put_strz(nlh, NFT_OFFLOAD_TABLE_NAME, t->name);
	if (strict)
		mnl_attr_put_u8(nlh, NFT_OFFLOAD_TABLE_STRICT, t->strict);
	return 0;
}
