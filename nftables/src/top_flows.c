// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows of top: their rates, from two looks at their counters. */
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>
#include "host.h"
#include "input.h"
#include "netlink.h"
#include "top.h"

struct update {
	struct top		*top;
	struct nftnl_flow	*flow;
};

static void grow(struct top *top)
{
	size_t i, num = top->num_slots ? top->num_slots * 4 : 256;
	struct top_flow **slots = xalloc(num * sizeof(*slots)), *flow, *next;

	for (i = 0; i < top->num_slots; i++) {
		for (flow = top->slots[i]; flow; flow = next) {
			next = flow->next;
			flow->next = slots[flow->id % num];
			slots[flow->id % num] = flow;
		}
	}
	free(top->slots);
	top->slots = slots;
	top->num_slots = num;
}

static void add_sorted(struct top *top, struct top_flow *flow)
{
	if (top->num == top->room) {
		top->room = top->room ? top->room * 2 : 256;
		top->sorted = realloc(top->sorted, top->room * sizeof(*top->sorted));
		if (!top->sorted)
			xalloc(SIZE_MAX);
	}
	top->sorted[top->num++] = flow;
}

static uint64_t rate_of(uint64_t now, uint64_t before, uint64_t ms)
{
	return ms && now > before ? (now - before) * 1000 / ms : 0;
}

static uint64_t sum(const struct nftnl_flow *flow, uint16_t attr)
{
	return nftnl_flow_get_u64(flow, attr) +
	       nftnl_flow_get_u64(flow, attr + NFTNL_FLOW_DIR_STEP);
}

static void set_addr(const struct nftnl_flow *flow, uint16_t attr, uint8_t *addr, uint8_t *addr_len)
{
	uint32_t len = 0;
	const void *data = nftnl_flow_get_data(flow, attr, &len);

	if (!data || len > 16)
		return;
	memcpy(addr, data, len);
	*addr_len = len;
}

static struct top_flow *find(struct top *top, uint64_t id)
{
	struct top_flow *flow;

	for (flow = top->slots[id % top->num_slots]; flow; flow = flow->next)
		if (flow->id == id)
			return flow;
	return NULL;
}

static struct top_flow *make(struct top *top, const struct nftnl_flow *from)
{
	struct top_flow *flow = xalloc(sizeof(*flow)), **slot;

	flow->id = nftnl_flow_get_u64(from, NFTNL_FLOW_ID);
	flow->l4proto = nftnl_flow_get_u8(from, NFTNL_FLOW_L4PROTO);
	set_addr(from, NFTNL_FLOW_ORIG_SADDR, flow->saddr, &flow->addr_len);
	set_addr(from, NFTNL_FLOW_ORIG_DADDR, flow->daddr, &flow->addr_len);
	flow->sport = nftnl_flow_get_u16(from, NFTNL_FLOW_ORIG_SPORT);
	flow->dport = nftnl_flow_get_u16(from, NFTNL_FLOW_ORIG_DPORT);
	slot = &top->slots[flow->id % top->num_slots];
	flow->next = *slot;
	*slot = flow;
	return flow;
}

static int got_flow(const struct nlmsghdr *nlh, void *data)
{
	struct update *update = data;
	const struct nftnl_flow *from = update->flow;
	struct top *top = update->top;
	uint64_t bytes[2], packets[2], ms = top->elapsed;
	struct top_flow *flow;
	int i;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_MSG_FLOW_NEW)
		return 0;
	nftnl_flow_reset(update->flow);
	if (nftnl_flow_nlmsg_parse(nlh, update->flow) < 0)
		return -1;
	bytes[0] = sum(from, NFTNL_FLOW_ORIG_SW_BYTES);
	bytes[1] = sum(from, NFTNL_FLOW_ORIG_HW_BYTES);
	packets[0] = sum(from, NFTNL_FLOW_ORIG_SW_PACKETS);
	packets[1] = sum(from, NFTNL_FLOW_ORIG_HW_PACKETS);
	if (top->num >= top->num_slots)
		grow(top);
	flow = find(top, nftnl_flow_get_u64(from, NFTNL_FLOW_ID));
	if (!flow) {
		flow = make(top, from);
		/* all that a new flow has is of this round */
		if (nftnl_flow_get_u64(from, NFTNL_FLOW_AGE) > ms)
			ms = 0;
	}
	flow->state = nftnl_flow_get_u8(from, NFTNL_FLOW_STATE);
	flow->round = top->round;
	for (i = 0; i < 2; i++) {
		flow->rate[i] = rate_of(bytes[i], flow->bytes[i], ms);
		flow->packet_rate[i] = rate_of(packets[i], flow->packets[i], ms);
		flow->bytes[i] = bytes[i];
		flow->packets[i] = packets[i];
		top->rate[i] += flow->rate[i];
		top->packet_rate[i] += flow->packet_rate[i];
	}
	top->states[flow->state & 7]++;
	add_sorted(top, flow);
	return 0;
}

static void drop_old(struct top *top)
{
	struct top_flow **slot, *flow;
	size_t i;

	for (i = 0; i < top->num_slots; i++) {
		for (slot = &top->slots[i]; (flow = *slot);) {
			if (flow->round == top->round) {
				slot = &flow->next;
			} else {
				*slot = flow->next;
				free(flow);
			}
		}
	}
}

static int faster(const void *a, const void *b)
{
	const struct top_flow *one = *(struct top_flow *const *)a;
	const struct top_flow *other = *(struct top_flow *const *)b;
	uint64_t rate = one->rate[0] + one->rate[1], than = other->rate[0] + other->rate[1];

	if (rate != than)
		return rate > than ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

int top_update(struct top *top, const struct nftnl_flow_filter *filter, struct nl_error *error)
{
	struct update update = { .top = top, .flow = nftnl_flow_alloc() };
	uint64_t now = host.now();
	int ret;

	if (!update.flow)
		xalloc(SIZE_MAX);
	if (!top->num_slots)
		grow(top);
	top->elapsed = top->round ? now - top->when : 0;
	top->when = now;
	top->round++;
	top->num = 0;
	memset(top->states, 0, sizeof(top->states));
	memset(top->rate, 0, sizeof(top->rate));
	memset(top->packet_rate, 0, sizeof(top->packet_rate));
	ret = nl_request(NFT_OFFLOAD_MSG_FLOW_GET, NLM_F_DUMP, filter, got_flow, &update, error);
	nftnl_flow_free(update.flow);
	drop_old(top);
	if (top->num)
		qsort(top->sorted, top->num, sizeof(*top->sorted), faster);
	return ret;
}

void top_free(struct top *top)
{
	top->round++;
	drop_old(top);
	free(top->slots);
	free(top->sorted);
}
