/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What filters and connections in JSON share. */
#ifndef NFT_OFFLOAD_JSON_FILTER_H
#define NFT_OFFLOAD_JSON_FILTER_H

#include "json_input.h"

#define TEXT_SIZE	128	/* two addresses, and a dash */

struct reader {
	struct spec	*spec;
	const char	*family, *table;
	int		l4proto;	/* of a connection, as are addresses and ports; or -1 */
	const char	*addr[2];
	int		port[2];	/* -1: not there */
	bool		id, zone;
	bool		one;		/* a connection: no sets */
	bool		negate;		/* below "not" */
	struct nftnl_offload_policy *policy;	/* that is read */
	int		strict;		/* of a setting, or VALUE_DEFAULT */
	int		dir;		/* below "reply": what to add to MATCH_SADDR */
};

/* One address: no range, and a prefix only if that is @prefix */
int check_addr(const struct place *place, const json_t *value, bool prefix, const char **str);

/* Which flowtable. When all keys were read, set_table() takes the first two. */
#define FLOWTABLE_KEYS \
	{ "family", read_family }, { "table", read_table }, { "flowtable", read_flowtable }

int read_family(void *to, const struct place *place, const json_t *value);
int read_table(void *to, const struct place *place, const json_t *value);
int read_flowtable(void *to, const struct place *place, const json_t *value);
int set_table(const struct reader *r, const struct place *place);

int read_iif(void *to, const struct place *place, const json_t *value);
int read_zone(void *to, const struct place *place, const json_t *value);
int read_ct_id(void *to, const struct place *place, const json_t *value);

/* As value_object(), but not empty: where nothing is said, all flows would be meant */
int read_part(void *to, const struct place *place, const json_t *value,
	      const struct json_key *keys);

#endif
