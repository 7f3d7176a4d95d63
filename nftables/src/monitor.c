// SPDX-License-Identifier: GPL-2.0-or-later
/* monitor: events, one line each, until interrupted. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include "cmd.h"
#include "events.h"
#include "host.h"
#include "names.h"
#include "netlink.h"
#include "options.h"
#include "output.h"
#include "refusal.h"
#include "signals.h"

#define NAMES_AGE	1000	/* devices may be renamed, milliseconds */

struct monitor {
	const struct spec	*spec;
	struct events		events;
	uint64_t		names_read;
};

static int got_event(const struct nlmsghdr *nlh, void *data)
{
	struct monitor *monitor = data;
	const struct nftnl_flow *flow = monitor->events.flow;
	uint32_t lost;

	if (!events_read(&monitor->events, nlh, &lost))
		return 0;
	if (lost)
		output_lost(lost);
	if (nftnl_flow_filter_match(monitor->spec->filter, flow) &&
	    spec_flow(monitor->spec, flow) && (options.json || !refusal_repeated(flow)))
		output_event(flow);
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
		err = nl_events_next(got_event, monitor, -1);
		if (err == ENOBUFS) {
			/* the next event tells how many, if there was one before */
			if (!monitor->events.last.known)
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
	events_init(&monitor.events);
	signals_begin(false);
	ret = nl_events_join(&failure) < 0 ? cmd_failed(cmd, &failure) : run(cmd, &monitor);
	signals_end();
	nl_close();
	events_free(&monitor.events);
	return ret;
}
