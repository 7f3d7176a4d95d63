// SPDX-License-Identifier: GPL-2.0-or-later
/* The picture of top. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <libnftnl_offload/common.h>
#include "names.h"
#include "options.h"
#include "top.h"

#define LINE_SIZE	512
#define HEAD_LINES	4
/* protocol, state and two rates, and a space in front of each column */
#define FIXED_COLUMNS	(5 + 1 + 1 + 1 + 8 + 1 + 8 + 1 + 8)
/* both rates together, where there is room */
#define TOTAL_COLUMNS	(1 + 8)
#define WIDE		90
#define MIN_ADDR	15
#define MAX_ADDR	47

/* At most 7 characters: 999, 12.3k, 123M */
static const char *scaled(uint64_t number, char *buf, size_t size)
{
	static const char units[] = " kMGTPE";
	double value = number;
	int unit = 0;

	while (value >= 999.5) {
		value /= 1000;
		unit++;
	}
	if (!unit)
		snprintf(buf, size, "%" PRIu64, number);
	else
		snprintf(buf, size, "%.*f%c", value < 99.95, value, units[unit]);
	return buf;
}

/* Where it does not fit, the middle of the address is left out */
static const char *endpoint(const struct top_flow *flow, const uint8_t *addr, uint16_t port,
			    unsigned int width, char *buf, size_t size)
{
	char host[INET6_ADDRSTRLEN], tail[40] = "";
	unsigned int len, room;

	addr_str(addr, flow->addr_len, host);
	if (flow->l4proto != IPPROTO_GRE) {
		const char *service = options.numeric ? NULL : service_name(flow->l4proto, port);

		if (service)
			snprintf(tail, sizeof(tail), ":%.24s", service);
		else
			snprintf(tail, sizeof(tail), ":%u", port);
	}
	if (flow->addr_len == 16 && *tail)
		snprintf(buf, size, "[%s]%s", host, tail);
	else
		snprintf(buf, size, "%s%s", host, tail);
	len = strlen(buf);
	if (len <= width)
		return buf;
	if (strlen(tail) + 4 > width)
		snprintf(tail, sizeof(tail), ":%u", port);
	room = width - strlen(tail) - 1;
	snprintf(buf, size, "%.*s~%.*s%s", (int)(room - room / 3), host, (int)(room / 3),
		 host + strlen(host) - room / 3, tail);
	return buf;
}

static void put_line(const char *line, unsigned int columns)
{
	char cut[LINE_SIZE];

	snprintf(cut, sizeof(cut), "%.*s", columns ? (int)columns : LINE_SIZE - 1, line);
	fputs(cut, stdout);
	/* a line that ends in the last column but one wraps nowhere */
	fputs(columns ? "\x1b[K\r\n" : "\n", stdout);
}

static void print_head(const struct top *top, unsigned int columns)
{
	char line[LINE_SIZE], bytes[2][16], packets[2][16];
	size_t hardware = top->states[NFT_OFFLOAD_STATE_HARDWARE];
	size_t failed = top->states[NFT_OFFLOAD_STATE_FAILED];
	int i;

	for (i = 0; i < 2; i++) {
		scaled(top->rate[i], bytes[i], sizeof(bytes[i]));
		scaled(top->packet_rate[i], packets[i], sizeof(packets[i]));
	}
	snprintf(line, sizeof(line), "nft-offload top: flows %zu hardware %zu failed %zu other %zu",
		 top->num, hardware, failed, top->num - hardware - failed);
	put_line(line, columns);
	snprintf(line, sizeof(line),
		 "software %s bytes/s %s packets/s, hardware %s bytes/s %s packets/s",
		 bytes[0], packets[0], bytes[1], packets[1]);
	put_line(line, columns);
	put_line("", columns);
}

static void print_flow(const struct top_flow *flow, unsigned int width, bool wide,
		       unsigned int columns)
{
	char line[LINE_SIZE], proto[NAME_SIZE], src[128], dst[128], rate[3][16];
	size_t len;

	snprintf(line, sizeof(line), "%-5.5s %-*s %-*s %-8.8s %8s %8s",
		 l4proto_name(flow->l4proto, proto),
		 (int)width, endpoint(flow, flow->saddr, flow->sport, width, src, sizeof(src)),
		 (int)width, endpoint(flow, flow->daddr, flow->dport, width, dst, sizeof(dst)),
		 nftnl_offload_state_str(flow->state),
		 scaled(flow->rate[0], rate[0], sizeof(rate[0])),
		 scaled(flow->rate[1], rate[1], sizeof(rate[1])));
	len = strlen(line);
	if (wide)
		snprintf(line + len, sizeof(line) - len, " %8s",
			 scaled(flow->rate[0] + flow->rate[1], rate[2], sizeof(rate[2])));
	put_line(line, columns);
}

void top_print(const struct top *top, unsigned int columns, unsigned int lines)
{
	bool wide = !columns || columns >= WIDE;
	unsigned int fixed = FIXED_COLUMNS + (wide ? TOTAL_COLUMNS : 0), width = MAX_ADDR;
	char line[LINE_SIZE];
	size_t i, num = top->num;

	if (columns) {
		columns--;
		width = columns > fixed ? (columns - fixed) / 2 : 0;
		if (width < MIN_ADDR)
			width = MIN_ADDR;
		if (width > MAX_ADDR)
			width = MAX_ADDR;
		if (num + HEAD_LINES >= lines)
			num = lines > HEAD_LINES ? lines - HEAD_LINES - 1 : 0;
	}
	print_head(top, columns);
	snprintf(line, sizeof(line), "%-5s %-*s %-*s %-8s %8s %8s%s", "PROTO", (int)width, "SOURCE",
		 (int)width, "DESTINATION", "STATE", "SW B/s", "HW B/s",
		 wide ? "      B/s" : "");
	put_line(line, columns);
	for (i = 0; i < num; i++)
		print_flow(top->sorted[i], width, wide, columns);
	if (!columns)
		putchar('\n');
}
