// SPDX-License-Identifier: GPL-2.0-only
/*
 * TABLE_SET and SETTING_GET of nft_offload: what is set for single flowtables, by
 * name. See nf_flow_table_setting.c.
 */
#include <net/netfilter/nf_flow_setting.h>
#include "nft_offload.h"

int nft_offload_nl_table_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nf_flow_setting setting = {};
	const struct nlattr *strict;

	if (GENL_REQ_ATTR_CHECK(info, NFT_OFFLOAD_TABLE_FAMILY) ||
	    GENL_REQ_ATTR_CHECK(info, NFT_OFFLOAD_TABLE_TABLE) ||
	    GENL_REQ_ATTR_CHECK(info, NFT_OFFLOAD_TABLE_NAME)) {
		NL_SET_ERR_MSG(info->extack,
			       "family, table and flowtable are needed");
		return -EINVAL;
	}
	setting.family = nla_get_u8(info->attrs[NFT_OFFLOAD_TABLE_FAMILY]);
	setting.table = nla_data(info->attrs[NFT_OFFLOAD_TABLE_TABLE]);
	setting.name = nla_data(info->attrs[NFT_OFFLOAD_TABLE_NAME]);
	if (!*setting.table || !*setting.name) {
		NL_SET_ERR_MSG(info->extack, "a name is empty");
		return -EINVAL;
	}

	strict = info->attrs[NFT_OFFLOAD_TABLE_STRICT];
	if (!strict)
		return nf_flow_setting_del(genl_info_net(info), &setting,
					   info->extack);
	setting.strict = nla_get_u8(strict);
	return nf_flow_setting_set(genl_info_net(info), &setting, info->extack);
}

/**
 * struct setting_dump - a part of a dump
 * @skb: message to fill
 * @info: request
 * @skip: settings that were told already
 * @told: settings that have been told, with this part
 */
struct setting_dump {
	struct sk_buff		*skb;
	const struct genl_info	*info;
	unsigned long		skip;
	unsigned long		told;
};

static int setting_dump_one(const struct nf_flow_setting *setting, void *data)
{
	struct setting_dump *dump = data;
	struct sk_buff *skb = dump->skb;
	void *hdr;

	if (dump->skip) {
		dump->skip--;
		return 0;
	}
	hdr = __genlmsg_iput(skb, dump->info, NLM_F_MULTI);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u8(skb, NFT_OFFLOAD_TABLE_FAMILY, setting->family) ||
	    nla_put_string(skb, NFT_OFFLOAD_TABLE_TABLE, setting->table) ||
	    nla_put_string(skb, NFT_OFFLOAD_TABLE_NAME, setting->name) ||
	    nla_put_u8(skb, NFT_OFFLOAD_TABLE_STRICT, setting->strict)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	dump->told++;
	return 0;
}

int nft_offload_nl_setting_get_dumpit(struct sk_buff *skb,
				      struct netlink_callback *cb)
{
	struct setting_dump dump = {
		.skb	= skb,
		.info	= genl_info_dump(cb),
		.skip	= cb->args[0],
		.told	= cb->args[0],
	};
	int err;

	err = nf_flow_setting_for_each(genl_info_net(dump.info),
				       setting_dump_one, &dump);
	cb->args[0] = dump.told;
	return err && !skb->len ? err : skb->len;
}
