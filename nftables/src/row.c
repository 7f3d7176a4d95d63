// SPDX-License-Identifier: GPL-2.0-or-later
/* A flow in one line, as tables have it. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <libnftnl_offload/flow.h>
#include "input.h"
#include "names.h"
#include "options.h"
#include "row.h"

static uint64_t total(const struct nftnl_flow *flow, uint16_t attr)
{
	return nftnl_flow_get_u64(flow, attr) +
	       nftnl_flow_get_u64(flow, attr + NFTNL_FLOW_DIR_STEP);
}

static void set_addr(const struct nftnl_flow *flow, uint16_t attr, uint8_t *addr,
		     uint8_t *addr_len)
{
	uint32_t len = 0;
	const void *data = nftnl_flow_get_data(flow, attr, &len);

	if (!data || len > 16)
		return;
	memcpy(addr, data, len);
	*addr_len = len;
}

/* A name of the kernel's; bytes that a terminal might obey are left out */
static void set_reason(struct row *row, const char *reason)
{
	size_t len = 0;

	if (!reason)
		return;
	for (; *reason && len < sizeof(row->reason) - 1; reason++)
		if (*reason > ' ' && *reason < 0x7f)
			row->reason[len++] = *reason;
	row->reason[len] = '\0';
}

void row_set(struct row *row, const struct nftnl_flow *flow)
{
	const char *reason = nftnl_flow_get_str(flow, NFTNL_FLOW_ORIG_REASON);

	memset(row, 0, sizeof(*row));
	row->id = nftnl_flow_get_u64(flow, NFTNL_FLOW_ID);
	row->age = nftnl_flow_get_u64(flow, NFTNL_FLOW_AGE);
	row->bytes = total(flow, NFTNL_FLOW_ORIG_SW_BYTES) + total(flow, NFTNL_FLOW_ORIG_HW_BYTES);
	row->packets = total(flow, NFTNL_FLOW_ORIG_SW_PACKETS) +
		       total(flow, NFTNL_FLOW_ORIG_HW_PACKETS);
	row->iif = nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_IIF);
	row->oif = nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_OIF);
	row->l4proto = nftnl_flow_get_u8(flow, NFTNL_FLOW_L4PROTO);
	row->state = nftnl_flow_get_u8(flow, NFTNL_FLOW_STATE);
	row->nat = nftnl_flow_get_u32(flow, NFTNL_FLOW_FLAGS) &
		   (NFT_OFFLOAD_FLAG_SNAT | NFT_OFFLOAD_FLAG_DNAT);
	set_addr(flow, NFTNL_FLOW_ORIG_SADDR, row->saddr, &row->addr_len);
	set_addr(flow, NFTNL_FLOW_ORIG_DADDR, row->daddr, &row->addr_len);
	row->sport = nftnl_flow_get_u16(flow, NFTNL_FLOW_ORIG_SPORT);
	row->dport = nftnl_flow_get_u16(flow, NFTNL_FLOW_ORIG_DPORT);
	set_reason(row, reason ? reason : nftnl_flow_get_str(flow, NFTNL_FLOW_REPL_REASON));
}

static size_t put_number(char *buf, unsigned int number)
{
	char digits[10], *p = digits + sizeof(digits);
	size_t len;

	do {
		*--p = '0' + number % 10;
		number /= 10;
	} while (number);
	len = digits + sizeof(digits) - p;
	memcpy(buf, p, len);
	return len;
}

static size_t addr_text(const uint8_t *addr, uint8_t addr_len, char *buf)
{
	char *p = buf;
	int i;

	if (addr_len != 4) {
		addr_str(addr_len ? addr : NULL, addr_len, buf);
		return strlen(buf);
	}
	for (i = 0; i < 4; i++) {
		p += put_number(p, addr[i]);
		*p++ = '.';
	}
	*--p = '\0';
	return p - buf;
}

#define HOST_SLOTS	256

/* One name for each slot: resolvers are slow, and hosts come again */
static const char *host_name(const uint8_t *addr, uint8_t addr_len)
{
	static struct {
		uint8_t		addr[16], addr_len;
		char		name[64];
	} hosts[HOST_SLOTS];
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	unsigned int i, slot = addr_len;
	int ret;

	for (i = 0; i < addr_len; i++)
		slot = slot * 31 + addr[i];
	slot %= HOST_SLOTS;
	if (hosts[slot].addr_len != addr_len || memcmp(hosts[slot].addr, addr, addr_len)) {
		hosts[slot].addr_len = addr_len;
		memcpy(hosts[slot].addr, addr, addr_len);
		memcpy(&in.sin_addr, addr, 4);
		memcpy(&in6.sin6_addr, addr, 16);
		ret = addr_len == 4 ?
			getnameinfo((void *)&in, sizeof(in), hosts[slot].name,
				    sizeof(hosts[slot].name), NULL, 0, NI_NAMEREQD) :
			getnameinfo((void *)&in6, sizeof(in6), hosts[slot].name,
				    sizeof(hosts[slot].name), NULL, 0, NI_NAMEREQD);
		if (ret)
			*hosts[slot].name = '\0';
	}
	return *hosts[slot].name ? hosts[slot].name : NULL;
}

size_t host_text(const uint8_t *addr, uint8_t addr_len, bool names, char *buf)
{
	const char *name = names ? host_name(addr, addr_len) : NULL;

	if (!name)
		return addr_text(addr, addr_len, buf);
	memcpy(buf, name, strlen(name) + 1);
	return strlen(name);
}

size_t shorten(char *text, size_t len, size_t width)
{
	size_t tail;

	if (len <= width || !width)
		return len;
	tail = (width - 1) / 2;
	text[width - 1 - tail] = '~';
	memmove(text + width - tail, text + len - tail, tail + 1);
	return width;
}

size_t row_end(const struct row *row, bool source, bool names, size_t width, char *buf)
{
	const uint8_t *addr = source ? row->saddr : row->daddr;
	uint16_t port = source ? row->sport : row->dport;
	char host[ROW_TEXT], tail[48];
	const char *service = NULL;
	size_t len, tail_len = 0;
	bool brackets;

	if (row->l4proto != IPPROTO_GRE) {
		service = names ? service_name(row->l4proto, port) : NULL;
		tail[tail_len++] = ':';
		if (service)
			tail_len += snprintf(tail + 1, sizeof(tail) - 1, "%.24s", service);
		else
			tail_len += put_number(tail + 1, port);
	}
	tail[tail_len] = '\0';
	len = host_text(addr, row->addr_len, names, host);
	brackets = tail_len && memchr(host, ':', len);
	if (brackets && len + tail_len + 2 <= width) {
		*buf = '[';
		memcpy(buf + 1, host, len);
		buf[len + 1] = ']';
		len += 2;
	} else {
		if (len + tail_len > width || brackets)
			len = shorten(host, len, width > tail_len ? width - tail_len : 1);
		memcpy(buf, host, len);
	}
	memcpy(buf + len, tail, tail_len + 1);
	return len + tail_len;
}

static size_t put_device(char *buf, uint32_t ifindex)
{
	const char *name;
	size_t len;

	if (!ifindex)
		return *buf = '?', 1;
	if (options.numeric)
		return put_number(buf, ifindex);
	name = device_name(ifindex);
	for (len = 0; name[len]; len++)
		buf[len] = (unsigned char)name[len] < ' ' || name[len] == 0x7f ? '?' : name[len];
	return len;
}

size_t row_path(const struct row *row, char *buf)
{
	size_t len = put_device(buf, row->iif);

	buf[len++] = '>';
	len += put_device(buf + len, row->oif);
	buf[len] = '\0';
	return len;
}

const char *row_state(uint8_t state)
{
	static const char *const states[NFT_OFFLOAD_STATE_MAX + 1] = {
		[NFT_OFFLOAD_STATE_SOFTWARE]	= "SW",
		[NFT_OFFLOAD_STATE_PENDING]	= "SW+",
		[NFT_OFFLOAD_STATE_HARDWARE]	= "HW",
		[NFT_OFFLOAD_STATE_FAILED]	= "SW!",
		[NFT_OFFLOAD_STATE_CLOSING]	= "end",
	};

	return state <= NFT_OFFLOAD_STATE_MAX ? states[state] : "?";
}

size_t scaled_text(double value, char *buf)
{
	static const char units[] = " kMGTPE";
	int unit = 0;
	size_t len;

	while (value >= 999.5 && unit < 6) {
		value /= 1000;
		unit++;
	}
	if (unit && value < 9.95) {
		len = put_number(buf, value * 10 + 0.5);
		buf[2] = buf[1];
		buf[1] = '.';
		len++;
	} else {
		len = put_number(buf, value + 0.5);
	}
	if (unit)
		buf[len++] = units[unit];
	buf[len] = '\0';
	return len;
}

size_t age_text(uint64_t ms, char *buf)
{
	static const struct {
		uint64_t	seconds;
		char		unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0, len;

	while (i < 3 && ms / 1000 < units[i].seconds)
		i++;
	len = put_number(buf, ms / 1000 / units[i].seconds);
	buf[len++] = units[i].unit;
	buf[len] = '\0';
	return len;
}

size_t rate_text(double rate, bool bytes, char *buf)
{
	size_t len;

	if (!bytes)
		rate *= 8;
	if (rate < 0.5) {
		strcpy(buf, "-");
		return 1;
	}
	len = scaled_text(rate, buf);
	strcpy(buf + len, bytes ? "B/s" : "b/s");
	return len + 3;
}
