/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads rulesets of nft as far as to know statements, tables and flowtables: for policies that
 * are within flowtables, or have to be put there.
 */
#ifndef NFT_OFFLOAD_NFT_TEXT_H
#define NFT_OFFLOAD_NFT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "input.h"

#define NFT_WORDS	6	/* of a statement; more are not kept */
#define NFT_DEPTH	16	/* of braces; within more, nothing is looked at */
#define NFT_NAME	256

struct nft_word {
	size_t		begin, end;	/* bytes of the input */
	struct location	loc;
};

enum nft_event {
	NFT_END,
	NFT_STATEMENT,		/* of those in no braces: its words are known, up to "{" */
	NFT_POLICY,		/* behind the "{" of a policy, of which @braces is the place */
	NFT_FLOWTABLE_END,	/* behind the "}" of a flowtable */
};

enum nft_block { NFT_OTHER, NFT_TABLE, NFT_FLOWTABLE };

struct nft_text {
	const struct input	*input;
	size_t			at;	/* what is read next */
	struct location		loc;	/* of what was read last */
	struct nft_word		word[NFT_WORDS];
	unsigned int		num;
	struct nft_word		braces;	/* the last one */
	bool			told;	/* of this statement, of which braces have begun */
	size_t			end;	/* where it ended, if none have */
	unsigned int		depth;
	enum nft_block		block[NFT_DEPTH];
	/* the names of the last table and flowtable that began */
	char			family[NFT_NAME], table[NFT_NAME], flowtable[NFT_NAME];
	struct location		family_loc, table_loc, flowtable_loc;
};

void nft_text_begin(struct nft_text *text, const struct input *input);
enum nft_event nft_text_next(struct nft_text *text);

/* Goes behind the "}" that belongs to the last "{". Returns false if there is none. The last word
 * between them that begins with $ goes to @variable, whose end is 0 if there is none.
 */
bool nft_text_skip(struct nft_text *text, struct nft_word *variable);

/* Is word @i of the statement @word? */
bool nft_text_is(const struct nft_text *text, unsigned int i, const char *word);
bool nft_text_is_one(const struct nft_text *text, unsigned int i, const char *const *words);

#endif
