// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loads a ruleset with policies: all of it or nothing. A dry run of nft binds drivers, and can
 * still be followed by a refusal: so policies go first, and are put back if nft refuses.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "names.h"
#include "netlink.h"
#include "nft_errors.h"
#include "options.h"
#include "policy.h"
#include "script.h"

/* What is done in the middle of a transaction has to be ended */
static void signals_wait(bool wait)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(wait ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static void put_back(const struct cmd *cmd, const struct policies *before)
{
	const struct nftnl_offload_policy *old = policies_find(before, cmd->policy);
	struct nl_error failure;

	if (nl_policy(old ? NFT_OFFLOAD_CMD_POLICY_NEW : NFT_OFFLOAD_CMD_POLICY_DEL,
		      old ? old : cmd->policy, &failure) < 0)
		error_at(&cmd->loc, "and the policy that was there before could not be put back: %s",
			 nl_error_str(&failure));
}

/* Those before @end; a flowtable is in the list once */
static void put_all_back(const struct cmd *cmds, const struct cmd *end,
			 const struct policies *before)
{
	for (; cmds != end; cmds = cmds->next)
		put_back(cmds, before);
}

static int load(const struct input *input, const struct script *script, bool check)
{
	struct nft_words words = { .out = NULL };
	int ret = nft.run(script->text, input->len, check, &words);

	nft_words_print(&words, input, script->text, ret < 0);
	nft_words_free(&words);
	return ret < 0 ? EXIT_REFUSED : EXIT_FINE;
}

static int transact(const struct input *input, const struct script *script,
		    const struct policies *before)
{
	const struct cmd *cmd;
	struct nl_error failure;
	int ret;

	for (cmd = script->policies; cmd; cmd = cmd->next) {
		if (nl_policy(cmd->op == CMD_DELETE_POLICY ? NFT_OFFLOAD_CMD_POLICY_DEL :
			      NFT_OFFLOAD_CMD_POLICY_NEW, cmd->policy, &failure) == 0)
			continue;
		ret = policy_failed(cmd, &failure);
		put_all_back(script->policies, cmd, before);
		return ret;
	}
	ret = load(input, script, false);
	if (ret)
		put_all_back(script->policies, NULL, before);
	return ret;
}

static int run(const struct input *input, const struct script *script)
{
	struct policies before = { .num = 0 };
	struct nl_error failure;
	int ret;

	if (options.check)
		return load(input, script, true);
	if (script->policies && policies_get(&before, &failure)) {
		policies_free(&before);
		return policy_failed(script->policies, &failure);
	}
	signals_wait(true);
	ret = transact(input, script, &before);
	signals_wait(false);
	policies_free(&before);
	return ret;
}

int script_run(const struct input *input)
{
	struct script script;
	int ret = EXIT_USAGE;

	if (nft.missing()) {
		error("rulesets of nft need a nft-offload that is built with libnftables");
		return EXIT_REFUSED;
	}
	if (!script_read(input, &script))
		ret = run(input, &script);
	script_free(&script);
	return ret;
}
