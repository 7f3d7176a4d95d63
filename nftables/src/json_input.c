// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands in JSON, see Documentation/nft-offload.schema.json. */
#include <string.h>
#include <libnftnl_offload/common.h>
#include "json_input.h"
#include "output.h"
#include "policy.h"
#include "ruleset.h"

static int read_nothing(const struct place *place, const json_t *value)
{
	if (json_is_null(value) || (json_is_object(value) && !json_object_size(value)))
		return 0;
	return place_unexpected(place, value, "null");
}

static int filtered(struct cmd *cmd, enum cmd_op op, const struct place *place,
		    const json_t *value)
{
	cmd->op = op;
	return json_filter(cmd, place, value);
}

static int read_list_flows(void *to, const struct place *place, const json_t *value)
{
	return filtered(to, CMD_LIST_FLOWS, place, value);
}

static int read_list_flow(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;

	cmd->op = CMD_LIST_FLOW;
	return json_connection(cmd, place, value, false);
}

static int read_list_flowtables(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;

	cmd->op = CMD_LIST_FLOWTABLES;
	return read_nothing(place, value);
}

static int read_list_ruleset(void *to, const struct place *place, const json_t *value)
{
	(void)to;
	(void)value;
	return place_error(place, NO_JSON_RULESET);
}

static int read_list_settings(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;

	cmd->op = CMD_LIST_SETTINGS;
	return read_nothing(place, value);
}

static int read_list_policies(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;

	cmd->op = CMD_LIST_POLICIES;
	return read_nothing(place, value);
}

static int read_list_flowtable(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;

	cmd->op = CMD_LIST_FLOWTABLES;
	return json_flowtable(cmd, place, value);
}

static int read_list(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "flows", read_list_flows }, { "flow", read_list_flow },
		{ "flowtables", read_list_flowtables }, { "ruleset", read_list_ruleset },
		{ "flowtable", read_list_flowtable }, { "settings", read_list_settings },
		{ "policies", read_list_policies },
		{ NULL, NULL },
	};

	return value_one_key(place, value, keys, to);
}

static int read_flush_flows(void *to, const struct place *place, const json_t *value)
{
	return filtered(to, CMD_FLUSH_FLOWS, place, value);
}

static int read_flush(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { { "flows", read_flush_flows }, { NULL, NULL } };

	return value_one_key(place, value, keys, to);
}

static int read_monitor_flows(void *to, const struct place *place, const json_t *value)
{
	return filtered(to, CMD_MONITOR, place, value);
}

static int read_monitor(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { { "flows", read_monitor_flows }, { NULL, NULL } };

	return value_one_key(place, value, keys, to);
}

static int read_explain(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;

	cmd->op = CMD_EXPLAIN;
	return json_connection(cmd, place, value, true);
}

static int read_help(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;

	cmd->op = CMD_HELP;
	return read_nothing(place, value);
}

static int read_summary(void *to, const struct place *place, const json_t *value)
{
	return filtered(to, CMD_SUMMARY, place, value);
}

static int read_check(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;

	cmd->op = CMD_CHECK;
	return read_nothing(place, value);
}

static int set(struct cmd *cmd, enum setting_id id, const struct place *place,
	       const json_t *value)
{
	bool on;

	if (value_bool(place, value, &on) < 0)
		return -1;
	cmd->op = CMD_SET;
	cmd->setting = &settings[id];
	cmd->value = on;
	return 0;
}

static int read_set_offload(void *to, const struct place *place, const json_t *value)
{
	return set(to, SETTING_OFFLOAD, place, value);
}

static int read_set_strict(void *to, const struct place *place, const json_t *value)
{
	return set(to, SETTING_STRICT, place, value);
}

static int read_set_flowtable(void *to, const struct place *place, const json_t *value)
{
	return json_flowtable_setting(to, place, value);
}

static int read_set_policy(void *to, const struct place *place, const json_t *value)
{
	return json_read_policy(to, NFT_OFFLOAD_POLICY_MODE_SET, place, value);
}

static int read_add_policy(void *to, const struct place *place, const json_t *value)
{
	return json_read_policy(to, NFT_OFFLOAD_POLICY_MODE_ADD, place, value);
}

static int read_replace_policy(void *to, const struct place *place, const json_t *value)
{
	return json_read_policy(to, NFT_OFFLOAD_POLICY_MODE_REPLACE, place, value);
}

static int read_delete_policy(void *to, const struct place *place, const json_t *value)
{
	return json_delete_policy(to, place, value);
}

static int read_add(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { { "policy", read_add_policy }, { NULL, NULL } };

	return value_one_key(place, value, keys, to);
}

static int read_replace(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { { "policy", read_replace_policy }, { NULL, NULL } };

	return value_one_key(place, value, keys, to);
}

static int read_delete(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = { { "policy", read_delete_policy }, { NULL, NULL } };

	return value_one_key(place, value, keys, to);
}

static int read_pin_filter(void *to, const struct place *place, const json_t *value)
{
	return json_filter(to, place, value);
}

static int read_pin(void *to, const struct place *place, const json_t *value)
{
	static const char wanted[] = "hardware, software or auto";
	struct cmd *cmd = to;
	const char *name;
	int i;

	if (value_str(place, value, wanted, &name) < 0)
		return -1;
	for (i = NFT_OFFLOAD_PIN_AUTO; i <= NFT_OFFLOAD_PIN_SOFTWARE; i++) {
		if (!strcmp(nftnl_offload_pin_str(i), name)) {
			cmd->value = i;
			return 0;
		}
	}
	return place_unexpected(place, value, wanted);
}

static int read_set_flows(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "pin", read_pin }, { "filter", read_pin_filter }, { NULL, NULL },
	};
	struct cmd *cmd = to;

	cmd->op = CMD_SET_FLOWS;
	if (value_object(place, value, keys, cmd) < 0)
		return -1;
	if (json_object_size(value) != 2)
		return place_error(place, "flows are set by pin and filter");
	return 0;
}

static int read_set(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "offload", read_set_offload }, { "strict", read_set_strict },
		{ "flowtable", read_set_flowtable }, { "policy", read_set_policy },
		{ "flows", read_set_flows }, { NULL, NULL },
	};

	return value_one_key(place, value, keys, to);
}

static int read_setting_name(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;
	const char *name;
	int i;

	if (value_str(place, value, "offload or strict", &name) < 0)
		return -1;
	for (i = 0; i < SETTING_MAX; i++) {
		if (!strcmp(settings[i].name, name)) {
			cmd->setting = &settings[i];
			return 0;
		}
	}
	return place_unexpected(place, value, "offload or strict");
}

static int read_setting_value(void *to, const struct place *place, const json_t *value)
{
	struct cmd *cmd = to;
	bool on;

	if (value_bool(place, value, &on) < 0)
		return -1;
	cmd->value = on;
	return 0;
}

/* As list settings prints it */
static int read_setting(void *to, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "name", read_setting_name }, { "value", read_setting_value }, { NULL, NULL },
	};
	struct cmd *cmd = to;

	if (json_object_get(value, "flowtable"))
		return json_flowtable_setting(cmd, place, value);
	cmd->op = CMD_SET;
	if (value_object(place, value, keys, cmd) < 0)
		return -1;
	if (json_object_size(value) != 2)
		return place_error(place, "a setting has name and value");
	return 0;
}

/* Who wrote it makes no difference, as long as it is not too new. */
static int read_metainfo(const struct place *place, const json_t *value)
{
	const json_t *version = json_object_get(value, "json_schema_version");
	struct place below = place_key(place, "json_schema_version");

	if (!json_is_object(value))
		return place_unexpected(place, value, "an object");
	if (json_integer_value(version) > JSON_SCHEMA_VERSION)
		return place_error(&below, "this program reads versions up to %d",
				   JSON_SCHEMA_VERSION);
	return 0;
}

static int read_export(void *to, const struct place *place, const json_t *value)
{
	(void)to;
	(void)value;
	return place_error(place, "export has no JSON output");
}

static int read_top(void *to, const struct place *place, const json_t *value)
{
	(void)to;
	(void)value;
	return place_error(place, "top has no JSON output");
}

static int read_command(struct cmd *cmd, const struct place *place, const json_t *value)
{
	static const struct json_key keys[] = {
		{ "list", read_list }, { "flush", read_flush }, { "monitor", read_monitor },
		{ "explain", read_explain }, { "set", read_set }, { "setting", read_setting },
		{ "help", read_help }, { "top", read_top }, { "export", read_export },
		{ "check", read_check }, { "summary", read_summary }, { "add", read_add },
		{ "replace", read_replace }, { "delete", read_delete },
		{ "policy", read_set_policy }, { NULL, NULL },
	};

	return value_one_key(place, value, keys, cmd);
}

/* For errors when the command runs: where it is, down to what it is called */
static void set_location(struct cmd *cmd, const struct place *place, const json_t *value)
{
	const char *verb = json_object_iter_key(json_object_iter((json_t *)value)), *noun;
	struct place at = place_key(place, verb), below = at;
	const json_t *object = json_object_get(value, verb);
	struct spot spot;

	if (cmd->op != CMD_EXPLAIN && json_object_size(object) == 1) {
		noun = json_object_iter_key(json_object_iter((json_t *)object));
		below = place_key(&at, noun);
	}
	spot_init(&spot, &below);
	cmd->loc = spot.loc;
	cmd->loc.path = xstrdup(spot.path);
}

static unsigned int read_commands(const struct place *place, const json_t *array,
				  struct cmd **last)
{
	unsigned int errors = 0;
	struct place below;
	const json_t *value, *metainfo;
	struct cmd *cmd;
	size_t i;

	for (i = 0; i < json_array_size(array) && errors < MAX_ERRORS; i++) {
		value = json_array_get(array, i);
		below = place_index(place, i);
		metainfo = json_object_get(value, "metainfo");
		if (metainfo && json_object_size(value) == 1) {
			struct place at = place_key(&below, "metainfo");

			errors += read_metainfo(&at, metainfo) < 0;
			continue;
		}
		cmd = cmd_alloc();
		if (read_command(cmd, &below, value) < 0) {
			errors++;
			cmds_free(cmd);
			continue;
		}
		set_location(cmd, &below, value);
		*last = cmd;
		last = &cmd->next;
	}
	return errors;
}

/* {"nft_offload": [COMMAND, ...]} */
static unsigned int read_root(const struct input *input, const json_t *root, struct cmd **cmds)
{
	static const char wanted[] = "an object with the key " JSON_ROOT;
	struct place top = { .input = input }, below = place_key(&top, JSON_ROOT);
	const json_t *array = json_object_get(root, JSON_ROOT);

	if (!array || json_object_size(root) != 1) {
		place_unexpected(&top, root, wanted);
		return 1;
	}
	if (!json_is_array(array)) {
		place_unexpected(&below, array, "an array of commands");
		return 1;
	}
	return read_commands(&below, array, cmds);
}

/* The parser counts lines, and bytes. */
static void syntax_error(const struct input *input, const json_error_t *error)
{
	struct location loc = { .input = input, .line = error->line };
	size_t pos = error->position, i;

	if (pos > input->len)
		pos = input->len;
	for (i = pos; i && input->text[i - 1] != '\n'; i--)
		;
	loc.first = loc.last = pos > i ? pos - i : 1;
	if (json_error_code(error) == json_error_null_character)
		error_at(&loc, "no string can have the character \\u0000");
	else
		error_at(&loc, "%s", error->text);
}

unsigned int json_cmds_parse(const struct input *input, struct cmd **cmds)
{
	unsigned int errors;
	json_error_t error;
	json_t *root;

	*cmds = NULL;
	root = json_loadb(input->text, input->len, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		syntax_error(input, &error);
		return 1;
	}
	errors = read_root(input, root, cmds);
	json_decref(root);
	return errors;
}
