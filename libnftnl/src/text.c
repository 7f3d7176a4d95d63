// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Objects as one line of text.
 */
#include <ctype.h>
#include <netinet/in.h>
#include "internal.h"

int nftnl_text_begin(struct nftnl_text *t, char *buf, size_t size,
		     uint32_t type, uint32_t flags)
{
	t->buf = buf;
	t->size = size;
	t->len = 0;
	if (size)
		buf[0] = '\0';
	if (type != NFTNL_OFFLOAD_OUTPUT_DEFAULT || flags) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return 0;
}

int nftnl_text_end(const struct nftnl_text *t)
{
	if (t->len > INT32_MAX) {
		errno = EOVERFLOW;
		return -1;
	}
	return t->len;
}

static void text(struct nftnl_text *t, const char *fmt, va_list ap)
{
	size_t room = t->len < t->size ? t->size - t->len : 0;
	int len;

	len = vsnprintf(room ? t->buf + t->len : NULL, room, fmt, ap);
	if (len > 0)
		t->len += len;
}

void nftnl_text(struct nftnl_text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text(t, fmt, ap);
	va_end(ap);
}

/* A space, unless it is the first word */
void nftnl_text_sep(struct nftnl_text *t)
{
	if (t->len)
		nftnl_text(t, " ");
}

void nftnl_text_word(struct nftnl_text *t, const char *fmt, ...)
{
	va_list ap;

	nftnl_text_sep(t);
	va_start(ap, fmt);
	text(t, fmt, ap);
	va_end(ap);
}

/* Names are what someone chose: nothing of them may steer a terminal. */
void nftnl_text_str(struct nftnl_text *t, const char *str)
{
	for (; *str; str++)
		nftnl_text(t, "%c", isascii((unsigned char)*str) &&
			   isprint((unsigned char)*str) ? *str : '?');
}

/* @bracket: around IPv6 addresses, as a port follows */
void nftnl_text_addr(struct nftnl_text *t, const void *addr, uint32_t len,
		     bool bracket)
{
	int family = len == 4 ? AF_INET : AF_INET6;
	char str[INET6_ADDRSTRLEN];

	if (!addr || !inet_ntop(family, addr, str, sizeof(str)))
		nftnl_text(t, "?");
	else if (family == AF_INET6 && bracket)
		nftnl_text(t, "[%s]", str);
	else
		nftnl_text(t, "%s", str);
}

void nftnl_text_proto(struct nftnl_text *t, uint8_t l4proto)
{
	switch (l4proto) {
	case IPPROTO_TCP:
		nftnl_text(t, "tcp");
		break;
	case IPPROTO_UDP:
		nftnl_text(t, "udp");
		break;
	case IPPROTO_GRE:
		nftnl_text(t, "gre");
		break;
	default:
		nftnl_text(t, "proto %u", l4proto);
	}
}

void nftnl_text_family(struct nftnl_text *t, uint8_t family)
{
	switch (family) {
	case NFPROTO_INET:
		nftnl_text(t, "inet");
		break;
	case NFPROTO_IPV4:
		nftnl_text(t, "ip");
		break;
	case NFPROTO_IPV6:
		nftnl_text(t, "ip6");
		break;
	case NFPROTO_NETDEV:
		nftnl_text(t, "netdev");
		break;
	case NFPROTO_BRIDGE:
		nftnl_text(t, "bridge");
		break;
	default:
		nftnl_text(t, "family %u", family);
	}
}

void nftnl_text_device(struct nftnl_text *t, const struct nftnl_offload_device *dev)
{
	nftnl_text_str(t, dev->name);
	nftnl_text(t, " (%u)", dev->ifindex);
	if (dev->err)
		nftnl_text(t, " errno %u", dev->err);
}
