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
	int			kinds[5];	/* of the last tokens, the last one first */
	struct cmd		*cmd;		/* that is being read */
	struct cmd		*first;
	struct cmd		**last;
	unsigned int		errors;
	bool			negate;
	struct match_value	values[MAX_VALUES];	/* of the set that is being read */
	unsigned int		num_values;
};

void scanner_begin(struct parse *p);
void scanner_end(struct parse *p);

#endif
