/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flow in one line, as tables have it: what is kept of it, and its texts. */
#ifndef NFT_OFFLOAD_ROW_H
#define NFT_OFFLOAD_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nftnl_flow;

#define ROW_TEXT	128	/* a buffer for one text */

struct row {
	uint64_t	id, age;		/* age in milliseconds */
	uint64_t	bytes, packets;		/* both directions, software and hardware */
	uint32_t	iif, oif;
	uint8_t		l4proto, state, addr_len;
	uint8_t		nat;
	uint8_t		saddr[16], daddr[16];
	uint16_t	sport, dport;
	char		reason[28];
};

void row_set(struct row *row, const struct nftnl_flow *flow);

/* ADDRESS:PORT. What is longer than @width loses its middle. Returns its length. */
size_t row_end(const struct row *row, bool source, bool names, size_t width, char *buf);
size_t row_path(const struct row *row, char *buf);
const char *row_state(uint8_t state);

/* ADDRESS, or the name of the host */
size_t host_text(const uint8_t *addr, uint8_t addr_len, bool names, char *buf);

/* 999, 12.3k, 123M: at most 5 characters */
size_t scaled_text(double number, char *buf);
/* 59s, 59m, 23h, 99d */
size_t age_text(uint64_t ms, char *buf);
/* Bytes per second as 9.1Mb/s, or with @bytes 1.1MB/s; "-" if nothing moves */
size_t rate_text(double rate, bool bytes, char *buf);

/* Makes @text as short as @width, by leaving its middle out */
size_t shorten(char *text, size_t len, size_t width);

#endif
