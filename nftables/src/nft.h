/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rulesets of nft. The tool is linked with host_nft.c, which has libnftables do it, the test
 * program with tests/fake_nft.c.
 */
#ifndef NFT_OFFLOAD_NFT_H
#define NFT_OFFLOAD_NFT_H

#include <stdbool.h>
#include <stddef.h>

/* What nft prints, and what it says of errors and warnings; both may be "" */
struct nft_words {
	char	*out;
	char	*err;
	char	name[64];	/* of the input, in @err */
};

/* Functions return 0, or -1 if nft refuses, or with errno set and @err "" */
struct nft_ops {
	bool	(*missing)(void);	/* this program was built without libnftables */
	/* All of a file in one transaction; @check: nothing is changed */
	int	(*run)(const char *text, size_t len, bool check, struct nft_words *words);
	int	(*list)(struct nft_words *words);
};

extern const struct nft_ops nft;

void nft_words_free(struct nft_words *words);

#endif
