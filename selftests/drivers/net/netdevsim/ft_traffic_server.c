// SPDX-License-Identifier: GPL-2.0
/* Echo servers, and many flows at once: see ft_traffic.c. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ft_traffic.h"

#define BURST_WINDOW	16
#define SERVER_BUF	65536
#define SERVER_PEERS	256

/* Servers */

struct conn {
	int fd;
	bool eof;
	size_t len;
	char data[SERVER_BUF];
};

static void serve_udp(int fd)
{
	static char buf[SERVER_BUF];
	static struct sockaddr_storage peers[SERVER_PEERS];
	struct sockaddr_storage ss;
	unsigned int i, n = 0;
	socklen_t len;
	ssize_t got;

	set_int(fd, SOL_SOCKET, SO_RCVBUF, 4 << 20);
	for (;;) {
		memset(&ss, 0, sizeof(ss));
		len = sizeof(ss);
		got = recvfrom(fd, buf, sizeof(buf), 0, (void *)&ss, &len);
		if (got < 0)
			continue;
		for (i = 0; i < n && i < SERVER_PEERS; i++)
			if (!memcmp(&peers[i], &ss, sizeof(ss)))
				break;
		if (i == n || i == SERVER_PEERS) {
			peers[n++ % SERVER_PEERS] = ss;
			answer("peer %s", name_of(&ss, len));
		}
		if (sendto(fd, buf, got, 0, (void *)&ss, len) != got)
			fprintf(stderr, "ft_traffic: reply of %zd bytes: %s\n",
				got, strerror(errno));
	}
}

static void conn_end(struct conn *c)
{
	close(c->fd);
	free(c);
}

static void conn_serve(int ep, struct conn *c, uint32_t events)
{
	struct epoll_event ev = { .data.ptr = c };
	ssize_t n;

	if (events & EPOLLERR) {
		conn_end(c);
		return;
	}
	if (!c->eof && c->len < sizeof(c->data)) {
		n = read(c->fd, c->data + c->len, sizeof(c->data) - c->len);
		if (n < 0 && errno != EAGAIN) {
			conn_end(c);
			return;
		}
		if (!n)
			c->eof = true;
		if (n > 0)
			c->len += n;
	}
	if (c->len) {
		n = send(c->fd, c->data, c->len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN) {
			conn_end(c);
			return;
		}
		if (n > 0) {
			memmove(c->data, c->data + n, c->len - n);
			c->len -= n;
		}
	}
	if (c->eof && !c->len) {
		conn_end(c);
		return;
	}
	if (!c->eof && c->len < sizeof(c->data))
		ev.events |= EPOLLIN;
	if (c->len)
		ev.events |= EPOLLOUT;
	epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &ev);
}

static void conn_accept(int ep, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct conn *c;
	int conn;

	conn = accept4(fd, (void *)&ss, &len, SOCK_NONBLOCK);
	if (conn < 0)
		return;
	c = calloc(1, sizeof(*c));
	if (!c)
		die("out of memory");
	c->fd = conn;
	set_int(conn, IPPROTO_TCP, TCP_NODELAY, 1);
	ev.data.ptr = c;
	epoll_ctl(ep, EPOLL_CTL_ADD, conn, &ev);
	answer("peer %s", name_of(&ss, len));
}

static void serve_tcp(int fd)
{
	struct epoll_event ev = { .events = EPOLLIN }, evs[64];
	int ep, i, n;

	ep = epoll_create1(0);
	if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev))
		die("epoll: %s", strerror(errno));
	for (;;) {
		n = epoll_wait(ep, evs, 64, -1);
		for (i = 0; i < n; i++) {
			if (evs[i].data.ptr)
				conn_serve(ep, evs[i].data.ptr, evs[i].events);
			else
				conn_accept(ep, fd);
		}
	}
}

void server(bool tcp, const char *addr, const char *port)
{
	struct sockaddr_storage ss;
	socklen_t len;
	int fd;

	parse_addr(addr, port, tcp, &ss, &len);
	fd = new_socket(&ss, tcp);
	if (bind(fd, (void *)&ss, len))
		die("bind to %s port %s: %s", addr, port, strerror(errno));
	if (tcp && listen(fd, 1024))
		die("listen: %s", strerror(errno));
	answer("ready");
	if (tcp)
		serve_tcp(fd);
	else
		serve_udp(fd);
}

/* Burst */

/* A packet to each socket's peer, and the answers, of which so many at most are
 * under way that no queue runs over. Returns what went wrong.
 */
static const char *burst_round(const struct pollfd *pfd, unsigned int n)
{
	unsigned int sent = 0, i;
	struct pollfd one;
	char byte = 'x';

	for (i = 0; i < n; i++) {
		for (; sent < n && sent < i + BURST_WINDOW; sent++)
			if (send(pfd[sent].fd, &byte, 1, 0) != 1)
				return "cannot send";
		one = pfd[i];
		if (poll(&one, 1, TIMEOUT_MS) != 1)
			return "no answer";
		if (recv(one.fd, &byte, 1, 0) != 1)
			return "the answer is an error";
	}
	return NULL;
}

int burst(const char *addr, const char *port, const char *count)
{
	struct sockaddr_storage ss;
	struct rlimit files;
	struct pollfd *pfd;
	const char *bad;
	socklen_t len;
	unsigned int i;
	char *end;
	long n;

	n = strtol(count, &end, 0);
	if (*end || end == count || n < 1 || n > 60000)
		die("'%s' is no number in 1..60000", count);
	files.rlim_cur = n + 16;
	files.rlim_max = n + 16;
	if (setrlimit(RLIMIT_NOFILE, &files))
		die("%ld files: %s", n, strerror(errno));
	pfd = calloc(n, sizeof(*pfd));
	if (!pfd)
		die("no memory");
	parse_addr(addr, port, false, &ss, &len);
	for (i = 0; i < n; i++) {
		pfd[i].fd = new_socket(&ss, false);
		pfd[i].events = POLLIN;
		if (connect(pfd[i].fd, (void *)&ss, len))
			die("connect to %s: %s", addr, strerror(errno));
	}
	bad = burst_round(pfd, n) ?: burst_round(pfd, n);
	if (bad)
		die("%s", bad);
	answer("ok %ld flows", n);
	free(pfd);
	return 0;
}
