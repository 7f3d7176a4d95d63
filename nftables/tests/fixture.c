// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the emulated kernel has, from a file:
 *
 *	device INDEX NAME
 *	sysctl NAME VALUE
 *	clock				each look at the clock takes a second
 *	clock virtual			time passes only where the program waits
 *	many N				N more flows
 *	flow KEY=VALUE ...		keys are in flow_keys; those of replies begin with r.
 *	event TYPE KEY=VALUE ...	the same, and seq and cause
 *	enobufs				among the events
 *	lost TYPE KEY=VALUE ...		an event that the listener does not get
 *	within TYPE KEY=VALUE ...	an event that comes within the answer to a dump, which
 *					has the flow, even if it is gone
 *	pause MILLISECONDS		before the next event
 *	grow ID SW HW			bytes that a flow gets between two dumps
 *	steady ID SW HW EVERY TELLS	bytes a second; hardware is read every so many
 *					milliseconds; 1: and the kernel says when
 *	table KEY=VALUE ...
 *	setting family=N table=NAME name=NAME strict=N
 *	policy family=N table=NAME name=NAME never=VALUE/MASK software=VALUE/MASK stack=N
 *		bytes=N packets=N rate=N budget=N perdevice=N evict=N shaped=N
 *		carry=WHAT/MASK/STATE carrymode=N
 *	nft out FILE			what nft prints
 *	nft err FILE			and its errors
 *	nft refuses			all rulesets
 *	nft missing			the tool was built without it
 *	explain layer=N expect=N reason=NAME ctid=N family=N table=NAME flowtable=NAME
 *		flow=INDEX dev=SIDE:INDEX:NAME:ERRNO:REASON ...
 *	file PATH TEXT
 *	link INDEX NAME KEY=VALUE ...	up and carrier are 1, else 0, if nothing else is said
 *	route FAMILY INDEX		4 or 6
 *	rule add|helper|zone|notrack|jump|forward FAMILY TABLE CHAIN TARGET PACKETS
 *					flowtable or chain; -: not counted
 *	hop ADDRESS unicast|local|blackhole|prohibit|unreachable INDEX fine|none|failed
 *	driver DEVICE DRIVER FIRMWARE unknown|off|on|fixed
 *	room BUS/DEVICE NAME SIZE USED	-: not known
 *	cut REQUEST N			message N of the answer ends too early; event N, too
 *	fail REQUEST errno=N message=TEXT [whole=1] [after=N]
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "fake_policy.h"
#include "fixture.h"

#define MAX_WORDS	64

struct fixture fixture;

static const char *file;
static unsigned int line_number;

void fixture_bad(const char *what)
{
	fprintf(stderr, "%s:%u: bad %s\n", file, line_number, what);
	exit(99);
}

static void check(int ret, const char *what)
{
	if (ret < 0)
		fixture_bad(what);
}

enum type { U8, U16, U32, U64, STR, ADDR, PAIR, ENCAP };

static const struct key {
	const char	*name;
	uint16_t	attr;
	enum type	type;
} flow_keys[] = {
	{ "id", NFTNL_FLOW_ID, U64 }, { "family", NFTNL_FLOW_TABLE_FAMILY, U8 },
	{ "table", NFTNL_FLOW_TABLE, STR }, { "flowtable", NFTNL_FLOW_FLOWTABLE, STR },
	{ "l3", NFTNL_FLOW_L3PROTO, U8 }, { "l4", NFTNL_FLOW_L4PROTO, U8 },
	{ "state", NFTNL_FLOW_STATE, U8 }, { "flags", NFTNL_FLOW_FLAGS, U32 },
	{ "timeout", NFTNL_FLOW_TIMEOUT, U32 }, { "age", NFTNL_FLOW_AGE, U64 },
	{ "ctid", NFTNL_FLOW_CT_ID, U32 }, { "mark", NFTNL_FLOW_CT_MARK, U32 },
	{ "zone", NFTNL_FLOW_CT_ZONE, U16 }, { "seq", NFTNL_FLOW_SEQ, U32 },
	{ "cause", NFTNL_FLOW_CAUSE, U8 },
	{ "saddr", NFTNL_FLOW_ORIG_SADDR, ADDR }, { "daddr", NFTNL_FLOW_ORIG_DADDR, ADDR },
	{ "sport", NFTNL_FLOW_ORIG_SPORT, U16 }, { "dport", NFTNL_FLOW_ORIG_DPORT, U16 },
	{ "iif", NFTNL_FLOW_ORIG_IIF, U32 }, { "oif", NFTNL_FLOW_ORIG_OIF, U32 },
	{ "encap", NFTNL_FLOW_ORIG_ENCAP, ENCAP }, { "mtu", NFTNL_FLOW_ORIG_MTU, U32 },
	{ "sw", NFTNL_FLOW_ORIG_SW_PACKETS, PAIR }, { "hw", NFTNL_FLOW_ORIG_HW_PACKETS, PAIR },
	{ "inhw", NFTNL_FLOW_ORIG_IN_HARDWARE, U8 }, { "errno", NFTNL_FLOW_ORIG_ERRNO, U32 },
	{ "reason", NFTNL_FLOW_ORIG_REASON, STR }, { "message", NFTNL_FLOW_ORIG_MESSAGE, STR },
	{ "hwage", NFTNL_FLOW_ORIG_HW_AGE, U64 },
	{ NULL, 0, U8 },
}, table_keys[] = {
	{ "family", NFTNL_OFFLOAD_TABLE_FAMILY, U8 }, { "table", NFTNL_OFFLOAD_TABLE_TABLE, STR },
	{ "name", NFTNL_OFFLOAD_TABLE_NAME, STR }, { "flags", NFTNL_OFFLOAD_TABLE_FLAGS, U32 },
	{ "allowed", NFTNL_OFFLOAD_TABLE_ALLOWED, U8 },
	{ "flows", NFTNL_OFFLOAD_TABLE_FLOWS, U32 }, { "hw", NFTNL_OFFLOAD_TABLE_HW_FLOWS, U32 },
	{ "qadd", NFTNL_OFFLOAD_TABLE_QUEUE_ADD, U32 },
	{ "qdel", NFTNL_OFFLOAD_TABLE_QUEUE_DEL, U32 },
	{ "qstats", NFTNL_OFFLOAD_TABLE_QUEUE_STATS, U32 },
	{ "adds", NFTNL_OFFLOAD_TABLE_HW_ADDS, U64 }, { "dels", NFTNL_OFFLOAD_TABLE_HW_DELS, U64 },
	{ "more", NFTNL_OFFLOAD_TABLE_DEVICES_MORE, U32 }, { "strict", NFTNL_OFFLOAD_TABLE_STRICT, U8 },
	{ NULL, 0, U8 },
}, explain_keys[] = {
	{ "layer", NFTNL_OFFLOAD_EXPLAIN_LAYER, U8 }, { "expect", NFTNL_OFFLOAD_EXPLAIN_EXPECT, U8 },
	{ "reason", NFTNL_OFFLOAD_EXPLAIN_REASON, STR }, { "ctid", NFTNL_OFFLOAD_EXPLAIN_CT_ID, U32 },
	{ "family", NFTNL_OFFLOAD_EXPLAIN_TABLE_FAMILY, U8 },
	{ "table", NFTNL_OFFLOAD_EXPLAIN_TABLE, STR },
	{ "flowtable", NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE, STR },
	{ NULL, 0, U8 },
};

static const struct key *find_key(const struct key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, name))
			return keys;
	fixture_bad(name);
	return NULL;
}

uint64_t fixture_number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 0);

	if (end == text || *end)
		fixture_bad(text);
	return value;
}

/* Cuts at @c, which has to be there */
char *fixture_cut(char *text, char c)
{
	char *p = strchr(text, c);

	if (!p)
		fixture_bad(text);
	*p = '\0';
	return p + 1;
}

/* \xHH, to have bytes that editors do not like */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (!strncmp(text, "\\x", 2)) {
			char hex[3] = { text[2], text[3] };

			*to++ = strtoul(hex, NULL, 16);
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static unsigned int split(char *line, char **words)
{
	unsigned int n = 0;
	char *to;

	while (*line) {
		line += strspn(line, " \t\n");
		if (!*line || *line == '#')
			break;
		if (n == MAX_WORDS)
			fixture_bad("line");
		words[n++] = to = line;
		bool quoted = false;

		for (; *line && (quoted || !strchr(" \t\n", *line)); line++) {
			if (*line == '"')
				quoted = !quoted;
			else
				*to++ = *line;
		}
		if (*line)
			line++;
		*to = '\0';
		unescape(words[n - 1]);
	}
	return n;
}

static void set_encap(struct nftnl_flow *flow, uint16_t attr, char *value)
{
	struct nftnl_flow_encap encap[2] = {};
	unsigned int n = 0;
	char *tag, *id;

	for (tag = strtok(value, ","); tag; tag = strtok(NULL, ",")) {
		id = fixture_cut(tag, ':');
		if (n == 2)
			fixture_bad("encap");
		encap[n].proto = !strcmp(tag, "vlan") ? ETH_P_8021Q :
				 !strcmp(tag, "8021ad") ? ETH_P_8021AD :
				 !strcmp(tag, "pppoe") ? ETH_P_PPP_SES : fixture_number(tag);
		encap[n++].id = fixture_number(id);
	}
	check(nftnl_flow_set_data(flow, attr, encap, n * sizeof(encap[0])), "encap");
}

static void set_addr(struct nftnl_flow *flow, uint16_t attr, const char *value)
{
	uint8_t addr[16];
	bool v6 = strchr(value, ':');

	if (inet_pton(v6 ? AF_INET6 : AF_INET, value, addr) != 1)
		fixture_bad(value);
	check(nftnl_flow_set_data(flow, attr, addr, v6 ? 16 : 4), value);
	check(nftnl_flow_set_u8(flow, NFTNL_FLOW_L3PROTO, v6 ? NFPROTO_IPV6 : NFPROTO_IPV4),
	      "l3");
}

static void set_flow(struct nftnl_flow *flow, char *word)
{
	uint16_t step = strncmp(word, "r.", 2) ? 0 : NFTNL_FLOW_DIR_STEP;
	char *value = fixture_cut(word, '='), *second;
	const struct key *key = find_key(flow_keys, word + (step ? 2 : 0));
	uint16_t attr = key->attr + step;

	switch (key->type) {
	case U8:
		check(nftnl_flow_set_u8(flow, attr, fixture_number(value)), word);
		break;
	case U16:
		check(nftnl_flow_set_u16(flow, attr, fixture_number(value)), word);
		break;
	case U32:
		check(nftnl_flow_set_u32(flow, attr, fixture_number(value)), word);
		break;
	case U64:
		check(nftnl_flow_set_u64(flow, attr, fixture_number(value)), word);
		break;
	case STR:
		check(nftnl_flow_set_str(flow, attr, value), word);
		break;
	case ADDR:
		set_addr(flow, attr, value);
		break;
	case ENCAP:
		set_encap(flow, attr, value);
		break;
	case PAIR:
		second = fixture_cut(value, '/');
		check(nftnl_flow_set_u64(flow, attr, fixture_number(value)), word);
		check(nftnl_flow_set_u64(flow, attr + 1, fixture_number(second)), word);
	}
}

static struct nftnl_flow *make_flow(char **words, unsigned int n)
{
	struct nftnl_flow *flow = nftnl_flow_alloc();
	unsigned int i;

	for (i = 0; i < n; i++)
		set_flow(flow, words[i]);
	return flow;
}

/* INDEX:NAME:ERRNO */
static struct nftnl_offload_device parse_device(char *value)
{
	char *name = fixture_cut(value, ':'), *err = fixture_cut(name, ':');
	struct nftnl_offload_device device = { .ifindex = fixture_number(value), .err = fixture_number(err) };

	snprintf(device.name, sizeof(device.name), "%s", name);
	return device;
}

static void add_device(struct nftnl_offload_table *table, char *value)
{
	struct nftnl_offload_device device = parse_device(value);

	check(nftnl_offload_table_add_device(table, &device), "device");
}

static void add_reason(struct nftnl_offload_table *table, char *value, bool named)
{
	char *count = fixture_cut(value, ':');
	struct nftnl_offload_reason reason = { .count = fixture_number(count) };

	if (named)
		reason.name = value;
	else
		reason.err = fixture_number(value);
	check(nftnl_offload_table_add_reason(table, &reason), "reason");
}

static void set_table(struct nftnl_offload_table *table, char *word)
{
	char *value = fixture_cut(word, '=');
	const struct key *key;

	if (!strcmp(word, "dev")) {
		add_device(table, value);
		return;
	}
	if (!strcmp(word, "reason") || !strcmp(word, "errno")) {
		add_reason(table, value, *word == 'r');
		return;
	}
	key = find_key(table_keys, word);
	switch (key->type) {
	case U8:
		check(nftnl_offload_table_set_u8(table, key->attr, fixture_number(value)), word);
		break;
	case U32:
		check(nftnl_offload_table_set_u32(table, key->attr, fixture_number(value)), word);
		break;
	case U64:
		check(nftnl_offload_table_set_u64(table, key->attr, fixture_number(value)), word);
		break;
	default:
		check(nftnl_offload_table_set_str(table, key->attr, value), word);
	}
}

static struct nftnl_offload_table *make_table(char **words, unsigned int n)
{
	struct nftnl_offload_table *table = nftnl_offload_table_alloc();
	unsigned int i;

	for (i = 0; i < n; i++)
		set_table(table, words[i]);
	return table;
}

/* SIDE:INDEX:NAME:ERRNO:REASON; the last may be empty */
static void explain_device(struct nftnl_offload_explain *explain, char *value)
{
	char *device_value = fixture_cut(value, ':'), *reason = strrchr(device_value, ':');
	struct nftnl_offload_device device;

	if (!reason)
		fixture_bad(device_value);
	*reason++ = '\0';
	device = parse_device(device_value);
	device.side = fixture_number(value);
	device.reason = *reason ? reason : NULL;
	check(nftnl_offload_explain_add_device(explain, &device), "dev");
}

static void explain_word(struct nftnl_offload_explain *explain, char *word)
{
	char *value = fixture_cut(word, '=');
	const struct key *key;

	if (!strcmp(word, "flow")) {
		check(nftnl_offload_explain_set_flow(explain, fixture.flows[fixture_number(value)]), word);
		return;
	}
	if (!strcmp(word, "dev")) {
		explain_device(explain, value);
		return;
	}
	key = find_key(explain_keys, word);
	switch (key->type) {
	case U8:
		check(nftnl_offload_explain_set_u8(explain, key->attr, fixture_number(value)), word);
		break;
	case U32:
		check(nftnl_offload_explain_set_u32(explain, key->attr, fixture_number(value)), word);
		break;
	default:
		check(nftnl_offload_explain_set_str(explain, key->attr, value), word);
	}
}

static void set_explain(char **words, unsigned int n)
{
	unsigned int i;

	fixture.explain = nftnl_offload_explain_alloc();
	for (i = 0; i < n; i++)
		explain_word(fixture.explain, words[i]);
}

static void add_fail(char **words, unsigned int n)
{
	struct fixture_fail *fail = &fixture.fails[fixture.num_fails++];
	unsigned int i;

	snprintf(fail->what, sizeof(fail->what), "%s", words[0]);
	for (i = 1; i < n; i++) {
		char *value = fixture_cut(words[i], '=');

		if (!strcmp(words[i], "errno"))
			fail->err = fixture_number(value);
		else if (!strcmp(words[i], "message"))
			snprintf(fail->message, sizeof(fail->message), "%s", value);
		else if (!strcmp(words[i], "whole"))
			fail->whole = fixture_number(value);
		else if (!strcmp(words[i], "after"))
			fail->after = fixture_number(value);
		else
			fixture_bad(words[i]);
	}
}

static int event_number(const char *name)
{
	int i;

	for (i = 0; i <= NFT_OFFLOAD_EVENT_PINNED; i++)
		if (!strcmp(nftnl_offload_event_str(i), name))
			return i;
	fixture_bad(name);
	return -1;
}

static void load_line(char **w, unsigned int n)
{
	if (!strcmp(w[0], "device") && n == 3) {
		struct fixture_device *device = &fixture.devices[fixture.num_devices++];

		device->ifindex = fixture_number(w[1]);
		snprintf(device->name, sizeof(device->name), "%s", w[2]);
	} else if (!strcmp(w[0], "sysctl") && n == 3) {
		struct fixture_sysctl *sysctl = &fixture.sysctls[fixture.num_sysctls++];

		snprintf(sysctl->name, sizeof(sysctl->name), "%s", w[1]);
		sysctl->value = fixture_number(w[2]);
	} else if (!strcmp(w[0], "clock")) {
		fixture.clock = n == 1;
		fixture.virtual = n == 2;
	} else if (!strcmp(w[0], "many") && n == 2) {
		fixture.many = fixture_number(w[1]);
	} else if (!strcmp(w[0], "flow")) {
		fixture.flows[fixture.num_flows++] = make_flow(w + 1, n - 1);
	} else if ((!strcmp(w[0], "event") || !strcmp(w[0], "lost") || !strcmp(w[0], "within")) &&
		   n > 1) {
		struct fixture_event *event = &fixture.events[fixture.num_events++];

		event->flow = make_flow(w + 2, n - 2);
		nftnl_flow_set_u8(event->flow, NFTNL_FLOW_EVENT, event_number(w[1]));
		event->lost = *w[0] == 'l';
		event->within = *w[0] == 'w';
	} else if (!strcmp(w[0], "pause") && n == 2) {
		fixture.events[fixture.num_events++].pause = fixture_number(w[1]);
	} else if (!strcmp(w[0], "enobufs")) {
		fixture.events[fixture.num_events++].err = ENOBUFS;
	} else if (!strcmp(w[0], "grow") && n == 4) {
		struct fixture_grow *grow = &fixture.grows[fixture.num_grows++];

		grow->id = fixture_number(w[1]);
		grow->sw = fixture_number(w[2]);
		grow->hw = fixture_number(w[3]);
	} else if (!strcmp(w[0], "steady") && n == 6) {
		struct fixture_steady *steady = &fixture.steady[fixture.num_steady++];

		steady->id = fixture_number(w[1]);
		steady->sw = fixture_number(w[2]);
		steady->hw = fixture_number(w[3]);
		steady->every = fixture_number(w[4]);
		steady->tells = fixture_number(w[5]);
	} else if (!strcmp(w[0], "cut") && n == 3) {
		struct fixture_cut *cut = &fixture.cuts[fixture.num_cuts++];

		snprintf(cut->what, sizeof(cut->what), "%s", w[1]);
		cut->number = fixture_number(w[2]);
	} else if (!strcmp(w[0], "table")) {
		fixture.tables[fixture.num_tables++] = make_table(w + 1, n - 1);
	} else if (!strcmp(w[0], "setting")) {
		fixture.settings[fixture.num_settings++] = make_table(w + 1, n - 1);
	} else if (!strcmp(w[0], "explain")) {
		set_explain(w + 1, n - 1);
	} else if (!strcmp(w[0], "fail") && n > 1) {
		add_fail(w + 1, n - 1);
	} else if (!strcmp(w[0], "policy")) {
		fake_policy_load(w + 1, n - 1, fixture_bad);
	} else if (!strcmp(w[0], "nft") && n > 1) {
		fixture_nft(w + 1, n - 1);
	} else if (!fixture_machine(w, n)) {
		fixture_bad(w[0]);
	}
}

void fixture_load(const char *path)
{
	FILE *fp = fopen(path, "r");
	char line[4096], *words[MAX_WORDS];
	unsigned int n;

	file = path;
	if (!fp)
		fixture_bad("file");
	while (fgets(line, sizeof(line), fp)) {
		line_number++;
		n = split(line, words);
		if (n)
			load_line(words, n);
	}
	fclose(fp);
}

void fixture_free(void)
{
	unsigned int i;

	for (i = 0; i < fixture.num_flows; i++)
		nftnl_flow_free(fixture.flows[i]);
	for (i = 0; i < fixture.num_events; i++)
		if (fixture.events[i].flow)
			nftnl_flow_free(fixture.events[i].flow);
	for (i = 0; i < fixture.num_tables; i++)
		nftnl_offload_table_free(fixture.tables[i]);
	for (i = 0; i < fixture.num_settings; i++)
		nftnl_offload_table_free(fixture.settings[i]);
	if (fixture.explain)
		nftnl_offload_explain_free(fixture.explain);
}
