// SPDX-License-Identifier: GPL-2.0
/* Random requests to nft_offload, and one that must be answered: see ft_fuzz.c. */

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "ft_fuzz.h"

enum {
	FILTER_TABLE_FAMILY = 1, FILTER_TABLE, FILTER_FLOWTABLE, FILTER_L3PROTO,
	FILTER_L4PROTO, FILTER_SADDR, FILTER_SADDR_TO, FILTER_DADDR,
	FILTER_DADDR_TO, FILTER_SPORT, FILTER_SPORT_TO, FILTER_DPORT,
	FILTER_DPORT_TO, FILTER_IIF, FILTER_OIF, FILTER_CT_MARK, FILTER_CT_MASK,
	FILTER_STATES, FILTER_CT_ZONE, FILTER_CT_ID,
};

#define FLOW_FILTER	2
#define EXPLAIN_FILTER	1
#define TABLE_FAMILY	2
#define TABLE_TABLE	3
#define TABLE_NAME	4
#define TABLE_STRICT	21
#define MARK_ACTION	1
#define MARK_VALUE	2
#define MARK_MASK	3
#define CARRY_WHAT	1
#define CARRY_MASK	2
#define CARRY_STATE	3

struct ft_genl genl;
uint64_t rnd_state;
uint32_t seq;
unsigned char ct_id[4];

/* Random numbers */

static uint64_t rnd64(void)
{
	uint64_t z = rnd_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* below n */
unsigned int rnd(unsigned int n)
{
	return rnd64() % n;
}

bool percent(unsigned int n)
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

void make_dump(struct msg *m)
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

/* Of packets, or of a mark whose bits may be odd */
static void put_carry(struct msg *m)
{
	unsigned int at = nest_start(m, POLICY_CARRY | NLA_F_NESTED);

	if (percent(98))
		put_u8(m, CARRY_WHAT, rnd(2));
	if (percent(40))
		put_u32(m, CARRY_MASK,
			percent(90) ? 3u << rnd(30) : rnd_odd_number());
	if (percent(20))
		put_u32(m, CARRY_STATE,
			percent(90) ? 1u << rnd(32) : rnd_odd_number());
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
	if (percent(20))
		put_u8(m, POLICY_SHAPED, rnd(2));
	if (percent(40))
		put_carry(m);
	if (percent(20))
		put_carry(m);
	if (percent(20))
		put_u8(m, POLICY_CARRY_MODE, rnd(2));
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

void make_msg(struct msg *m)
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

/* A connection that is not there: this needs an answer. */
void ping_make(struct msg *m)
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
