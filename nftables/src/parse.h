/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What parser.y and scanner.l share. */
#ifndef NFT_OFFLOAD_PARSE_H
#define NFT_OFFLOAD_PARSE_H

#include "cmd.h"
#include "match.h"

#define MAX_VALUES	256	/* of a set */

struct parse {
	const struct input	*input;
	void			*scanner;
	struct location		loc;		/* of the token that was read last */
	bool			ended;
	int			begin;		/* a token in front of all, or 0 */
	int			kinds[5];	/* of the last tokens, the last one first */
	bool			fresh;		/* no more than a verb of the command was read */
	bool			policy;		/* the command is about one, that may have braces */
	unsigned int		depth;		/* of these */
	bool			skip;		/* go on behind them */
	struct cmd		*cmd;		/* that is being read */
	struct cmd		*first;
	struct cmd		**last;
	unsigned int		errors;
	bool			negate;
	struct match_value	values[MAX_VALUES];	/* of the set that is being read */
	unsigned int		num_values;
};

/* @len bytes of the input, from behind p->loc on */
void scanner_begin(struct parse *p, const char *text, size_t len);
void scanner_end(struct parse *p);

/* parse.c: what has failed has said so, and returns -1 */
struct cmd *cmd_of(struct parse *p);
struct spec *spec_of(struct parse *p);
struct nftnl_offload_policy *policy_of(struct parse *p);
void cmd_done(struct parse *p, enum cmd_op op, const struct location *loc);
void cmd_drop(struct parse *p);
void values_begin(struct parse *p, bool negate);
int values_add(struct parse *p, const struct location *loc, char *text);
int add_match(struct parse *p, const struct location *loc, int field, int proto);
int set_topic(struct parse *p, const struct location *loc, const char *value);
/* @family may be NULL */
int set_flowtable(struct parse *p, const struct location *family_loc, const char *family,
		  const struct location *table_loc, const char *table,
		  const struct location *name_loc, const char *name);
int set_sort(struct parse *p, const struct location *loc, const struct location *value_loc,
	     const char *value);
int set_limit(struct parse *p, const struct location *loc, const struct location *value_loc,
	      const char *value);

/* parse_error.c */
const char *token_text(const struct location *loc, char *buf, size_t size);
/* What a word has to be that may be any, by the tokens before it */
const char *word_expected(const struct parse *p);

#endif
