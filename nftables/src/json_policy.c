// SPDX-License-Identifier: GPL-2.0-or-later
/* Policies in JSON commands, see Documentation/nft-offload.schema.json. */
#include <stdio.h>
#include <string.h>
#include "json_filter.h"
#include "policy.h"

#define NUMBER_SIZE	32

static struct nftnl_offload_policy *policy_of(void *to)
{
	struct reader *r = to;

	return r->policy;
}

/* A number of a policy: the checks are those of the text */
static int read_number(void *to, const struct place *place, const json_t *value, uint16_t attr)
{
	char text[NUMBER_SIZE];
	struct spot spot;

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return place_unexpected(place, value, policy_expected(attr, 0));
	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	spot_init(&spot, place);
	return policy_number(policy_of(to), &spot.loc, &spot.loc, attr, text, 0);
}

static int read_stack(void *to, const struct place *place, const json_t *value)
{
	return read_number(to, place, value, NFTNL_OFFLOAD_POLICY_STACK);
}

static int read_bytes(void *to, const struct place *place, const json_t *value)
{
	return read_number(to, place, value, NFTNL_OFFLOAD_POLICY_AFTER_BYTES);
}

static int read_packets(void *to, const struct place *place, const json_t *value)
{
	return read_number(to, place, value, NFTNL_OFFLOAD_POLICY_AFTER_PACKETS);
}

static int read_rate(void *to, const struct place *place, const json_t *value)
{
	return read_number(to, place, value, NFTNL_OFFLOAD_POLICY_AFTER_RATE);
}

static int read_after(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "bytes", read_bytes }, { "packets", read_packets }, { "rate", read_rate },
		{ NULL, NULL },
	};

	return value_one_key(place, value, keys, to);
}

struct budget {
	struct reader	*reader;
	bool		per_device;
	const char	*evict;
};

static int read_flows(void *to, const struct place *place, const json_t *value)
{
	struct budget *budget = to;

	return read_number(budget->reader, place, value, NFTNL_OFFLOAD_POLICY_BUDGET);
}

static int read_per_device(void *to, const struct place *place, const json_t *value)
{
	struct budget *budget = to;

	return value_bool(place, value, &budget->per_device);
}

/* Of two names: which one is it? */
static int read_choice(const struct place *place, const json_t *value, const char *wanted,
		       const char *(*name)(uint8_t number), const char **choice)
{
	uint8_t i;

	if (value_str(place, value, wanted, choice) < 0)
		return -1;
	for (i = 0; i < 2; i++)
		if (!strcmp(name(i), *choice))
			return i;
	return place_unexpected(place, value, wanted);
}

static int read_evict(void *to, const struct place *place, const json_t *value)
{
	struct budget *budget = to;

	return read_choice(place, value, "none or slowest", nftnl_offload_evict_str,
			   &budget->evict);
}

static int read_budget(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "flows", read_flows }, { "per_device", read_per_device },
		{ "evict", read_evict }, { NULL, NULL },
	};
	struct budget budget = { .reader = to };
	struct spot spot;

	if (value_object(place, value, keys, &budget) < 0)
		return -1;
	if (!json_object_get(value, "flows"))
		return place_error(place, "a budget has flows");
	spot_init(&spot, place);
	return policy_budget(policy_of(to), &spot.loc, budget.per_device,
			     budget.evict && !strcmp(budget.evict, "slowest") ?
			     NFT_OFFLOAD_EVICT_SLOWEST : NFT_OFFLOAD_EVICT_NONE);
}

/* Without a budget */
static int read_evict_alone(void *to, const struct place *place, const json_t *value)
{
	struct spot spot;
	const char *name;

	if (value_str(place, value, "slowest", &name) < 0)
		return -1;
	if (strcmp(name, "slowest"))
		return place_unexpected(place, value, "slowest");
	spot_init(&spot, place);
	return policy_evict(policy_of(to), &spot.loc);
}

static int read_shaped(void *to, const struct place *place, const json_t *value)
{
	struct spot spot;
	const char *name;
	int shaped;

	shaped = read_choice(place, value, "software or ignore", nftnl_offload_shaped_str, &name);
	if (shaped < 0)
		return -1;
	spot_init(&spot, place);
	return policy_shaped(policy_of(to), &spot.loc, shaped);
}

static int read_carry_mask(void *to, const struct place *place, const json_t *value)
{
	struct nftnl_offload_carry *carry = to;

	return value_number(place, value, UINT32_MAX, &carry->mask);
}

static int read_carry_state(void *to, const struct place *place, const json_t *value)
{
	struct nftnl_offload_carry *carry = to;

	return value_number(place, value, UINT32_MAX, &carry->state);
}

static int read_carried(void *to, const struct place *place, const json_t *value, uint8_t what)
{
	static const struct json_key keys[] = {
		{ "mask", read_carry_mask }, { "state", read_carry_state }, { NULL, NULL },
	};
	struct nftnl_offload_carry carry = { .what = what };
	struct spot spot;

	if (value_object(place, value, keys, &carry) < 0)
		return -1;
	if (json_object_get(value, "mask") ? !carry.mask : !!json_object_get(value, "state"))
		return place_error(place, "a mask of 0 leaves nothing of the mark");
	if (json_object_get(value, "state") && !carry.state)
		return place_error(place, "a state of 0 is in no mark");
	spot_init(&spot, place);
	return policy_carry_bits(policy_of(to), &spot.loc, &carry);
}

static int read_carry_priority(void *to, const struct place *place, const json_t *value)
{
	return read_carried(to, place, value, NFT_OFFLOAD_CARRY_PRIORITY);
}

static int read_carry_dscp(void *to, const struct place *place, const json_t *value)
{
	return read_carried(to, place, value, NFT_OFFLOAD_CARRY_DSCP);
}

/* Looked at last, by read_carry() */
static int skip_mode(void *to, const struct place *place, const json_t *value)
{
	const char *name;

	(void)to;
	return read_choice(place, value, "optional or required", nftnl_offload_carry_mode_str,
			   &name) < 0 ? -1 : 0;
}

static int read_carry(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "priority", read_carry_priority }, { "dscp", read_carry_dscp },
		{ "mode", skip_mode }, { NULL, NULL },
	};
	const char *mode;
	struct spot spot;

	if (value_object(place, value, keys, to) < 0)
		return -1;
	mode = json_string_value(json_object_get(value, "mode"));
	spot_init(&spot, place);
	return policy_carry_mode(policy_of(to), &spot.loc,
				 mode && !strcmp(mode, "required") ?
				 NFT_OFFLOAD_CARRY_MODE_REQUIRED :
				 NFT_OFFLOAD_CARRY_MODE_OPTIONAL);
}

struct mark {
	int		action;
	uint32_t	value, mask;
};

static int read_action(void *to, const struct place *place, const json_t *value)
{
	struct mark *mark = to;
	const char *name;

	mark->action = read_choice(place, value, "never or software",
				   nftnl_offload_mark_action_str, &name);
	return mark->action < 0 ? -1 : 0;
}

static int read_value(void *to, const struct place *place, const json_t *value)
{
	struct mark *mark = to;

	return value_number(place, value, UINT32_MAX, &mark->value);
}

static int read_mask(void *to, const struct place *place, const json_t *value)
{
	struct mark *mark = to;

	return value_number(place, value, UINT32_MAX, &mark->mask);
}

static int read_mark(struct reader *r, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "action", read_action }, { "value", read_value }, { "mask", read_mask },
		{ NULL, NULL },
	};
	struct mark mark = { .mask = UINT32_MAX };
	char text[NUMBER_SIZE];
	struct spot spot;

	if (value_object(place, value, keys, &mark) < 0)
		return -1;
	if (!json_object_get(value, "action") || !json_object_get(value, "value"))
		return place_error(place, "a mark has action and value");
	snprintf(text, sizeof(text), "%u/%u", mark.value, mark.mask);
	spot_init(&spot, place);
	return policy_mark(r->policy, &spot.loc, &spot.loc, mark.action, text);
}

static int read_marks(void *to, const struct place *place, const json_t *value)
{
	struct place below;
	size_t i;

	if (!json_array_size(value))
		return place_unexpected(place, value, "an array of marks");
	for (i = 0; i < json_array_size(value); i++) {
		below = place_index(place, i);
		if (read_mark(to, &below, json_array_get(value, i)) < 0)
			return -1;
	}
	return 0;
}

int json_read_policy(struct cmd *cmd, uint8_t mode, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		FLOWTABLE_KEYS, { "marks", read_marks }, { "stack", read_stack },
		{ "hardware_after", read_after }, { "budget", read_budget },
		{ "evict", read_evict_alone }, { "shaped", read_shaped }, { "carry", read_carry },
		{ NULL, NULL },
	};
	struct reader r = { .spec = &cmd->spec };
	struct spot spot;

	cmd->op = CMD_POLICY;
	cmd->policy = r.policy = policy_alloc();
	nftnl_offload_policy_set_u8(r.policy, NFTNL_OFFLOAD_POLICY_MODE, mode);
	if (value_object(place, value, keys, &r) < 0)
		return -1;
	if (!json_object_get(value, "family") || !json_object_get(value, "table") ||
	    !json_object_get(value, "flowtable"))
		return place_error(place, "a policy has family, table and flowtable");
	spot_init(&spot, place);
	if (policy_not_empty(r.policy, &spot.loc) < 0 || set_table(&r, place) < 0)
		return -1;
	policy_set_name(r.policy, &cmd->spec);
	return 0;
}

int json_delete_policy(struct cmd *cmd, const struct place *place, const json_t *value)
{
	cmd->op = CMD_DELETE_POLICY;
	if (json_flowtable(cmd, place, value) < 0)
		return -1;
	cmd->policy = policy_alloc();
	policy_set_name(cmd->policy, &cmd->spec);
	return 0;
}
