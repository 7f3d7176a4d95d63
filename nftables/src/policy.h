/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies of flowtables: their statements, checked, and the policies that the kernel has. */
#ifndef NFT_OFFLOAD_POLICY_H
#define NFT_OFFLOAD_POLICY_H

#include <stdbool.h>
#include <stdint.h>
#include <libnftnl_offload/policy.h>
#include "input.h"

struct nl_error;
struct spec;

struct nftnl_offload_policy *policy_alloc(void);

/* Statements. What is wrong is said at @loc, all of it, or @value_loc; -1 then. */
int policy_mark(struct nftnl_offload_policy *policy, const struct location *loc,
		const struct location *value_loc, uint8_t action, const char *mark);
/* A number in units of 2^@shift, which is all of the statement or its beginning */
int policy_number(struct nftnl_offload_policy *policy, const struct location *loc,
		  const struct location *value_loc, uint16_t attr, const char *value,
		  unsigned int shift);
/* The rest of a budget */
int policy_budget(struct nftnl_offload_policy *policy, const struct location *loc,
		  bool per_device, uint8_t evict);
/* evict slowest, without a budget */
int policy_evict(struct nftnl_offload_policy *policy, const struct location *loc);
int policy_shaped(struct nftnl_offload_policy *policy, const struct location *loc,
		  uint8_t shaped);
/* policy_carry.c: what flows carry, enum nft_offload_carry. @mark is MASK or MASK/STATE of
 * the connection's mark, or NULL: what rules give. The mode ends the statement.
 */
int policy_carry(struct nftnl_offload_policy *policy, const struct location *loc,
		 const struct location *value_loc, uint8_t what, const char *mark);
int policy_carry_bits(struct nftnl_offload_policy *policy, const struct location *loc,
		      const struct nftnl_offload_carry *carry);
int policy_carry_mode(struct nftnl_offload_policy *policy, const struct location *loc,
		      uint8_t mode);
/* A policy without statements restricts nothing */
int policy_not_empty(const struct nftnl_offload_policy *policy, const struct location *loc);

/* What a number of @attr has to be, in units of 2^@shift */
const char *policy_expected(uint16_t attr, unsigned int shift);

/* The flowtable that @spec names */
void policy_set_name(struct nftnl_offload_policy *policy, const struct spec *spec);
/* Is it for the same flowtable? */
bool policy_same(const struct nftnl_offload_policy *one, const struct nftnl_offload_policy *other);
bool policy_is_of(const struct nftnl_offload_policy *policy, uint8_t family, const char *table,
		  const char *name);

/* Those of the kernel, oldest first */
struct policies {
	struct nftnl_offload_policy	**policy;
	unsigned int			num;
};

/* Returns 0; 1 if this kernel has none; -1 with @failure filled */
int policies_get(struct policies *policies, struct nl_error *failure);
void policies_free(struct policies *policies);
const struct nftnl_offload_policy *policies_find(const struct policies *policies,
						 const struct nftnl_offload_policy *name);

#endif
