/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is set for flowtables: nf_flow_table_setting.c
 */
#ifndef _NF_FLOW_SETTING_H
#define _NF_FLOW_SETTING_H

#include <linux/types.h>

struct net;
struct netlink_ext_ack;
struct nft_flowtable;

/**
 * struct nf_flow_setting - what is set for a flowtable, which need not be there
 * @family: NFPROTO_* of its table
 * @table: name of its table
 * @name: its name
 * @strict: it is refused if one of its devices cannot offload
 */
struct nf_flow_setting {
	u8		family;
	const char	*table;
	const char	*name;
	bool		strict;
};

int nf_flow_setting_set(struct net *net, const struct nf_flow_setting *setting,
			struct netlink_ext_ack *extack);
int nf_flow_setting_del(struct net *net, const struct nf_flow_setting *setting,
			struct netlink_ext_ack *extack);
int nf_flow_setting_for_each(struct net *net,
			     int (*fn)(const struct nf_flow_setting *setting,
				       void *data),
			     void *data);
bool nf_flow_setting_strict(const struct nft_flowtable *ft);

#endif /* _NF_FLOW_SETTING_H */
