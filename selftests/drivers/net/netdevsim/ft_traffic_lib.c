// SPDX-License-Identifier: GPL-2.0
/* What client, servers and burst of ft_traffic share. */

#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ft_traffic.h"

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("ft_traffic: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

void answer(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	putchar('\n');
	fflush(stdout);
	va_end(ap);
}

long long now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

/* No two bytes near each other, and no two packets, look the same */
void fill(char *to, uint64_t pos, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = ((pos + i + 1) * 0x9e3779b97f4a7c15ULL) >> 56;
}

void parse_addr(const char *addr, const char *port, bool tcp,
		struct sockaddr_storage *ss, socklen_t *len)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = tcp ? SOCK_STREAM : SOCK_DGRAM,
	};
	struct addrinfo *ai;
	int err;

	err = getaddrinfo(addr, port, &hints, &ai);
	if (err)
		die("address %s port %s: %s", addr, port, gai_strerror(err));
	memcpy(ss, ai->ai_addr, ai->ai_addrlen);
	*len = ai->ai_addrlen;
	freeaddrinfo(ai);
}

const char *name_of(const struct sockaddr_storage *ss, socklen_t len)
{
	char addr[INET6_ADDRSTRLEN], port[8];
	static char text[64];

	if (getnameinfo((const void *)ss, len, addr, sizeof(addr), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV))
		return "? ?";
	snprintf(text, sizeof(text), "%s %s", addr, port);
	return text;
}

int set_int(int fd, int level, int name, int val)
{
	return setsockopt(fd, level, name, &val, sizeof(val));
}

int new_socket(const struct sockaddr_storage *ss, bool tcp)
{
	int fd;

	fd = socket(ss->ss_family, tcp ? SOCK_STREAM : SOCK_DGRAM, 0);
	if (fd < 0)
		die("socket: %s", strerror(errno));
	if (ss->ss_family == AF_INET6)
		set_int(fd, SOL_IPV6, IPV6_V6ONLY, 1);
	if (tcp) {
		/* UDP sockets would be given the ports of others */
		set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
		set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	} else if (ss->ss_family == AF_INET6) {
		set_int(fd, IPPROTO_UDP, UDP_NO_CHECK6_RX, 1);
	}
	return fd;
}
