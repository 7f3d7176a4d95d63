/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What nft says, with the names and lines of the file that the user knows. */
#ifndef NFT_OFFLOAD_NFT_ERRORS_H
#define NFT_OFFLOAD_NFT_ERRORS_H

#include "input.h"
#include "nft.h"

/* Prints both. @text is what nft has read, with the lines and columns of @input. */
void nft_words_print(const struct nft_words *words, const struct input *input, const char *text,
		     bool failed);

#endif
