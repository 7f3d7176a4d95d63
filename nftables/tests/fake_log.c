// SPDX-License-Identifier: GPL-2.0-or-later
/* What the emulated kernel was asked, in $REQUESTS. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "fake.h"

static const char *const type_names[NFT_OFFLOAD_CMD_MAX + 1] = {
	[FAMILY_GET]			= "family",
	[NFT_OFFLOAD_CMD_FLOW_GET]	= "flow_get",
	[NFT_OFFLOAD_CMD_FLOW_DEL]	= "flow_del",
	[NFT_OFFLOAD_CMD_TABLE_GET]	= "table_get",
	[NFT_OFFLOAD_CMD_EXPLAIN]	= "explain",
	[NFT_OFFLOAD_CMD_TABLE_SET]	= "table_set",
	[NFT_OFFLOAD_CMD_SETTING_GET]	= "setting_get",
	[NFT_OFFLOAD_CMD_POLICY_NEW]	= "policy_new",
	[NFT_OFFLOAD_CMD_POLICY_GET]	= "policy_get",
	[NFT_OFFLOAD_CMD_POLICY_DEL]	= "policy_del",
	[NFT_OFFLOAD_CMD_FLOW_SET]	= "flow_set",
};

const char *type_name(int type)
{
	return type_names[type];
}

static const char *const filter_names[] = {
	"family", "table", "flowtable", "l3", "l4", "saddr", "saddr_to", "daddr", "daddr_to",
	"sport", "sport_to", "dport", "dport_to", "iif", "oif", "mark", "mask", "states",
	"zone", "ctid",
};

static void log_attr(uint16_t attr)
{
	const struct nftnl_flow_filter *filter = request.filter;
	char buf[INET6_ADDRSTRLEN];
	const void *addr;
	uint32_t len;

	fprintf(requests, " %s=", filter_names[attr]);
	switch (attr) {
	case NFTNL_FLOW_FILTER_TABLE:
	case NFTNL_FLOW_FILTER_FLOWTABLE:
		fputs(nftnl_flow_filter_get_str(filter, attr), requests);
		break;
	case NFTNL_FLOW_FILTER_TABLE_FAMILY:
	case NFTNL_FLOW_FILTER_L3PROTO:
	case NFTNL_FLOW_FILTER_L4PROTO:
		fprintf(requests, "%u", nftnl_flow_filter_get_u8(filter, attr));
		break;
	case NFTNL_FLOW_FILTER_SADDR:
	case NFTNL_FLOW_FILTER_SADDR_TO:
	case NFTNL_FLOW_FILTER_DADDR:
	case NFTNL_FLOW_FILTER_DADDR_TO:
		addr = nftnl_flow_filter_get_data(filter, attr, &len);
		fputs(inet_ntop(len == 4 ? AF_INET : AF_INET6, addr, buf, sizeof(buf)), requests);
		break;
	case NFTNL_FLOW_FILTER_SPORT:
	case NFTNL_FLOW_FILTER_SPORT_TO:
	case NFTNL_FLOW_FILTER_DPORT:
	case NFTNL_FLOW_FILTER_DPORT_TO:
	case NFTNL_FLOW_FILTER_CT_ZONE:
		fprintf(requests, "%u", nftnl_flow_filter_get_u16(filter, attr));
		break;
	default:
		fprintf(requests, "%#x", nftnl_flow_filter_get_u32(filter, attr));
	}
}

void log_bytes(void)
{
	size_t i;

	for (i = NLMSG_HDRLEN; i < request.len; i++)
		fprintf(requests, "%02x", (unsigned char)request.raw[i]);
	fputc('\n', requests);
}

void log_setting(const struct nftnl_offload_table *setting)
{
	if (!requests)
		return;
	fprintf(requests, "table_set ack family=%u table=%s flowtable=%s",
		nftnl_offload_table_get_u8(setting, NFTNL_OFFLOAD_TABLE_FAMILY),
		nftnl_offload_table_get_str(setting, NFTNL_OFFLOAD_TABLE_TABLE),
		nftnl_offload_table_get_str(setting, NFTNL_OFFLOAD_TABLE_NAME));
	if (nftnl_offload_table_is_set(setting, NFTNL_OFFLOAD_TABLE_STRICT))
		fprintf(requests, " strict=%u",
			nftnl_offload_table_get_u8(setting, NFTNL_OFFLOAD_TABLE_STRICT));
	fputc('\n', requests);
	if (getenv("REQUEST_BYTES"))
		log_bytes();
	fflush(requests);
}

/* Which flow, and where it is to be */
static void log_pin(const struct nlmsghdr *nlh)
{
	struct nftnl_flow *flow = nftnl_flow_alloc();

	nftnl_flow_nlmsg_parse(nlh, flow);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ID))
		fprintf(requests, " id=%llu",
			(unsigned long long)nftnl_flow_get_u64(flow, NFTNL_FLOW_ID));
	fprintf(requests, " pin=%s", nftnl_offload_pin_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_PIN)));
	nftnl_flow_free(flow);
}

void log_request(const struct nlmsghdr *nlh)
{
	unsigned int i;

	if (!requests)
		return;
	fprintf(requests, "%s%s%s%s", type_name(request.type), request.dump ? " dump" : "",
		nlh->nlmsg_flags & NLM_F_ACK ? " ack" : "", request.echo ? " echo" : "");
	for (i = 0; i <= NFTNL_FLOW_FILTER_MAX; i++)
		if (nftnl_flow_filter_is_set(request.filter, i))
			log_attr(i);
	if (request.type == NFT_OFFLOAD_CMD_FLOW_SET)
		log_pin(nlh);
	fputc('\n', requests);
	if (getenv("REQUEST_BYTES"))
		log_bytes();
	fflush(requests);
}
