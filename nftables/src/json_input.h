/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands in JSON: json_input.c has the document, json_filter.c and json_connection.c which
 * flows a command is about, json_place.c values and what is wrong with them.
 */
#ifndef NFT_OFFLOAD_JSON_INPUT_H
#define NFT_OFFLOAD_JSON_INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "cmd.h"

#define PATH_SIZE	256

/* Where a value is: this key of an object, or this entry of an array if @key is NULL */
struct place {
	const struct place	*up;
	const struct input	*input;
	const char		*key;
	size_t			index;
};

struct place place_key(const struct place *up, const char *key);
struct place place_index(const struct place *up, size_t index);

/* A location for spec.h */
struct spot {
	struct location	loc;
	char		path[PATH_SIZE];
};

void spot_init(struct spot *spot, const struct place *place);

/* Says what is wrong. All that return int here return -1 then. */
int place_error(const struct place *place, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int place_unexpected(const struct place *place, const json_t *value, const char *wanted);

/* Values of one type. Numbers are from 0 on. */
int value_str(const struct place *place, const json_t *value, const char *wanted,
	      const char **str);
int value_number(const struct place *place, const json_t *value, uint32_t max,
		 uint32_t *number);
int value_bool(const struct place *place, const json_t *value, bool *is);
/* The two ends of {"range": [FROM, TO]}; 1 if @value is no such object */
int value_range(const struct place *place, const json_t *value, const json_t **from,
		const json_t **to);

struct json_key {
	const char	*name;
	int		(*read)(void *to, const struct place *place, const json_t *value);
};

/* An object that has these keys only, in any order. The table ends with a NULL. */
int value_object(const struct place *place, const json_t *value,
		 const struct json_key *keys, void *to);
/* An object with one key */
int value_one_key(const struct place *place, const json_t *value,
		  const struct json_key *keys, void *to);

int json_filter(struct cmd *cmd, const struct place *place, const json_t *value);
/* One connection, for list flow or, with a device it enters by and a flowtable, for explain */
int json_connection(struct cmd *cmd, const struct place *place, const json_t *value,
		    bool explain);
/* One flowtable, by family, table and name */
int json_flowtable(struct cmd *cmd, const struct place *place, const json_t *value);
/* The same, and what to set for it */
int json_flowtable_setting(struct cmd *cmd, const struct place *place, const json_t *value);
/* A policy, with a mode of enum nft_offload_policy_mode; the one of a flowtable */
int json_read_policy(struct cmd *cmd, uint8_t mode, const struct place *place, const json_t *value);
int json_delete_policy(struct cmd *cmd, const struct place *place, const json_t *value);

#endif
