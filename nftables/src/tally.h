/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums of flows by something: pair of devices, host, reason. */
#ifndef NFT_OFFLOAD_TALLY_H
#define NFT_OFFLOAD_TALLY_H

#include <stddef.h>
#include <stdint.h>

struct sums {
	uint64_t	flows, hardware, refused;	/* the latter two are part of the first */
	uint64_t	sw_bytes, hw_bytes;		/* both directions; they do not wrap */
};

#define TALLY_KEY	28

struct tally_entry {
	uint8_t		key[TALLY_KEY];
	struct sums	sums;
};

/* Private, but for @num and @dropped */
struct tally {
	struct tally_entry	*entries;
	uint32_t		*slots;		/* number of the entry, from 1 on */
	uint32_t		num, size;
	uint32_t		max;		/* set before the first: no more entries */
	uint64_t		dropped;	/* calls that there was no entry for */
};

void sums_add(struct sums *sums, const struct sums *more);

/* Both, or as much as there is room for */
static inline uint64_t sums_bytes(const struct sums *sums)
{
	uint64_t bytes = sums->sw_bytes + sums->hw_bytes;

	return bytes < sums->sw_bytes ? UINT64_MAX : bytes;
}

/* @key: TALLY_KEY bytes at most; the rest is 0 */
void tally_add(struct tally *tally, const void *key, size_t len, const struct sums *sums);
/* Most bytes first, then most flows. Nothing may be added afterwards. */
void tally_sort(struct tally *tally);
void tally_free(struct tally *tally);

#endif
