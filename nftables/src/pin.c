// SPDX-License-Identifier: GPL-2.0-or-later
/* set flows: where flows are to be forwarded, until they end. */
#include <errno.h>
#include <stdlib.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include "cmd.h"
#include "netlink.h"
#include "options.h"
#include "output.h"

struct chosen {
	const struct spec	*spec;
	struct nftnl_flow	*flow;	/* one for all of the list */
	uint64_t		*ids;
	size_t			num;
};

static int got_chosen(const struct nlmsghdr *nlh, void *data)
{
	struct chosen *chosen = data;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_GET)
		return 0;
	if (nftnl_flow_nlmsg_parse(nlh, chosen->flow) < 0)
		return -1;
	/* one that is not counted has no number */
	if (!spec_flow(chosen->spec, chosen->flow) ||
	    !nftnl_flow_is_set(chosen->flow, NFTNL_FLOW_ID))
		return 0;
	if (!(chosen->num & (chosen->num - 1))) {
		chosen->ids = realloc(chosen->ids, (chosen->num ? 2 * chosen->num : 1) *
				      sizeof(*chosen->ids));
		if (!chosen->ids)
			xalloc(SIZE_MAX);
	}
	chosen->ids[chosen->num++] = nftnl_flow_get_u64(chosen->flow, NFTNL_FLOW_ID);
	return 0;
}

/* What the kernel does not look at: one by one. One that has ended meanwhile is none. */
static int set_chosen(const struct cmd *cmd, uint64_t *count, struct nl_error *failure)
{
	struct chosen chosen = { .spec = &cmd->spec, .flow = nftnl_flow_alloc() };
	size_t i;
	int ret;

	if (!chosen.flow)
		xalloc(SIZE_MAX);
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP, cmd->spec.filter, got_chosen,
			 &chosen, failure);
	for (i = 0; i < chosen.num && ret == 0; i++) {
		ret = nl_set_flow(chosen.ids[i], cmd->value, failure);
		if (ret == 0)
			++*count;
		else if (failure->err == ENOENT && !nl_error_general(failure))
			ret = 0;
	}
	nftnl_flow_free(chosen.flow);
	free(chosen.ids);
	return ret;
}

int cmd_set_flows(struct cmd *cmd)
{
	uint16_t flags = NLM_F_ACK | (options.echo ? NLM_F_ECHO : 0);
	struct nl_error failure;
	uint64_t count = 0;
	int ret;

	if (spec_resolve(&cmd->spec) < 0 || spec_table_exists(&cmd->spec) < 0)
		return EXIT_REFUSED;
	if (cmd->spec.matches)
		ret = set_chosen(cmd, &count, &failure);
	else
		ret = nl_set_flows(cmd->spec.filter, cmd->value, flags, got_count, &count,
				   &failure);
	if (ret < 0)
		return cmd_failed(cmd, &failure);
	if (options.echo) {
		output_begin();
		output_count("pinned", count);
		output_end();
	}
	return EXIT_FINE;
}
