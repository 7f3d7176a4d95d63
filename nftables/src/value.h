/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values as nft writes them. Those that fail have said so. */
#ifndef NFT_OFFLOAD_VALUE_H
#define NFT_OFFLOAD_VALUE_H

#include <stdint.h>
#include "input.h"

struct addr_range {
	uint8_t		from[16];
	uint8_t		to[16];
	uint32_t	len;	/* 4 or 16 */
};

struct port_range {
	uint16_t	from;
	uint16_t	to;
};

/* Whole numbers, decimal or 0x: -1 if it is none, or above @max. Says nothing. */
int number_parse(const char *text, uint64_t max, uint64_t *number);

int addr_range_parse(const struct location *loc, int l3proto, const char *text,
		     struct addr_range *range);
int port_range_parse(const struct location *loc, int l4proto, const char *text,
		     struct port_range *range);
int mark_parse(const struct location *loc, const char *text, uint32_t *mark, uint32_t *mask);
/* Returns NFPROTO_IPV4 or NFPROTO_IPV6; @addr has room for 16 bytes */
int endpoint_parse(const struct location *loc, int l4proto, const char *text,
		   uint8_t *addr, uint16_t *port);
/* A host may have a name, and is not looked up; @host has room for @text */
int host_port_parse(const struct location *loc, int l4proto, const char *text, char *host,
		    uint16_t *port);

#endif
