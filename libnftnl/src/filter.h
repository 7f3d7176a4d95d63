/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_INTERNAL_FILTER_H_
#define _LIBNFTNL_OFFLOAD_INTERNAL_FILTER_H_

/* Of ranges: the lowest, the highest */
struct nftnl_flow_filter {
	uint32_t		set;
	uint32_t		iif;
	uint32_t		oif;
	uint32_t		mark;
	uint32_t		mask;
	uint32_t		states;
	uint32_t		ct_id;
	struct nftnl_addr	saddr[2];
	struct nftnl_addr	daddr[2];
	uint16_t		sport[2];
	uint16_t		dport[2];
	uint16_t		zone;
	uint8_t			family;
	uint8_t			l3proto;
	uint8_t			l4proto;
	char			table[NFTNL_NAME_SIZE];
	char			flowtable[NFTNL_NAME_SIZE];
};

#endif /* _LIBNFTNL_OFFLOAD_INTERNAL_FILTER_H_ */
