/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapers on the path of a flow: nf_flow_table_shaper.c
 */
#ifndef _NF_FLOW_TABLE_SHAPER_H
#define _NF_FLOW_TABLE_SHAPER_H

#include <linux/bits.h>
#include <linux/types.h>

struct net;
struct net_device_path_stack;

#define NF_FLOW_SHAPED_PORT	BIT(0)	/* at the port: hardware bypasses it */
#define NF_FLOW_SHAPED_ABOVE	BIT(1)	/* the fast path does, as well */

u8 nf_flow_shaped(const struct net_device_path_stack *stack);
void nf_flow_shapers_get(struct net *net);
void nf_flow_shapers_put(struct net *net);
void nf_flow_shapers_exit(void);

#endif /* _NF_FLOW_TABLE_SHAPER_H */
