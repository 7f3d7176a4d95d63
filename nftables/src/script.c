// SPDX-License-Identifier: GPL-2.0-or-later
/* Rulesets of nft in a file: which statements are nft's, and which are about policies. */
#include <stdlib.h>
#include <string.h>
#include "nft_text.h"
#include "policy.h"
#include "script.h"

enum owner { OWNER_NFT, OWNER_OURS, OWNER_POLICY, OWNER_EITHER };

static const char *const nft_verbs[] = {
	"table", "chain", "rule", "map", "element", "flowtable", "counter", "quota", "limit",
	"secmark", "synproxy", "create", "insert", "destroy", "rename", "reset", "define",
	"redefine", "undefine", "include", "import", "describe", NULL
};
static const char *const nft_lists[] = {
	"tables", "table", "chains", "chain", "sets", "set", "maps", "map", "meters", "meter",
	"counters", "counter", "quotas", "quota", "limits", "limit", "secmarks", "secmark",
	"synproxys", "synproxy", "hooks", "ct", NULL
};
static const char *const nft_flushes[] = {
	"ruleset", "table", "chain", "set", "map", "meter", NULL
};
static const char *const common_lists[] = { "ruleset", "flowtables", "flowtable", NULL };
static const char *const verbs[] = { "add", "replace", "delete", NULL };
static const char *const policy_verbs[] = { "add", "replace", "delete", "set", NULL };

/* What a filter begins with: a table of nft's that is called flows has no such set */
static const char *const filter_words[] = {
	"table", "flowtable", "ip", "ip6", "tcp", "udp", "th", "host", "meta", "iif", "oif",
	"iifname", "oifname", "ct", "state", NULL
};

/* Whose statement is it, of which the first words were read? */
static enum owner owner_of(const struct nft_text *text)
{
	if (nft_text_is_one(text, 0, policy_verbs) && nft_text_is(text, 1, "policy"))
		return OWNER_POLICY;
	if (nft_text_is_one(text, 0, nft_verbs) || nft_text_is_one(text, 0, verbs))
		return OWNER_NFT;
	if (nft_text_is(text, 0, "flush") && nft_text_is_one(text, 1, nft_flushes))
		return OWNER_NFT;
	if (nft_text_is(text, 0, "set") && nft_text_is(text, 1, "flows") &&
	    nft_text_is_one(text, 2, filter_words))
		return OWNER_OURS;
	/* set FAMILY TABLE NAME { */
	if (nft_text_is(text, 0, "set") && text->told)
		return OWNER_NFT;
	if (!nft_text_is(text, 0, "list"))
		return OWNER_OURS;
	if (nft_text_is_one(text, 1, nft_lists))
		return OWNER_NFT;
	return nft_text_is_one(text, 1, common_lists) ? OWNER_EITHER : OWNER_OURS;
}

bool script_is_ruleset(const struct input *input)
{
	struct nft_text text;
	enum nft_event event;

	nft_text_begin(&text, input);
	while ((event = nft_text_next(&text)) != NFT_END)
		if (event == NFT_STATEMENT && owner_of(&text) == OWNER_NFT)
			return true;
	return false;
}

struct reader {
	struct nft_text	text;
	struct script	*script;
	struct cmd	**last;
	unsigned int	errors;
};

/* Lines and columns stay */
static void blank(struct reader *r, size_t begin, size_t end)
{
	char *p;

	for (p = r->script->text + begin; p < r->script->text + end; p++)
		if (*p != '\n' && *p != '\t')
			*p = ' ';
}

static void add(struct reader *r, struct cmd *cmd)
{
	const struct cmd *other;

	if (!cmd) {
		r->errors++;
		return;
	}
	for (other = r->script->policies; other; other = other->next) {
		if (!policy_same(other->policy, cmd->policy))
			continue;
		error_at(&cmd->loc, "the policy of this flowtable is in line %u already",
			 other->loc.line);
		r->errors++;
		break;
	}
	*r->last = cmd;
	r->last = &cmd->next;
}

/* Goes behind the braces, and checks what is said of them without their grammar */
static bool skip(struct reader *r, const struct location *loc)
{
	struct nft_word variable;

	if (!nft_text_skip(&r->text, &variable)) {
		error_at(loc, "this policy has no end: there is no }");
		r->errors++;
		return false;
	}
	if (variable.end) {
		error_at(&variable.loc, "variables are nft's: in a policy they have no value");
		r->errors++;
	}
	return !variable.end;
}

static int check_name(const char *name, const struct location *loc)
{
	if (*name != '$')
		return 0;
	error_at(loc, "variables are nft's: a flowtable with a policy, and its table, have no such name");
	return -1;
}

/* The flowtable that it is in */
static struct cmd *name_policy(struct cmd *cmd, const struct nft_text *text)
{
	if (!cmd)
		return NULL;
	if (check_name(text->table, &text->table_loc) == 0 &&
	    check_name(text->flowtable, &text->flowtable_loc) == 0 &&
	    spec_table(&cmd->spec, &text->table_loc, &text->family_loc, text->family,
		       text->table) == 0 &&
	    spec_flowtable(&cmd->spec, &text->flowtable_loc, text->flowtable) == 0) {
		policy_set_name(cmd->policy, &cmd->spec);
		return cmd;
	}
	cmds_free(cmd);
	return NULL;
}

static void read_block(struct reader *r)
{
	struct nft_word policy = r->text.word[0], braces = r->text.braces;
	bool fine = skip(r, &policy.loc);
	struct cmd *cmd;

	blank(r, policy.begin, r->text.at);
	if (!fine)
		return;
	cmd = policy_parse(r->text.input, &braces.loc, braces.end, r->text.at - 1);
	if (cmd)
		cmd->loc = policy.loc;
	add(r, name_policy(cmd, &r->text));
}

static void read_command(struct reader *r)
{
	struct nft_word first = r->text.word[0];
	struct location at = first.loc;
	size_t end = r->text.end;

	if (r->text.told) {
		if (!skip(r, &first.loc))
			return;
		end = r->text.at;
	}
	at.last = at.first - 1;
	add(r, policy_cmd_parse(r->text.input, &at, first.begin, end));
	blank(r, first.begin, end);
}

static void refuse(struct reader *r)
{
	struct location loc = location_join(&r->text.word[0].loc,
					    &r->text.word[r->text.num > 1].loc);

	error_at(&loc, "this is no statement of nft: of the commands of nft-offload, those about policies can be in a ruleset");
	r->errors++;
}

unsigned int script_read(const struct input *input, struct script *script)
{
	struct reader r = { .script = script, .last = &script->policies };
	enum nft_event event;

	script->policies = NULL;
	script->text = xalloc(input->len + 1);
	memcpy(script->text, input->text, input->len);
	nft_text_begin(&r.text, input);
	while (r.errors < MAX_ERRORS && (event = nft_text_next(&r.text)) != NFT_END) {
		if (event == NFT_POLICY)
			read_block(&r);
		else if (event == NFT_STATEMENT && owner_of(&r.text) == OWNER_POLICY)
			read_command(&r);
		else if (event == NFT_STATEMENT && owner_of(&r.text) == OWNER_OURS)
			refuse(&r);
	}
	return r.errors;
}

void script_free(struct script *script)
{
	cmds_free(script->policies);
	free(script->text);
}
