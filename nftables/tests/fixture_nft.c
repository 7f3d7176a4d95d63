// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a fixture about nft. */
#include <stdio.h>
#include <string.h>
#include "fixture.h"

void fixture_nft(char **words, unsigned int n)
{
	if (!strcmp(words[0], "out") && n == 2)
		snprintf(fixture.nft_out, sizeof(fixture.nft_out), "%s", words[1]);
	else if (!strcmp(words[0], "err") && n == 2)
		snprintf(fixture.nft_err, sizeof(fixture.nft_err), "%s", words[1]);
	else if (!strcmp(words[0], "refuses"))
		fixture.nft_refuses = true;
	else if (!strcmp(words[0], "missing"))
		fixture.nft_missing = true;
	else
		fixture_bad(words[0]);
}
