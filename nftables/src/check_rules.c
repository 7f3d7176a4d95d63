// SPDX-License-Identifier: GPL-2.0-or-later
/* check: rules that add connections to flowtables. */
#include <string.h>
#include "check.h"
#include "rules.h"

static void check_table(const struct facts *facts, const struct nftnl_offload_table *table)
{
	const char *flowtable = nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_NAME);
	char name[CHECK_TEXT], fix[CHECK_TEXT];
	struct rules rules;

	rules_find(facts, nftnl_offload_table_get_u8(table, NFTNL_OFFLOAD_TABLE_FAMILY),
		   nftnl_offload_table_get_str(table, NFTNL_OFFLOAD_TABLE_TABLE), flowtable,
		   &rules);
	check_table_name(table, name);
	rules_fix(&rules, flowtable, fix, sizeof(fix));
	if (!rules.num)
		check_line(CHECK_FAIL, "rule", name, fix, "%s", *rules.text ? rules.text :
			   "no rule has \"flow add\": no connection is added to it");
	else if (rules.counted == rules.num && !rules.packets)
		check_line(CHECK_WARN, "rule", name,
			   "put the rule before those that accept established connections; it has to match established connections",
			   "no packet has matched \"flow add\"");
	else
		check_line(CHECK_OK, "rule", name, NULL, "%s", rules.text);
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
