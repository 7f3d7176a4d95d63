// SPDX-License-Identifier: GPL-2.0-or-later
/* check: rules that add connections to flowtables. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "check.h"

static bool is_about(const struct machine_rule *rule, const struct nftnl_offload_table *table)
{
	const char *name = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE);
	const char *flowtable = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME);

	return rule->kind == MACHINE_FLOW_ADD &&
	       rule->family == nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_FAMILY) &&
	       name && !strcmp(rule->table, name) &&
	       flowtable && !strcmp(rule->flowtable, flowtable);
}

static void check_table(const struct facts *facts, const struct nftnl_offload_table *table)
{
	const char *flowtable = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME);
	unsigned int i, num = 0, counted = 0;
	char name[CHECK_TEXT], fix[CHECK_TEXT];
	uint64_t packets = 0;

	for (i = 0; i < facts->num_rules; i++) {
		if (!is_about(&facts->rules[i], table))
			continue;
		num++;
		counted += facts->rules[i].counted;
		packets += facts->rules[i].packets;
	}
	check_table_name(table, name);
	snprintf(fix, sizeof(fix), "add \"meta l4proto { tcp, udp } flow add @%.200s\" to a chain with \"hook forward\"",
		 flowtable ? flowtable : "?");
	if (!num)
		check_line(CHECK_FAIL, "rule", name, fix,
			   "no rule has \"flow add\": no connection gets into it");
	else if (counted == num && !packets)
		check_line(CHECK_WARN, "rule", name,
			   "put the rule before those that accept established connections, and see what it matches: it needs established ones",
			   "no packet has matched \"flow add\"");
	else if (counted)
		check_line(CHECK_OK, "rule", name, NULL,
			   "%u with \"flow add\", matched %" PRIu64 " packets%s", num, packets,
			   counted == num ? "" : " or more");
	else
		check_line(CHECK_OK, "rule", name, NULL,
			   "%u with \"flow add\"; a counter in it would tell what it matches", num);
}

void check_rules(const struct facts *facts)
{
	unsigned int i;

	if (facts->rules_err) {
		check_line(CHECK_UNKNOWN, "rule", NULL, NULL, "rules cannot be read: %s",
			   strerror(facts->rules_err));
		return;
	}
	for (i = 0; i < facts->num_tables; i++)
		check_table(facts, facts->tables[i]);
}
