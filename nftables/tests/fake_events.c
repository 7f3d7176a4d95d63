// SPDX-License-Identifier: GPL-2.0-or-later
/* Events of the emulated kernel, and flows that they end. */
#include <errno.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>
#include "fake.h"
#include "fixture.h"
#include "signals.h"

static unsigned int next_event;

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
size_t events_within(char *buf)
{
	size_t len = 0;

	while (next_event < fixture.num_events && fixture.events[next_event].within &&
	       len < BATCH)
		len += put_event(buf + len, &fixture.events[next_event++]);
	return len;
}

/* After the answer their flows are in no list, either */
void end_within(void)
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

ssize_t next_events(char *buf)
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
