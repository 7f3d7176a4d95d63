/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rulesets of nft in a file, with policies in them. */
#ifndef NFT_OFFLOAD_SCRIPT_H
#define NFT_OFFLOAD_SCRIPT_H

#include "cmd.h"

struct script {
	char		*text;		/* what nft gets: policies are blanks */
	struct cmd	*policies;	/* CMD_POLICY and CMD_DELETE_POLICY */
};

/* Is there anything in it that only nft knows? */
bool script_is_ruleset(const struct input *input);
/* Returns the number of errors, which it has said */
unsigned int script_read(const struct input *input, struct script *script);
void script_free(struct script *script);

/* All of it or nothing. Returns an exit code. */
int script_run(const struct input *input);

#endif
