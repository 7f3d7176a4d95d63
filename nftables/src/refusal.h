/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NFT_OFFLOAD_REFUSAL_H
#define NFT_OFFLOAD_REFUSAL_H

#include <stdbool.h>

struct nftnl_flow;

/* Of an event: has this flow been refused like this before, and nothing else become of it? */
bool refusal_repeated(const struct nftnl_flow *flow);

#endif
