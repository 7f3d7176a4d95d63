// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules with "flow add": which of them packets can meet, and what they have matched. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter.h>
#include "input.h"
#include "rules.h"

static bool same_table(const struct machine_rule *one, const struct machine_rule *other)
{
	return one->family == other->family && !strcmp(one->table, other->table);
}

/* Does a forward chain lead to the chain of @rule? @seen: jumps that were followed backwards */
static bool is_reached(const struct facts *facts, const struct machine_rule *rule, bool *seen)
{
	const struct machine_rule *from;
	unsigned int i;

	for (i = 0; i < facts->num_rules; i++) {
		from = &facts->rules[i];
		if (!same_table(from, rule))
			continue;
		if (from->kind == MACHINE_FORWARD && !strcmp(from->chain, rule->chain))
			return true;
		if (from->kind != MACHINE_JUMP || seen[i] || strcmp(from->target, rule->chain))
			continue;
		seen[i] = true;
		if (is_reached(facts, from, seen))
			return true;
	}
	return false;
}

static bool can_match(const struct facts *facts, const struct machine_rule *rule)
{
	bool *seen = xalloc(facts->num_rules * sizeof(*seen)), ret;

	ret = is_reached(facts, rule, seen);
	free(seen);
	return ret;
}

/* packets since load: chain forward 1234, chain lan not counted */
static void add_packets(struct rules *rules, const struct machine_rule *rule)
{
	size_t len = strlen(rules->each);
	char number[24] = "not counted";

	if (rule->counted)
		snprintf(number, sizeof(number), "%" PRIu64, rule->packets);
	snprintf(rules->each + len, sizeof(rules->each) - len, "%schain %.64s %s",
		 len ? ", " : "packets since load: ", rule->chain, number);
}

static void put_text(struct rules *rules)
{
	if (!rules->counted)
		strcpy(rules->each, "a counter beside it would show what it matches");
	snprintf(rules->text, sizeof(rules->text), "%u with \"flow add\"; %.340s", rules->num,
		 rules->each);
	if (!rules->counted)
		*rules->each = '\0';
}

void rules_find(const struct facts *facts, uint8_t family, const char *table,
		const char *flowtable, struct rules *rules)
{
	const struct machine_rule *rule;
	unsigned int i;

	memset(rules, 0, sizeof(*rules));
	for (i = 0; i < facts->num_rules; i++) {
		rule = &facts->rules[i];
		if (rule->kind != MACHINE_FLOW_ADD ||
		    (family != NFPROTO_UNSPEC && rule->family != family) ||
		    (table && strcmp(rule->table, table)) ||
		    (flowtable && strcmp(rule->target, flowtable)))
			continue;
		if (!can_match(facts, rule)) {
			memcpy(rules->lost, rule->chain, MACHINE_NAME);
			continue;
		}
		add_packets(rules, rule);
		rules->num++;
		rules->counted += rule->counted;
		rules->packets += rule->packets;
	}
	if (rules->num)
		put_text(rules);
	else if (*rules->lost)
		snprintf(rules->text, sizeof(rules->text),
			 "\"flow add\" is in chain %.200s, and no forward chain leads there",
			 rules->lost);
}

void rules_fix(const struct rules *rules, const char *flowtable, char *buf, size_t size)
{
	if (*rules->lost)
		snprintf(buf, size, "add \"jump %.200s\" to a chain with \"hook forward\"",
			 rules->lost);
	else
		snprintf(buf, size,
			 "add \"meta l4proto { tcp, udp } flow add @%.200s\" to a chain with \"hook forward\"",
			 flowtable ? flowtable : "FLOWTABLE");
}
