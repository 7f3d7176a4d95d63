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
#include <arpa/inet.h>
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

#include "ft_genl.h"

enum {
	FILTER_TABLE_FAMILY = 1, FILTER_TABLE, FILTER_FLOWTABLE, FILTER_L3PROTO,
	FILTER_L4PROTO, FILTER_SADDR, FILTER_SADDR_TO, FILTER_DADDR,
	FILTER_DADDR_TO, FILTER_SPORT, FILTER_SPORT_TO, FILTER_DPORT,
	FILTER_DPORT_TO, FILTER_IIF, FILTER_OIF, FILTER_CT_MARK, FILTER_CT_MASK,
	FILTER_STATES, FILTER_CT_ZONE, FILTER_CT_ID,
};

#define FLOW_FILTER	2
#define FLOW_CT_ID	15
#define EXPLAIN_FILTER	1
#define FLOW_MAX	21
#define TABLE_FAMILY	2
#define TABLE_TABLE	3
#define TABLE_NAME	4
#define TABLE_STRICT	21
#define TABLE_MAX	21
#define EXPLAIN_MAX	11

enum {
	POLICY_FAMILY = 2, POLICY_TABLE, POLICY_NAME, POLICY_MODE, POLICY_MARK,
	POLICY_STACK, POLICY_AFTER_BYTES, POLICY_AFTER_PACKETS,
	POLICY_AFTER_RATE, POLICY_BUDGET, POLICY_BUDGET_PER_DEVICE,
	POLICY_EVICT, __POLICY_MAX,
};

#define MARK_ACTION	1
#define MARK_VALUE	2
#define MARK_MASK	3

#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK	12
#endif

#define TIMEOUT_S	10
#define MSG_MAX		8192
#define MSGS_MAX	8
#define DGRAM_MAX	((MSG_MAX + 4) * MSGS_MAX)
#define ANSWER_MAX	(256 * 1024)
#define PING_SEQ	0xfffffff0
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* One request */
struct msg {
	unsigned char data[MSG_MAX];
	unsigned int len;
};

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
static struct ft_genl genl;
static unsigned char answer[ANSWER_MAX];
static unsigned int answer_len;
static uint64_t rnd_state;
static uint32_t seq;			/* of the last message */
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

/* Random numbers */

static uint64_t rnd64(void)
{
	uint64_t z = rnd_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* below n */
static unsigned int rnd(unsigned int n)
{
	return rnd64() % n;
}

static bool percent(unsigned int n)
{
	return rnd(100) < n;
}

static unsigned int rnd_odd_number(void)
{
	static const unsigned int odd[] = {
		0, 1, 2, 3, 4, 6, 10, 17, 47, 0x7f, 0x80, 0xff, 0x100, 7777,
		0x611e, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
		0xfffffffe, 0xffffffff,
	};

	return percent(80) ? odd[rnd(ARRAY_SIZE(odd))] : rnd64();
}

/* Requests */

static void put(struct msg *m, const void *data, unsigned int len)
{
	unsigned int room = NLMSG_ALIGN(len);

	if (m->len + room > sizeof(m->data))
		return;
	memset(m->data + m->len, 0, room);
	memcpy(m->data + m->len, data, len);
	m->len += room;
}

static unsigned int nest_start(struct msg *m, int type)
{
	struct nlattr nla = { .nla_len = NLA_HDRLEN, .nla_type = type };
	unsigned int at = m->len;

	put(m, &nla, sizeof(nla));
	return at;
}

static void nest_end(struct msg *m, unsigned int at)
{
	uint16_t len = m->len - at;

	if (len >= NLA_HDRLEN)
		memcpy(m->data + at, &len, sizeof(len));
}

static void put_attr(struct msg *m, int type, const void *data,
		     unsigned int len)
{
	struct nlattr nla = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	if (m->len + sizeof(nla) + NLMSG_ALIGN(len) > sizeof(m->data))
		return;
	put(m, &nla, sizeof(nla));
	put(m, data, len);
}

static void put_u8(struct msg *m, int type, uint8_t value)
{
	put_attr(m, type, &value, sizeof(value));
}

static void put_be16(struct msg *m, int type, uint16_t value)
{
	value = htons(value);
	put_attr(m, type, &value, sizeof(value));
}

static void put_u32(struct msg *m, int type, uint32_t value)
{
	put_attr(m, type, &value, sizeof(value));
}

/* A host's, or the lowest or highest of its network */
static void put_addr(struct msg *m, int type, int family, char host, int which)
{
	unsigned char a[16];

	if (family == AF_INET) {
		inet_pton(family, host == 'a' ? "192.0.2.2" : "198.51.100.2", a);
		if (which)
			a[3] = which < 0 ? 0 : 255;
		put_attr(m, type, a, 4);
	} else {
		inet_pton(family, host == 'a' ? "2001:db8:1::2" :
						"2001:db8:2::2", a);
		if (which)
			a[15] = which < 0 ? 0 : 255;
		put_attr(m, type, a, 16);
	}
}

static void put_zone(struct msg *m)
{
	uint16_t zone = percent(50) ? 0 : rnd(65536);

	put_attr(m, FILTER_CT_ZONE, &zone, sizeof(zone));
}

/* conntrack's number of the flow that was told last */
static unsigned char ct_id[4];

static void put_ct_id(struct msg *m)
{
	unsigned char id[sizeof(ct_id)];

	memcpy(id, ct_id, sizeof(id));
	if (percent(20))
		id[rnd(sizeof(id))] ^= 1 << rnd(8);
	put_attr(m, FILTER_CT_ID, id, sizeof(id));
}

/* To explain() and to routing, any address is one. */
static void put_any_addr(struct msg *m, int attr, int family)
{
	unsigned char addr[16];
	unsigned int i;

	for (i = 0; i < sizeof(addr); i++)
		addr[i] = percent(30) ? (percent(50) ? 0xff : 0) : rnd(256);
	put_attr(m, attr, addr, family == AF_INET ? 4 : 16);
}

/* One connection, which may be there */
static void put_exact_filter(struct msg *m, int attr)
{
	int family = percent(50) ? AF_INET : AF_INET6;
	unsigned int nest = nest_start(m, attr | NLA_F_NESTED);
	bool reply = percent(10);

	if (percent(15)) {
		put_ct_id(m);
		if (percent(10))
			put_u32(m, FILTER_IIF, 1 + rnd(6));
		nest_end(m, nest);
		return;
	}
	put_u8(m, FILTER_L3PROTO, family);
	put_u8(m, FILTER_L4PROTO, percent(70) ? IPPROTO_UDP : IPPROTO_TCP);
	if (percent(85))
		put_addr(m, FILTER_SADDR, family, reply ? 'b' : 'a', 0);
	else
		put_any_addr(m, FILTER_SADDR, family);
	if (percent(85))
		put_addr(m, FILTER_DADDR, family, reply ? 'a' : 'b', 0);
	else
		put_any_addr(m, FILTER_DADDR, family);
	if (percent(20))
		put_u32(m, FILTER_IIF, 1 + rnd(6));
	if (percent(10))
		put_zone(m);
	put_be16(m, FILTER_SPORT, percent(90) ? 7777 : rnd_odd_number());
	put_be16(m, FILTER_DPORT, percent(95) ? 7777 : rnd_odd_number());
	nest_end(m, nest);
}

static void put_range(struct msg *m, int attr, int family, char host)
{
	bool range = percent(50);

	put_addr(m, attr, family, host, range ? -1 : 0);
	if (range)
		put_addr(m, attr + 1, family, host, 1);
}

static void put_ports(struct msg *m, int attr)
{
	bool range = percent(60);

	put_be16(m, attr, range ? rnd(7778) : 7777);
	if (range)
		put_be16(m, attr + 1, 7777 + rnd(57000));
}

static void put_addr_filter(struct msg *m)
{
	int family = percent(50) ? AF_INET : AF_INET6;

	put_u8(m, FILTER_L3PROTO, family);
	if (percent(60))
		put_range(m, FILTER_SADDR, family, 'a');
	if (percent(60))
		put_range(m, FILTER_DADDR, family, 'b');
}

/* Few of those who have a port of their own: some must be left to be listed */
static void put_few(struct msg *m)
{
	unsigned int port = 32768 + rnd(28000);

	if (percent(2))
		return;
	put_be16(m, FILTER_SPORT, port);
	put_be16(m, FILTER_SPORT_TO, port + 500);
}

/* Several flows */
static void put_sane_filter(struct msg *m, int attr, bool few)
{
	unsigned int nest = nest_start(m, attr | NLA_F_NESTED);

	if (few)
		put_few(m);
	if (percent(20))
		put_u8(m, FILTER_TABLE_FAMILY, percent(80) ? 1 : rnd(256));
	if (percent(20))
		put_attr(m, FILTER_TABLE, "t", 2);
	if (percent(20))
		put_attr(m, FILTER_FLOWTABLE, percent(80) ? "f" : "g", 2);
	if (percent(60))
		put_addr_filter(m);
	if (percent(40))
		put_u8(m, FILTER_L4PROTO, percent(50) ? IPPROTO_UDP :
						       IPPROTO_TCP);
	if (!few && percent(20))
		put_ports(m, FILTER_SPORT);
	if (percent(20))
		put_ports(m, FILTER_DPORT);
	if (percent(10))
		put_u32(m, FILTER_IIF + rnd(2), 1 + rnd(5));
	if (percent(10)) {
		put_u32(m, FILTER_CT_MARK, rnd_odd_number());
		if (percent(50))
			put_u32(m, FILTER_CT_MASK, rnd_odd_number());
	}
	if (percent(20))
		put_u32(m, FILTER_STATES, rnd(32));
	if (percent(10))
		put_zone(m);
	nest_end(m, nest);
}

/* A value of so many bytes, of any kind */
static void put_wild_value(struct msg *m, int type, unsigned int len)
{
	unsigned char value[1024];
	unsigned int i, number = rnd_odd_number();

	len = len < sizeof(value) ? len : sizeof(value);
	switch (rnd(6)) {
	case 0:
		memset(value, 0, len);
		break;
	case 1:
		memset(value, 0xff, len);
		break;
	case 2:
		memset(value, percent(50) ? 't' : 'f', len);
		if (len && percent(70))
			value[len - 1] = 0;
		break;
	case 3:
		for (i = 0; i < len; i++)
			value[i] = rnd(256);
		break;
	default:
		memset(value, 0, len);
		memcpy(value, &number, len < 4 ? len : 4);
	}
	put_attr(m, type, value, len);
}

static int rnd_flags_of_type(int type)
{
	if (percent(10))
		type |= NLA_F_NESTED;
	if (percent(10))
		type |= NLA_F_NET_BYTEORDER;
	return type;
}

/* An attribute of a filter, of the right length more often than not */
static void put_wild_attr(struct msg *m)
{
	static const unsigned char len[] = {
		0, 1, 2, 2, 1, 1, 4, 4, 4, 4, 2, 2, 2, 2, 4, 4, 4, 4, 4,
		2, 4,
	};
	unsigned int type = rnd(ARRAY_SIZE(len));
	unsigned int want = len[type];

	if (type >= FILTER_SADDR && type <= FILTER_DADDR_TO && percent(50))
		want = 16;
	if (percent(15))
		want = percent(80) ? rnd(20) : rnd(1024);
	if (percent(8))
		type = percent(50) ? ARRAY_SIZE(len) + rnd(8) : rnd(0x4000);
	put_wild_value(m, rnd_flags_of_type(type), want);
}

static void put_wild_filter(struct msg *m, int attr, bool few)
{
	unsigned int nest, n = rnd(percent(90) ? 4 : 40);

	nest = nest_start(m, percent(90) ? attr | NLA_F_NESTED :
					   rnd_flags_of_type(attr));
	if (few)
		put_few(m);
	if (percent(50))
		put_u8(m, FILTER_L3PROTO, percent(90) ? AF_INET : rnd(256));
	while (n--)
		put_wild_attr(m);
	nest_end(m, nest);
}

static void put_deep_nest(struct msg *m, int attr)
{
	unsigned int at[512], i, n = 1 + rnd(ARRAY_SIZE(at));

	for (i = 0; i < n; i++)
		at[i] = nest_start(m, (percent(80) ? attr : (int)rnd(24)) |
				      NLA_F_NESTED);
	put_wild_attr(m);
	while (i--)
		nest_end(m, at[i]);
}

static void msg_start(struct msg *m, int type, int flags)
{
	struct nlmsghdr nlh = {
		.nlmsg_type = genl.family,
		.nlmsg_flags = NLM_F_REQUEST | flags,
		.nlmsg_seq = ++seq,
	};
	struct genlmsghdr hdr = {
		.cmd = type,
		.version = percent(95) ? 1 : rnd(256),
		.reserved = percent(95) ? 0 : rnd(0x10000),
	};

	m->len = 0;
	put(m, &nlh, sizeof(nlh));
	put(m, &hdr, sizeof(hdr));
}

static void msg_end(struct msg *m)
{
	uint32_t len = m->len;

	memcpy(m->data, &len, sizeof(len));
}

static int rnd_ack(void)
{
	return (percent(70) ? NLM_F_ACK : 0) | (percent(30) ? NLM_F_ECHO : 0);
}

static void make_dump(struct msg *m)
{
	msg_start(m, FLOW_GET, rnd_ack() | NLM_F_DUMP);
	if (percent(70))
		put_sane_filter(m, FLOW_FILTER, false);
	msg_end(m);
}

/* Of one of a few flowtables, of which one is there; without strict, it goes */
static void put_setting(struct msg *m)
{
	char name[] = "f";

	put_u8(m, TABLE_FAMILY, 1);
	put_attr(m, TABLE_TABLE, "t", 2);
	name[0] += rnd(4);
	put_attr(m, TABLE_NAME, name, sizeof(name));
	if (percent(60))
		put_u8(m, TABLE_STRICT, rnd(2));
}

/* The same: names of one of a few flowtables */
static void put_policy_name(struct msg *m)
{
	char name[] = "f";

	put_u8(m, POLICY_FAMILY, 1);
	put_attr(m, POLICY_TABLE, "t", 2);
	name[0] += rnd(4);
	put_attr(m, POLICY_NAME, name, sizeof(name));
}

static void put_mark(struct msg *m)
{
	unsigned int at = nest_start(m, POLICY_MARK | NLA_F_NESTED);
	uint32_t mask = percent(80) ? rnd(4) : rnd_odd_number();

	if (percent(98))
		put_u8(m, MARK_ACTION, rnd(2));
	if (percent(98))
		put_u32(m, MARK_VALUE, percent(95) ? rnd(4) & mask : rnd(4));
	if (percent(90))
		put_u32(m, MARK_MASK, mask);
	nest_end(m, at);
}

static void put_policy(struct msg *m)
{
	uint64_t number = 1 + rnd(100);
	unsigned int n;

	put_policy_name(m);
	if (percent(30))
		put_u8(m, POLICY_MODE, rnd(3));
	for (n = percent(95) ? rnd(4) : rnd(20); n; n--)
		put_mark(m);
	if (percent(30))
		put_u32(m, POLICY_STACK, percent(90) ? rnd(30) : rnd_odd_number());
	if (percent(20))
		put_attr(m, POLICY_AFTER_BYTES, &number, sizeof(number));
	else if (percent(20))
		put_attr(m, POLICY_AFTER_PACKETS, &number, sizeof(number));
	if (percent(10))
		put_u32(m, POLICY_AFTER_RATE, rnd(100));
	if (percent(50))
		put_u32(m, POLICY_BUDGET, percent(90) ? rnd(8) : rnd_odd_number());
	if (percent(20))
		put_u8(m, POLICY_BUDGET_PER_DEVICE, rnd(2));
	if (percent(20))
		put_u8(m, POLICY_EVICT, rnd(2));
}

/* Without a policy for most of the time: flows are to get into hardware. */
static void make_policy(struct msg *m)
{
	unsigned int what = rnd(100);

	if (what < 40) {
		msg_start(m, POLICY_NEW, rnd_ack());
		put_policy(m);
	} else if (what < 80) {
		msg_start(m, POLICY_DEL, rnd_ack());
		put_policy_name(m);
	} else if (what < 90) {
		msg_start(m, POLICY_GET, rnd_ack());
		put_policy_name(m);
	} else {
		msg_start(m, POLICY_GET, rnd_ack() | NLM_F_DUMP);
	}
	msg_end(m);
}

static void make_sane(struct msg *m)
{
	unsigned int what = rnd(100);

	if (what < 28) {
		make_dump(m);
		return;
	}
	if (what < 38) {
		make_policy(m);
		return;
	}
	if (what < 52) {
		msg_start(m, FLOW_GET, rnd_ack());
		put_exact_filter(m, FLOW_FILTER);
	} else if (what < 60) {
		msg_start(m, FLOW_DEL, rnd_ack());
		if (!percent(1))
			put_sane_filter(m, FLOW_FILTER, true);
	} else if (what < 70) {
		msg_start(m, TABLE_GET, rnd_ack() | NLM_F_DUMP);
	} else if (what < 74) {
		msg_start(m, SETTING_GET, rnd_ack() | NLM_F_DUMP);
	} else if (what < 80) {
		msg_start(m, TABLE_SET, rnd_ack());
		put_setting(m);
	} else {
		msg_start(m, EXPLAIN, rnd_ack());
		put_exact_filter(m, EXPLAIN_FILTER);
	}
	msg_end(m);
}

static void make_wild(struct msg *m)
{
	static const int types[] = { FLOW_GET, FLOW_GET, FLOW_DEL, TABLE_GET,
				     EXPLAIN, TABLE_SET, SETTING_GET,
				     POLICY_NEW, POLICY_GET, POLICY_DEL };
	int type = percent(85) ? types[rnd(ARRAY_SIZE(types))] : (int)rnd(14);
	int attr = type == EXPLAIN ? EXPLAIN_FILTER : FLOW_FILTER;
	int flags = rnd_ack();

	if (percent(50))
		flags |= NLM_F_DUMP;
	if (percent(10))
		flags |= rnd(0x10000);
	msg_start(m, type, flags);
	if (percent(5))
		put_deep_nest(m, attr);
	else if (type == TABLE_SET && percent(80))
		put_setting(m);
	else if (type >= POLICY_NEW && percent(80))
		put_policy(m);
	else if (percent(90))
		put_wild_filter(m, attr, type == FLOW_DEL);
	if (percent(10))
		put_wild_filter(m, percent(50) ? attr : (int)rnd(24),
				type == FLOW_DEL);
	if (percent(5))
		put_wild_attr(m);
	msg_end(m);
}

static void mutate_once(struct msg *m)
{
	unsigned int at = rnd(m->len), number = rnd_odd_number();
	unsigned int even = at & ~1u;

	switch (rnd(5)) {
	case 0:
		m->data[at] ^= 1 << rnd(8);
		break;
	case 1:
		m->data[at] = rnd(256);
		break;
	case 2: /* most lengths and types are two bytes */
		if (even + 2 <= m->len)
			memcpy(m->data + even, &number, 2);
		break;
	case 3:
		m->len = 1 + at;
		break;
	default: /* an end that is there twice */
		if (m->len + m->len - at > sizeof(m->data))
			break;
		memcpy(m->data + m->len, m->data + at, m->len - at);
		m->len += m->len - at;
	}
}

static void mutate(struct msg *m)
{
	struct nlmsghdr nlh;
	unsigned int n = 1 + rnd(percent(80) ? 2 : 8);

	while (n--)
		mutate_once(m);
	if (m->len < sizeof(nlh))
		return;
	memcpy(&nlh, m->data, sizeof(nlh));
	/* not to another family */
	nlh.nlmsg_type = genl.family;
	if (percent(5))
		nlh.nlmsg_type = rnd(NLMSG_MIN_TYPE);
	if (percent(95))
		nlh.nlmsg_flags |= NLM_F_REQUEST;
	if (percent(60))
		nlh.nlmsg_len = m->len;
	memcpy(m->data, &nlh, sizeof(nlh));
}

static void make_msg(struct msg *m)
{
	unsigned int what = rnd(100);

	if (what < 65) {
		make_sane(m);
	} else if (what < 85) {
		make_wild(m);
	} else {
		if (percent(70))
			make_sane(m);
		else
			make_wild(m);
		mutate(m);
	}
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

/* A connection that is not there: this needs an answer. */
static void ping_make(struct msg *m)
{
	struct nlmsghdr nlh = {
		.nlmsg_type = genl.family,
		.nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = PING_SEQ,
	};
	struct genlmsghdr hdr = { .cmd = EXPLAIN, .version = 1 };
	unsigned int nest;

	m->len = 0;
	put(m, &nlh, sizeof(nlh));
	put(m, &hdr, sizeof(hdr));
	nest = nest_start(m, EXPLAIN_FILTER | NLA_F_NESTED);
	put_u8(m, FILTER_L3PROTO, AF_INET);
	put_u8(m, FILTER_L4PROTO, IPPROTO_UDP);
	put_addr(m, FILTER_SADDR, AF_INET, 'a', 1);
	put_addr(m, FILTER_DADDR, AF_INET, 'b', 1);
	put_be16(m, FILTER_SPORT, 1);
	put_be16(m, FILTER_DPORT, 1);
	nest_end(m, nest);
	msg_end(m);
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
