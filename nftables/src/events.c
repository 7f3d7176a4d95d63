// SPDX-License-Identifier: GPL-2.0-or-later
/* Events as they are read: flows, and how many were lost between two. */
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>
#include "events.h"
#include "input.h"
#include "netlink.h"

void events_init(struct events *events)
{
	*events = (struct events){
		.flow = nftnl_flow_alloc(), .event = nftnl_offload_event_alloc(),
	};
	if (!events->flow || !events->event)
		xalloc(SIZE_MAX);
}

void events_free(struct events *events)
{
	nftnl_offload_event_free(events->event);
	nftnl_flow_free(events->flow);
}

/* The numbers tell of events that are lost */
static uint32_t check_seq(struct events *events)
{
	if (!nftnl_flow_is_set(events->flow, NFTNL_FLOW_SEQ))
		return 0;
	nftnl_offload_event_set_u32(events->event, NFTNL_OFFLOAD_EVENT_SEQ,
				    nftnl_flow_get_u32(events->flow, NFTNL_FLOW_SEQ));
	return nftnl_offload_event_track(events->event, &events->last);
}

/* The next one tells that there was one, too */
static void not_understood(struct events *events)
{
	struct nl_error failure = { .unknown = "an event" };

	if (!events->unknown)
		error("%s", nl_error_str(&failure));
	events->unknown = true;
}

bool events_read(struct events *events, const struct nlmsghdr *nlh, uint32_t *lost)
{
	int type = nftnl_offload_msg_type(nlh);

	*lost = 0;
	if (type != NFT_OFFLOAD_CMD_FLOW_NEW_NTF && type != NFT_OFFLOAD_CMD_FLOW_DEL_NTF)
		return false;
	nftnl_flow_reset(events->flow);
	if (nftnl_flow_nlmsg_parse(nlh, events->flow) < 0) {
		not_understood(events);
		return false;
	}
	if (!nftnl_flow_is_set(events->flow, NFTNL_FLOW_EVENT))
		return false;
	*lost = check_seq(events);
	return true;
}
