// SPDX-License-Identifier: GPL-2.0-or-later
/* nft, emulated: takes or refuses all rulesets, as the fixture says, and tells what it got. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fake.h"
#include "fixture.h"
#include "input.h"
#include "nft.h"

/* A file, or "" */
static char *read_file(const char *path)
{
	char *text = xalloc(65536);
	FILE *fp = *path ? fopen(path, "r") : NULL;

	if (!fp)
		return text;
	text[fread(text, 1, 65535, fp)] = '\0';
	fclose(fp);
	return text;
}

static bool fake_missing(void)
{
	load();
	return fixture.nft_missing;
}

static void log_text(const char *text, size_t len)
{
	const char *end = text + len, *nl;

	for (; text < end; text = nl + 1) {
		nl = memchr(text, '\n', end - text);
		if (!nl)
			nl = end;
		fprintf(requests, "|%.*s\n", (int)(nl - text), text);
	}
}

static int answer(struct nft_words *words)
{
	words->err = read_file(fixture.nft_err);
	if (!fixture.nft_refuses)
		return 0;
	errno = ENOMEM;
	return -1;
}

static int fake_run(const char *text, size_t len, bool check, struct nft_words *words)
{
	load();
	if (requests) {
		fprintf(requests, "nft%s\n", check ? " check" : "");
		log_text(text, len);
		fflush(requests);
	}
	strcpy(words->name, "/proc/self/fd/7");
	words->out = read_file(fixture.nft_out);
	return answer(words);
}

static int fake_list(struct nft_words *words)
{
	load();
	*words->name = '\0';
	words->out = read_file(fixture.nft_out);
	return answer(words);
}

const struct nft_ops nft = {
	.missing = fake_missing,
	.run	= fake_run,
	.list	= fake_list,
};
