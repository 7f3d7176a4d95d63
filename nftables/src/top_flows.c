// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows of top, and their meters. */
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>
#include "host.h"
#include "input.h"
#include "netlink.h"
#include "spec.h"
#include "top.h"

#define SAME_READING	50	/* milliseconds */

struct update {
	struct top		*top;
	struct nftnl_flow	*flow;
	const struct spec	*spec;
};

static void grow(struct top *top)
{
	size_t i, num = top->num_slots ? top->num_slots * 4 : 256;
	struct top_flow **slots = xalloc(num * sizeof(*slots)), *flow, *next;

	for (i = 0; i < top->num_slots; i++) {
		for (flow = top->slots[i]; flow; flow = next) {
			next = flow->next;
			flow->next = slots[flow->row.id % num];
			slots[flow->row.id % num] = flow;
		}
	}
	free(top->slots);
	top->slots = slots;
	top->num_slots = num;
}

static void add_flow(struct top *top, struct top_flow *flow)
{
	if (top->num == top->room) {
		top->room = top->room ? top->room * 2 : 256;
		top->flows = realloc(top->flows, top->room * sizeof(*top->flows));
		if (!top->flows)
			xalloc(SIZE_MAX);
	}
	top->flows[top->num++] = flow;
}

static struct top_flow *find(struct top *top, uint64_t id)
{
	struct top_flow *flow;

	for (flow = top->slots[id % top->num_slots]; flow; flow = flow->next)
		if (flow->row.id == id)
			return flow;
	return NULL;
}

static struct top_flow *make(struct top *top, uint64_t id)
{
	struct top_flow *flow = xalloc(sizeof(*flow)), **slot;

	slot = &top->slots[id % top->num_slots];
	flow->next = *slot;
	*slot = flow;
	return flow;
}

static void read_software(struct top_flow *flow, const struct nftnl_flow *from, uint64_t now)
{
	meter_add(&flow->meter[METER_SOFTWARE], now,
		  nftnl_flow_get_u64(from, NFTNL_FLOW_ORIG_SW_BYTES) +
		  nftnl_flow_get_u64(from, NFTNL_FLOW_REPL_SW_BYTES),
		  nftnl_flow_get_u64(from, NFTNL_FLOW_ORIG_SW_PACKETS) +
		  nftnl_flow_get_u64(from, NFTNL_FLOW_REPL_SW_PACKETS));
}

/* The kernel says when the driver counted. Where it does not, a counter was read when
 * it changes.
 */
static void read_hardware(struct meter *meter, const struct nftnl_flow *from, uint16_t step,
			  uint64_t now)
{
	uint64_t bytes = nftnl_flow_get_u64(from, NFTNL_FLOW_ORIG_HW_BYTES + step);
	uint64_t packets = nftnl_flow_get_u64(from, NFTNL_FLOW_ORIG_HW_PACKETS + step);
	uint64_t age = nftnl_flow_get_u64(from, NFTNL_FLOW_ORIG_HW_AGE + step);

	bool same = meter->begun && bytes == meter->bytes && packets == meter->packets;

	if (!nftnl_flow_is_set(from, NFTNL_FLOW_ORIG_HW_AGE + step)) {
		if (same)
			return;
		if (meter->loose)
			memset(meter, 0, sizeof(*meter));
		else
			meter->loose = !meter->begun;
		meter_add(meter, now, bytes, packets);
		return;
	}
	now = now > age ? now - age : 0;
	/* of two clocks: the same reading may seem a little younger */
	if (!same || now >= meter->when + SAME_READING)
		meter_add(meter, now, bytes, packets);
}

static int got_flow(const struct nlmsghdr *nlh, void *data)
{
	struct update *update = data;
	const struct nftnl_flow *from = update->flow;
	struct top *top = update->top;
	struct top_flow *flow;
	uint64_t id, age;
	int i;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_GET)
		return 0;
	nftnl_flow_reset(update->flow);
	if (nftnl_flow_nlmsg_parse(nlh, update->flow) < 0)
		return -1;
	if (!spec_flow(update->spec, from))
		return 0;
	if (top->num >= top->num_slots)
		grow(top);
	id = nftnl_flow_get_u64(from, NFTNL_FLOW_ID);
	if (!id) /* not counted: there is no rate */
		return 0;
	age = nftnl_flow_get_u64(from, NFTNL_FLOW_AGE);
	flow = find(top, id);
	if (!flow) {
		flow = make(top, id);
		/* all counters of a flow that is new were zero when it was added */
		for (i = 0; i < NUM_METERS && age < top->elapsed; i++)
			meter_add(&flow->meter[i], top->when - age, 0, 0);
	}
	row_set(&flow->row, from);
	flow->round = top->round;
	read_software(flow, from, top->when);
	read_hardware(&flow->meter[METER_HARDWARE_ORIG], from, 0, top->when);
	read_hardware(&flow->meter[METER_HARDWARE_REPLY], from, NFTNL_FLOW_DIR_STEP, top->when);
	add_flow(top, flow);
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

int top_update(struct top *top, const struct spec *spec, struct nl_error *error)
{
	struct update update = { .top = top, .flow = nftnl_flow_alloc(), .spec = spec };
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
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP, spec->filter, got_flow, &update, error);
	nftnl_flow_free(update.flow);
	drop_old(top);
	return ret;
}

void top_free(struct top *top)
{
	top->round++;
	drop_old(top);
	free(top->slots);
	free(top->flows);
}
