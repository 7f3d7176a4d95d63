// SPDX-License-Identifier: GPL-2.0-or-later
/* What parser.y does with what it has read. */
#include <stdlib.h>
#include <string.h>
#include "parse.h"
#include "policy.h"
#include "value.h"

struct cmd *cmd_of(struct parse *p)
{
	if (!p->cmd)
		p->cmd = cmd_alloc();
	return p->cmd;
}

struct spec *spec_of(struct parse *p)
{
	return &cmd_of(p)->spec;
}

struct nftnl_offload_policy *policy_of(struct parse *p)
{
	struct cmd *cmd = cmd_of(p);

	if (!cmd->policy)
		cmd->policy = policy_alloc();
	return cmd->policy;
}

void cmd_done(struct parse *p, enum cmd_op op, const struct location *loc)
{
	struct cmd *cmd = cmd_of(p);

	cmd->op = op;
	cmd->loc = *loc;
	*p->last = cmd;
	p->last = &cmd->next;
	p->cmd = NULL;
}

static void values_clear(struct parse *p)
{
	while (p->num_values)
		free((char *)p->values[--p->num_values].text);
}

void values_begin(struct parse *p, bool negate)
{
	values_clear(p);
	p->negate = negate;
}

/* Takes @text */
int values_add(struct parse *p, const struct location *loc, char *text)
{
	if (p->num_values == MAX_VALUES) {
		error_at(loc, "a set has at most %d elements", MAX_VALUES);
		free(text);
		return -1;
	}
	p->values[p->num_values].text = text;
	p->values[p->num_values++].loc = *loc;
	return 0;
}

int add_match(struct parse *p, const struct location *loc, int field, int proto)
{
	int ret = match_add(spec_of(p), loc, field, proto, p->negate, p->values, p->num_values);

	values_clear(p);
	return ret;
}

void cmd_drop(struct parse *p)
{
	values_clear(p);
	cmds_free(p->cmd);
	p->cmd = NULL;
}

int set_sort(struct parse *p, const struct location *loc, const struct location *value_loc,
	     const char *value)
{
	struct cmd *cmd = cmd_of(p);
	int sort = list_sort_number(value);

	if (cmd->sort) {
		error_at(loc, "You can specify \"sort\" only once");
		return -1;
	}
	if (sort < 0) {
		error_at(value_loc,
			 "syntax error, unexpected %s, expecting bytes, packets, age or rate",
			 value);
		return -1;
	}
	cmd->sort = sort;
	return 0;
}

int set_limit(struct parse *p, const struct location *loc, const struct location *value_loc,
	      const char *value)
{
	struct cmd *cmd = cmd_of(p);

	if (cmd->limit) {
		error_at(loc, "You can specify \"limit\" only once");
		return -1;
	}
	if (number_parse(value, UINT32_MAX, &cmd->limit) < 0 || !cmd->limit) {
		error_at(value_loc, "syntax error, unexpected %s, expecting a number from 1 on",
			 value);
		return -1;
	}
	return 0;
}

int set_flowtable(struct parse *p, const struct location *family_loc, const char *family,
		  const struct location *table_loc, const char *table,
		  const struct location *name_loc, const char *name)
{
	if (spec_table(spec_of(p), table_loc, family_loc, family ? family : "ip", table) < 0)
		return -1;
	return spec_flowtable(spec_of(p), name_loc, name);
}

int set_topic(struct parse *p, const struct location *loc, const char *value)
{
	if (strcmp(value, "reasons")) {
		error_at(loc, "syntax error, unexpected %s, expecting reasons", value);
		return -1;
	}
	cmd_of(p)->reasons = true;
	return 0;
}
