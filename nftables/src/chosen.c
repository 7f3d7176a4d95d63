// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows that a command is about where the kernel does not look at all that it says. */
#include <stdlib.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/flow.h>
#include "cmd.h"
#include "netlink.h"

struct chosen {
	const struct spec	*spec;
	uint16_t		attr;
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
	if (!spec_flow(chosen->spec, chosen->flow) ||
	    !nftnl_flow_is_set(chosen->flow, chosen->attr))
		return 0;
	if (!(chosen->num & (chosen->num - 1))) {
		chosen->ids = realloc(chosen->ids, (chosen->num ? 2 * chosen->num : 1) *
				      sizeof(*chosen->ids));
		if (!chosen->ids)
			xalloc(SIZE_MAX);
	}
	chosen->ids[chosen->num++] = chosen->attr == NFTNL_FLOW_CT_ID ?
				     nftnl_flow_get_u32(chosen->flow, chosen->attr) :
				     nftnl_flow_get_u64(chosen->flow, chosen->attr);
	return 0;
}

int chosen_each(const struct spec *spec, uint16_t attr, int (*fn)(uint64_t id, void *data),
		void *data, struct nl_error *failure)
{
	struct chosen chosen = { .spec = spec, .attr = attr, .flow = nftnl_flow_alloc() };
	size_t i;
	int ret;

	if (!chosen.flow)
		xalloc(SIZE_MAX);
	ret = nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP, spec->filter, got_chosen, &chosen,
			 failure);
	for (i = 0; i < chosen.num && ret == 0; i++)
		ret = fn(chosen.ids[i], data);
	nftnl_flow_free(chosen.flow);
	free(chosen.ids);
	return ret;
}
