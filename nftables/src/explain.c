// SPDX-License-Identifier: GPL-2.0-or-later
/* explain: what becomes of a connection, and why. */
#include <string.h>
#include <libnftnl_offload/common.h>
#include <libnftnl_offload/filter.h>
#include "cmd.h"
#include "explain.h"
#include "names.h"
#include "netlink.h"
#include "options.h"
#include "output.h"

static int got_explain(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_explain **explain = data;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_EXPLAIN)
		return 0;
	if (!*explain)
		*explain = nftnl_offload_explain_alloc();
	if (!*explain)
		xalloc(SIZE_MAX);
	return nftnl_offload_explain_nlmsg_parse(nlh, *explain);
}

static int request(const struct spec *spec, struct nftnl_offload_explain **explain,
		   struct nl_error *failure)
{
	return nl_request(NFT_OFFLOAD_CMD_EXPLAIN, NLM_F_ACK, spec->filter, got_explain, explain,
			  failure);
}

static void swap_addrs(struct nftnl_flow_filter *filter)
{
	uint32_t len = 0, other_len = 0;
	const void *saddr = nftnl_flow_filter_get_data(filter, NFTNL_FLOW_FILTER_SADDR, &len);
	const void *daddr = nftnl_flow_filter_get_data(filter, NFTNL_FLOW_FILTER_DADDR, &other_len);
	uint8_t source[16];

	memcpy(source, saddr, len);
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_SADDR, daddr, other_len);
	nftnl_flow_filter_set_data(filter, NFTNL_FLOW_FILTER_DADDR, source, len);
}

/* The same connection as seen behind NAT is the other direction, turned round */
static void turn_round(struct nftnl_flow_filter *filter)
{
	uint16_t sport = nftnl_flow_filter_get_u16(filter, NFTNL_FLOW_FILTER_SPORT);
	uint16_t dport = nftnl_flow_filter_get_u16(filter, NFTNL_FLOW_FILTER_DPORT);

	swap_addrs(filter);
	if (!nftnl_flow_filter_is_set(filter, NFTNL_FLOW_FILTER_SPORT))
		return;
	nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_SPORT, dport);
	nftnl_flow_filter_set_u16(filter, NFTNL_FLOW_FILTER_DPORT, sport);
}

static uint8_t layer_of(const struct nftnl_offload_explain *explain)
{
	return nftnl_offload_explain_get_u8(explain, NFTNL_OFFLOAD_EXPLAIN_LAYER);
}

/* The kernel knows a connection by the addresses before NAT of both directions. If it knows
 * none, it may be asked with those behind NAT.
 */
static void look_behind_nat(struct spec *spec, struct nftnl_offload_explain **explain)
{
	struct nftnl_offload_explain *other = NULL;
	uint32_t iif = nftnl_flow_filter_get_u32(spec->filter, NFTNL_FLOW_FILTER_IIF);
	struct nl_error failure;

	if (layer_of(*explain) != NFT_OFFLOAD_LAYER_NONE ||
	    !nftnl_flow_filter_is_set(spec->filter, NFTNL_FLOW_FILTER_SADDR) ||
	    !nftnl_flow_filter_is_set(spec->filter, NFTNL_FLOW_FILTER_DADDR))
		return;
	nftnl_flow_filter_unset(spec->filter, NFTNL_FLOW_FILTER_IIF);
	turn_round(spec->filter);
	if (request(spec, &other, &failure) == 0 && other &&
	    layer_of(other) != NFT_OFFLOAD_LAYER_NONE) {
		nftnl_offload_explain_free(*explain);
		*explain = other;
		return;
	}
	if (other)
		nftnl_offload_explain_free(other);
	turn_round(spec->filter);
	if (iif)
		nftnl_flow_filter_set_u32(spec->filter, NFTNL_FLOW_FILTER_IIF, iif);
}

static void tell(struct spec *spec, const struct nftnl_offload_explain *explain)
{
	struct facts facts = { .tables = NULL };
	struct steps steps;

	facts_links(&facts);
	facts_rules(&facts);
	if (!nftnl_offload_explain_is_set(explain, NFTNL_OFFLOAD_EXPLAIN_FLOWTABLE))
		facts_tables(&facts);
	else
		facts.no_kernel = true;		/* nobody has asked for flowtables */
	explain_steps(explain, &facts, spec, &steps);
	output_explain(explain, &steps);
	facts_free(&facts);
}

int cmd_explain(struct cmd *cmd)
{
	struct nftnl_offload_explain *explain = NULL;
	struct nl_error failure;
	int ret;

	if (spec_resolve(&cmd->spec) < 0)
		return EXIT_REFUSED;
	device_names_forget();
	output_begin();
	ret = request(&cmd->spec, &explain, &failure);
	if (ret == 0 && explain) {
		look_behind_nat(&cmd->spec, &explain);
		tell(&cmd->spec, explain);
	}
	if (explain)
		nftnl_offload_explain_free(explain);
	if (ret < 0) {
		output_abort();
		return cmd_failed(cmd, &failure);
	}
	output_end();
	return EXIT_FINE;
}
