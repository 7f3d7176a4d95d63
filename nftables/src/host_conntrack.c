// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets that a connection has had, from conntrack. */
#include <endian.h>
#include <errno.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include "host_ask.h"

struct entry {
	uint32_t	status;
	uint64_t	packets;	/* 0 where conntrack does not count */
};

static int got_counter(const struct nlattr *attr, void *data)
{
	struct entry *entry = data;

	if (mnl_attr_get_type(attr) == CTA_COUNTERS_PACKETS &&
	    mnl_attr_get_payload_len(attr) == sizeof(uint64_t))
		entry->packets += be64toh(mnl_attr_get_u64(attr));
	return MNL_CB_OK;
}

static int got_attr(const struct nlattr *attr, void *data)
{
	struct entry *entry = data;

	switch (mnl_attr_get_type(attr)) {
	case CTA_STATUS:
		if (mnl_attr_get_payload_len(attr) == sizeof(uint32_t))
			entry->status = ntohl(mnl_attr_get_u32(attr));
		break;
	case CTA_COUNTERS_ORIG:
	case CTA_COUNTERS_REPLY:
		mnl_attr_parse_nested(attr, got_counter, entry);
	}
	return MNL_CB_OK;
}

static int got_entry(const struct nlmsghdr *nlh, void *data)
{
	mnl_attr_parse(nlh, sizeof(struct nfgenmsg), got_attr, data);
	return MNL_CB_STOP;
}

static void put_tuple(struct nlmsghdr *nlh, const struct machine_tuple *tuple)
{
	bool is_ipv4 = tuple->family == NFPROTO_IPV4;
	struct nlattr *all = mnl_attr_nest_start(nlh, CTA_TUPLE_ORIG), *part;
	size_t len = is_ipv4 ? 4 : 16;

	part = mnl_attr_nest_start(nlh, CTA_TUPLE_IP);
	mnl_attr_put(nlh, is_ipv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, len, tuple->saddr);
	mnl_attr_put(nlh, is_ipv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, len, tuple->daddr);
	mnl_attr_nest_end(nlh, part);
	part = mnl_attr_nest_start(nlh, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(nlh, CTA_PROTO_NUM, tuple->l4proto);
	mnl_attr_put_u16(nlh, CTA_PROTO_SRC_PORT, htons(tuple->sport));
	mnl_attr_put_u16(nlh, CTA_PROTO_DST_PORT, htons(tuple->dport));
	mnl_attr_nest_end(nlh, part);
	mnl_attr_nest_end(nlh, all);
	if (tuple->zone)
		mnl_attr_put_u16(nlh, CTA_ZONE, htons(tuple->zone));
}

int host_had_more(const struct machine_tuple *tuple, bool *more)
{
	struct entry entry = { };
	struct nlmsghdr *nlh;
	struct nfgenmsg *nfg;
	char buf[ASK_SIZE];

	nlh = ask_begin(buf, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, NLM_F_ACK);
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = tuple->family;
	put_tuple(nlh, tuple);
	if (ask(NETLINK_NETFILTER, nlh, got_entry, &entry) < 0)
		return -1;
	*more = entry.status & IPS_SEEN_REPLY || entry.packets > 1;
	return 0;
}
