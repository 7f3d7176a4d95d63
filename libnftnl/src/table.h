/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_INTERNAL_TABLE_H_
#define _LIBNFTNL_OFFLOAD_INTERNAL_TABLE_H_

#include "array.h"

/* struct nftnl_offload_reason with its name */
struct nftnl_reason {
	struct nftnl_offload_reason	reason;
	char				name[NFTNL_REASON_SIZE];
};

struct nftnl_offload_table {
	uint32_t		set;
	uint32_t		flags;
	uint32_t		flows;
	uint32_t		hw_flows;
	uint32_t		queue_add;
	uint32_t		queue_del;
	uint32_t		queue_stats;
	uint32_t		devices_more;
	uint64_t		hw_adds;
	uint64_t		hw_dels;
	uint8_t			family;
	uint8_t			allowed;
	uint8_t			strict;
	struct nftnl_list	list;
	struct nftnl_array	devices;	/* struct nftnl_device */
	struct nftnl_array	reasons;	/* struct nftnl_reason */
	struct nftnl_array	errnos;		/* struct nftnl_reason */
	char			table[NFTNL_NAME_SIZE];
	char			name[NFTNL_NAME_SIZE];
};

/* table.c */
void nftnl_table_reset(struct nftnl_offload_table *t);

/* table_nlmsg.c */
extern const struct nftnl_desc nftnl_table_desc;

#endif /* _LIBNFTNL_OFFLOAD_INTERNAL_TABLE_H_ */
