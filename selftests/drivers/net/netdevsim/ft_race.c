// SPDX-License-Identifier: GPL-2.0
/*
 * Who asks nft_offload at a bad moment:
 *
 *	ft_race ask
 *
 * reads commands from stdin, one a line, and answers each with one line, "ok ..." or
 * "error: ...":
 *
 *	dump flows|tables	begin a dump, and read nothing of it
 *	part			read as much as one message of the kernel has:
 *				"ok N", N flows or flowtables
 *	rest			read on to the end: "ok N ipv4 N ipv6 N last N wrong N
 *				changed N end ERRNO": all that this dump told, flows of
 *				IPv4 and of IPv6, number of the last flow, flows that
 *				were told twice or not in the order of their numbers,
 *				messages that say the dump was interrupted, and how it
 *				ended
 *	listen 0|1 ROOM		subscribe to events, with one of two sockets, which
 *				has room for so many bytes (as the system has it: 0)
 *	events 0|1		read the events that are there, until there was none
 *				for 0.3 s: "ok N lost N full N": events, those that
 *				their numbers say are missing in between, and how often
 *				the kernel said that it had no room
 *	quit
 *
 *	ft_race flush all|ipv4|any COUNT PROCESSES [on]
 *
 * ends flows so often: all of them, those of IPv4, or with filters of many kinds; "on":
 * and goes on until SIGTERM.
 * "ok N flows N refused N errno N": flows that were ended, requests that were
 * refused, as they may be while the module goes, and the last of their errors.
 *
 *	ft_race unload SECONDS COUNT
 *
 * unloads nft_offload again and again, for so long and so often, or for 20 s longer:
 * "ok unloaded N busy N"
 *
 * No answer for 20 s is an error.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "ft_genl.h"

#define FLOW_FILTER	2
#define FLOW_ID		3
#define FLOW_L3PROTO	7
#define FLOW_SEQ	20
#define FLOW_COUNT	21
#define FILTER_L3PROTO	4
#define FILTER_SPORT	10
#define FILTER_SPORT_TO	11

#define TIMEOUT_MS	20000
/* of flows as many as the kernel thinks fit, of flowtables some dozens */
#define FLOWS_ROOM	4096
#define TABLES_ROOM	32768

/* What a dump told so far */
struct dump {
	unsigned int room;
	unsigned int told, ipv4, ipv6, wrong, changed;
	uint64_t last;
	bool flows;
	bool ended;
	int end;
};

/* What all processes that flush have in common */
struct flush {
	bool stop;
	unsigned int count;
	uint64_t flows;
	unsigned int refused;
	int error;
};

static void die(const char *what)
{
	printf("error: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned int to_number(const char *text)
{
	char *end;
	long n;

	n = strtol(text, &end, 0);
	if (*end || end == text || n < 0 || n > 1000000000) {
		printf("error: '%s' is no number\n", text);
		exit(2);
	}
	return n;
}

/* Requests */

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	unsigned char attrs[128];
};

/* As numbered when it was asked for last; others when the module was loaded anew */
static struct ft_genl genl;

static void request_start(struct request *r, int cmd, int flags)
{
	static uint32_t seq;

	memset(r, 0, sizeof(*r));
	r->nlh.nlmsg_len = sizeof(r->nlh) + sizeof(r->genl);
	r->nlh.nlmsg_type = genl.family;
	r->genl.cmd = cmd;
	r->genl.version = 1;
	r->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	r->nlh.nlmsg_seq = ++seq;
}

static struct nlattr *request_put(struct request *r, int type, const void *data,
				  unsigned int len)
{
	struct nlattr *nla = (void *)((char *)r + r->nlh.nlmsg_len);

	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((char *)nla + NLA_HDRLEN, data, len);
	r->nlh.nlmsg_len += NLA_ALIGN(nla->nla_len);
	return nla;
}

static void request_put_port(struct request *r, int type, unsigned int port)
{
	uint16_t be = htons(port);

	request_put(r, type, &be, sizeof(be));
}

static int nl_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };

	/* the module may be going just now: whoever asks is told so */
	if (ft_genl_find(&genl) && errno != ENOENT)
		die("nft_offload");
	/* those without an address are not in /proc/net/netlink */
	if (fd < 0 || bind(fd, (void *)&any, sizeof(any)))
		die("socket");
	return fd;
}

static void nl_send(int fd, const struct request *r)
{
	if (send(fd, r, r->nlh.nlmsg_len, 0) != (ssize_t)r->nlh.nlmsg_len)
		die("send");
}

/* One datagram of the kernel; -1 and errno if it is an error, or none comes */
static ssize_t nl_recv(int fd, void *data, size_t room, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int n;

	n = poll(&pfd, 1, ms);
	if (!n)
		errno = ETIME;
	if (n != 1)
		return -1;
	return recv(fd, data, room, MSG_DONTWAIT);
}

/* The attribute of that type, NULL if there is none */
static const void *find_attr(const struct nlmsghdr *nlh, int type)
{
	const char *data = (const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;
	const char *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nlattr *nla;

	for (; data + NLA_HDRLEN <= end; data += NLA_ALIGN(nla->nla_len)) {
		nla = (const void *)data;
		if (nla->nla_len < NLA_HDRLEN || data + nla->nla_len > end)
			break;
		if ((nla->nla_type & NLA_TYPE_MASK) == type)
			return data + NLA_HDRLEN;
	}
	return NULL;
}

static uint64_t get_u64(const void *data)
{
	uint64_t value = 0;

	if (data)
		memcpy(&value, data, sizeof(value));
	return value;
}

/* Dumps */

static void dump_message(struct dump *d, const struct nlmsghdr *nlh)
{
	const uint8_t *l3proto;
	uint64_t id;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		d->changed++;
	if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
		d->ended = true;
		memcpy(&d->end, NLMSG_DATA(nlh), sizeof(d->end));
		return;
	}
	d->told++;
	if (!d->flows)
		return;
	l3proto = find_attr(nlh, FLOW_L3PROTO);
	d->ipv4 += l3proto && *l3proto == AF_INET;
	d->ipv6 += l3proto && *l3proto == AF_INET6;
	id = get_u64(find_attr(nlh, FLOW_ID));
	d->wrong += id <= d->last;
	d->last = id;
}

static bool dump_part(int fd, struct dump *d)
{
	static char data[TABLES_ROOM];
	const struct nlmsghdr *nlh = (void *)data;
	ssize_t len = nl_recv(fd, data, d->room, TIMEOUT_MS);

	if (len < 0) {
		printf("error: recv: %s\n", strerror(errno));
		return false;
	}
	for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len))
		dump_message(d, nlh);
	if (len) {
		printf("error: a message is cut off\n");
		return false;
	}
	return true;
}

static void dump_start(int fd, struct dump *d, bool flows)
{
	struct request r;

	memset(d, 0, sizeof(*d));
	d->flows = flows;
	d->room = flows ? FLOWS_ROOM : TABLES_ROOM;
	request_start(&r, flows ? FLOW_GET : TABLE_GET, NLM_F_DUMP);
	nl_send(fd, &r);
	printf("ok\n");
}

static void dump_rest(int fd, struct dump *d)
{
	while (!d->ended)
		if (!dump_part(fd, d))
			return;
	printf("ok %u ipv4 %u ipv6 %u last %llu wrong %u changed %u end %d\n",
	       d->told, d->ipv4, d->ipv6, (unsigned long long)d->last, d->wrong,
	       d->changed, -d->end);
}

/* Events */

struct listener {
	int fd;
	uint32_t last;	/* number of the last event */
};

static void listen_events(struct listener *l, unsigned int room)
{
	int group, value = room;

	l->fd = nl_open();
	group = genl.group;
	l->last = 0;
	if (room && setsockopt(l->fd, SOL_SOCKET, SO_RCVBUFFORCE, &value,
			       sizeof(value)))
		die("SO_RCVBUFFORCE");
	if (setsockopt(l->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)))
		die("NETLINK_ADD_MEMBERSHIP");
	printf("ok\n");
}

static void read_events(struct listener *l)
{
	unsigned int n = 0, lost = 0, full = 0;
	static char data[65536];
	const struct nlmsghdr *nlh;
	const void *attr;
	uint32_t number;
	ssize_t len;

	for (;;) {
		len = nl_recv(l->fd, data, sizeof(data), 300);
		if (len < 0) {
			if (errno == ETIME)
				break;
			if (errno != ENOBUFS)
				die("recv");
			full++;
			continue;
		}
		for (nlh = (void *)data; NLMSG_OK(nlh, len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			attr = find_attr(nlh, FLOW_SEQ);
			if (!attr) {
				printf("error: event without a number\n");
				return;
			}
			memcpy(&number, attr, sizeof(number));
			if (l->last && (int32_t)(number - l->last) <= 0) {
				printf("error: event %u after %u\n", number,
				       l->last);
				return;
			}
			if (l->last)
				lost += number - l->last - 1;
			l->last = number;
			n++;
		}
	}
	printf("ok %u lost %u full %u\n", n, lost, full);
}

static struct dump dump;
static int dump_fd = -1;

static void dump_close(void)
{
	if (dump_fd >= 0)
		close(dump_fd);
	dump_fd = -1;
}

static bool ask_dump(const char *what, const char *arg)
{
	unsigned int told = dump.told;

	if (!strcmp(what, "dump")) {
		dump_close();
		dump_fd = nl_open();
		dump_start(dump_fd, &dump, !strcmp(arg, "flows"));
	} else if (dump_fd >= 0 && !strcmp(what, "part")) {
		if (dump_part(dump_fd, &dump))
			printf("ok %u\n", dump.told - told);
	} else if (dump_fd >= 0 && !strcmp(what, "rest")) {
		dump_rest(dump_fd, &dump);
		dump_close();
	} else {
		return false;
	}
	return true;
}

static int ask(void)
{
	static struct listener listeners[2] = { { .fd = -1 }, { .fd = -1 } };
	char line[128], what[16], arg[16];
	unsigned int room;
	struct listener *l;

	while (fgets(line, sizeof(line), stdin)) {
		arg[0] = '\0';
		room = 0;
		if (sscanf(line, "%15s %15s %u", what, arg, &room) < 1)
			continue;
		l = &listeners[!strcmp(arg, "1")];
		if (!strcmp(what, "quit"))
			break;
		if (!strcmp(what, "listen") && l->fd < 0)
			listen_events(l, room);
		else if (!strcmp(what, "events") && l->fd >= 0)
			read_events(l);
		else if (!ask_dump(what, arg))
			printf("error: command: %s", line);
	}
	return 0;
}

/* Flushes */

enum which { ALL, IPV4, ANY };

/* The @i-th of many filters: all flows, those of IPv4, those of some ports, one
 * port
 */
static void put_filter(struct request *r, enum which which, unsigned int i)
{
	static const uint8_t ipv4 = AF_INET;
	struct nlattr *nest;
	unsigned int port;

	i = which == ANY ? i % 4 : which;
	if (i == ALL)
		return;
	nest = request_put(r, FLOW_FILTER | NLA_F_NESTED, NULL, 0);
	port = 32768 + rand() % 28000;
	if (i == IPV4)
		request_put(r, FILTER_L3PROTO, &ipv4, sizeof(ipv4));
	else
		request_put_port(r, FILTER_SPORT, port);
	if (i == 2)
		request_put_port(r, FILTER_SPORT_TO, port + 2000);
	nest->nla_len = (char *)r + r->nlh.nlmsg_len - (char *)nest;
}

static void flush_one(int fd, enum which which, unsigned int i,
		      struct flush *all)
{
	const struct nlmsghdr *nlh;
	struct request r;
	char data[8192];
	ssize_t len;
	int error;

	__atomic_fetch_add(&all->count, 1, __ATOMIC_RELAXED);
	request_start(&r, FLOW_DEL, NLM_F_ACK | NLM_F_ECHO);
	put_filter(&r, which, i);
	nl_send(fd, &r);
	for (;;) {
		len = nl_recv(fd, data, sizeof(data), TIMEOUT_MS);
		if (len < 0)
			die("flush: recv");
		for (nlh = (void *)data; NLMSG_OK(nlh, len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_seq != r.nlh.nlmsg_seq)
				continue;
			if (nlh->nlmsg_type != NLMSG_ERROR) {
				__atomic_fetch_add(&all->flows,
						   get_u64(find_attr(nlh, FLOW_COUNT)),
						   __ATOMIC_RELAXED);
				continue;
			}
			memcpy(&error, NLMSG_DATA(nlh), sizeof(error));
			if (error) {
				/* it may have gone, and may come back with others */
				if (error == -ENOENT && ft_genl_find(&genl) &&
				    errno != ENOENT)
					die("nft_offload");
				__atomic_fetch_add(&all->refused, 1,
						   __ATOMIC_RELAXED);
				__atomic_store_n(&all->error, -error,
						 __ATOMIC_RELAXED);
			}
			return;
		}
	}
}

static int flush(enum which which, unsigned int count, unsigned int processes,
		 bool on)
{
	struct flush *all = mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int p, i;
	bool bad = false;
	int status, fd;
	sigset_t term;

	if (all == MAP_FAILED || !processes)
		die("no memory, or no processes");
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	all->stop = !on;
	for (p = 0; p < processes; p++) {
		switch (fork()) {
		case -1:
			die("fork");
		case 0:
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			srand(p);
			fd = nl_open();
			for (i = p; i < count ||
			     !__atomic_load_n(&all->stop, __ATOMIC_RELAXED);
			     i += processes) {
				flush_one(fd, which, i / processes, all);
				usleep(1000); /* others have work to do */
			}
			exit(0);
		}
	}
	if (on)
		sigwait(&term, &status);
	__atomic_store_n(&all->stop, true, __ATOMIC_RELAXED);
	while (wait(&status) > 0)
		bad |= status;
	if (bad)
		return 1;
	printf("ok %u flows %llu refused %u errno %d\n", all->count,
	       (unsigned long long)all->flows, all->refused, all->error);
	return 0;
}

/* Unload */

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static int unload(unsigned int seconds, unsigned int count)
{
	uint64_t end = now_ms() + seconds * 1000ull;
	unsigned int unloaded = 0, busy = 0;

	while (now_ms() < end ||
	       (unloaded < count && now_ms() < end + TIMEOUT_MS)) {
		if (!syscall(SYS_delete_module, "nft_offload", O_NONBLOCK))
			unloaded++;
		else if (errno == EAGAIN || errno == EBUSY)
			busy++;
		else if (errno != ENOENT)
			die("delete_module");
		usleep(100);
	}
	printf("ok unloaded %u busy %u\n", unloaded, busy);
	return 0;
}

int main(int argc, char **argv)
{
	enum which which;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "ask"))
		return ask();
	if (argc >= 5 && argc <= 6 && !strcmp(argv[1], "flush")) {
		which = !strcmp(argv[2], "all") ? ALL :
			!strcmp(argv[2], "ipv4") ? IPV4 : ANY;
		return flush(which, to_number(argv[3]), to_number(argv[4]),
			     argc == 6);
	}
	if (argc == 4 && !strcmp(argv[1], "unload"))
		return unload(to_number(argv[2]), to_number(argv[3]));
	fprintf(stderr, "usage: ft_race ask\n"
		"       ft_race flush all|ipv4|any COUNT PROCESSES [on]\n"
		"       ft_race unload SECONDS COUNT\n");
	return 2;
}
