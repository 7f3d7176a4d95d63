// SPDX-License-Identifier: GPL-2.0-or-later
/* Which records flows get, and what is new in them. */
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>
#include "input.h"
#include "ipfix_flows.h"

#define FIRST_SLOTS	256

struct ipfix_entry {
	struct ipfix_entry	*next;
	uint64_t		id;
	uint64_t		end;	/* of the last record */
	struct ipfix_count	count[IPFIX_DIRS][IPFIX_LAYERS];
	uint32_t		round;	/* of the last list that it was in */
	bool			gone;	/* a list that goes on may still have it */
};

void ipfix_flows_init(struct ipfix_flows *flows, uint64_t limit, uint64_t timeout)
{
	memset(flows, 0, sizeof(*flows));
	flows->limit = limit;
	flows->timeout = timeout;
	flows->num_slots = FIRST_SLOTS;
	flows->slots = xalloc(flows->num_slots * sizeof(*flows->slots));
}

void ipfix_flows_free(struct ipfix_flows *flows)
{
	struct ipfix_entry *entry, *next;
	uint64_t i;

	for (i = 0; i < flows->num_slots; i++) {
		for (entry = flows->slots[i]; entry; entry = next) {
			next = entry->next;
			free(entry);
		}
	}
	free(flows->slots);
}

static void grow(struct ipfix_flows *flows)
{
	uint64_t i, num = flows->num_slots * 4;
	struct ipfix_entry **slots = xalloc(num * sizeof(*slots)), *entry, *next;

	for (i = 0; i < flows->num_slots; i++) {
		for (entry = flows->slots[i]; entry; entry = next) {
			next = entry->next;
			entry->next = slots[entry->id % num];
			slots[entry->id % num] = entry;
		}
	}
	free(flows->slots);
	flows->slots = slots;
	flows->num_slots = num;
}

/* Where the flow is linked from, or would be */
static struct ipfix_entry **find(const struct ipfix_flows *flows, uint64_t id)
{
	struct ipfix_entry **link = &flows->slots[id % flows->num_slots];

	while (*link && (*link)->id != id)
		link = &(*link)->next;
	return link;
}

static struct ipfix_entry *make(struct ipfix_flows *flows, uint64_t id)
{
	struct ipfix_entry *entry = xalloc(sizeof(*entry)), **slot;

	if (flows->num >= flows->num_slots)
		grow(flows);
	slot = &flows->slots[id % flows->num_slots];
	entry->id = id;
	entry->next = *slot;
	*slot = entry;
	flows->num++;
	return entry;
}

static void drop(struct ipfix_flows *flows, struct ipfix_entry **link)
{
	struct ipfix_entry *entry = *link;

	*link = entry->next;
	free(entry);
	flows->num--;
}

static void read_counts(const struct nftnl_flow *flow,
			struct ipfix_count count[IPFIX_DIRS][IPFIX_LAYERS])
{
	uint16_t dir, attr;

	for (dir = 0; dir < IPFIX_DIRS; dir++) {
		attr = dir * NFTNL_FLOW_DIR_STEP;
		count[dir][IPFIX_SOFTWARE].octets =
			nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_SW_BYTES + attr);
		count[dir][IPFIX_SOFTWARE].packets =
			nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_SW_PACKETS + attr);
		count[dir][IPFIX_HARDWARE].octets =
			nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_BYTES + attr);
		count[dir][IPFIX_HARDWARE].packets =
			nftnl_flow_get_u64(flow, NFTNL_FLOW_ORIG_HW_PACKETS + attr);
	}
}

static void get_addr(const struct nftnl_flow *flow, uint16_t attr, uint8_t *addr)
{
	uint32_t len;
	const void *data = nftnl_flow_get_data(flow, attr, &len);

	memset(addr, 0, 16);
	if (data)
		memcpy(addr, data, len > 16 ? 16 : len);
}

/* A source after NAT is where replies go to. Without an attribute, nothing differs. */
static void read_nat(const struct nftnl_flow *flow, struct ipfix_record *record)
{
	memcpy(record->post_saddr, record->saddr, sizeof(record->post_saddr));
	memcpy(record->post_daddr, record->daddr, sizeof(record->post_daddr));
	record->post_sport = record->sport;
	record->post_dport = record->dport;
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_REPL_DADDR))
		get_addr(flow, NFTNL_FLOW_REPL_DADDR, record->post_saddr);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_REPL_SADDR))
		get_addr(flow, NFTNL_FLOW_REPL_SADDR, record->post_daddr);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_REPL_DPORT))
		record->post_sport = nftnl_flow_get_u16(flow, NFTNL_FLOW_REPL_DPORT);
	if (nftnl_flow_is_set(flow, NFTNL_FLOW_REPL_SPORT))
		record->post_dport = nftnl_flow_get_u16(flow, NFTNL_FLOW_REPL_SPORT);
	record->nat = memcmp(record->post_saddr, record->saddr, sizeof(record->saddr)) ||
		      memcmp(record->post_daddr, record->daddr, sizeof(record->daddr)) ||
		      record->post_sport != record->sport || record->post_dport != record->dport;
}

static void read_flow(const struct nftnl_flow *flow, uint64_t now, struct ipfix_record *record)
{
	uint64_t age = nftnl_flow_get_u64(flow, NFTNL_FLOW_AGE);

	record->id = nftnl_flow_get_u64(flow, NFTNL_FLOW_ID);
	record->v6 = nftnl_flow_get_u8(flow, NFTNL_FLOW_L3PROTO) == NFPROTO_IPV6;
	get_addr(flow, NFTNL_FLOW_ORIG_SADDR, record->saddr);
	get_addr(flow, NFTNL_FLOW_ORIG_DADDR, record->daddr);
	record->sport = nftnl_flow_get_u16(flow, NFTNL_FLOW_ORIG_SPORT);
	record->dport = nftnl_flow_get_u16(flow, NFTNL_FLOW_ORIG_DPORT);
	read_nat(flow, record);
	record->l4proto = nftnl_flow_get_u8(flow, NFTNL_FLOW_L4PROTO);
	record->iif = nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_IIF);
	record->oif = nftnl_flow_get_u32(flow, NFTNL_FLOW_ORIG_OIF);
	record->start = age < now ? now - age : 0;
	record->end = now;
	read_counts(flow, record->count);
}

/* A counter that is less than before has begun again */
static uint64_t gain(uint64_t now, uint64_t before)
{
	return now >= before ? now - before : now;
}

/* What is told of begins with the flow, or where the last record has ended */
static uint64_t begin_of(const struct ipfix_record *record, const struct ipfix_entry *entry)
{
	if (!entry || entry->end <= record->start)
		return record->start;
	return entry->end < record->end ? entry->end : record->end;
}

/* Returns true if there is anything new */
static bool subtract(struct ipfix_record *record, const struct ipfix_entry *entry)
{
	struct ipfix_count *count;
	int dir, layer;
	bool any = false;

	for (dir = 0; dir < IPFIX_DIRS; dir++) {
		for (layer = 0; layer < IPFIX_LAYERS; layer++) {
			count = &record->count[dir][layer];
			if (entry) {
				count->octets = gain(count->octets,
						     entry->count[dir][layer].octets);
				count->packets = gain(count->packets,
						      entry->count[dir][layer].packets);
			}
			any |= count->octets || count->packets;
		}
	}
	record->start = begin_of(record, entry);
	return any;
}

static void keep(struct ipfix_flows *flows, struct ipfix_entry *entry,
		 const struct nftnl_flow *flow, uint64_t now)
{
	entry->end = now;
	entry->round = flows->round;
	read_counts(flow, entry->count);
}

static bool too_many(struct ipfix_flows *flows)
{
	flows->full = true;
	return false;
}

bool ipfix_flow_listed(struct ipfix_flows *flows, const struct nftnl_flow *flow, uint64_t now,
		       struct ipfix_record *record)
{
	struct ipfix_entry *entry = *find(flows, nftnl_flow_get_u64(flow, NFTNL_FLOW_ID));
	bool last = flows->list == IPFIX_LIST_LAST, due;

	read_flow(flow, now, record);
	if (!record->id || (entry && entry->gone))
		return false;
	if (entry)
		entry->round = flows->round;
	/* a clock that was set back must not keep records from coming */
	due = (entry && entry->end > now) || now - begin_of(record, entry) >= flows->timeout;
	if (!subtract(record, entry) && flows->list != IPFIX_LIST_BASE)
		return false;
	if (flows->list == IPFIX_LIST_ACTIVE && !due)
		return false;
	if (!entry && flows->num < flows->limit)
		entry = make(flows, record->id);
	if (entry)
		keep(flows, entry, flow, now);
	else if (!last)
		return too_many(flows);
	record->reason = last ? IPFIX_FORCED : IPFIX_ACTIVE;
	return flows->list != IPFIX_LIST_BASE;
}

static uint8_t end_reason(const struct nftnl_flow *flow)
{
	switch (nftnl_flow_get_u8(flow, NFTNL_FLOW_CAUSE)) {
	case NFT_OFFLOAD_CAUSE_TIMEOUT:
		return IPFIX_IDLE;
	case NFT_OFFLOAD_CAUSE_CLOSED:
		return IPFIX_END;
	default:
		return IPFIX_FORCED;
	}
}

bool ipfix_flow_gone(struct ipfix_flows *flows, const struct nftnl_flow *flow, uint64_t now,
		     struct ipfix_record *record)
{
	uint64_t id = nftnl_flow_get_u64(flow, NFTNL_FLOW_ID);
	struct ipfix_entry **link = find(flows, id), *entry = *link;

	if (!id) {
		flows->uncounted++;
		return false;
	}
	if (entry && entry->gone)
		return false;
	read_flow(flow, now, record);
	subtract(record, entry);
	record->reason = end_reason(flow);
	if (!flows->listing) {
		if (entry)
			drop(flows, link);
		return true;
	}
	/* beyond the limit, but not longer than the list takes */
	if (!entry)
		entry = make(flows, id);
	entry->gone = true;
	return true;
}

bool ipfix_flow_known(const struct ipfix_flows *flows, const struct nftnl_flow *flow)
{
	return *find(flows, nftnl_flow_get_u64(flow, NFTNL_FLOW_ID));
}

void ipfix_flows_begin(struct ipfix_flows *flows, enum ipfix_list list)
{
	flows->round++;
	flows->list = list;
	flows->listing = true;
}

/* A list may miss a flow when the kernel's table grows: two of them are needed to say that
 * it has ended. Without a lost event there is one that says so.
 */
static bool is_unseen(const struct ipfix_flows *flows, const struct ipfix_entry *entry)
{
	return flows->lost && flows->round - entry->round >= 2;
}

void ipfix_flows_end(struct ipfix_flows *flows, bool whole)
{
	struct ipfix_entry **link;
	uint64_t i;

	flows->listing = false;
	for (i = 0; i < flows->num_slots; i++) {
		for (link = &flows->slots[i]; *link;) {
			if ((*link)->gone) {
				drop(flows, link);
			} else if (whole && is_unseen(flows, *link)) {
				flows->unseen++;
				drop(flows, link);
			} else {
				link = &(*link)->next;
			}
		}
	}
}
