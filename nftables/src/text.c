// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows and flowtables as text, in nft's words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "host.h"
#include "line.h"
#include "names.h"
#include "options.h"
#include "output.h"
#include "ruleset.h"

static void print_name(const char *name)
{
	line_name(name);
	line_flush();
}

static void put_part(uint64_t number, char unit)
{
	line_number(number);
	line_char(unit);
}

static void put_time(uint64_t ms)
{
	uint64_t s = ms / 1000;

	if (ms < 1000 && ms) {
		line_number(ms);
		line_word("ms");
		return;
	}
	if (s >= 86400)
		put_part(s / 86400, 'd');
	if (s / 3600 % 24)
		put_part(s / 3600 % 24, 'h');
	if (s / 60 % 60)
		put_part(s / 60 % 60, 'm');
	if (s % 60 || !s)
		put_part(s % 60, 's');
}

static void put_device(uint32_t ifindex)
{
	if (options.numeric)
		line_number(ifindex);
	else
		line_name(device_name(ifindex));
}

static void put_port(const struct nftnl_flow *flow, uint16_t attr)
{
	const char *service = NULL;
	uint16_t port = nftnl_flow_get_u16(flow, attr);

	if (options.resolve)
		service = service_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_L4PROTO), port);
	if (service)
		line_str(service);
	else
		line_number(port);
}

static void put_addr(const uint8_t *addr, uint32_t len)
{
	char buf[INET6_ADDRSTRLEN];

	if (len == 4)
		line_ip(addr);
	else
		line_str(addr_str(addr, len, buf));
}

static void put_encap(const struct nftnl_flow *flow, uint16_t attr)
{
	const struct nftnl_flow_encap *encap;
	uint32_t i, len = 0;

	encap = nftnl_flow_get_data(flow, attr, &len);
	for (i = 0; encap && i < len / sizeof(*encap); i++) {
		switch (encap[i].proto) {
		case ETH_P_8021Q:
			line_word(" vlan id ");
			break;
		case ETH_P_8021AD:
			line_word(" 8021ad id ");
			break;
		case ETH_P_PPP_SES:
			line_word(" pppoe session ");
			break;
		default:
			line_word(" encap 0x");
			line_char("0123456789abcdef"[encap[i].proto >> 12]);
			line_char("0123456789abcdef"[encap[i].proto >> 8 & 15]);
			line_char("0123456789abcdef"[encap[i].proto >> 4 & 15]);
			line_char("0123456789abcdef"[encap[i].proto & 15]);
			line_word(" id ");
		}
		line_number(encap[i].id);
	}
}

static void put_end(const struct nftnl_flow *flow, const char *what, uint16_t addr_attr,
		    uint16_t port_attr)
{
	const uint8_t *addr;
	uint32_t len = 0;

	addr = nftnl_flow_get_data(flow, addr_attr, &len);
	if (addr) {
		if (len == 4)
			line_word(" ip ");
		else
			line_word(" ip6 ");
		line_char(*what);
		line_word("addr ");
		put_addr(addr, len);
	}
	if (nftnl_flow_is_set(flow, port_attr)) {
		line_char(' ');
		line_char(*what);
		line_word("port ");
		put_port(flow, port_attr);
	}
}

/* As "meta priority" and "ip dscp" of rules are printed */
static void put_carried(const struct nftnl_flow *flow, uint16_t step)
{
	uint8_t not_carried = nftnl_flow_get_u8(flow, NFTNL_FLOW_ORIG_NOT_CARRIED + step);
	uint32_t priority = nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_PRIORITY + step);
	char buf[NAME_SIZE], before = ' ';
	unsigned int i;

	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_PRIORITY + step)) {
		line_word(" priority ");
		line_hex(priority >> 16);
		line_char(':');
		line_hex(priority & 0xffff);
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_DSCP + step)) {
		line_word(" dscp ");
		line_str(dscp_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_ORIG_DSCP + step), buf));
	}
	if (!not_carried)
		return;
	line_word(" hardware-without");
	for (i = 0; i < 8; i++) {
		if (!(not_carried & 1U << i))
			continue;
		line_char(before);
		line_str(nftnl_offload_carry_str(i));
		before = ',';
	}
}

static void put_way(const struct nftnl_flow *flow, uint16_t step)
{
	put_end(flow, "s", NFTNL_FLOW_ORIG_SADDR + step, NFTNL_FLOW_ORIG_SPORT + step);
	put_end(flow, "d", NFTNL_FLOW_ORIG_DADDR + step, NFTNL_FLOW_ORIG_DPORT + step);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_IIF + step)) {
		line_word(" iif ");
		put_device(nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_IIF + step));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_OIF + step)) {
		line_word(" oif ");
		put_device(nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_OIF + step));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_ENCAP + step))
		put_encap(flow, NFTNL_FLOW_ORIG_ENCAP + step);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_MTU + step)) {
		line_word(" mtu ");
		line_number(nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_MTU + step));
	}
	put_carried(flow, step);
}

/* Where a direction is not as the state says, it says so */
static void put_in_hardware(const struct nftnl_flow *flow, uint16_t step)
{
	bool state = nftnl_flow_get_u8(flow, NFTNL_FLOW_STATE) == NFT_OFFLOAD_STATE_HARDWARE;
	bool in;

	if (!nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_IN_HARDWARE + step))
		return;
	in = nftnl_flow_get_u8(flow, NFTNL_FLOW_ORIG_IN_HARDWARE + step);
	if (in != state)
		line_str(in ? " in-hardware" : " not-in-hardware");
}

static void put_trouble(const struct nftnl_flow *flow, uint16_t step)
{
	char buf[NAME_SIZE];

	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_ERRNO + step)) {
		line_word(" errno ");
		line_str(errno_name(nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_ERRNO + step), buf));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_REASON + step)) {
		line_word(" reason ");
		line_name(nftnl_flow_get_str(flow, NFTNL_FLOW_ORIG_REASON + step));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_MESSAGE + step)) {
		line_word(" message ");
		line_quoted(nftnl_flow_get_str(flow, NFTNL_FLOW_ORIG_MESSAGE + step));
	}
}

/* @listed: what hardware counts is as old as the driver's last reading. An event has all. */
static void put_counters(const struct nftnl_flow *flow, uint16_t step, bool listed)
{
	/* of a flow that is not counted there are none */
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_SW_PACKETS + step)) {
		line_word(" sw packets ");
		line_number(nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_SW_PACKETS + step));
		line_word(" bytes ");
		line_number(nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_SW_BYTES + step));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_HW_PACKETS + step)) {
		line_word(" hw packets ");
		line_number(nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_PACKETS + step));
		line_word(" bytes ");
		line_number(nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_BYTES + step));
	}
	if (listed && nftnl_flow_is_set(flow, NFTNL_FLOW_ORIG_HW_AGE + step)) {
		line_word(" counted ");
		put_time(nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_AGE + step));
		line_word(" ago");
	}
	put_in_hardware(flow, step);
	put_trouble(flow, step);
}

static void put_state(const struct nftnl_flow *flow)
{
	uint32_t flags = nftnl_flow_get_u32(flow, NFTNL_FLOW_FLAGS);
	char before = ' ';

	line_word(" state ");
	line_str(nftnl_offload_state_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_STATE)));
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_PIN)) {
		line_word(" pin ");
		line_str(nftnl_offload_pin_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_PIN)));
	}
	if (!flags)
		return;
	line_word(" flags");
	if (flags & NFT_OFFLOAD_FLAG_SNAT) {
		line_char(before);
		line_word("snat");
		before = ',';
	}
	if (flags & NFT_OFFLOAD_FLAG_DNAT) {
		line_char(before);
		line_word("dnat");
		before = ',';
	}
	if (flags & NFT_OFFLOAD_FLAG_NO_HARDWARE) {
		line_char(before);
		line_word("no-hardware");
		before = ',';
	}
	flags &= ~(NFT_OFFLOAD_FLAG_SNAT | NFT_OFFLOAD_FLAG_DNAT | NFT_OFFLOAD_FLAG_NO_HARDWARE);
	if (flags) {
		line_char(before);
		line_word("0x");
		line_hex(flags);
	}
}

static void put_tail(const struct nftnl_flow *flow)
{
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_TIMEOUT)) {
		line_word(" timeout ");
		put_time(nftnl_flow_get_u32(flow, NFTNL_FLOW_TIMEOUT));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_AGE)) {
		line_word(" age ");
		put_time(nftnl_flow_get_u64(flow, NFTNL_FLOW_AGE));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_CT_MARK)) {
		line_word(" ct mark 0x");
		line_hex(nftnl_flow_get_u32(flow, NFTNL_FLOW_CT_MARK));
	}
	if (nftnl_flow_get_u16(flow, NFTNL_FLOW_CT_ZONE)) {
		line_word(" ct zone ");
		line_number(nftnl_flow_get_u16(flow, NFTNL_FLOW_CT_ZONE));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_CT_ID)) {
		line_word(" ct id ");
		line_number(nftnl_flow_get_u32(flow, NFTNL_FLOW_CT_ID));
	}
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_ID)) {
		line_word(" id ");
		line_number(nftnl_flow_get_u64(flow, NFTNL_FLOW_ID));
	}
}

static const char *str_or(const char *str)
{
	return str ? str : "?";
}

static void put_flow(const struct nftnl_flow *flow, bool listed)
{
	char buf[NAME_SIZE];

	line_str(family_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_TABLE_FAMILY), buf));
	line_char(' ');
	line_name(str_or(nftnl_flow_get_str(flow, NFTNL_FLOW_TABLE)));
	line_char(' ');
	line_name(str_or(nftnl_flow_get_str(flow, NFTNL_FLOW_FLOWTABLE)));
	line_char(' ');
	line_str(l4proto_name(nftnl_flow_get_u8(flow, NFTNL_FLOW_L4PROTO), buf));
	put_way(flow, 0);
	put_state(flow);
	put_counters(flow, 0, listed);
	line_word(" reply");
	put_way(flow, NFTNL_FLOW_DIR_STEP);
	put_counters(flow, NFTNL_FLOW_DIR_STEP, listed);
	put_tail(flow);
}

void text_flow(const struct nftnl_flow *flow)
{
	put_flow(flow, true);
	line_char('\n');
	line_flush();
}

void text_event(const struct nftnl_flow *flow)
{
	line_str(nftnl_offload_event_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_EVENT)));
	line_char(' ');
	put_flow(flow, false);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_CAUSE)) {
		line_word(" cause ");
		line_str(nftnl_offload_cause_str(nftnl_flow_get_u8(flow, NFTNL_FLOW_CAUSE)));
	}
	line_char('\n');
	line_flush();
}

void text_device(const struct nftnl_offload_device *device)
{
	if (options.numeric)
		line_number(device->ifindex);
	else if (*device->name)
		line_name(device->name);
	else
		line_name(device_name(device->ifindex));
	line_flush();
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
		text_device(device);
	}
	puts(" }");
	if (nftnl_offload_table_is_set(table, NFTNL_OFFLOAD_TABLE_DEVICES_MORE))
		printf("\t\t# and %" PRIu32 " more devices\n",
		       nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_DEVICES_MORE));
	for (i = 0; (device = nftnl_offload_table_device(table, i)); i++) {
		if (!device->err)
			continue;
		fputs("\t\tdevice ", stdout);
		text_device(device);
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

/* What is no surprise is not printed: strict, as the sysctl says for all of them */
static void print_strict(const struct nftnl_offload_table *table)
{
	bool strict = nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_STRICT);
	int all;

	if (!nftnl_offload_table_is_set(table, NFTNL_OFFLOAD_TABLE_STRICT))
		return;
	if (!strict)
		puts("\t\tstrict off");
	else if (host.sysctl_get(settings[SETTING_STRICT].sysctl, &all) == 0 && !all)
		puts("\t\tstrict on");
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
	if (flags & NFT_OFFLOAD_TABLE_FLAG_HARDWARE)
		print_strict(table);
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

void text_table_setting(const struct nftnl_offload_table *setting)
{
	const char *family;
	char buf[NAME_SIZE];

	family = family_name(nftnl_offload_table_get_u8(setting, NFTNL_OFFLOAD_TABLE_FAMILY), buf);
	/* of a family without a name there is no flowtable, and no command */
	printf("%sset flowtable %s ", family == buf ? "# " : "", family);
	print_name(str_or(nftnl_offload_table_get_str(setting, NFTNL_OFFLOAD_TABLE_TABLE)));
	putchar(' ');
	print_name(str_or(nftnl_offload_table_get_str(setting, NFTNL_OFFLOAD_TABLE_NAME)));
	printf(" strict %s\n",
	       nftnl_offload_table_get_u8(setting, NFTNL_OFFLOAD_TABLE_STRICT) ? "on" : "off");
}
