// SPDX-License-Identifier: GPL-2.0-or-later
/* list ruleset: that of nft, with policies within their flowtables. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd.h"
#include "names.h"
#include "netlink.h"
#include "nft.h"
#include "nft_errors.h"
#include "nft_text.h"
#include "options.h"
#include "output.h"
#include "policy.h"

/* Takes the policy of this flowtable out of @policies, or returns NULL */
static struct nftnl_offload_policy *take(struct policies *policies, const struct nft_text *text)
{
	struct nftnl_offload_policy *policy;
	unsigned int i;

	for (i = 0; i < policies->num; i++) {
		policy = policies->policy[i];
		if (!policy_is_of(policy, family_number(text->family), text->table,
				  text->flowtable))
			continue;
		policies->num--;
		memmove(&policies->policy[i], &policies->policy[i + 1],
			(policies->num - i) * sizeof(policy));
		return policy;
	}
	return NULL;
}

/* Where the line of a brace begins, unless there is something else in it */
static size_t line_begin(const char *text, size_t brace)
{
	size_t at = brace;

	while (at && strchr(" \t", text[at - 1]))
		at--;
	return !at || text[at - 1] == '\n' ? at : brace;
}

static void print(const struct input *input, struct policies *policies)
{
	struct nftnl_offload_policy *policy;
	size_t printed = 0, at;
	struct nft_text text;
	enum nft_event event;
	unsigned int i;

	nft_text_begin(&text, input);
	while ((event = nft_text_next(&text)) != NFT_END) {
		policy = event == NFT_FLOWTABLE_END ? take(policies, &text) : NULL;
		if (!policy)
			continue;
		at = line_begin(input->text, text.braces.begin);
		fwrite(input->text + printed, 1, at - printed, stdout);
		puts("\t\tpolicy {");
		text_policy_statements(policy, "\t\t\t");
		puts("\t\t}");
		printed = at;
		nftnl_offload_policy_free(policy);
	}
	fwrite(input->text + printed, 1, input->len - printed, stdout);
	/* of flowtables that are not there */
	for (i = 0; i < policies->num; i++)
		text_policy(policies->policy[i], false);
}

int cmd_list_ruleset(struct cmd *cmd)
{
	struct nft_words words = { .out = NULL };
	struct policies policies = { .num = 0 };
	struct input ruleset = { .name = "list ruleset" };
	struct nl_error failure;
	int ret;

	if (nft.missing()) {
		error("\"list ruleset\" needs a nft-offload that is built with libnftables; \"list policies\" does without");
		return EXIT_REFUSED;
	}
	ret = nft.list(&words);
	ruleset.text = words.out && ret == 0 ? words.out : "";
	ruleset.len = strlen(ruleset.text);
	if (ret < 0) {
		nft_words_print(&words, &ruleset, ruleset.text, true);
	} else {
		ret = policies_get(&policies, &failure);
		if (ret >= 0)
			print(&ruleset, &policies);
		else
			policy_failed(cmd, &failure);
	}
	policies_free(&policies);
	nft_words_free(&words);
	return ret < 0 ? EXIT_REFUSED : EXIT_FINE;
}
