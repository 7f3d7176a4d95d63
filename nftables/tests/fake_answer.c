// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers of the emulated kernel: flows, flowtables and all else that it has. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <libnftnl_offload/explain.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include <libnftnl_offload/table.h>
#include "fake.h"
#include "fake_policy.h"
#include "fixture.h"

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

/* Of flows that end, or are pinned */
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
	nlh = message(buf, request.type);
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
size_t cut_message(struct nlmsghdr *nlh, const char *what, unsigned int number)
{
	unsigned int i;

	for (i = 0; i < fixture.num_cuts; i++)
		if (!strcmp(fixture.cuts[i].what, what) && fixture.cuts[i].number == number)
			nlh->nlmsg_len -= 4;
	return NLMSG_ALIGN(nlh->nlmsg_len);
}

static size_t put_message(char *buf)
{
	const struct fixture_fail *fail = find_fail(type_name(request.type));

	if (fail && request.next >= fail->after)
		return 0;
	switch (request.type) {
	case FAMILY_GET:
		return put_family(buf);
	case NFT_OFFLOAD_CMD_FLOW_GET:
		return put_flow(buf);
	case NFT_OFFLOAD_CMD_FLOW_DEL:
	case NFT_OFFLOAD_CMD_FLOW_SET:
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

size_t put_next(char *buf)
{
	return put_message(buf) ? cut_message((void *)buf, type_name(request.type),
					      request.sent++) : 0;
}

/* Of slow hardware, flows that are ended have left at the third request. */
static const struct fixture_fail *find_end_fail(void)
{
	static unsigned int flushes;
	const struct fixture_fail *fail = find_fail(type_name(request.type));

	if (fail && request.type == NFT_OFFLOAD_CMD_FLOW_DEL && fail->err == ETIMEDOUT &&
	    ++flushes == 3)
		return NULL;
	/* some go well, see fake_set_policy() */
	if (request.type == NFT_OFFLOAD_CMD_POLICY_NEW ||
	    request.type == NFT_OFFLOAD_CMD_POLICY_DEL)
		return request.failed ? fail : NULL;
	return fail;
}

/* An error or acknowledgment, as kernels with NETLINK_CAP_ACK and _EXT_ACK send it;
 * an error of a dump that has begun is in its last message.
 */
size_t put_end(char *buf)
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
size_t put_stale(char *buf)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_seq = request.seq - 1;
	nlh->nlmsg_pid = PORTID;
	mnl_nlmsg_put_extra_header(nlh, sizeof(int));
	return nlh->nlmsg_len;
}

void free_answer(void)
{
	if (many_flow)
		nftnl_flow_free(many_flow);
}
