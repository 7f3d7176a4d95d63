// SPDX-License-Identifier: GPL-2.0-or-later
/* Where messages go: UDP, TCP or a file. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include "collector.h"
#include "input.h"

#define MAX_WAITING	(1024 * 1024)	/* bytes for a TCP connection that takes no more */
#define FIRST_DELAY	1000		/* milliseconds from one connection to the next try */
#define MAX_DELAY	60000
#define AGAIN		100		/* milliseconds: when to look at a slow connection */
#define CONNECT_TIME	3000		/* milliseconds that the start waits for a connection */
#define CLOSE_TIME	5000		/* and the end for what is not sent yet */
#define DEAD_TIME	30000		/* milliseconds without an acknowledgment */

/* A message for a TCP connection */
struct waiting {
	struct waiting	*next;
	size_t		len, sent;
	uint32_t	records;
	char		data[];
};

enum state { DOWN, CONNECTING, UP };

struct collector {
	enum collector_kind	kind;
	const char		*name;
	int			fd;
	bool			ignores;	/* SIGPIPE */
	void			(*old_pipe)(int);	/* what it did before */
	enum state		state;
	struct addrinfo		*found, *addr;	/* all of them, and the one that is used */
	bool			begins, missed;
	bool			told;		/* that it is not there */
	uint64_t		now, next_try, delay;
	struct waiting		*first, **last;
	size_t			bytes;		/* that wait */
	uint32_t		before;		/* records of the last datagram */
	uint64_t		lost;
};

static int resolve(struct collector *collector, const char *host, uint16_t port,
		   const char **why)
{
	struct addrinfo hints = {
		.ai_socktype = collector->kind == COLLECTOR_TCP ? SOCK_STREAM : SOCK_DGRAM,
		.ai_flags = AI_NUMERICSERV,
	};
	char service[8];
	int ret;

	snprintf(service, sizeof(service), "%u", port);
	ret = getaddrinfo(host, service, &hints, &collector->found);
	if (ret) {
		*why = gai_strerror(ret);
		return -1;
	}
	collector->addr = collector->found;
	return 0;
}

static void not_there(struct collector *collector, int err)
{
	if (!collector->told)
		fprintf(stderr, "# collector %s: %s\n", collector->name, strerror(err));
	collector->told = true;
}

static void drop_waiting(struct collector *collector)
{
	struct waiting *next;

	for (; collector->first; collector->first = next) {
		next = collector->first->next;
		collector->lost += collector->first->records;
		free(collector->first);
	}
	collector->last = &collector->first;
	collector->bytes = 0;
}

/* The next try comes later each time, and goes to the next address of the host */
static void disconnect(struct collector *collector, int err)
{
	not_there(collector, err);
	if (collector->fd >= 0)
		close(collector->fd);
	collector->fd = -1;
	collector->state = DOWN;
	collector->addr = collector->addr->ai_next;
	if (!collector->addr)
		collector->addr = collector->found;
	drop_waiting(collector);
	collector->next_try = collector->now + collector->delay;
	collector->delay *= 2;
	if (collector->delay > MAX_DELAY)
		collector->delay = MAX_DELAY;
}

/* Templates may wait for the connection, too */
static void start_connection(struct collector *collector)
{
	unsigned int dead = DEAD_TIME;

	collector->fd = socket(collector->addr->ai_family,
			       SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (collector->fd < 0) {
		disconnect(collector, errno);
		return;
	}
	setsockopt(collector->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead, sizeof(dead));
	if (connect(collector->fd, collector->addr->ai_addr, collector->addr->ai_addrlen) &&
	    errno != EINPROGRESS) {
		disconnect(collector, errno);
		return;
	}
	collector->state = CONNECTING;
	collector->begins = true;
}

static bool is_ready(int fd, short events, int ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };

	return poll(&poll_fd, 1, ms) > 0;
}

static void check_connection(struct collector *collector, int ms)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (!is_ready(collector->fd, POLLOUT, ms))
		return;
	getsockopt(collector->fd, SOL_SOCKET, SO_ERROR, &err, &len);
	if (err) {
		disconnect(collector, err);
		return;
	}
	if (collector->told)
		fprintf(stderr, "# collector %s: connected\n", collector->name);
	collector->told = false;
	collector->state = UP;
	collector->delay = FIRST_DELAY;
}

/* A collector has nothing to say: what comes is its end */
static bool has_ended(struct collector *collector)
{
	char buf[256];
	ssize_t len;

	do {
		len = recv(collector->fd, buf, sizeof(buf), MSG_DONTWAIT);
	} while (len > 0);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	disconnect(collector, len ? errno : ECONNRESET);
	return true;
}

static void send_waiting(struct collector *collector)
{
	struct waiting *first;
	ssize_t len;

	while ((first = collector->first)) {
		len = send(collector->fd, first->data + first->sent, first->len - first->sent,
			   MSG_NOSIGNAL | MSG_DONTWAIT);
		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (len < 0) {
			disconnect(collector, errno);
			return;
		}
		first->sent += len;
		collector->bytes -= len;
		if (first->sent < first->len)
			return;
		collector->first = first->next;
		if (!collector->first)
			collector->last = &collector->first;
		free(first);
	}
}

static void refused(struct collector *collector, int err)
{
	not_there(collector, err);
	collector->lost += collector->before;
	collector->before = 0;
	collector->missed = true;
}

/* A host refuses a datagram after it was sent. Templates have to be sent again then, before
 * anything else.
 */
static void hear_refusal(struct collector *collector)
{
	socklen_t len = sizeof(int);
	int err = 0;

	getsockopt(collector->fd, SOL_SOCKET, SO_ERROR, &err, &len);
	if (err)
		refused(collector, err);
}

void collector_work(struct collector *collector, uint64_t now)
{
	collector->now = now;
	if (collector->kind == COLLECTOR_UDP)
		hear_refusal(collector);
	if (collector->kind != COLLECTOR_TCP)
		return;
	if (collector->state == DOWN && now >= collector->next_try)
		start_connection(collector);
	if (collector->state == CONNECTING)
		check_connection(collector, 0);
	if (collector->state == UP && !has_ended(collector))
		send_waiting(collector);
}

bool collector_begins(struct collector *collector)
{
	bool ret = collector->begins;

	collector->begins = false;
	return ret;
}

bool collector_missed(struct collector *collector)
{
	bool ret = collector->missed;

	collector->missed = false;
	return ret;
}

static void queue(struct collector *collector, const void *msg, size_t len, uint32_t records)
{
	struct waiting *waiting;

	if (collector->state == DOWN || collector->bytes + len > MAX_WAITING) {
		collector->lost += records;
		return;
	}
	waiting = xalloc(sizeof(*waiting) + len);
	waiting->len = len;
	waiting->records = records;
	memcpy(waiting->data, msg, len);
	*collector->last = waiting;
	collector->last = &waiting->next;
	collector->bytes += len;
	if (collector->state == UP)
		send_waiting(collector);
}

static void send_datagram(struct collector *collector, const void *msg, size_t len,
			  uint32_t records)
{
	hear_refusal(collector);
	if (send(collector->fd, msg, len, MSG_NOSIGNAL) >= 0) {
		collector->before = records;
		return;
	}
	collector->lost += records;
	refused(collector, errno);
}

static int write_all(int fd, const char *data, size_t len)
{
	ssize_t ret;

	for (; len; data += ret, len -= ret) {
		ret = write(fd, data, len);
		if (ret < 0 && errno == EINTR)
			ret = 0;
		if (ret < 0)
			return -1;
	}
	return 0;
}

int collector_send(struct collector *collector, const void *msg, size_t len, uint32_t records)
{
	switch (collector->kind) {
	case COLLECTOR_FILE:
		return write_all(collector->fd, msg, len);
	case COLLECTOR_UDP:
		send_datagram(collector, msg, len, records);
		return 0;
	default:
		queue(collector, msg, len, records);
		return 0;
	}
}

int64_t collector_wait(const struct collector *collector, uint64_t now)
{
	if (collector->kind != COLLECTOR_TCP)
		return -1;
	if (collector->state == DOWN)
		return collector->next_try > now ? collector->next_try - now : 0;
	return collector->state == CONNECTING || collector->first ? AGAIN : -1;
}

static int open_udp(struct collector *collector)
{
	collector->fd = socket(collector->addr->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (collector->fd < 0)
		return -1;
	return connect(collector->fd, collector->addr->ai_addr, collector->addr->ai_addrlen);
}

/* A FIFO that nobody reads is an error, and does not wait */
static int open_file(struct collector *collector, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0666);

	collector->fd = fd;
	if (fd < 0)
		return -1;
	collector->old_pipe = signal(SIGPIPE, SIG_IGN);
	collector->ignores = true;
	return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}

static int open_kind(struct collector *collector, const char *target, uint16_t port,
		     const char **why)
{
	int ret = 0;

	if (collector->kind == COLLECTOR_FILE) {
		ret = open_file(collector, target);
	} else if (resolve(collector, target, port, why) < 0) {
		return -1;
	} else if (collector->kind == COLLECTOR_UDP) {
		ret = open_udp(collector);
	} else {
		start_connection(collector);
		if (collector->state == CONNECTING)
			check_connection(collector, CONNECT_TIME);
		return 0;
	}
	if (ret < 0)
		*why = strerror(errno);
	collector->begins = true;
	return ret < 0 ? -1 : 0;
}

struct collector *collector_open(enum collector_kind kind, const char *name, const char *target,
				 uint16_t port, uint64_t now, const char **why)
{
	struct collector *collector = xalloc(sizeof(*collector));

	collector->kind = kind;
	collector->name = name;
	collector->fd = -1;
	collector->now = now;
	collector->delay = FIRST_DELAY;
	collector->last = &collector->first;
	if (open_kind(collector, target, port, why) == 0)
		return collector;
	collector_free(collector);
	return NULL;
}

/* Time of its own, as the program does nothing else any more */
static void finish_connection(struct collector *collector)
{
	int left;

	for (left = CLOSE_TIME; left > 0 && collector->fd >= 0;) {
		if (collector->state == UP && !collector->first)
			break;
		if (is_ready(collector->fd, POLLOUT, AGAIN))
			collector_work(collector, collector->now);
		else
			left -= AGAIN;
	}
	drop_waiting(collector);
}

/* The last datagram may be refused, too */
static void finish_udp(struct collector *collector)
{
	is_ready(collector->fd, 0, AGAIN);
	hear_refusal(collector);
}

int collector_close(struct collector *collector)
{
	int ret = 0;

	if (collector->kind == COLLECTOR_TCP)
		finish_connection(collector);
	if (collector->kind == COLLECTOR_UDP)
		finish_udp(collector);
	if (collector->fd >= 0)
		ret = close(collector->fd);
	collector->fd = -1;
	return collector->kind == COLLECTOR_FILE ? ret : 0;
}

uint64_t collector_lost(const struct collector *collector)
{
	return collector->lost;
}

void collector_free(struct collector *collector)
{
	drop_waiting(collector);
	if (collector->fd >= 0)
		close(collector->fd);
	if (collector->found)
		freeaddrinfo(collector->found);
	if (collector->ignores)
		signal(SIGPIPE, collector->old_pipe);
	free(collector);
}
