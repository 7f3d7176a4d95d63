// SPDX-License-Identifier: GPL-2.0-only
/*
 * TABLE_GET of nft_offload: list flowtables, youngest first.
 */
#include "nft_offload.h"

/**
 * struct table_dump - where a dump is, in struct netlink_callback
 * @told: number of the flowtable that was told last
 * @skb: message to fill
 * @info: request
 */
struct table_dump {
	u64			told;
	struct sk_buff		*skb;
	const struct genl_info	*info;
};

static int table_dump_one(struct nf_flowtable *flowtable, void *data)
{
	struct table_dump *dump = data;
	bool first = !dump->skb->len;
	void *hdr;

	/* not of nftables, or told already */
	if (!flowtable->counters || flowtable->counters->id >= dump->told)
		return 0;

	hdr = __genlmsg_iput(dump->skb, dump->info, NLM_F_MULTI);
	if (!hdr)
		return -EMSGSIZE;
	if (nft_offload_fill_table(dump->skb, flowtable, first)) {
		genlmsg_cancel(dump->skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(dump->skb, hdr);
	dump->told = flowtable->counters->id;
	return 0;
}

int nft_offload_nl_table_get_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = NFT_OFFLOAD_TABLE_SIZE;
	return 0;
}

int nft_offload_nl_table_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb)
{
	u64 *told = (u64 *)cb->ctx;
	struct table_dump dump = {
		.told	= *told ?: U64_MAX,
		.skb	= skb,
		.info	= genl_info_dump(cb),
	};
	int err;

	err = nf_flow_table_for_each(genl_info_net(dump.info), table_dump_one,
				     &dump);
	*told = dump.told;
	/* what did not fit comes next, but not if nothing fits */
	return err && !skb->len ? err : skb->len;
}
