// SPDX-License-Identifier: GPL-2.0
/*
 * Random requests to nft_offload:
 *
 *	ft_fuzz SECONDS [SEED]
 *
 * sends them for so long and reads the answers. Most requests are as they should
 * be, or nearly; some are of random attributes, some were damaged. Sockets come
 * and go, with dumps under way, with too little room, or listening to events that
 * no one reads. The requests depend on SEED only.
 *
 * After each datagram a request that must be answered shows that the kernel still
 * does. Ends with 0 when the time is over; with 1 and a reason, and the datagram,
 * if the kernel does not answer for 10 s, or an answer is malformed; with 2 if
 * something else is wrong. The last line tells what was done.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ft_fuzz.h"

#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK	12
#endif

#define TIMEOUT_S	10
#define MSGS_MAX	8
#define DGRAM_MAX	((MSG_MAX + 4) * MSGS_MAX)
#define ANSWER_MAX	(256 * 1024)

/* What became of a request */
struct fate {
	bool answered;	/* with data or an acknowledgment */
	bool refused;
	bool multi;	/* there was part of a dump, */
	bool done;	/* or its end */
};

/* What the process that watches must know of the one that works */
struct shared {
	unsigned long beat;
	unsigned int len;
	unsigned char dgram[DGRAM_MAX];
};

static struct {
	unsigned long dgrams;
	unsigned long sent;
	unsigned long accepted;
	unsigned long refused;
	unsigned long silent;
	unsigned long unread;
	unsigned long dumps;
	unsigned long flows;
	unsigned long abandoned;
	unsigned long events;
	unsigned long overruns;
	unsigned long longest;	/* milliseconds that a datagram took */
	unsigned long errors[134];
} count;

static struct shared *shared;
static unsigned char answer[ANSWER_MAX];
static unsigned int answer_len;
static uint32_t seq_first;		/* of the first one in the datagram */
static struct fate fates[MSGS_MAX];
static bool ponged;

static void print_hex(const char *what, const unsigned char *data,
		      unsigned int len)
{
	unsigned int i;

	printf("ft_fuzz: %s, %u bytes: ", what, len);
	for (i = 0; i < len; i++)
		printf("%02x", data[i]);
	printf("\n");
}

static void print_last(void)
{
	print_hex("request", shared->dgram, shared->len);
	if (answer_len)
		print_hex("answer", answer, answer_len);
}

/* End with a reason */
#define fail(...) do {						\
	printf("ft_fuzz: datagram %lu: ", count.dgrams);	\
	printf(__VA_ARGS__);					\
	printf("\n");						\
	print_last();						\
	exit(1);						\
} while (0)

static void die(const char *what)
{
	printf("ft_fuzz: %s: %s\n", what, strerror(errno));
	exit(2);
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

static void dgram_start(void)
{
	shared->len = 0;
	answer_len = 0;
	seq_first = seq + 1;
	memset(fates, 0, sizeof(fates));
}

static void dgram_add(const struct msg *m)
{
	unsigned int pad = NLMSG_ALIGN(shared->len) - shared->len;

	memset(shared->dgram + shared->len, 0, pad);
	shared->len += pad;
	memcpy(shared->dgram + shared->len, m->data, m->len);
	shared->len += m->len;
}

static void make_dgram(void)
{
	unsigned int n = percent(80) ? 1 : 1 + rnd(MSGS_MAX);
	static struct msg m;

	dgram_start();
	while (n--) {
		make_msg(&m);
		dgram_add(&m);
	}
}

/* Answers */

static void check_attrs(const unsigned char *data, unsigned int len, int max)
{
	struct nlattr nla;
	unsigned int room;
	int type;

	while (len) {
		if (len < sizeof(nla))
			fail("answer: %u bytes after the attributes", len);
		memcpy(&nla, data, sizeof(nla));
		if (nla.nla_len < sizeof(nla) || nla.nla_len > len)
			fail("answer: attribute %u of %u bytes, but %u are left",
			     nla.nla_type, nla.nla_len, len);
		type = nla.nla_type & NLA_TYPE_MASK;
		if (max && (!type || type > max))
			fail("answer: unknown attribute %d", type);
		if (nla.nla_type & NLA_F_NESTED)
			check_attrs(data + sizeof(nla),
				    nla.nla_len - sizeof(nla), 0);
		room = NLMSG_ALIGN(nla.nla_len);
		room = room < len ? room : len;
		data += room;
		len -= room;
	}
}

/* Attributes that check_attrs() has found to be good */
static void note_ct_id(const unsigned char *data, unsigned int len)
{
	struct nlattr nla;

	for (; len >= sizeof(nla); data += NLMSG_ALIGN(nla.nla_len)) {
		memcpy(&nla, data, sizeof(nla));
		if (nla.nla_type == FLOW_CT_ID &&
		    nla.nla_len == sizeof(nla) + sizeof(ct_id))
			memcpy(ct_id, data + sizeof(nla), sizeof(ct_id));
		if (NLMSG_ALIGN(nla.nla_len) >= len)
			return;
		len -= NLMSG_ALIGN(nla.nla_len);
	}
}

static void check_of_family(const unsigned char *data,
			    const struct nlmsghdr *nlh)
{
	static const unsigned char max[] = {
		[FLOW_GET] = FLOW_MAX, [FLOW_DEL] = FLOW_MAX,
		[FLOW_NEW_NTF] = FLOW_MAX, [FLOW_DEL_NTF] = FLOW_MAX,
		[TABLE_GET] = TABLE_MAX, [EXPLAIN] = EXPLAIN_MAX,
		[TABLE_SET] = TABLE_MAX, [SETTING_GET] = TABLE_MAX,
		[POLICY_GET] = __POLICY_MAX - 1,
	};
	unsigned int skip = sizeof(*nlh) + GENL_HDRLEN;
	unsigned int type = data[sizeof(*nlh)];

	if (nlh->nlmsg_len < skip)
		fail("answer: too short, %u bytes", nlh->nlmsg_len);
	if (type >= ARRAY_SIZE(max) || !max[type])
		fail("answer: unknown type %u", type);
	check_attrs(data + skip, nlh->nlmsg_len - skip, max[type]);
	if (type == FLOW_GET || type == FLOW_NEW_NTF)
		note_ct_id(data + skip, nlh->nlmsg_len - skip);
	if (nlh->nlmsg_seq == PING_SEQ && type == EXPLAIN)
		ponged = true;
}

/* What the kernel says on errors, and at the end of dumps: the errno */
static int check_control(const unsigned char *data, const struct nlmsghdr *nlh)
{
	unsigned int skip = sizeof(*nlh);
	struct nlmsghdr request;
	int error;

	skip += nlh->nlmsg_type == NLMSG_DONE ? sizeof(error) :
						sizeof(struct nlmsgerr);
	if (nlh->nlmsg_len < skip)
		fail("answer: too short, %u bytes", nlh->nlmsg_len);
	memcpy(&error, data + sizeof(*nlh), sizeof(error));
	if (error > 0 || error < -4095)
		fail("answer: error %d is none", error);
	if (nlh->nlmsg_type == NLMSG_ERROR &&
	    !(nlh->nlmsg_flags & NLM_F_CAPPED)) {
		memcpy(&request, data + sizeof(*nlh) + sizeof(error),
		       sizeof(request));
		skip += NLMSG_ALIGN(request.nlmsg_len) - sizeof(request);
		if (nlh->nlmsg_len < skip)
			fail("answer: too short for the request, %u bytes",
			     nlh->nlmsg_len);
	}
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		check_attrs(data + skip, nlh->nlmsg_len - skip, 0);
	return -error;
}

static void note_error(struct fate *fate, int error)
{
	if (!error) {
		fate->answered = true;
		return;
	}
	fate->refused = true;
	count.errors[error < (int)ARRAY_SIZE(count.errors) ? error : 0]++;
}

static void check_msg(const unsigned char *data, const struct nlmsghdr *nlh)
{
	struct fate nobody = { 0 }, *fate = &nobody;

	if (nlh->nlmsg_seq >= seq_first && nlh->nlmsg_seq <= seq)
		fate = &fates[nlh->nlmsg_seq - seq_first];

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		note_error(fate, check_control(data, nlh));
	} else if (nlh->nlmsg_type == NLMSG_DONE) {
		note_error(fate, check_control(data, nlh));
		fate->done = true;
		count.dumps++;
	} else if (nlh->nlmsg_type == genl.family) {
		check_of_family(data, nlh);
		fate->answered = true;
		fate->multi |= nlh->nlmsg_flags & NLM_F_MULTI;
		count.flows += fate->multi && data[sizeof(*nlh)] == FLOW_GET;
	} else if (nlh->nlmsg_type < NLMSG_MIN_TYPE) {
		fail("answer: unknown type %u", nlh->nlmsg_type);
	}
}

/* How many messages there are */
static unsigned int check_answer(void)
{
	unsigned int at = 0, left, n = 0;
	struct nlmsghdr nlh;

	while (at < answer_len) {
		left = answer_len - at;
		if (left < sizeof(nlh))
			fail("answer: %u bytes after the messages", left);
		memcpy(&nlh, answer + at, sizeof(nlh));
		if (nlh.nlmsg_len < sizeof(nlh) || nlh.nlmsg_len > left)
			fail("answer: message of %u bytes, but %u are left",
			     nlh.nlmsg_len, left);
		check_msg(answer + at, &nlh);
		at += NLMSG_ALIGN(nlh.nlmsg_len);
		n++;
	}
	return n;
}

/* Sockets */

static void set_int(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)) < 0)
		die("setsockopt");
}

static int nl_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0)
		die("socket");
	set_int(fd, SOL_NETLINK, NETLINK_CAP_ACK, rnd(2));
	set_int(fd, SOL_NETLINK, NETLINK_EXT_ACK, rnd(2));
	set_int(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, rnd(2));
	return fd;
}

static int main_open(void)
{
	int fd = nl_open();

	set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20);
	return fd;
}

/* A socket without an address gets no events. */
static int listener_open(int room)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int fd = nl_open();

	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0)
		die("bind");
	set_int(fd, SOL_SOCKET, SO_RCVBUF, room);
	set_int(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, genl.group);
	return fd;
}

static void beat(void)
{
	__atomic_add_fetch(&shared->beat, 1, __ATOMIC_RELAXED);
}

static void dgram_send(int fd)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	uint64_t start = now_ms(), took;

	count.dgrams++;
	count.sent += seq + 1 - seq_first;
	beat();
	if (sendto(fd, shared->dgram, shared->len, 0,
		   (struct sockaddr *)&kernel, sizeof(kernel)) < 0 &&
	    errno != ENOBUFS && errno != EAGAIN)
		fail("send: %s", strerror(errno));
	beat();
	took = now_ms() - start;
	if (took > count.longest)
		count.longest = took;
}

/* One datagram that is there: false if there is none */
static bool answer_read(int fd, bool *lost)
{
	ssize_t len = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);

	beat();
	if (len < 0) {
		answer_len = 0;
		if (errno == EAGAIN)
			return false;
		if (errno != ENOBUFS)
			fail("receive: %s", strerror(errno));
		count.overruns++;
		*lost = true;
		return true;
	}
	answer_len = len;
	if (!len)
		fail("answer: empty");
	return true;
}

/* The kernel answers requests, and goes on with dumps, in our own system calls:
 * once nothing is there, nothing will be.
 */
static bool answers_read(int fd)
{
	bool lost = false;

	while (answer_read(fd, &lost))
		check_answer();
	return lost;
}

static void judge(bool lost)
{
	unsigned int i, n = seq + 1 - seq_first;

	for (i = 0; i < n; i++) {
		if (fates[i].multi && !fates[i].done && !lost)
			fail("answer: the dump of message %u has no end", i);
		if (fates[i].refused)
			count.refused++;
		else if (fates[i].answered)
			count.accepted++;
		else
			count.silent++;
	}
}

static void ping(int fd)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static struct msg m;
	bool lost = false;

	ponged = false;
	ping_make(&m);
	if (sendto(fd, m.data, m.len, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		fail("send after it: %s", strerror(errno));
	while (!ponged) {
		if (poll(&pfd, 1, TIMEOUT_S * 1000) <= 0)
			fail("no answer to a good request after it");
		if (answer_read(fd, &lost))
			check_answer();
	}
}

static void answered_round(int fd)
{
	make_dgram();
	dgram_send(fd);
	judge(answers_read(fd));
}

/* Requests whose answers no one, or not all, are read: by a socket with little
 * room, and with little room for each message
 */
static void unread_round(void)
{
	unsigned int i, n = 1 + rnd(6);
	int fd = percent(20) ? listener_open(1 << 16) : nl_open();

	if (percent(70))
		set_int(fd, SOL_SOCKET, SO_RCVBUF, 1 + rnd(8192));
	for (i = 0; i < n; i++) {
		make_dgram();
		dgram_send(fd);
		count.unread += seq + 1 - seq_first;
		if (percent(50))
			recv(fd, answer, 1 + rnd(512), MSG_DONTWAIT);
	}
	close(fd);
}

static void abandoned_round(void)
{
	unsigned int reads = rnd(3);
	static struct msg m;
	int fd = nl_open();

	if (percent(50))
		set_int(fd, SOL_SOCKET, SO_RCVBUF, 1);
	dgram_start();
	make_dump(&m);
	dgram_add(&m);
	dgram_send(fd);
	count.unread++;
	count.abandoned++;
	while (reads--)
		recv(fd, answer, 1 + rnd(4096), MSG_DONTWAIT);
	close(fd);
}

static void events_read(int fd)
{
	bool lost = false;

	dgram_start();
	while (answer_read(fd, &lost))
		count.events += answer_len ? check_answer() : 0;
}

static int reopen(int fd, int room)
{
	close(fd);
	return room ? listener_open(room) : main_open();
}

static void summary(void)
{
	unsigned int i;

	printf("ft_fuzz: sent %lu in %lu datagrams, accepted %lu (%lu%%), ",
	       count.sent, count.dgrams, count.accepted,
	       count.sent ? count.accepted * 100 / count.sent : 0);
	printf("refused %lu, silent %lu, unread %lu; ", count.refused,
	       count.silent, count.unread);
	printf("dumps %lu of flows %lu, abandoned %lu; ", count.dumps,
	       count.flows, count.abandoned);
	printf("events %lu, overruns %lu; longest %lu ms; errno:", count.events,
	       count.overruns, count.longest);
	for (i = 0; i < ARRAY_SIZE(count.errors); i++)
		if (count.errors[i])
			printf(" %u:%lu", i, count.errors[i]);
	printf("\n");
}

static void work(uint64_t end)
{
	int fd = main_open(), deaf = listener_open(1);
	int ear = listener_open(1 << 17);
	unsigned int what;

	while (now_ms() < end) {
		what = rnd(1000);
		if (what < 70)
			unread_round();
		else if (what < 140)
			abandoned_round();
		else
			answered_round(fd);
		ping(fd);
		events_read(ear);
		if (percent(2))
			fd = reopen(fd, 0);
		if (percent(2))
			deaf = reopen(deaf, 1 + rnd(4096));
		if (percent(2))
			ear = reopen(ear, 1 << (12 + rnd(8)));
	}
	summary();
}

/* The kernel may keep the worker in a system call for good: tell so, and leave. */
static int watch(pid_t worker)
{
	uint64_t since = now_ms();
	unsigned long last = 0, beats;
	int status;

	while (!waitpid(worker, &status, WNOHANG)) {
		beats = __atomic_load_n(&shared->beat, __ATOMIC_RELAXED);
		if (beats != last)
			since = now_ms();
		last = beats;
		/* it has a timeout of its own */
		if (now_ms() - since > (TIMEOUT_S + 2) * 1000) {
			printf("ft_fuzz: no answer for %d s\n", TIMEOUT_S);
			print_hex("request", shared->dgram, shared->len);
			kill(worker, SIGKILL);
			return 1;
		}
		usleep(100000);
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	printf("ft_fuzz: ended by signal %d\n", WTERMSIG(status));
	return 1;
}

int main(int argc, char *argv[])
{
	uint64_t seed, end;
	pid_t worker;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: ft_fuzz SECONDS [SEED]\n");
		return 2;
	}
	seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	end = now_ms() + strtoul(argv[1], NULL, 0) * 1000;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ft_fuzz: seed %llu\n", (unsigned long long)seed);

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	if (ft_genl_find(&genl))
		die("nft_offload");
	rnd_state = seed;
	worker = fork();
	if (worker < 0)
		die("fork");
	if (!worker) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(end);
		exit(0);
	}
	return watch(worker);
}
