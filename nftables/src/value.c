// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as nft writes them: addresses, ports, marks. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include "names.h"
#include "value.h"

#define VALUE_SIZE	256

int number_parse(const char *text, uint64_t max, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	*number = strtoull(text, &end, strncasecmp(text, "0x", 2) ? 10 : 16);
	if (*end || errno || *number > max)
		return -1;
	return 0;
}

static int unexpected(const struct location *loc, const char *text, const char *what)
{
	error_at(loc, "syntax error, unexpected %s, expecting %s", text, what);
	return -1;
}

/* Cuts @text in two at the first @c: the second half, or NULL */
static char *split(char *text, char c)
{
	char *p = strchr(text, c);

	if (p)
		*p++ = '\0';
	return p;
}

static void prefix_range(struct addr_range *range, unsigned int bits)
{
	unsigned int i;

	memcpy(range->to, range->from, sizeof(range->to));
	for (i = bits; i < range->len * 8; i++) {
		range->from[i / 8] &= ~(0x80 >> i % 8);
		range->to[i / 8] |= 0x80 >> i % 8;
	}
}

int addr_range_parse(const struct location *loc, int l3proto, const char *text,
		     struct addr_range *range)
{
	const char *what = l3proto == NFPROTO_IPV4 ? "an IPv4 address, prefix or range" :
						     "an IPv6 address, prefix or range";
	int family = l3proto == NFPROTO_IPV4 ? AF_INET : AF_INET6;
	char buf[VALUE_SIZE], *prefix, *to;
	uint64_t bits;

	memset(range, 0, sizeof(*range));
	range->len = family == AF_INET ? 4 : 16;
	bits = range->len * 8;
	if (strlen(text) >= sizeof(buf))
		return unexpected(loc, text, what);
	strcpy(buf, text);
	prefix = split(buf, '/');
	to = prefix ? NULL : split(buf, '-');

	if (inet_pton(family, buf, range->from) != 1 ||
	    (to && inet_pton(family, to, range->to) != 1))
		return unexpected(loc, text, what);
	if (to) {
		if (memcmp(range->from, range->to, range->len) > 0) {
			error_at(loc, "Range has zero or negative size");
			return -1;
		}
		return 0;
	}
	if (prefix && number_parse(prefix, bits, &bits) < 0) {
		error_at(loc, "Prefix length has to be 0 to %u", range->len * 8);
		return -1;
	}
	prefix_range(range, bits);
	return 0;
}

static int port_parse(const struct location *loc, int l4proto, const char *text, uint16_t *port)
{
	uint64_t number;
	int service;

	if (number_parse(text, 65535, &number) == 0) {
		*port = number;
		return 0;
	}
	if (isdigit((unsigned char)*text)) {
		error_at(loc, "Service out of range");
		return -1;
	}
	service = service_number(text, l4proto);
	if (service < 0) {
		error_at(loc, "Could not resolve service %s", text);
		return -1;
	}
	*port = service;
	return 0;
}

int port_range_parse(const struct location *loc, int l4proto, const char *text,
		     struct port_range *range)
{
	char buf[VALUE_SIZE], *to = NULL;

	if (strlen(text) >= sizeof(buf))
		return unexpected(loc, text, "a port, service or range");
	strcpy(buf, text);
	/* names of services may have a dash */
	if (isdigit((unsigned char)*buf) || service_number(buf, l4proto) < 0)
		to = split(buf, '-');
	if (to && !isdigit((unsigned char)*buf) && service_number(buf, l4proto) < 0) {
		error_at(loc, "Could not resolve service %s", text);
		return -1;
	}
	if (port_parse(loc, l4proto, buf, &range->from) < 0)
		return -1;
	range->to = range->from;
	if (to && port_parse(loc, l4proto, to, &range->to) < 0)
		return -1;
	if (range->from > range->to) {
		error_at(loc, "Range has zero or negative size");
		return -1;
	}
	return 0;
}

int mark_parse(const struct location *loc, const char *text, uint32_t *mark, uint32_t *mask)
{
	char buf[VALUE_SIZE], *second;
	uint64_t number, bits = UINT32_MAX;

	if (strlen(text) >= sizeof(buf))
		return unexpected(loc, text, "a mark, or MARK/MASK");
	strcpy(buf, text);
	second = split(buf, '/');
	if (number_parse(buf, UINT32_MAX, &number) < 0 ||
	    (second && number_parse(second, UINT32_MAX, &bits) < 0))
		return unexpected(loc, text, "a mark, or MARK/MASK");
	if (number & ~bits) {
		error_at(loc, "No mark can match: the value has bits that are not in the mask");
		return -1;
	}
	*mark = number;
	*mask = bits;
	return 0;
}

int endpoint_parse(const struct location *loc, int l4proto, const char *text,
		   uint8_t *addr, uint16_t *port)
{
	const char *what = l4proto == IPPROTO_GRE ? "ADDRESS" : "ADDRESS:PORT or [ADDRESS]:PORT";
	char buf[VALUE_SIZE], *host = buf, *end = NULL, *service = NULL;
	bool brackets = *text == '[';

	if (strlen(text) >= sizeof(buf))
		return unexpected(loc, text, what);
	strcpy(buf, text);
	if (brackets) {
		host++;
		end = split(host, ']');
		if (!end || (*end && *end != ':'))
			return unexpected(loc, text, what);
		service = *end ? end + 1 : NULL;
	} else if (l4proto != IPPROTO_GRE) {
		service = split(host, ':');
	}
	if ((l4proto == IPPROTO_GRE) != !service || (service && strchr(service, ':')))
		return unexpected(loc, text, what);
	if (service && port_parse(loc, l4proto, service, port) < 0)
		return -1;
	if (!brackets && inet_pton(AF_INET, host, addr) == 1)
		return NFPROTO_IPV4;
	if ((brackets || l4proto == IPPROTO_GRE) && inet_pton(AF_INET6, host, addr) == 1)
		return NFPROTO_IPV6;
	return unexpected(loc, text, what);
}

int host_port_parse(const struct location *loc, int l4proto, const char *text, char *host,
		    uint16_t *port)
{
	const char *what = "HOST:PORT or [ADDRESS]:PORT";
	char *service, *end;

	strcpy(host, text);
	if (*text == '[') {
		end = strchr(host, ']');
		if (!end || end[1] != ':')
			return unexpected(loc, text, what);
		service = end + 2;
		*end = '\0';
		memmove(host, host + 1, strlen(host + 1) + 1);
	} else {
		service = split(host, ':');
	}
	if (!*host || !service || !*service || strchr(service, ':'))
		return unexpected(loc, text, what);
	if (port_parse(loc, l4proto, service, port) < 0)
		return -1;
	if (*port)
		return 0;
	error_at(loc, "Service out of range");
	return -1;
}
