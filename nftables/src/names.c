// SPDX-License-Identifier: GPL-2.0-or-later
/* Names for numbers, and the other way round. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include "host.h"
#include "input.h"
#include "names.h"

struct number {
	const char	*name;
	int		number;
};

static const struct number families[] = {
	{ "ip", NFPROTO_IPV4 }, { "ip6", NFPROTO_IPV6 }, { "inet", NFPROTO_INET },
	{ "bridge", NFPROTO_BRIDGE }, { "netdev", NFPROTO_NETDEV },
	{ NULL, 0 },
};

static const struct number l4protos[] = {
	{ "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP }, { "gre", IPPROTO_GRE },
	{ NULL, 0 },
};

/* What drivers return, and some more */
#define E(name) { #name, name }
static const struct number errnos[] = {
	E(EPERM), E(ENOENT), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(EAGAIN), E(ENOMEM),
	E(EACCES), E(EFAULT), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV), E(EINVAL),
	E(ENFILE), E(EMFILE), E(EFBIG), E(ENOSPC), E(EROFS), E(EDOM), E(ERANGE), E(EDEADLK),
	E(ENAMETOOLONG), E(ENOSYS), E(ENOTEMPTY), E(ENODATA), E(ETIME), E(EPROTO),
	E(EBADMSG), E(EOVERFLOW), E(EILSEQ), E(EMSGSIZE), E(ENOPROTOOPT),
	E(EPROTONOSUPPORT), E(EOPNOTSUPP), E(EPFNOSUPPORT), E(EAFNOSUPPORT),
	E(EADDRINUSE), E(EADDRNOTAVAIL), E(ENETDOWN), E(ENETUNREACH), E(ECONNRESET),
	E(ENOBUFS), E(ETIMEDOUT), E(ECONNREFUSED), E(EHOSTDOWN), E(EHOSTUNREACH),
	E(EALREADY), E(EINPROGRESS), E(EREMOTEIO), E(ECANCELED),
	{ NULL, 0 },
};

static const char *find_name(const struct number *table, uint32_t number, char *buf)
{
	for (; table->name; table++)
		if ((uint32_t)table->number == number)
			return table->name;
	snprintf(buf, NAME_SIZE, "%u", number);
	return buf;
}

static int find_number(const struct number *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return table->number;
	return -1;
}

const char *family_name(uint8_t family, char *buf)
{
	return find_name(families, family, buf);
}

int family_number(const char *name)
{
	return find_number(families, name);
}

const char *l4proto_name(uint8_t l4proto, char *buf)
{
	return find_name(l4protos, l4proto, buf);
}

int l4proto_number(const char *name)
{
	return find_number(l4protos, name);
}

const char *errno_name(uint32_t err, char *buf)
{
	return find_name(errnos, err, buf);
}

const char *dscp_name(uint8_t dscp, char *buf)
{
	unsigned int class = dscp >> 3, drop = dscp >> 1 & 3;

	if (dscp == 0x2e)
		return "ef";
	if (!(dscp & 7) && class < 8)
		snprintf(buf, NAME_SIZE, "cs%u", class);
	else if (!(dscp & 1) && drop && class >= 1 && class <= 4)
		snprintf(buf, NAME_SIZE, "af%u%u", class, drop);
	else
		snprintf(buf, NAME_SIZE, "0x%02x", dscp);
	return buf;
}

struct service {
	struct service	*next;
	uint16_t	port;
	uint8_t		l4proto;
	char		name[];
};

#define SERVICE_SLOTS	1024

static struct service **services_read(void)
{
	static struct service *slots[SERVICE_SLOTS];
	static bool done;
	struct service *new, **slot;
	struct servent *entry;
	int l4proto;

	if (done)
		return slots;
	done = true;
	setservent(1);
	while ((entry = getservent())) {
		l4proto = l4proto_number(entry->s_proto);
		if (l4proto < 0)
			continue;
		new = xalloc(sizeof(*new) + strlen(entry->s_name) + 1);
		new->port = ntohs(entry->s_port);
		new->l4proto = l4proto;
		memcpy(new->name, entry->s_name, strlen(entry->s_name));
		/* the first name of a port is the one */
		for (slot = &slots[new->port % SERVICE_SLOTS]; *slot; slot = &(*slot)->next)
			;
		*slot = new;
	}
	endservent();
	return slots;
}

const char *service_name(uint8_t l4proto, uint16_t port)
{
	const struct service *service = services_read()[port % SERVICE_SLOTS];

	for (; service; service = service->next)
		if (service->port == port && service->l4proto == l4proto)
			return service->name;
	return NULL;
}

int service_number(const char *name, int l4proto)
{
	char buf[NAME_SIZE];
	const struct servent *entry;

	entry = getservbyname(name, l4proto < 0 ? NULL : l4proto_name(l4proto, buf));
	return entry ? ntohs(entry->s_port) : -1;
}

#define DEVICE_SLOTS	256

static struct {
	uint32_t	ifindex;
	char		name[IFNAMSIZ];
} devices[DEVICE_SLOTS];

void device_names_forget(void)
{
	memset(devices, 0, sizeof(devices));
}

const char *device_name(uint32_t ifindex)
{
	static char numbers[2][NAME_SIZE];
	static unsigned int turn;
	unsigned int slot = ifindex % DEVICE_SLOTS;
	char name[IFNAMSIZ];

	if (devices[slot].ifindex == ifindex && ifindex)
		return devices[slot].name;
	if (ifindex && host.device_name(ifindex, name)) {
		devices[slot].ifindex = ifindex;
		memcpy(devices[slot].name, name, IFNAMSIZ);
		return devices[slot].name;
	}
	turn = !turn;
	snprintf(numbers[turn], NAME_SIZE, "%u", ifindex);
	return numbers[turn];
}

const char *addr_str(const void *addr, uint32_t len, char *buf)
{
	if (!addr || !inet_ntop(len == 4 ? AF_INET : AF_INET6, addr, buf, INET6_ADDRSTRLEN))
		strcpy(buf, "?");
	return buf;
}

unsigned int utf8_len(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t code, lowest;
	unsigned int len, i;

	if (p[0] < 0x80)
		return p[0] ? 1 : 0;
	if (p[0] >= 0xf0 && p[0] < 0xf8) {
		len = 4;
		lowest = 0x10000;
	} else if (p[0] >= 0xe0) {
		len = 3;
		lowest = 0x800;
	} else {
		len = 2;
		lowest = 0x80;
	}
	if (p[0] < 0xc0 || p[0] >= 0xf8)
		return 0;
	code = p[0] & (0xff >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < lowest || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return len;
}
