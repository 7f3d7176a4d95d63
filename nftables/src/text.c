// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows and flowtables as text, in nft's words. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "names.h"
#include "options.h"
#include "output.h"

static void print_quoted(const char *str)
{
	unsigned int len;

	putchar('"');
	for (; *str; str += len) {
		len = utf8_len(str);
		/* nor the control characters U+0080 to U+009F */
		if (len > 1 && ((unsigned char)str[0] != 0xc2 || (unsigned char)str[1] >= 0xa0)) {
			fwrite(str, 1, len, stdout);
		} else if (len == 1 && isprint((unsigned char)*str)) {
			if (*str == '"' || *str == '\\')
				putchar('\\');
			putchar(*str);
		} else {
			len = 1;
			printf("\\x%02x", (unsigned char)*str);
		}
	}
	putchar('"');
}

/* A name as it can be read again */
static void print_name(const char *name)
{
	const char *p;

	for (p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("_-./:@+", *p))
			break;
	if (*p || !*name)
		print_quoted(name);
	else
		fputs(name, stdout);
}

static void print_time(uint64_t ms)
{
	uint64_t s = ms / 1000;

	if (ms < 1000 && ms) {
		printf("%" PRIu64 "ms", ms);
		return;
	}
	if (s >= 86400)
		printf("%" PRIu64 "d", s / 86400);
	if (s / 3600 % 24)
		printf("%" PRIu64 "h", s / 3600 % 24);
	if (s / 60 % 60)
		printf("%" PRIu64 "m", s / 60 % 60);
	if (s % 60 || !s)
		printf("%" PRIu64 "s", s % 60);
}

static void print_device(const char *what, uint32_t ifindex)
{
	printf(" %s ", what);
	if (options.numeric)
		printf("%" PRIu32, ifindex);
	else
		print_name(device_name(ifindex));
}

static void print_port(const struct nftnl_flow *flow, const char *what, uint16_t attr)
{
	const char *service = NULL;
	uint16_t port;

	if (!nftnl_flow_is_set(flow, attr))
		return;
	port = nftnl_flow_get_u16(flow, attr);
	if (!options.numeric)
		service = service_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_L4PROTO), port);
	if (service)
		printf(" %s %s", what, service);
	else
		printf(" %s %u", what, port);
}

static void print_addr(const struct nftnl_flow *flow, const char *what, uint16_t attr)
{
	char buf[INET6_ADDRSTRLEN];
	const void *addr;
	uint32_t len = 0;

	addr = nftnl_flow_get_data(flow, attr, &len);
	if (addr)
		printf(" %s %s %s", len == 4 ? "ip" : "ip6", what, addr_str(addr, len, buf));
}

static void print_encap(const struct nftnl_flow *flow, uint16_t attr)
{
	const struct nftnl_flow_encap *encap;
	uint32_t i, len = 0;

	encap = nftnl_flow_get_data(flow, attr, &len);
	for (i = 0; encap && i < len / sizeof(*encap); i++) {
		switch (encap[i].proto) {
		case ETH_P_8021Q:
			printf(" vlan id %u", encap[i].id);
			break;
		case ETH_P_8021AD:
			printf(" 8021ad id %u", encap[i].id);
			break;
		case ETH_P_PPP_SES:
			printf(" pppoe session %u", encap[i].id);
			break;
		default:
			printf(" encap 0x%04x id %u", encap[i].proto, encap[i].id);
		}
	}
}

static void print_way(const struct nftnl_flow *flow, uint16_t step)
{
	print_addr(flow, "saddr", NFTNL_FLOW_ORIG_SADDR + step);
	print_port(flow, "sport", NFTNL_FLOW_ORIG_SPORT + step);
	print_addr(flow, "daddr", NFTNL_FLOW_ORIG_DADDR + step);
	print_port(flow, "dport", NFTNL_FLOW_ORIG_DPORT + step);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_IIF + step))
		print_device("iif", nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_IIF + step));
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_OIF + step))
		print_device("oif", nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_OIF + step));
	print_encap(flow, NFTNL_FLOW_ORIG_ENCAP + step);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_MTU + step))
		printf(" mtu %" PRIu32, nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_MTU + step));
}

/* Where a direction is not as the state says, it says so */
static void print_in_hardware(const struct nftnl_flow *flow, uint16_t step)
{
	bool state = nftnl_flow_get_u8(flow, NFTNL_FLOW_STATE) == NFT_OFFLOAD_STATE_HARDWARE;
	bool in;

	if (!nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_IN_HARDWARE + step))
		return;
	in = nftnl_flow_get_u8(flow, NFTNL_FLOW_ORIG_IN_HARDWARE + step);
	if (in != state)
		fputs(in ? " in-hardware" : " not-in-hardware", stdout);
}

static void print_trouble(const struct nftnl_flow *flow, uint16_t step)
{
	char buf[NAME_SIZE];

	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_ERRNO + step))
		printf(" errno %s", errno_name(nftnl_flow_get_u32(flow,
								  NFTNL_FLOW_ORIG_ERRNO + step),
					       buf));
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_REASON + step)) {
		fputs(" reason ", stdout);
		print_name(nftnl_flow_get_str(flow, NFTNL_FLOW_ORIG_REASON + step));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_MESSAGE + step)) {
		fputs(" message ", stdout);
		print_quoted(nftnl_flow_get_str(flow, NFTNL_FLOW_ORIG_MESSAGE + step));
	}
}

static void print_counters(const struct nftnl_flow *flow, uint16_t step)
{
	printf(" sw packets %" PRIu64 " bytes %" PRIu64 " hw packets %" PRIu64 " bytes %" PRIu64,
	       nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_SW_PACKETS + step),
	       nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_SW_BYTES + step),
	       nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_PACKETS + step),
	       nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_BYTES + step));
	print_in_hardware(flow, step);
	print_trouble(flow, step);
}

static void print_state(const struct nftnl_flow *flow)
{
	uint32_t flags = nftnl_flow_get_u32(flow, NFTNL_FLOW_FLAGS);
	const char *comma = "";

	printf(" state %s", nftnl_offload_state_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_STATE)));
	if (!flags)
		return;
	fputs(" flags ", stdout);
	if (flags & NFT_OFFLOAD_FLAG_SNAT) {
		fputs("snat", stdout);
		comma = ",";
	}
	if (flags & NFT_OFFLOAD_FLAG_DNAT) {
		printf("%sdnat", comma);
		comma = ",";
	}
	if (flags & NFT_OFFLOAD_FLAG_NO_HARDWARE) {
		printf("%sno-hardware", comma);
		comma = ",";
	}
	flags &= ~(NFT_OFFLOAD_FLAG_SNAT | NFT_OFFLOAD_FLAG_DNAT | NFT_OFFLOAD_FLAG_NO_HARDWARE);
	if (flags)
		printf("%s0x%" PRIx32, comma, flags);
}

static void print_tail(const struct nftnl_flow *flow)
{
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_TIMEOUT)) {
		fputs(" timeout ", stdout);
		print_time(nftnl_flow_get_u32(flow, NFTNL_FLOW_TIMEOUT));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_AGE)) {
		fputs(" age ", stdout);
		print_time(nftnl_flow_get_u64(flow, NFTNL_FLOW_AGE));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_CT_MARK))
		printf(" ct mark 0x%" PRIx32, nftnl_flow_get_u32(flow, NFTNL_FLOW_CT_MARK));
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_CT_ZONE) &&
	    nftnl_flow_get_u16(flow, NFTNL_FLOW_CT_ZONE))
		printf(" ct zone %u", nftnl_flow_get_u16(flow, NFTNL_FLOW_CT_ZONE));
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_CT_ID))
		printf(" ct id %" PRIu32, nftnl_flow_get_u32(flow, NFTNL_FLOW_CT_ID));
	printf(" id %" PRIu64, nftnl_flow_get_u64(flow, NFTNL_FLOW_ID));
}

static const char *str_or(const char *str)
{
	return str ? str : "?";
}

static void print_flow(const struct nftnl_flow *flow)
{
	char buf[NAME_SIZE];

	printf("%s ", family_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_TABLE_FAMILY), buf));
	print_name(str_or(nftnl_flow_get_str(flow, NFTNL_FLOW_TABLE)));
	putchar(' ');
	print_name(str_or(nftnl_flow_get_str(flow, NFTNL_FLOW_FLOWTABLE)));
	printf(" %s", l4proto_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_L4PROTO), buf));
	print_way(flow, 0);
	print_state(flow);
	print_counters(flow, 0);
	fputs(" reply", stdout);
	print_way(flow, NFTNL_FLOW_DIR_STEP);
	print_counters(flow, NFTNL_FLOW_DIR_STEP);
	print_tail(flow);
}

void text_flow(const struct nftnl_flow *flow)
{
	print_flow(flow);
	putchar('\n');
}

void text_event(const struct nftnl_flow *flow)
{
	printf("%s ", nftnl_offload_event_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_EVENT)));
	print_flow(flow);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_CAUSE))
		printf(" cause %s",
		       nftnl_offload_cause_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_CAUSE)));
	putchar('\n');
}

static void print_devices(const struct nftnl_offload_table *table)
{
	const struct nftnl_offload_device *device;
	char buf[NAME_SIZE];
	unsigned int i;

	if (!nftnl_offload_table_device(table, 0))
		return;
	fputs("\t\tdevices = { ", stdout);
	for (i = 0; (device = nftnl_offload_table_device(table, i)); i++) {
		if (i)
			fputs(", ", stdout);
		if (options.numeric)
			printf("%" PRIu32, device->ifindex);
		else
			print_name(device->name);
	}
	puts(" }");
	for (i = 0; (device = nftnl_offload_table_device(table, i)); i++) {
		if (!device->err)
			continue;
		fputs("\t\tdevice ", stdout);
		if (options.numeric)
			printf("%" PRIu32, device->ifindex);
		else
			print_name(device->name);
		printf(" no offload errno %s\n", errno_name(device->err, buf));
	}
}

static void print_reasons(const struct nftnl_offload_table *table)
{
	const struct nftnl_offload_reason *reason;
	char buf[NAME_SIZE];
	unsigned int i;

	for (i = 0; (reason = nftnl_offload_table_reason(table, i)); i++) {
		fputs("\t\treason ", stdout);
		print_name(str_or(reason->name));
		printf(" count %" PRIu64 "\n", reason->count);
	}
	for (i = 0; (reason = nftnl_offload_table_errno(table, i)); i++)
		printf("\t\terrno %s count %" PRIu64 "\n",
		       reason->err ? errno_name(reason->err, buf) : "other", reason->count);
}

void text_table(const struct nftnl_offload_table *table)
{
	uint32_t flags = nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLAGS);
	char buf[NAME_SIZE];

	printf("table %s ", family_name(nftnl_offload_table_get_u8(table,
								   NFTNL_OFFLOAD_TABLE_FAMILY),
					buf));
	print_name(str_or(nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE)));
	fputs(" {\n\tflowtable ", stdout);
	print_name(str_or(nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME)));
	puts(" {");
	print_devices(table);
	if (flags & NFT_OFFLOAD_TABLE_FLAG_HARDWARE)
		puts("\t\tflags offload");
	if (flags & NFT_OFFLOAD_TABLE_FLAG_COUNTER)
		puts("\t\tcounter");
	if (flags & NFT_OFFLOAD_TABLE_FLAG_HARDWARE &&
	    nftnl_offload_table_is_set(table, NFTNL_OFFLOAD_TABLE_ALLOWED) &&
	    !nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_ALLOWED))
		puts("\t\toffload off # see \"set offload on\"");
	printf("\t\tflows %" PRIu32 " hardware %" PRIu32 "\n",
	       nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLOWS),
	       nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_HW_FLOWS));
	printf("\t\thardware added %" PRIu64 " deleted %" PRIu64 "\n",
	       nftnl_offload_table_get_u64(table, NFTNL_OFFLOAD_TABLE_HW_ADDS),
	       nftnl_offload_table_get_u64(table, NFTNL_OFFLOAD_TABLE_HW_DELS));
	printf("\t\tqueue add %" PRIu32 " delete %" PRIu32 " stats %" PRIu32 "\n",
	       nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_QUEUE_ADD),
	       nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_QUEUE_DEL),
	       nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_QUEUE_STATS));
	print_reasons(table);
	puts("\t}\n}");
}

void text_explain(const struct nftnl_offload_explain *explain)
{
	uint8_t layer = nftnl_offload_explain_get_u8(explain, NFTNL_OFFLOAD_EXPLAIN_LAYER);
	const struct nftnl_flow *flow = nftnl_offload_explain_get_flow(explain);
	const char *reason = nftnl_offload_explain_get_str(explain, NFTNL_OFFLOAD_EXPLAIN_REASON);
	static const char *const layers[] = {
		[NFT_OFFLOAD_LAYER_NONE]	= "there is no such connection",
		[NFT_OFFLOAD_LAYER_CLASSIC]	= "forwarded by routing, with all rules",
		[NFT_OFFLOAD_LAYER_SOFTWARE]	= "forwarded by the flowtable's fast path",
		[NFT_OFFLOAD_LAYER_HARDWARE]	= "forwarded by hardware",
	};
	const char *text;

	printf("layer %s", nftnl_offload_layer_str(layer));
	if (reason) {
		fputs(" reason ", stdout);
		print_name(reason);
	}
	if (nftnl_offload_explain_is_set(explain, NFTNL_OFFLOAD_EXPLAIN_CT_ID))
		printf(" ct id %" PRIu32,
		       nftnl_offload_explain_get_u32(explain, NFTNL_OFFLOAD_EXPLAIN_CT_ID));
	putchar('\n');
	if (layer < sizeof(layers) / sizeof(layers[0]))
		printf("# %s\n", layers[layer]);
	text = reason ? reason_text(reason) : NULL;
	if (text)
		printf("# %s: %s\n", reason, text);
	if (flow)
		text_flow(flow);
}
