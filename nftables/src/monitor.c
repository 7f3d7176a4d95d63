// SPDX-License-Identifier: GPL-2.0-or-later
/* monitor: events, one line each, until interrupted. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/event.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include "cmd.h"
#include "host.h"
#include "names.h"
#include "netlink.h"
#include "options.h"
#include "output.h"
#include "refusal.h"
#include "signals.h"

#define NAMES_AGE	1000	/* devices may be renamed, milliseconds */

struct monitor {
	const struct spec		*spec;
	struct nftnl_flow		*flow;
	struct nftnl_offload_event	*event;		/* only its number */
	struct nftnl_offload_event_last	last;
	bool				unknown;	/* said already */
	uint64_t			names_read;
};

/* The numbers tell of events that the kernel, or the socket, had no room for */
static void check_seq(struct monitor *monitor)
{
	uint32_t lost;

	if (!nftnl_flow_is_set(monitor->flow, NFTNL_FLOW_SEQ))
		return;
	nftnl_offload_event_set_u32(monitor->event, NFTNL_OFFLOAD_EVENT_SEQ,
				    nftnl_flow_get_u32(monitor->flow, NFTNL_FLOW_SEQ));
	lost = nftnl_offload_event_track(monitor->event, &monitor->last);
	if (lost)
		output_lost(lost);
}

/* The next one tells that there was one, too */
static void not_understood(struct monitor *monitor)
{
	struct nl_error failure = { .unknown = "an event" };

	if (!monitor->unknown)
		error("%s", nl_error_str(&failure));
	monitor->unknown = true;
}

static int got_event(const struct nlmsghdr *nlh, void *data)
{
	struct monitor *monitor = data;
	int type = nftnl_offload_msg_type(nlh);

	if (type != NFT_OFFLOAD_CMD_FLOW_NEW_NTF && type != NFT_OFFLOAD_CMD_FLOW_DEL_NTF)
		return 0;
	nftnl_flow_reset(monitor->flow);
	if (nftnl_flow_nlmsg_parse(nlh, monitor->flow) < 0) {
		not_understood(monitor);
		return 0;
	}
	if (!nftnl_flow_is_set(monitor->flow, NFTNL_FLOW_EVENT))
		return 0;
	check_seq(monitor);
	if (nftnl_flow_filter_match(monitor->spec->filter, monitor->flow) &&
	    spec_flow(monitor->spec, monitor->flow) &&
	    (options.json || !refusal_repeated(monitor->flow)))
		output_event(monitor->flow);
	return 0;
}

static void refresh_names(struct monitor *monitor)
{
	uint64_t now = host.now();

	if (now - monitor->names_read < NAMES_AGE)
		return;
	device_names_forget();
	monitor->names_read = now;
}

static int run(struct cmd *cmd, struct monitor *monitor)
{
	struct nl_error failure;
	int err;

	while (!interrupted) {
		refresh_names(monitor);
		err = nl_events_next(got_event, monitor);
		if (err == ENOBUFS) {
			/* the next event tells how many, if there was one before */
			if (!monitor->last.known)
				output_lost(0);
		} else if (err && err != EINTR && err != EAGAIN) {
			failure = (struct nl_error){ .err = err };
			return cmd_failed(cmd, &failure);
		}
		/* in a burst, as much at a time as stdout has room for */
		if (!nl_events_waiting())
			fflush(stdout);
		if (ferror(stdout))
			return EXIT_REFUSED;
	}
	return EXIT_FINE;
}

int cmd_monitor(struct cmd *cmd)
{
	struct monitor monitor = { .spec = &cmd->spec };
	struct nl_error failure;
	int ret;

	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	monitor.flow = nftnl_flow_alloc();
	monitor.event = nftnl_offload_event_alloc();
	if (!monitor.flow || !monitor.event)
		xalloc(SIZE_MAX);
	signals_begin(false);
	ret = nl_events_join(&failure) < 0 ? cmd_failed(cmd, &failure) : run(cmd, &monitor);
	signals_end();
	nl_close();
	nftnl_offload_event_free(monitor.event);
	nftnl_flow_free(monitor.flow);
	return ret;
}
