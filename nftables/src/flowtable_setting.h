/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is set for one flowtable, by its name. */
#ifndef NFT_OFFLOAD_FLOWTABLE_SETTING_H
#define NFT_OFFLOAD_FLOWTABLE_SETTING_H

struct nftnl_offload_table;
struct nl_error;

/* Hands each setting to @got, oldest first: family, table, name and strict of a flowtable, which
 * is gone afterwards. Returns 0; 1 if this kernel has no such settings; -1 with @failure filled.
 */
int flowtable_settings(void (*got)(const struct nftnl_offload_table *setting, void *data),
		       void *data, struct nl_error *failure);

#endif
