// SPDX-License-Identifier: GPL-2.0-or-later
/* Sums of flows by something: a hash table with open addressing, at most half full. */
#include <stdlib.h>
#include <string.h>
#include "input.h"
#include "tally.h"

#define FIRST_SIZE	256

static void saturate(uint64_t *sum, uint64_t more)
{
	if (__builtin_add_overflow(*sum, more, sum))
		*sum = UINT64_MAX;
}

void sums_add(struct sums *sums, const struct sums *more)
{
	sums->flows += more->flows;
	sums->hardware += more->hardware;
	sums->refused += more->refused;
	saturate(&sums->sw_bytes, more->sw_bytes);
	saturate(&sums->hw_bytes, more->hw_bytes);
}

/* FNV-1a, mixed once more as the low bits choose the slot */
static uint32_t hash(const uint8_t *key)
{
	uint32_t h = 2166136261u;
	int i;

	for (i = 0; i < TALLY_KEY; i++)
		h = (h ^ key[i]) * 16777619u;
	return h ^ h >> 15;
}

/* The slot of @key, or the empty one where it belongs */
static uint32_t *find(const struct tally *tally, const uint8_t *key)
{
	uint32_t i = hash(key) & (tally->size - 1);

	while (tally->slots[i] &&
	       memcmp(tally->entries[tally->slots[i] - 1].key, key, TALLY_KEY))
		i = (i + 1) & (tally->size - 1);
	return &tally->slots[i];
}

static void grow(struct tally *tally)
{
	uint32_t i;

	tally->size = tally->size ? tally->size * 2 : FIRST_SIZE;
	free(tally->slots);
	tally->slots = xalloc(tally->size * sizeof(*tally->slots));
	tally->entries = realloc(tally->entries, tally->size / 2 * sizeof(*tally->entries));
	if (!tally->entries)
		xalloc(SIZE_MAX);
	for (i = 0; i < tally->num; i++)
		*find(tally, tally->entries[i].key) = i + 1;
}

void tally_add(struct tally *tally, const void *key, size_t len, const struct sums *sums)
{
	uint8_t whole[TALLY_KEY] = { 0 };
	struct tally_entry *entry;
	uint32_t *slot;

	memcpy(whole, key, len);
	if (!tally->size)
		grow(tally);
	slot = find(tally, whole);
	if (!*slot) {
		if (tally->num == tally->max) {
			tally->dropped++;
			return;
		}
		if (tally->num == tally->size / 2) {
			grow(tally);
			slot = find(tally, whole);
		}
		entry = &tally->entries[tally->num++];
		memset(entry, 0, sizeof(*entry));
		memcpy(entry->key, whole, TALLY_KEY);
		*slot = tally->num;
	}
	sums_add(&tally->entries[*slot - 1].sums, sums);
}

static int compare(const void *one, const void *other)
{
	const struct tally_entry *a = one, *b = other;
	uint64_t bytes_a = sums_bytes(&a->sums), bytes_b = sums_bytes(&b->sums);

	if (bytes_a != bytes_b)
		return bytes_a < bytes_b ? 1 : -1;
	if (a->sums.flows != b->sums.flows)
		return a->sums.flows < b->sums.flows ? 1 : -1;
	return memcmp(a->key, b->key, TALLY_KEY);
}

void tally_sort(struct tally *tally)
{
	if (tally->num)
		qsort(tally->entries, tally->num, sizeof(*tally->entries), compare);
}

void tally_free(struct tally *tally)
{
	free(tally->entries);
	free(tally->slots);
}
