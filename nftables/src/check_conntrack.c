// SPDX-License-Identifier: GPL-2.0-or-later
/* check: conntrack's counters, zones, helpers, and what is not tracked. */
#include <inttypes.h>
#include <string.h>
#include "check.h"

static void check_counters(const struct facts *facts)
{
	int acct = facts_number("/proc/sys/net/netfilter/nf_conntrack_acct");
	const struct nftnl_offload_table *table;
	char name[CHECK_TEXT];
	unsigned int i;

	if (acct < 0) {
		check_line(CHECK_UNKNOWN, "accounting", NULL, NULL, "conntrack is not loaded");
		return;
	}
	if (!acct) {
		check_line(CHECK_WARN, "accounting", NULL,
			   "sysctl -w net.netfilter.nf_conntrack_acct=1, if something reads conntrack's counters",
			   "conntrack counts no packets: connections that end leave no counters");
		return;
	}
	for (i = 0; i < facts->num_tables; i++) {
		table = facts->tables[i];
		if (nftnl_offload_table_get_u32(table, NFTNL_OFFLOAD_TABLE_FLAGS) &
		    NFT_OFFLOAD_TABLE_FLAG_COUNTER)
			continue;
		check_line(CHECK_WARN, "accounting", check_table_name(table, name),
			   "add \"counter;\" to it",
			   "conntrack does not count what the flowtable forwards");
		return;
	}
	check_line(CHECK_OK, "accounting", NULL, NULL,
		   "conntrack counts packets, those of flows, too");
}

static const struct machine_rule *find_rule(const struct facts *facts,
					    enum machine_rule_kind kind)
{
	unsigned int i;

	for (i = 0; i < facts->num_rules; i++)
		if (facts->rules[i].kind == kind)
			return &facts->rules[i];
	return NULL;
}

static uint64_t counted(const struct facts *facts, const char *name)
{
	const struct nftnl_offload_reason *reason;
	uint64_t count = 0;
	unsigned int i, j;

	for (i = 0; i < facts->num_tables; i++)
		for (j = 0; (reason = nftnl_offload_table_reason(facts->tables[i], j)); j++)
			if (reason->name && !strcmp(reason->name, name))
				count += reason->count;
	return count;
}

static void check_zones(const struct facts *facts)
{
	const struct machine_rule *rule = find_rule(facts, MACHINE_ZONE);
	uint64_t duplicates = counted(facts, "duplicate");

	if (!rule)
		check_line(CHECK_OK, "zone", NULL, NULL, "no rule puts connections into zones");
	else if (duplicates)
		check_line(CHECK_WARN, "zone", NULL,
			   "give each zone a flowtable of its own, or other addresses",
			   "connections of different zones have the same addresses: %" PRIu64 " times only one became a flow",
			   duplicates);
	else
		check_line(CHECK_OK, "zone", NULL, NULL,
			   "chain %.200s puts connections into zones: add \"ct zone N\" to explain and list flow",
			   rule->chain);
}

static void check_statement(const struct facts *facts, enum machine_rule_kind kind,
			    const char *name, const char *fix, const char *bad, const char *good)
{
	const struct machine_rule *rule = find_rule(facts, kind);

	if (rule)
		check_line(CHECK_WARN, name, NULL, fix, "%s, see chain %.200s", bad, rule->chain);
	else
		check_line(CHECK_OK, name, NULL, NULL, "%s", good);
}

void check_conntrack(const struct facts *facts)
{
	check_counters(facts);
	if (facts->rules_err)
		return;
	check_zones(facts);
	check_statement(facts, MACHINE_HELPER, "helper",
			"remove \"ct helper set\", where the protocol does without",
			"connections with a conntrack helper stay out of flowtables",
			"no rule sets a conntrack helper");
	check_statement(facts, MACHINE_NOTRACK, "notrack",
			"let \"notrack\" match only what need not be a flow",
			"packets that are not tracked stay out of flowtables",
			"no rule has \"notrack\"");
}
