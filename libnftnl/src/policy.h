/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_INTERNAL_POLICY_H_
#define _LIBNFTNL_OFFLOAD_INTERNAL_POLICY_H_

#include "array.h"

struct nftnl_offload_policy {
	uint32_t		set;
	uint32_t		stack;
	uint64_t		after_bytes;
	uint64_t		after_packets;
	uint32_t		after_rate;
	uint32_t		budget;
	uint8_t			budget_per_device;
	uint8_t			evict;
	uint8_t			shaped;
	uint8_t			carry_mode;
	uint8_t			family;
	uint8_t			mode;
	struct nftnl_list	list;
	struct nftnl_array	marks;		/* struct nftnl_offload_mark */
	struct nftnl_array	carry;		/* struct nftnl_offload_carry */
	char			table[NFTNL_NAME_SIZE];
	char			name[NFTNL_NAME_SIZE];
};

/* policy.c */
void nftnl_policy_reset(struct nftnl_offload_policy *p);

/* policy_nlmsg.c */
extern const struct nftnl_desc nftnl_policy_desc;

#endif /* _LIBNFTNL_OFFLOAD_INTERNAL_POLICY_H_ */
