/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which records flows get, and what is new in them.
 *
 * Counters of a record are what the flow has gained since its last one. Only flows that had
 * a record before their end are kept, with the counters of the last one. The others need
 * nothing: all of their counters are in the record at their end.
 */
#ifndef NFT_OFFLOAD_IPFIX_FLOWS_H
#define NFT_OFFLOAD_IPFIX_FLOWS_H

#include <stdbool.h>
#include <stdint.h>
#include "ipfix.h"

struct nftnl_flow;
struct ipfix_entry;

/* What a list is for */
enum ipfix_list {
	IPFIX_LIST_BASE,	/* what flows have now is not counted */
	IPFIX_LIST_ACTIVE,	/* records of flows that had none for the active timeout */
	IPFIX_LIST_LAST,	/* records of all flows with anything new */
};

struct ipfix_flows {
	struct ipfix_entry	**slots;
	uint64_t		num_slots;
	uint64_t		num;
	uint64_t		limit;		/* flows that are kept */
	uint64_t		timeout;	/* the active timeout, milliseconds */
	uint32_t		round;		/* lists so far */
	enum ipfix_list		list;
	bool			listing;
	bool			lost;		/* an event, so that flows may end unseen */
	bool			full;		/* a flow was not kept */
	uint64_t		unseen;		/* flows that have ended unseen */
	uint64_t		uncounted;	/* flows that ended, and the kernel had no counters */
};

void ipfix_flows_init(struct ipfix_flows *flows, uint64_t limit, uint64_t timeout);
void ipfix_flows_free(struct ipfix_flows *flows);

/* Around a list of all flows. Flows that end meanwhile get no other record of this list. */
void ipfix_flows_begin(struct ipfix_flows *flows, enum ipfix_list list);
/* @whole: no flow was missing in it */
void ipfix_flows_end(struct ipfix_flows *flows, bool whole);

/* Fill @record, now is @now in milliseconds since 1970. Return false if there is none to write. */
bool ipfix_flow_listed(struct ipfix_flows *flows, const struct nftnl_flow *flow, uint64_t now,
		       struct ipfix_record *record);
bool ipfix_flow_gone(struct ipfix_flows *flows, const struct nftnl_flow *flow, uint64_t now,
		     struct ipfix_record *record);
/* Had it a record before? */
bool ipfix_flow_known(const struct ipfix_flows *flows, const struct nftnl_flow *flow);

#endif
