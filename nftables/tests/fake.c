// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine with nft_offload, emulated: answers requests with what the library
 * builds from the file in $FIXTURE, and writes what it was asked to $REQUESTS, in
 * bytes too if there is $REQUEST_BYTES.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "fake_policy.h"
#include "fixture.h"
#include "host.h"
#include "signals.h"

#define PORTID		4242
#define FAMILY		33	/* as the kernel may have numbered it */
#define EVENTS		44	/* and its group */
#define BATCH		8192	/* of messages, as a kernel has them */
#define ROOM		4096	/* for one */
#define BEGINNING	10000	/* of a virtual clock */

/* The request that is being answered */
static struct {
	int				type;
	bool				dump, echo;
	uint32_t			seq;
	struct nftnl_flow_filter	*filter;
	const char			*refused;	/* the kernel's words, or NULL */
	int				err;		/* and its error; 0: ENOENT */
	unsigned int			next;	/* flow, table or setting */
	unsigned int			sent;	/* messages */
	bool				done;
	char				raw[8192];
	size_t				len;
} request;

static bool joined;
static unsigned int next_event;
static unsigned int dumps;
static uint64_t waited = BEGINNING;	/* milliseconds of a virtual clock */
static FILE *requests;

static void load(void)
{
	static bool loaded;
	const char *path = getenv("FIXTURE"), *log = getenv("REQUESTS");

	if (loaded)
		return;
	loaded = true;
	if (path)
		fixture_load(path);
	if (log)
		requests = fopen(log, "a");
}

static const struct fixture_fail *find_fail(const char *what)
{
	unsigned int i;

	for (i = 0; i < fixture.num_fails; i++)
		if (!strcmp(fixture.fails[i].what, what))
			return &fixture.fails[i];
	return NULL;
}

static int fail_if(const char *what)
{
	const struct fixture_fail *fail = find_fail(what);

	if (!fail)
		return 0;
	errno = fail->err;
	return -1;
}

static int fake_netns(const char *name)
{
	load();
	if (requests)
		fprintf(requests, "netns %s\n", name);
	return fail_if("netns");
}

static int fake_open(void)
{
	load();
	return fail_if("open");
}

static void fake_close(void)
{
	joined = false;
}

static int fake_join(unsigned int group)
{
	if (requests)
		fprintf(requests, "join %u\n", group);
	joined = true;
	return fail_if("join");
}

/* The request for the family has no number of its own. */
#define FAMILY_GET	0

static const char *const type_names[NFT_OFFLOAD_CMD_MAX + 1] = {
	[FAMILY_GET]			= "family",
	[NFT_OFFLOAD_CMD_FLOW_GET]	= "flow_get",
	[NFT_OFFLOAD_CMD_FLOW_DEL]	= "flow_del",
	[NFT_OFFLOAD_CMD_TABLE_GET]	= "table_get",
	[NFT_OFFLOAD_CMD_EXPLAIN]	= "explain",
	[NFT_OFFLOAD_CMD_TABLE_SET]	= "table_set",
	[NFT_OFFLOAD_CMD_SETTING_GET]	= "setting_get",
	[NFT_OFFLOAD_CMD_POLICY_NEW]	= "policy_new",
	[NFT_OFFLOAD_CMD_POLICY_GET]	= "policy_get",
	[NFT_OFFLOAD_CMD_POLICY_DEL]	= "policy_del",
};

static const char *const filter_names[] = {
	"family", "table", "flowtable", "l3", "l4", "saddr", "saddr_to", "daddr", "daddr_to",
	"sport", "sport_to", "dport", "dport_to", "iif", "oif", "mark", "mask", "states",
	"zone", "ctid",
};

static void log_attr(uint16_t attr)
{
	const struct nftnl_flow_filter *filter = request.filter;
	char buf[INET6_ADDRSTRLEN];
	const void *addr;
	uint32_t len;

	fprintf(requests, " %s=", filter_names[attr]);
	switch (attr) {
	case NFTNL_FLOW_FILTER_TABLE:
	case NFTNL_FLOW_FILTER_FLOWTABLE:
		fputs(nftnl_flow_filter_get_str(filter, attr), requests);
		break;
	case NFTNL_FLOW_FILTER_TABLE_FAMILY:
	case NFTNL_FLOW_FILTER_L3PROTO:
	case NFTNL_FLOW_FILTER_L4PROTO:
		fprintf(requests, "%u", nftnl_flow_filter_get_u8(filter, attr));
		break;
	case NFTNL_FLOW_FILTER_SADDR:
	case NFTNL_FLOW_FILTER_SADDR_TO:
	case NFTNL_FLOW_FILTER_DADDR:
	case NFTNL_FLOW_FILTER_DADDR_TO:
		addr = nftnl_flow_filter_get_data(filter, attr, &len);
		fputs(inet_ntop(len == 4 ? AF_INET : AF_INET6, addr, buf, sizeof(buf)), requests);
		break;
	case NFTNL_FLOW_FILTER_SPORT:
	case NFTNL_FLOW_FILTER_SPORT_TO:
	case NFTNL_FLOW_FILTER_DPORT:
	case NFTNL_FLOW_FILTER_DPORT_TO:
	case NFTNL_FLOW_FILTER_CT_ZONE:
		fprintf(requests, "%u", nftnl_flow_filter_get_u16(filter, attr));
		break;
	default:
		fprintf(requests, "%#x", nftnl_flow_filter_get_u32(filter, attr));
	}
}

static void log_bytes(void)
{
	size_t i;

	for (i = NLMSG_HDRLEN; i < request.len; i++)
		fprintf(requests, "%02x", (unsigned char)request.raw[i]);
	fputc('\n', requests);
}

static void log_setting(const struct nftnl_offload_table *setting)
{
	if (!requests)
		return;
	fprintf(requests, "table_set ack family=%u table=%s flowtable=%s",
		nftnl_offload_table_get_u8(setting, NFTNL_OFFLOAD_TABLE_FAMILY),
		nftnl_offload_table_get_str(setting, NFTNL_OFFLOAD_TABLE_TABLE),
		nftnl_offload_table_get_str(setting, NFTNL_OFFLOAD_TABLE_NAME));
	if (nftnl_offload_table_is_set(setting, NFTNL_OFFLOAD_TABLE_STRICT))
		fprintf(requests, " strict=%u",
			nftnl_offload_table_get_u8(setting, NFTNL_OFFLOAD_TABLE_STRICT));
	fputc('\n', requests);
	if (getenv("REQUEST_BYTES"))
		log_bytes();
	fflush(requests);
}

static bool same_name(const struct nftnl_offload_table *one,
		      const struct nftnl_offload_table *other)
{
	uint16_t i;

	for (i = NFTNL_OFFLOAD_TABLE_TABLE; i <= NFTNL_OFFLOAD_TABLE_NAME; i++)
		if (strcmp(nftnl_offload_table_get_str(one, i),
			   nftnl_offload_table_get_str(other, i)))
			return false;
	return nftnl_offload_table_get_u8(one, NFTNL_OFFLOAD_TABLE_FAMILY) ==
	       nftnl_offload_table_get_u8(other, NFTNL_OFFLOAD_TABLE_FAMILY);
}

/* Sets, changes or forgets it, as the kernel does */
static void set_table(const struct nlmsghdr *nlh)
{
	struct nftnl_offload_table *setting = nftnl_offload_table_alloc();
	bool strict;
	unsigned int i;

	nftnl_offload_table_nlmsg_parse(nlh, setting);
	log_setting(setting);
	strict = nftnl_offload_table_is_set(setting, NFTNL_OFFLOAD_TABLE_STRICT);
	for (i = 0; i < fixture.num_settings && !same_name(fixture.settings[i], setting); i++)
		;
	if (fail_if("table_set") < 0 || (!strict && i == fixture.num_settings)) {
		request.refused = strict ? NULL : "nothing is set for this flowtable";
		nftnl_offload_table_free(setting);
		return;
	}
	if (i < fixture.num_settings)
		nftnl_offload_table_free(fixture.settings[i]);
	else
		fixture.num_settings++;
	if (strict) {
		fixture.settings[i] = setting;
		return;
	}
	nftnl_offload_table_free(setting);
	for (fixture.num_settings--; i < fixture.num_settings; i++)
		fixture.settings[i] = fixture.settings[i + 1];
}

static bool is_policy(int type)
{
	return type >= NFT_OFFLOAD_CMD_POLICY_NEW && type <= NFT_OFFLOAD_CMD_POLICY_DEL;
}

static void ask_policy(const struct nlmsghdr *nlh)
{
	fake_policy_request(nlh, requests);
	if (requests && getenv("REQUEST_BYTES"))
		log_bytes();
	if (requests)
		fflush(requests);
	if (find_fail(type_names[request.type]))
		return;
	fake_policy_change();
	request.err = fake_policy_error(&request.refused);
}

static void log_request(uint16_t flags)
{
	unsigned int i;

	if (!requests)
		return;
	fprintf(requests, "%s%s%s%s", type_names[request.type], request.dump ? " dump" : "",
		flags & NLM_F_ACK ? " ack" : "", request.echo ? " echo" : "");
	for (i = 0; i <= NFTNL_FLOW_FILTER_MAX; i++)
		if (nftnl_flow_filter_is_set(request.filter, i))
			log_attr(i);
	fputc('\n', requests);
	if (getenv("REQUEST_BYTES"))
		log_bytes();
	fflush(requests);
}

static ssize_t fake_send(const void *buf, size_t len)
{
	const struct nlmsghdr *nlh = buf;

	if (len > sizeof(request.raw) || !(nlh->nlmsg_flags & NLM_F_REQUEST)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(request.raw, buf, len);
	request.len = len;
	request.type = nlh->nlmsg_type == FAMILY ? nftnl_offload_msg_type(nlh) : FAMILY_GET;
	request.dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	request.echo = nlh->nlmsg_flags & NLM_F_ECHO;
	request.seq = nlh->nlmsg_seq;
	request.next = request.sent = 0;
	request.done = false;
	if (request.filter)
		nftnl_flow_filter_free(request.filter);
	request.filter = nftnl_flow_filter_alloc();
	request.refused = NULL;
	request.err = 0;
	if (request.type == NFT_OFFLOAD_CMD_TABLE_SET)
		set_table(nlh);
	if (is_policy(request.type))
		ask_policy(nlh);
	if (request.type == FAMILY_GET || request.type == NFT_OFFLOAD_CMD_TABLE_SET ||
	    is_policy(request.type))
		return len;
	nftnl_flow_filter_nlmsg_parse(nlh, request.type == NFT_OFFLOAD_CMD_EXPLAIN ?
				      NFT_OFFLOAD_EXPLAIN_FILTER : NFT_OFFLOAD_FLOW_FILTER,
				      request.filter);
	log_request(nlh->nlmsg_flags);
	/* one flow is looked for in zone 0, if nothing else is said */
	if (request.type == NFT_OFFLOAD_CMD_FLOW_GET && !request.dump &&
	    !nftnl_flow_filter_is_set(request.filter, NFTNL_FLOW_FILTER_CT_ID) &&
	    !nftnl_flow_filter_is_set(request.filter, NFTNL_FLOW_FILTER_CT_ZONE))
		nftnl_flow_filter_set_u16(request.filter, NFTNL_FLOW_FILTER_CT_ZONE, 0);
	if (request.dump && request.type == NFT_OFFLOAD_CMD_FLOW_GET)
		dumps++;
	return len;
}

static struct nlmsghdr *message(char *buf, uint16_t type)
{
	struct nlmsghdr *nlh;

	nlh = nftnl_offload_nlmsg_build_hdr(buf, FAMILY, type, 0, request.seq);
	nlh->nlmsg_flags = request.dump ? NLM_F_MULTI : 0;
	nlh->nlmsg_pid = PORTID;
	return nlh;
}

static void add_bytes(struct nftnl_flow *flow, uint16_t attr, uint64_t bytes)
{
	nftnl_flow_set_u64(flow, attr, nftnl_flow_get_u64(flow, attr) + bytes / 1000);
	nftnl_flow_set_u64(flow, attr + 1, nftnl_flow_get_u64(flow, attr + 1) + bytes);
}

static void grow(struct nftnl_flow *flow)
{
	unsigned int i;

	if (dumps < 2)
		return;
	for (i = 0; i < fixture.num_grows; i++) {
		if (fixture.grows[i].id != nftnl_flow_get_u64(flow, NFTNL_FLOW_ID))
			continue;
		add_bytes(flow, NFTNL_FLOW_ORIG_SW_PACKETS, fixture.grows[i].sw);
		add_bytes(flow, NFTNL_FLOW_REPL_HW_PACKETS, fixture.grows[i].hw);
	}
}

static uint64_t fake_now(void);

static void set_bytes(struct nftnl_flow *flow, uint16_t attr, uint64_t bytes)
{
	nftnl_flow_set_u64(flow, attr, bytes / 1000);
	nftnl_flow_set_u64(flow, attr + 1, bytes);
}

/* Software counts at once, hardware now and then, replies at other times */
static void be_steady(struct nftnl_flow *flow)
{
	const struct fixture_steady *steady;
	uint64_t now = fake_now(), read;
	unsigned int i;
	int dir;

	for (i = 0; i < fixture.num_steady; i++) {
		steady = &fixture.steady[i];
		if (steady->id != nftnl_flow_get_u64(flow, NFTNL_FLOW_ID))
			continue;
		set_bytes(flow, NFTNL_FLOW_ORIG_SW_PACKETS, steady->sw * now / 1000);
		for (dir = 0; dir < 2; dir++) {
			read = now - (now + 700 * dir) % steady->every;
			set_bytes(flow, NFTNL_FLOW_ORIG_HW_PACKETS + dir * NFTNL_FLOW_DIR_STEP,
				  steady->hw / 2 * read / 1000);
			if (steady->tells)
				nftnl_flow_set_u64(flow, NFTNL_FLOW_ORIG_HW_AGE +
						   dir * NFTNL_FLOW_DIR_STEP, now - read);
		}
	}
}

static struct nftnl_flow *many_flow;

static struct nftnl_flow *one_of_many(unsigned int n)
{
	struct nftnl_flow *flow = many_flow;
	uint32_t addr = htonl(0x0a000000 + n);

	if (!flow) {
		many_flow = flow = nftnl_flow_alloc();
		nftnl_flow_set_u8(flow, NFTNL_FLOW_TABLE_FAMILY, 1);
		nftnl_flow_set_str(flow, NFTNL_FLOW_TABLE, "t");
		nftnl_flow_set_str(flow, NFTNL_FLOW_FLOWTABLE, "f");
		nftnl_flow_set_u8(flow, NFTNL_FLOW_L3PROTO, 2);
		nftnl_flow_set_u8(flow, NFTNL_FLOW_L4PROTO, 17);
	}
	nftnl_flow_set_u64(flow, NFTNL_FLOW_ID, 1000 + n);
	nftnl_flow_set_data(flow, NFTNL_FLOW_ORIG_SADDR, &addr, 4);
	nftnl_flow_set_data(flow, NFTNL_FLOW_ORIG_DADDR, &addr, 4);
	return flow;
}

/* The flow with this number, NULL after the last one */
static struct nftnl_flow *flow_at(unsigned int n)
{
	if (n < fixture.num_flows)
		return fixture.flows[n];
	n -= fixture.num_flows;
	return n < fixture.many ? one_of_many(n) : NULL;
}

/* For those that list flows again and again, as time goes by */
static void put_age(struct nlmsghdr *nlh, struct nftnl_flow *flow)
{
	uint64_t age = nftnl_flow_get_u64(flow, NFTNL_FLOW_AGE);

	if (joined && fixture.virtual)
		nftnl_flow_set_u64(flow, NFTNL_FLOW_AGE, age + waited - BEGINNING);
	nftnl_flow_nlmsg_build_payload(nlh, flow);
	nftnl_flow_set_u64(flow, NFTNL_FLOW_AGE, age);
}

static size_t put_flow(char *buf)
{
	struct nftnl_flow *flow;
	struct nlmsghdr *nlh;

	while ((flow = flow_at(request.next))) {
		request.next++;
		if (request.next <= fixture.num_flows && fixture.gone[request.next - 1])
			continue;
		if (!nftnl_flow_filter_match(request.filter, flow))
			continue;
		if (request.dump) {
			grow(flow);
			be_steady(flow);
		}
		nlh = message(buf, NFT_OFFLOAD_CMD_FLOW_GET);
		if (nftnl_flow_is_set(flow, NFTNL_FLOW_AGE))
			put_age(nlh, flow);
		else
			nftnl_flow_nlmsg_build_payload(nlh, flow);
		if (!request.dump)
			request.next = UINT32_MAX;
		return nlh->nlmsg_len;
	}
	return 0;
}

static size_t put_count(char *buf)
{
	struct nftnl_flow *flow, *answer;
	struct nlmsghdr *nlh;
	uint64_t count = 0;

	if (!request.echo || request.next)
		return 0;
	for (; (flow = flow_at(request.next)); request.next++)
		count += nftnl_flow_filter_match(request.filter, flow);
	answer = nftnl_flow_alloc();
	nftnl_flow_set_u64(answer, NFTNL_FLOW_COUNT, count);
	nlh = message(buf, NFT_OFFLOAD_CMD_FLOW_DEL);
	nftnl_flow_nlmsg_build_payload(nlh, answer);
	nftnl_flow_free(answer);
	return nlh->nlmsg_len;
}

static size_t put_family(char *buf)
{
	struct nlattr *groups, *group;
	struct nlmsghdr *nlh;

	if (request.next++)
		return 0;
	nlh = message(buf, CTRL_CMD_NEWFAMILY);
	nlh->nlmsg_type = GENL_ID_CTRL;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, EVENTS);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, NFT_OFFLOAD_MCGRP_EVENTS);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	return nlh->nlmsg_len;
}

static size_t put_table(char *buf)
{
	struct nlmsghdr *nlh;

	if (request.next >= fixture.num_tables)
		return 0;
	nlh = message(buf, NFT_OFFLOAD_CMD_TABLE_GET);
	nftnl_offload_table_nlmsg_build_payload(nlh, fixture.tables[request.next++]);
	return nlh->nlmsg_len;
}

static size_t put_setting(char *buf)
{
	struct nlmsghdr *nlh;

	if (request.next >= fixture.num_settings)
		return 0;
	nlh = message(buf, NFT_OFFLOAD_CMD_SETTING_GET);
	nftnl_offload_table_nlmsg_build_payload(nlh, fixture.settings[request.next++]);
	return nlh->nlmsg_len;
}

static size_t put_policy(char *buf)
{
	struct nlmsghdr *nlh = message(buf, NFT_OFFLOAD_CMD_POLICY_GET);
	bool put = fake_policy_put(nlh, request.next);

	request.err = fake_policy_error(&request.refused);
	request.next += put;
	return put ? nlh->nlmsg_len : 0;
}

static size_t put_explain(char *buf)
{
	struct nlmsghdr *nlh;

	if (request.next++ || !fixture.explain)
		return 0;
	nlh = message(buf, NFT_OFFLOAD_CMD_EXPLAIN);
	nftnl_offload_explain_nlmsg_build_payload(nlh, fixture.explain);
	return nlh->nlmsg_len;
}

/* Cuts message @number, if the fixture says so, and returns the room it takes */
static size_t cut_message(struct nlmsghdr *nlh, const char *what, unsigned int number)
{
	unsigned int i;

	for (i = 0; i < fixture.num_cuts; i++)
		if (!strcmp(fixture.cuts[i].what, what) && fixture.cuts[i].number == number)
			nlh->nlmsg_len -= 4;
	return NLMSG_ALIGN(nlh->nlmsg_len);
}

static size_t put_message(char *buf)
{
	const struct fixture_fail *fail = find_fail(type_names[request.type]);

	if (fail && request.next >= fail->after)
		return 0;
	switch (request.type) {
	case FAMILY_GET:
		return put_family(buf);
	case NFT_OFFLOAD_CMD_FLOW_GET:
		return put_flow(buf);
	case NFT_OFFLOAD_CMD_FLOW_DEL:
		return put_count(buf);
	case NFT_OFFLOAD_CMD_TABLE_GET:
		return put_table(buf);
	case NFT_OFFLOAD_CMD_EXPLAIN:
		return put_explain(buf);
	case NFT_OFFLOAD_CMD_SETTING_GET:
		return put_setting(buf);
	case NFT_OFFLOAD_CMD_POLICY_GET:
		return put_policy(buf);
	}
	return 0;
}

static size_t put_next(char *buf)
{
	return put_message(buf) ? cut_message((void *)buf, type_names[request.type],
					      request.sent++) : 0;
}

/* Of slow hardware, flows that are ended have left at the third request. */
static const struct fixture_fail *find_end_fail(void)
{
	static unsigned int flushes;
	const struct fixture_fail *fail = find_fail(type_names[request.type]);

	if (fail && request.type == NFT_OFFLOAD_CMD_FLOW_DEL && fail->err == ETIMEDOUT &&
	    ++flushes == 3)
		return NULL;
	return fail;
}

/* An error or acknowledgment, as kernels with NETLINK_CAP_ACK and _EXT_ACK send it;
 * an error of a dump that has begun is in its last message.
 */
static size_t put_end(char *buf)
{
	const struct fixture_fail *fail = find_end_fail();
	int err = fail ? -fail->err : request.err ? -request.err :
		  request.refused ? -ENOENT : 0;
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlmsgerr *answer;

	if (!fail && request.type == NFT_OFFLOAD_CMD_FLOW_GET && !request.dump &&
	    request.next != UINT32_MAX)
		err = -ENOENT;
	nlh->nlmsg_seq = request.seq;
	nlh->nlmsg_pid = PORTID;
	if (request.dump && (!err || fail->after)) {
		nlh->nlmsg_type = NLMSG_DONE;
		nlh->nlmsg_flags = NLM_F_MULTI;
		*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = err;
	} else {
		nlh->nlmsg_type = NLMSG_ERROR;
		answer = mnl_nlmsg_put_extra_header(nlh, sizeof(*answer));
		answer->error = err;
		memcpy(&answer->msg, request.raw, sizeof(answer->msg));
		if (fail && fail->whole)
			memcpy(mnl_nlmsg_put_extra_header(nlh, request.len - NLMSG_HDRLEN),
			       request.raw + NLMSG_HDRLEN, request.len - NLMSG_HDRLEN);
		else
			nlh->nlmsg_flags |= NLM_F_CAPPED;
	}
	if (err && (!fail || *fail->message)) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG,
				  fail ? fail->message : request.refused ? request.refused :
				  "no such flow in any flowtable");
	}
	return nlh->nlmsg_len;
}

/* The answer to a former request, which must not count */
static size_t put_stale(char *buf)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_seq = request.seq - 1;
	nlh->nlmsg_pid = PORTID;
	mnl_nlmsg_put_extra_header(nlh, sizeof(int));
	return nlh->nlmsg_len;
}

/* A flow that is gone is in no list any more. They go in the order of the list, mostly. */
static void take_away(const struct nftnl_flow *gone)
{
	static unsigned int last;
	uint64_t id = nftnl_flow_get_u64(gone, NFTNL_FLOW_ID);
	unsigned int i, n;

	if (nftnl_flow_get_u8(gone, NFTNL_FLOW_EVENT) != NFT_OFFLOAD_EVENT_GONE)
		return;
	for (i = 0; i < fixture.num_flows; i++) {
		n = (last + i) % fixture.num_flows;
		if (nftnl_flow_get_u64(fixture.flows[n], NFTNL_FLOW_ID) == id) {
			fixture.gone[n] = true;
			last = n;
		}
	}
}

static size_t put_event(char *buf, const struct fixture_event *event)
{
	struct nlmsghdr *nlh;

	nlh = nftnl_offload_nlmsg_build_hdr(buf, FAMILY,
		nftnl_flow_get_u8(event->flow, NFTNL_FLOW_EVENT) == NFT_OFFLOAD_EVENT_GONE ?
		NFT_OFFLOAD_CMD_FLOW_DEL_NTF : NFT_OFFLOAD_CMD_FLOW_NEW_NTF, 0, 0);
	nlh->nlmsg_flags = 0;
	nftnl_flow_nlmsg_build_payload(nlh, event->flow);
	return cut_message(nlh, "event", event - fixture.events);
}

/* Those that come just before the answer has its first flow */
static size_t events_within(char *buf)
{
	size_t len = 0;

	while (next_event < fixture.num_events && fixture.events[next_event].within &&
	       len < BATCH)
		len += put_event(buf + len, &fixture.events[next_event++]);
	return len;
}

/* After the answer their flows are in no list, either */
static void end_within(void)
{
	unsigned int i;

	for (i = 0; i < next_event; i++)
		if (fixture.events[i].within)
			take_away(fixture.events[i].flow);
}

/* Time goes by in small steps: is it over? */
static bool pass_time(struct fixture_event *event)
{
	uint64_t step = fixture.virtual ? 1000 : 100;

	if (event->pause < step && !event->within)
		step = event->pause;
	if (fixture.virtual)
		waited += step;
	else
		wait_for(-1, -1, step);
	if (!event->within)
		event->pause -= step;
	return !event->pause && !event->within;
}

static ssize_t next_events(char *buf)
{
	struct fixture_event *event;
	size_t len = 0;

	if (next_event == fixture.num_events) {
		interrupted = 1;
		errno = EINTR;
		return -1;
	}
	while (next_event < fixture.num_events && len < BATCH) {
		event = &fixture.events[next_event];
		if (len && (event->err || event->pause || event->within))
			break;
		if (event->pause || event->within) {
			next_event += pass_time(event);
			errno = EAGAIN;
			return -1;
		}
		next_event++;
		if (event->err) {
			errno = event->err;
			return -1;
		}
		take_away(event->flow);
		if (event->lost)
			continue;
		len += put_event(buf + len, event);
	}
	if (!len)
		errno = EAGAIN;
	return len ? (ssize_t)len : -1;
}

static ssize_t fake_recv(void *to, size_t size)
{
	char *buf = to;
	size_t len = 0, one;

	if (request.done || !request.seq)
		return joined ? next_events(buf) : (errno = EAGAIN, -1);
	if (size < BATCH + ROOM) {
		errno = ENOSPC;
		return -1;
	}
	if (!request.next)
		len += NLMSG_ALIGN(put_stale(buf));
	if (!request.next && joined && request.dump && request.type == NFT_OFFLOAD_CMD_FLOW_GET)
		len += events_within(buf + len);
	while (len < BATCH) {
		one = put_next(buf + len);
		if (!one) {
			len += NLMSG_ALIGN(put_end(buf + len));
			request.done = true;
			end_within();
			break;
		}
		len += NLMSG_ALIGN(one);
	}
	return len;
}

static int fake_fd(void)
{
	return -1;
}

static uint32_t fake_portid(void)
{
	return PORTID;
}

static const char *fake_device_name(unsigned int ifindex, char *name)
{
	unsigned int i;

	for (i = 0; i < fixture.num_devices; i++)
		if (fixture.devices[i].ifindex == ifindex)
			return memcpy(name, fixture.devices[i].name, IFNAMSIZ);
	errno = ENXIO;
	return NULL;
}

static unsigned int fake_device_index(const char *name)
{
	unsigned int i;

	load();
	for (i = 0; i < fixture.num_devices; i++)
		if (!strcmp(fixture.devices[i].name, name))
			return fixture.devices[i].ifindex;
	return 0;
}

static struct fixture_sysctl *find_sysctl(const char *name)
{
	unsigned int i;

	load();
	for (i = 0; i < fixture.num_sysctls; i++)
		if (!strcmp(fixture.sysctls[i].name, name))
			return &fixture.sysctls[i];
	errno = ENOENT;
	return NULL;
}

static int fake_sysctl_get(const char *name, int *value)
{
	const struct fixture_sysctl *sysctl = find_sysctl(name);

	if (!sysctl)
		return -1;
	*value = sysctl->value;
	return 0;
}

static int fake_sysctl_set(const char *name, int value)
{
	struct fixture_sysctl *sysctl = find_sysctl(name);

	if (!sysctl || fail_if("sysctl") < 0)
		return -1;
	if (requests)
		fprintf(requests, "sysctl %s=%d\n", name, value);
	sysctl->value = value;
	return 0;
}

static bool fake_wait(int fd, uint64_t ms)
{
	if (!fixture.virtual)
		return wait_for(fd, -1, fixture.clock ? 1 : ms);
	waited += ms;
	return false;
}

static uint64_t fake_now(void)
{
	static uint64_t seconds;
	struct timespec ts;

	if (fixture.virtual)
		return waited;
	if (fixture.clock)
		return ++seconds * 1000;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Of a virtual clock, it was 1,700,000,000 seconds after 1970 when it began */
static uint64_t fake_wall(void)
{
	struct timespec ts;

	if (fixture.virtual)
		return 1700000000000 + waited;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void unload(void) __attribute__((destructor));
static void unload(void)
{
	fixture_free();
	fake_policy_free();
	if (many_flow)
		nftnl_flow_free(many_flow);
	if (request.filter)
		nftnl_flow_filter_free(request.filter);
	if (requests)
		fclose(requests);
}

const struct host_ops host = {
	.netns		= fake_netns,
	.open		= fake_open,
	.close		= fake_close,
	.join		= fake_join,
	.send		= fake_send,
	.recv		= fake_recv,
	.fd		= fake_fd,
	.portid		= fake_portid,
	.device_name	= fake_device_name,
	.device_index	= fake_device_index,
	.sysctl_get	= fake_sysctl_get,
	.sysctl_set	= fake_sysctl_set,
	.now		= fake_now,
	.wall		= fake_wall,
	.wait		= fake_wait,
};
