// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check: what keeps connections out of hardware. Flows that are refused now fail, or
 * warn where nothing can be done; what the kernel has counted since the flowtable was
 * made is told, without those that are normal at the beginning of a connection.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/filter.h>
#include <libnftnl_offload/flow.h>
#include "check.h"
#include "input.h"
#include "names.h"
#include "row.h"

#define MAX_REASONS	64

struct refused {
	struct nftnl_flow	*flow;
	unsigned int		num;
	struct {
		char		name[28];
		uint64_t	count;
	} reasons[MAX_REASONS];
};

static int got_flow(const struct nlmsghdr *nlh, void *data)
{
	struct refused *refused = data;
	struct row row;
	unsigned int i;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_FLOW_GET)
		return 0;
	nftnl_flow_reset(refused->flow);
	if (nftnl_flow_nlmsg_parse(nlh, refused->flow) < 0)
		return -1;
	row_set(&row, refused->flow);
	for (i = 0; i < refused->num; i++)
		if (!strcmp(refused->reasons[i].name, row.reason))
			break;
	if (i == MAX_REASONS)
		return 0;
	if (i == refused->num) {
		memcpy(refused->reasons[i].name, row.reason, sizeof(row.reason));
		refused->num++;
	}
	refused->reasons[i].count++;
	return 0;
}

static void check_refused(void)
{
	struct nftnl_flow_filter *filter = nftnl_flow_filter_alloc();
	struct refused *refused = xalloc(sizeof(*refused));
	struct nl_error failure;
	unsigned int i;

	refused->flow = nftnl_flow_alloc();
	if (!filter || !refused->flow)
		xalloc(SIZE_MAX);
	nftnl_flow_filter_set_u32(filter, NFTNL_FLOW_FILTER_STATES,
				  1 << NFT_OFFLOAD_STATE_FAILED);
	if (nl_request(NFT_OFFLOAD_CMD_FLOW_GET, NLM_F_DUMP, filter, got_flow, refused,
		       &failure) < 0)
		check_line(CHECK_UNKNOWN, "refused", NULL, NULL, "flows cannot be read: %s",
			   nl_error_str(&failure));
	else if (!refused->num)
		check_line(CHECK_OK, "refused", NULL, NULL, "hardware refuses no flow now");
	for (i = 0; i < refused->num; i++) {
		const char *name = refused->reasons[i].name;
		const char *text = reason_text(name), *remedy = reason_remedy(name);

		check_line(CHECK_WARN, "refused", *name ? name : "unknown",
			   remedy ? remedy : "see \"nft-offload list flows state failed\"",
			   "%" PRIu64 " flow%s now%s%s", refused->reasons[i].count,
			   refused->reasons[i].count == 1 ? "" : "s", text ? ": " : "",
			   text ? text : "");
	}
	nftnl_flow_free(refused->flow);
	nftnl_flow_filter_free(filter);
	free(refused);
}

/* "leave it" is what helps against what nothing can be done about */
static bool can_be_mended(const char *name)
{
	const char *remedy = reason_remedy(name);

	return !reason_waits(name) && strcmp(name, "none") &&
	       !(remedy && !strncmp(remedy, "leave it", strlen("leave it")));
}

static unsigned int check_counted(const struct nftnl_offload_table *table)
{
	const struct nftnl_offload_reason *reason;
	const char *text, *remedy;
	char name[CHECK_TEXT];
	unsigned int i, num = 0;

	for (i = 0; (reason = nftnl_offload_table_reason(table, i)); i++) {
		if (!reason->name || !reason->count || !can_be_mended(reason->name))
			continue;
		text = reason_text(reason->name);
		remedy = reason_remedy(reason->name);
		check_line(CHECK_WARN, "reason", reason->name,
			   remedy ? remedy : "see \"nft-offload help reasons\"",
			   "%" PRIu64 " time%s since %s was loaded%s%s", reason->count,
			   reason->count == 1 ? "" : "s", check_table_name(table, name), text ? ": " : "", text ? text : "");
		num++;
	}
	return num;
}

void check_reasons(const struct facts *facts)
{
	unsigned int i, num = 0;

	if (facts->no_kernel)
		return;
	check_refused();
	for (i = 0; i < facts->num_tables; i++)
		num += check_counted(facts->tables[i]);
	if (!num)
		check_line(CHECK_OK, "reason", NULL, NULL,
			   "nothing else has kept connections out since the flowtables were loaded");
}
