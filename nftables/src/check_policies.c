// SPDX-License-Identifier: GPL-2.0-or-later
/* check: policies that do nothing, or not all they say. */
#include <stdio.h>
#include "check.h"
#include "names.h"
#include "policy.h"

/* FAMILY TABLE FLOWTABLE, as nft wants them */
static const char *policy_name(const struct nftnl_offload_policy *policy, char *buf)
{
	const char *table = nftnl_offload_policy_get_str(policy, NFTNL_OFFLOAD_POLICY_TABLE);
	const char *name = nftnl_offload_policy_get_str(policy, NFTNL_OFFLOAD_POLICY_NAME);
	char family[NAME_SIZE];

	snprintf(buf, CHECK_TEXT, "%s %.200s %.200s",
		 family_name(nftnl_offload_policy_get_u8(policy, NFTNL_OFFLOAD_POLICY_FAMILY),
			     family), table ? table : "?", name ? name : "?");
	return buf;
}

static const struct nftnl_offload_table *find_table(const struct facts *facts,
						    const struct nftnl_offload_policy *policy)
{
	const struct nftnl_offload_table *table;
	unsigned int i;

	for (i = 0; i < facts->num_tables; i++) {
		table = facts->tables[i];
		if (policy_is_of(policy,
				 nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_FAMILY),
				 nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE),
				 nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME)))
			return table;
	}
	return NULL;
}

/* Does it say anything about flows that would be in hardware? */
static bool is_about_hardware(const struct nftnl_offload_policy *policy)
{
	static const uint16_t attrs[] = {
		NFTNL_OFFLOAD_POLICY_AFTER_BYTES, NFTNL_OFFLOAD_POLICY_AFTER_PACKETS,
		NFTNL_OFFLOAD_POLICY_AFTER_RATE, NFTNL_OFFLOAD_POLICY_BUDGET,
	};
	const struct nftnl_offload_mark *mark;
	unsigned int i;

	for (i = 0; (mark = nftnl_offload_policy_mark(policy, i)); i++)
		if (mark->action == NFT_OFFLOAD_MARK_ACTION_SOFTWARE)
			return true;
	for (i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		if (nftnl_offload_policy_is_set(policy, attrs[i]))
			return true;
	return false;
}

static void check_policy(const struct facts *facts, const struct nftnl_offload_policy *policy)
{
	const struct nftnl_offload_table *table = find_table(facts, policy);
	char name[CHECK_TEXT], fix[CHECK_FIX];

	policy_name(policy, name);
	if (!table) {
		snprintf(fix, sizeof(fix),
			 "see the names in \"nft-offload list flowtables\"; nft-offload delete policy %s, if no such flowtable is to come",
			 name);
		check_line(CHECK_WARN, "policy", name, fix,
			   "there is no such flowtable: the policy does nothing");
	} else if (is_about_hardware(policy) &&
		   !(nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLAGS) &
		     NFT_OFFLOAD_TABLE_FLAG_HARDWARE)) {
		check_line(CHECK_WARN, "policy", name, "add \"flags offload;\" to it",
			   "its flows are never in hardware: of the policy, only \"never\", \"stack\", \"shaped\" and \"carry\" do something");
	} else {
		check_line(CHECK_OK, "policy", name, NULL,
			   "it holds, see \"nft-offload list policies\"");
	}
}

void check_policies(const struct facts *facts)
{
	struct policies policies;
	struct nl_error failure;
	unsigned int i;

	if (facts->no_kernel)
		return;
	if (policies_get(&policies, &failure) < 0)
		check_line(CHECK_UNKNOWN, "policy", NULL, NULL, "policies cannot be read: %s",
			   nl_error_str(&failure));
	for (i = 0; i < policies.num; i++)
		check_policy(facts, policies.policy[i]);
	policies_free(&policies);
}
