/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nft_offload.yaml */
/* YNL-GEN kernel header */
/* To regenerate run: tools/net/ynl/ynl-regen.sh */

#ifndef _LINUX_NFT_OFFLOAD_GEN_H
#define _LINUX_NFT_OFFLOAD_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/netfilter/nft_offload.h>
#include <linux/netfilter.h>

/* Common nested types */
extern const struct nla_policy nft_offload_carry_attrs_nl_policy[NFT_OFFLOAD_CARRY_STATE + 1];
extern const struct nla_policy nft_offload_filter_attrs_nl_policy[NFT_OFFLOAD_FILTER_CT_ID + 1];
extern const struct nla_policy nft_offload_mark_attrs_nl_policy[NFT_OFFLOAD_MARK_MASK + 1];

/* Ops table for nft_offload */
extern const struct genl_split_ops nft_offload_nl_ops[12];

int nft_offload_nl_flow_get_start(struct netlink_callback *cb);
int nft_offload_nl_table_get_start(struct netlink_callback *cb);
int nft_offload_nl_flow_get_done(struct netlink_callback *cb);

int nft_offload_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info);
int nft_offload_nl_flow_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int nft_offload_nl_flow_del_doit(struct sk_buff *skb, struct genl_info *info);
int nft_offload_nl_table_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb);
int nft_offload_nl_explain_doit(struct sk_buff *skb, struct genl_info *info);
int nft_offload_nl_table_set_doit(struct sk_buff *skb, struct genl_info *info);
int nft_offload_nl_setting_get_dumpit(struct sk_buff *skb,
				      struct netlink_callback *cb);
int nft_offload_nl_policy_new_doit(struct sk_buff *skb, struct genl_info *info);
int nft_offload_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info);
int nft_offload_nl_policy_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int nft_offload_nl_policy_del_doit(struct sk_buff *skb, struct genl_info *info);
int nft_offload_nl_flow_set_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	NFT_OFFLOAD_NLGRP_EVENTS,
};

#endif /* _LINUX_NFT_OFFLOAD_GEN_H */
