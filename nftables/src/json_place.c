// SPDX-License-Identifier: GPL-2.0-or-later
/* Values in JSON commands, and what is wrong with them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "json_input.h"

#define SHOWN		64	/* bytes of a string in an error */
#define MESSAGE_SIZE	512

struct place place_key(const struct place *up, const char *key)
{
	return (struct place){ .up = up, .input = up->input, .key = key };
}

struct place place_index(const struct place *up, size_t index)
{
	return (struct place){ .up = up, .input = up->input, .index = index };
}

/* Nothing that moves the cursor of a terminal */
static void make_plain(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

/* Returns the length, which may be more than there is room for */
static size_t write_path(const struct place *place, char *buf, size_t size)
{
	size_t len = place->up ? write_path(place->up, buf, size) : 0;
	char *to = len < size ? buf + len : NULL;
	size_t room = to ? size - len : 0;

	if (!place->key && !place->up)
		return 0;
	if (!place->key)
		return len + snprintf(to, room, "[%zu]", place->index);
	return len + snprintf(to, room, "%s%.*s", len ? "." : "", SHOWN, place->key);
}

void spot_init(struct spot *spot, const struct place *place)
{
	memset(spot, 0, sizeof(*spot));
	write_path(place, spot->path, sizeof(spot->path));
	make_plain(spot->path);
	spot->loc.input = place->input;
	spot->loc.path = *spot->path ? spot->path : "JSON";
}

int place_error(const struct place *place, const char *fmt, ...)
{
	char message[MESSAGE_SIZE];
	struct spot spot;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	spot_init(&spot, place);
	error_at(&spot.loc, "%s", message);
	return -1;
}

int place_unexpected(const struct place *place, const json_t *value, const char *wanted)
{
	char text[SHOWN + 8];

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		strcpy(text, json_object_size(value) ? "object" : "empty object");
		break;
	case JSON_ARRAY:
		strcpy(text, json_array_size(value) ? "array" : "empty array");
		break;
	case JSON_STRING:
		snprintf(text, sizeof(text), "\"%.*s\"", SHOWN, json_string_value(value));
		break;
	case JSON_INTEGER:
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		break;
	case JSON_REAL:
		snprintf(text, sizeof(text), "%g", json_real_value(value));
		break;
	default:
		strcpy(text, json_is_null(value) ? "null" : json_is_true(value) ? "true" : "false");
	}
	return place_error(place, "unexpected %s, expecting %s", text, wanted);
}

int value_str(const struct place *place, const json_t *value, const char *wanted,
	      const char **str)
{
	*str = json_string_value(value);
	return *str ? 0 : place_unexpected(place, value, wanted);
}

int value_number(const struct place *place, const json_t *value, uint32_t max,
		 uint32_t *number)
{
	json_int_t integer = json_integer_value(value);
	char wanted[64];

	if (json_is_integer(value) && integer >= 0 && integer <= max) {
		*number = integer;
		return 0;
	}
	snprintf(wanted, sizeof(wanted), "a number from 0 to %u", max);
	return place_unexpected(place, value, wanted);
}

int value_bool(const struct place *place, const json_t *value, bool *is)
{
	if (!json_is_boolean(value))
		return place_unexpected(place, value, "true or false");
	*is = json_is_true(value);
	return 0;
}

int value_range(const struct place *place, const json_t *value, const json_t **from,
		const json_t **to)
{
	const json_t *pair = json_object_get(value, "range");
	struct place range = place_key(place, "range");

	if (!pair || json_object_size(value) != 1)
		return 1;
	if (json_array_size(pair) != 2)
		return place_unexpected(&range, pair, "an array of the lowest and the highest");
	*from = json_array_get(pair, 0);
	*to = json_array_get(pair, 1);
	return 0;
}

static int unknown(const struct place *place, const struct json_key *keys)
{
	char list[MESSAGE_SIZE - 64] = "";
	size_t len = 0;

	for (; keys->name && len < sizeof(list); keys++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s", len ? " or " : "",
				keys->name);
	return place_error(place, "unknown key, expecting %s", list);
}

int value_object(const struct place *place, const json_t *value,
		 const struct json_key *keys, void *to)
{
	const struct json_key *known;
	struct place below;
	const char *key;
	json_t *entry;

	if (!json_is_object(value))
		return place_unexpected(place, value, "an object");
	json_object_foreach((json_t *)value, key, entry) {
		below = place_key(place, key);
		for (known = keys; known->name; known++)
			if (!strcmp(known->name, key))
				break;
		if (!known->name)
			return unknown(&below, keys);
		if (known->read(to, &below, entry) < 0)
			return -1;
	}
	return 0;
}

int value_one_key(const struct place *place, const json_t *value,
		  const struct json_key *keys, void *to)
{
	if (json_object_size(value) != 1)
		return place_unexpected(place, value, "an object with one key");
	return value_object(place, value, keys, to);
}
