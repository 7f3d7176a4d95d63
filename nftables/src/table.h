/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flows as a table, one line each. */
#ifndef NFT_OFFLOAD_TABLE_H
#define NFT_OFFLOAD_TABLE_H

#include <stdint.h>

struct row;
struct nftnl_flow;

void table_begin(void);
void table_row(const struct row *row);
/* After the last row; @all is how many flows there were, with those not shown */
void table_end(uint64_t all);
/* The end of a list that has failed */
void table_stop(void);

#endif
