// SPDX-License-Identifier: GPL-2.0-or-later
/* set flows: where flows are to be forwarded, until they end. */
#include <errno.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include "cmd.h"
#include "netlink.h"
#include "options.h"
#include "output.h"

struct pins {
	uint8_t			pin;
	uint64_t		count;
	struct nl_error		*failure;
};

/* A flow that has ended meanwhile is none. */
static int set_one(uint64_t id, void *data)
{
	struct pins *pins = data;
	int ret = nl_set_flow(id, pins->pin, pins->failure);

	if (ret == 0)
		pins->count++;
	else if (pins->failure->err == ENOENT && !nl_error_general(pins->failure))
		ret = 0;
	return ret;
}

int cmd_set_flows(struct cmd *cmd)
{
	uint16_t flags = NLM_F_ACK | (options.echo ? NLM_F_ECHO : 0);
	struct nl_error failure;
	struct pins pins = { .pin = cmd->value, .failure = &failure };
	int ret;

	if (spec_resolve(&cmd->spec) < 0 || spec_table_exists(&cmd->spec) < 0)
		return EXIT_REFUSED;
	if (cmd->spec.matches)
		/* one that is not counted has no number */
		ret = chosen_each(&cmd->spec, NFTNL_FLOW_ID, set_one, &pins, &failure);
	else
		ret = nl_set_flows(cmd->spec.filter, cmd->value, flags, got_count, &pins.count,
				   &failure);
	if (ret < 0)
		return cmd_failed(cmd, &failure);
	if (options.echo) {
		output_begin();
		output_count("pinned", pins.count);
		output_end();
	}
	return EXIT_FINE;
}
