// SPDX-License-Identifier: GPL-2.0-or-later
/* Policies as text: what is printed can be read again. */
#include <inttypes.h>
#include <stdio.h>
#include <libnftnl_offload/policy.h>
#include "line.h"
#include "names.h"
#include "output.h"

static bool has(const struct nftnl_offload_policy *policy, uint16_t attr)
{
	return nftnl_offload_policy_is_set(policy, attr);
}

static uint32_t u32(const struct nftnl_offload_policy *policy, uint16_t attr)
{
	return nftnl_offload_policy_get_u32(policy, attr);
}

static void print_marks(const struct nftnl_offload_policy *policy, const char *indent)
{
	const struct nftnl_offload_mark *mark;
	unsigned int i;

	for (i = 0; (mark = nftnl_offload_policy_mark(policy, i)); i++) {
		/* of a newer kernel there may be actions that no statement has */
		printf("%s%s%s ct mark 0x%" PRIx32, indent,
		       mark->action > NFT_OFFLOAD_MARK_ACTION_SOFTWARE ? "# " : "",
		       nftnl_offload_mark_action_str(mark->action), mark->value);
		if (mark->mask != UINT32_MAX)
			printf("/0x%" PRIx32, mark->mask);
		putchar('\n');
	}
}

static void print_after(const struct nftnl_offload_policy *policy, const char *indent)
{
	static const char *const units[] = { "bytes", "kbytes", "mbytes", "gbytes" };
	uint64_t bytes = nftnl_offload_policy_get_u64(policy, NFTNL_OFFLOAD_POLICY_AFTER_BYTES);
	unsigned int unit = 0;

	for (; unit < 3 && bytes && !(bytes & 1023); unit++)
		bytes >>= 10;
	if (has(policy, NFTNL_OFFLOAD_POLICY_AFTER_BYTES))
		printf("%shardware after %" PRIu64 " %s\n", indent, bytes, units[unit]);
	if (has(policy, NFTNL_OFFLOAD_POLICY_AFTER_PACKETS))
		printf("%shardware after %" PRIu64 " packets\n", indent,
		       nftnl_offload_policy_get_u64(policy, NFTNL_OFFLOAD_POLICY_AFTER_PACKETS));
	if (has(policy, NFTNL_OFFLOAD_POLICY_AFTER_RATE))
		printf("%shardware after rate %" PRIu32 " packets/second\n", indent,
		       u32(policy, NFTNL_OFFLOAD_POLICY_AFTER_RATE));
}

static void print_budget(const struct nftnl_offload_policy *policy, const char *indent)
{
	if (!has(policy, NFTNL_OFFLOAD_POLICY_BUDGET)) {
		if (has(policy, NFTNL_OFFLOAD_POLICY_EVICT))
			printf("%sevict %s\n", indent,
			       nftnl_offload_evict_str(nftnl_offload_policy_get_u8(policy,
							NFTNL_OFFLOAD_POLICY_EVICT)));
		return;
	}
	printf("%sbudget %" PRIu32 "%s", indent, u32(policy, NFTNL_OFFLOAD_POLICY_BUDGET),
	       nftnl_offload_policy_get_u8(policy, NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE) ?
	       " per device" : "");
	if (has(policy, NFTNL_OFFLOAD_POLICY_EVICT))
		printf(" evict %s",
		       nftnl_offload_evict_str(nftnl_offload_policy_get_u8(policy,
						NFTNL_OFFLOAD_POLICY_EVICT)));
	putchar('\n');
}

static void print_shaped(const struct nftnl_offload_policy *policy, const char *indent)
{
	uint8_t shaped = nftnl_offload_policy_get_u8(policy, NFTNL_OFFLOAD_POLICY_SHAPED);

	if (!has(policy, NFTNL_OFFLOAD_POLICY_SHAPED))
		return;
	/* of a newer kernel there may be others */
	printf("%s%sshaped %s\n", indent, shaped > NFT_OFFLOAD_SHAPED_IGNORE ? "# " : "",
	       nftnl_offload_shaped_str(shaped));
}

static void print_carry(const struct nftnl_offload_policy *policy, const char *indent)
{
	uint8_t mode = nftnl_offload_policy_get_u8(policy, NFTNL_OFFLOAD_POLICY_CARRY_MODE);
	const struct nftnl_offload_carry *carry;
	bool known = mode <= NFT_OFFLOAD_CARRY_MODE_REQUIRED;
	unsigned int i;

	if (!nftnl_offload_policy_carry(policy, 0))
		return;
	for (i = 0; (carry = nftnl_offload_policy_carry(policy, i)); i++)
		known = known && carry->what <= NFT_OFFLOAD_CARRY_DSCP;
	/* of a newer kernel there may be others */
	printf("%s%scarry", indent, known ? "" : "# ");
	for (i = 0; (carry = nftnl_offload_policy_carry(policy, i)); i++) {
		printf("%s %s", i ? "," : "", nftnl_offload_carry_str(carry->what));
		if (carry->mask)
			printf(" from ct mark 0x%" PRIx32, carry->mask);
		if (carry->mask && carry->state)
			printf("/0x%" PRIx32, carry->state);
	}
	printf(" %s\n", nftnl_offload_carry_mode_str(mode));
}

void text_policy_statements(const struct nftnl_offload_policy *policy, const char *indent)
{
	print_marks(policy, indent);
	if (has(policy, NFTNL_OFFLOAD_POLICY_STACK))
		printf("%sstack %" PRIu32 " packets\n", indent,
		       u32(policy, NFTNL_OFFLOAD_POLICY_STACK));
	print_after(policy, indent);
	print_budget(policy, indent);
	print_shaped(policy, indent);
	print_carry(policy, indent);
}

static void print_name(const char *name)
{
	putchar(' ');
	line_name(name ? name : "?");
	line_flush();
}

void text_policy(const struct nftnl_offload_policy *policy, bool notes)
{
	uint8_t number = nftnl_offload_policy_get_u8(policy, NFTNL_OFFLOAD_POLICY_FAMILY);
	char buf[NAME_SIZE];
	const char *family;

	family = family_name(number, buf);
	/* of a family without a name there is no flowtable, and no command */
	printf("%s policy %s", family == buf ? "# a" : "set", family);
	print_name(nftnl_offload_policy_get_str(policy, NFTNL_OFFLOAD_POLICY_TABLE));
	print_name(nftnl_offload_policy_get_str(policy, NFTNL_OFFLOAD_POLICY_NAME));
	if (family == buf) {
		putchar('\n');
		return;
	}
	puts(" {");
	if (notes && has(policy, NFTNL_OFFLOAD_POLICY_STACK))
		puts("\t# for \"stack\", conntrack counts packets of connections that began since its accounting\n"
		     "\t# is on; of older ones those count that a rule with \"flow add\" has met since then");
	text_policy_statements(policy, "\t");
	puts("}");
}
