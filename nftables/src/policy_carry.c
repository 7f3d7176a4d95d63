// SPDX-License-Identifier: GPL-2.0-or-later
/* The statement "carry" of policies, and what the kernel would refuse in it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "policy.h"
#include "value.h"

#define DSCP_BITS	6
#define MARK_SIZE	64

static bool carries(const struct nftnl_offload_policy *policy, uint8_t what)
{
	const struct nftnl_offload_carry *carry;
	unsigned int i;

	for (i = 0; (carry = nftnl_offload_policy_carry(policy, i)); i++)
		if (carry->what == what)
			return true;
	return false;
}

static int bits_fit(const struct location *loc, const struct nftnl_offload_carry *carry)
{
	uint32_t bits;

	if (!carry->mask) {
		error_at(loc, "a mask of 0 leaves nothing of the mark");
		return -1;
	}
	if (carry->mask & carry->state) {
		error_at(loc, "the state bits 0x%" PRIx32 " are part of the mask 0x%" PRIx32,
			 carry->state, carry->mask);
		return -1;
	}
	bits = carry->mask >> (ffs((int)carry->mask) - 1);
	if (bits & (bits + 1)) {
		error_at(loc, "the bits of the mask 0x%" PRIx32 " are not side by side",
			 carry->mask);
		return -1;
	}
	if (carry->what == NFT_OFFLOAD_CARRY_DSCP && bits >> DSCP_BITS) {
		error_at(loc, "a DSCP has %d bits: the mask 0x%" PRIx32 " is wider", DSCP_BITS,
			 carry->mask);
		return -1;
	}
	return 0;
}

int policy_carry_bits(struct nftnl_offload_policy *policy, const struct location *loc,
		      const struct nftnl_offload_carry *carry)
{
	if (nftnl_offload_policy_is_set(policy, NFTNL_OFFLOAD_POLICY_CARRY_MODE)) {
		error_at(loc, "You can specify \"carry\" only once: priority, dscp");
		return -1;
	}
	if (carries(policy, carry->what)) {
		error_at(loc, "%s is carried already", nftnl_offload_carry_str(carry->what));
		return -1;
	}
	if ((carry->mask || carry->state) && bits_fit(loc, carry) < 0)
		return -1;
	if (nftnl_offload_policy_add_carry(policy, carry) < 0)
		xalloc(SIZE_MAX);
	return 0;
}

/* MASK or MASK/STATE */
static int parse_bits(const struct location *loc, const char *text,
		      struct nftnl_offload_carry *carry)
{
	uint64_t mask, state = 0;
	char buf[MARK_SIZE], *slash;

	if (strlen(text) >= sizeof(buf))
		goto unexpected;
	strcpy(buf, text);
	slash = strchr(buf, '/');
	if (slash)
		*slash++ = '\0';
	if (number_parse(buf, UINT32_MAX, &mask) < 0 ||
	    (slash && number_parse(slash, UINT32_MAX, &state) < 0))
		goto unexpected;
	if (!mask || (slash && !state)) {
		error_at(loc, "a mask of 0 leaves nothing of the mark");
		return -1;
	}
	carry->mask = mask;
	carry->state = state;
	return 0;

unexpected:
	error_at(loc, "syntax error, unexpected %s, expecting a mask, or MASK/STATE", text);
	return -1;
}

int policy_carry(struct nftnl_offload_policy *policy, const struct location *loc,
		 const struct location *value_loc, uint8_t what, const char *mark)
{
	struct nftnl_offload_carry carry = { .what = what };

	if (mark && parse_bits(value_loc, mark, &carry) < 0)
		return -1;
	return policy_carry_bits(policy, mark ? value_loc : loc, &carry);
}

int policy_carry_mode(struct nftnl_offload_policy *policy, const struct location *loc,
		      uint8_t mode)
{
	if (!nftnl_offload_policy_carry(policy, 0)) {
		error_at(loc, "nothing is carried: priority, dscp or both");
		return -1;
	}
	nftnl_offload_policy_set_u8(policy, NFTNL_OFFLOAD_POLICY_CARRY_MODE, mode);
	return 0;
}
