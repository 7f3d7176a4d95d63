// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements of policies, and what the kernel would refuse in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/filter.h>
#include "netlink.h"
#include "policy.h"
#include "spec.h"
#include "value.h"

#define MAX_MARKS	16

/* Numbers, and the statements that they are in */
static const struct number {
	uint16_t	attr;
	const char	*statement;
	uint64_t	max;
} numbers[] = {
	{ NFTNL_OFFLOAD_POLICY_STACK, "stack", 1000000 },
	{ NFTNL_OFFLOAD_POLICY_AFTER_BYTES, "hardware after", 1ull << 50 },
	{ NFTNL_OFFLOAD_POLICY_AFTER_PACKETS, "hardware after", 1ull << 40 },
	{ NFTNL_OFFLOAD_POLICY_AFTER_RATE, "hardware after", 1000000000 },
	{ NFTNL_OFFLOAD_POLICY_BUDGET, "budget", 1 << 24 },
};

#define NUM_NUMBERS	(sizeof(numbers) / sizeof(numbers[0]))

struct nftnl_offload_policy *policy_alloc(void)
{
	struct nftnl_offload_policy *policy = nftnl_offload_policy_alloc();

	return policy ? policy : xalloc(SIZE_MAX);
}

static const struct number *find_number(uint16_t attr)
{
	const struct number *number = numbers;

	while (number->attr != attr)
		number++;
	return number;
}

const char *policy_expected(uint16_t attr, unsigned int shift)
{
	static char text[64];

	snprintf(text, sizeof(text), "a number from 1 to %llu",
		 (unsigned long long)(find_number(attr)->max >> shift));
	return text;
}

/* One of each statement */
static int once(const struct nftnl_offload_policy *policy, const struct location *loc,
		const char *statement)
{
	size_t i;

	for (i = 0; i < NUM_NUMBERS; i++) {
		if (strcmp(numbers[i].statement, statement) ||
		    !nftnl_offload_policy_is_set(policy, numbers[i].attr))
			continue;
		error_at(loc, "You can specify \"%s\" only once", statement);
		return -1;
	}
	return 0;
}

int policy_number(struct nftnl_offload_policy *policy, const struct location *loc,
		  const struct location *value_loc, uint16_t attr, const char *value,
		  unsigned int shift)
{
	const struct number *number = find_number(attr);
	uint64_t n;

	if (once(policy, loc, number->statement) < 0)
		return -1;
	if (number_parse(value, number->max >> shift, &n) < 0 || !n) {
		error_at(value_loc, "%sunexpected %s, expecting %s",
			 value_loc->path ? "" : "syntax error, ", value,
			 policy_expected(attr, shift));
		return -1;
	}
	/* one of them is of the right type */
	if (nftnl_offload_policy_set_u32(policy, attr, n) < 0)
		nftnl_offload_policy_set_u64(policy, attr, n << shift);
	return 0;
}

static int evict_fits(const struct nftnl_offload_policy *policy, const struct location *loc)
{
	if (!nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_EVICT))
		return 0;
	error_at(loc, "You can specify \"evict\" only once: with a budget, it is part of that");
	return -1;
}

int policy_evict(struct nftnl_offload_policy *policy, const struct location *loc)
{
	if (evict_fits(policy, loc) < 0)
		return -1;
	nftnl_offload_policy_set_u8(policy, NFTNL_OFFLOAD_POLICY_EVICT, NFT_OFFLOAD_EVICT_SLOWEST);
	return 0;
}

int policy_budget(struct nftnl_offload_policy *policy, const struct location *loc,
		  bool per_device, uint8_t evict)
{
	if (evict_fits(policy, loc) < 0)
		return -1;
	nftnl_offload_policy_set_u8(policy, NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE, per_device);
	nftnl_offload_policy_set_u8(policy, NFTNL_OFFLOAD_POLICY_EVICT, evict);
	return 0;
}

int policy_shaped(struct nftnl_offload_policy *policy, const struct location *loc,
		  uint8_t shaped)
{
	if (nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_SHAPED)) {
		error_at(loc, "You can specify \"shaped\" only once");
		return -1;
	}
	nftnl_offload_policy_set_u8(policy, NFTNL_OFFLOAD_POLICY_SHAPED, shaped);
	return 0;
}

static int mark_fits(const struct nftnl_offload_policy *policy, const struct location *loc,
		     const struct nftnl_offload_mark *mark)
{
	const struct nftnl_offload_mark *other;
	unsigned int i;

	for (i = 0; (other = nftnl_offload_policy_mark(policy, i)); i++) {
		if (other->value != mark->value || other->mask != mark->mask)
			continue;
		if (other->action == mark->action)
			error_at(loc, "this mark is in the policy already");
		else
			error_at(loc, "the policy says \"%s\" of this mark already: it cannot be \"%s\", too",
				 nftnl_offload_mark_action_str(other->action),
				 nftnl_offload_mark_action_str(mark->action));
		return -1;
	}
	if (i < MAX_MARKS)
		return 0;
	error_at(loc, "a policy has at most %d marks", MAX_MARKS);
	return -1;
}

int policy_mark(struct nftnl_offload_policy *policy, const struct location *loc,
		const struct location *value_loc, uint8_t action, const char *text)
{
	struct nftnl_offload_mark mark = { .action = action };

	if (mark_parse(value_loc, text, &mark.value, &mark.mask) < 0)
		return -1;
	if (!mark.mask) {
		error_at(value_loc, "Any mark matches: the mask has no bits");
		return -1;
	}
	if (mark_fits(policy, loc, &mark) < 0)
		return -1;
	if (nftnl_offload_policy_add_mark(policy, &mark) < 0)
		xalloc(SIZE_MAX);
	return 0;
}

int policy_not_empty(const struct nftnl_offload_policy *policy, const struct location *loc)
{
	size_t i;

	if (nftnl_offload_policy_mark(policy, 0) ||
	    nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_EVICT) ||
	    nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_SHAPED) ||
	    nftnl_offload_policy_carry(policy, 0))
		return 0;
	for (i = 0; i < NUM_NUMBERS; i++)
		if (nftnl_offload_policy_is_set(policy, numbers[i].attr))
			return 0;
	error_at(loc, "a policy has one statement or more: \"delete policy\" takes it away");
	return -1;
}

void policy_set_name(struct nftnl_offload_policy *policy, const struct spec *spec)
{
	const struct nftnl_flow_filter *filter = spec->filter;

	nftnl_offload_policy_set_u8(policy, NFTNL_OFFLOAD_POLICY_FAMILY,
				    nftnl_flow_filter_get_u8(filter,
							     NFTNL_FLOW_FILTER_TABLE_FAMILY));
	nftnl_offload_policy_set_str(policy, NFTNL_OFFLOAD_POLICY_TABLE,
				     nftnl_flow_filter_get_str(filter, NFTNL_FLOW_FILTER_TABLE));
	nftnl_offload_policy_set_str(policy, NFTNL_OFFLOAD_POLICY_NAME,
				     nftnl_flow_filter_get_str(filter,
							       NFTNL_FLOW_FILTER_FLOWTABLE));
}

static bool same_str(const char *one, const char *other)
{
	return one && other && !strcmp(one, other);
}

bool policy_is_of(const struct nftnl_offload_policy *policy, uint8_t family, const char *table,
		  const char *name)
{
	return nftnl_offload_policy_get_u8(policy, NFTNL_OFFLOAD_POLICY_FAMILY) == family &&
	       same_str(nftnl_offload_policy_get_str(policy, NFTNL_OFFLOAD_POLICY_TABLE), table) &&
	       same_str(nftnl_offload_policy_get_str(policy, NFTNL_OFFLOAD_POLICY_NAME), name);
}

bool policy_same(const struct nftnl_offload_policy *one, const struct nftnl_offload_policy *other)
{
	return policy_is_of(one, nftnl_offload_policy_get_u8(other, NFTNL_OFFLOAD_POLICY_FAMILY),
			    nftnl_offload_policy_get_str(other, NFTNL_OFFLOAD_POLICY_TABLE),
			    nftnl_offload_policy_get_str(other, NFTNL_OFFLOAD_POLICY_NAME));
}

static int got_policy(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_policy *policy;
	struct policies *policies = data;
	unsigned int num = policies->num;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_POLICY_GET)
		return 0;
	policy = policy_alloc();
	if (nftnl_offload_policy_nlmsg_parse(nlh, policy) < 0) {
		nftnl_offload_policy_free(policy);
		return -1;
	}
	if (!(num & (num - 1))) {
		policies->policy = realloc(policies->policy,
					   (num ? 2 * num : 1) * sizeof(*policies->policy));
		if (!policies->policy)
			xalloc(SIZE_MAX);
	}
	policies->policy[policies->num++] = policy;
	return 0;
}

int policies_get(struct policies *policies, struct nl_error *failure)
{
	int ret;

	memset(policies, 0, sizeof(*policies));
	ret = nl_request(NFT_OFFLOAD_CMD_POLICY_GET, NLM_F_DUMP, NULL, got_policy, policies,
			 failure);
	return ret < 0 && nl_error_missing(failure) ? 1 : ret;
}

void policies_free(struct policies *policies)
{
	while (policies->num)
		nftnl_offload_policy_free(policies->policy[--policies->num]);
	free(policies->policy);
	policies->policy = NULL;
}

const struct nftnl_offload_policy *policies_find(const struct policies *policies,
						 const struct nftnl_offload_policy *name)
{
	unsigned int i;

	for (i = 0; i < policies->num; i++)
		if (policy_same(policies->policy[i], name))
			return policies->policy[i];
	return NULL;
}
