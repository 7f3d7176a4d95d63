/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which words may come next in a command. */
#ifndef NFT_OFFLOAD_COMPLETE_H
#define NFT_OFFLOAD_COMPLETE_H

/* Words that may begin at @start of @line, with a space between them; "" if the user knows */
const char *complete_words(const char *line, int start);

#endif
