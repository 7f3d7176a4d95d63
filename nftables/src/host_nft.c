// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rulesets of nft, by libnftables. It gives numbers of lines for files only, so that a text is
 * put into a file without a name.
 */
#include <errno.h>
#include "nft.h"

#ifdef HAVE_NFTABLES
#include <stdio.h>
#include <unistd.h>
#include <sys/mman.h>
#include <nftables/libnftables.h>
#include "input.h"

static struct nft_ctx *begin(void)
{
	struct nft_ctx *ctx = nft_ctx_new(NFT_CTX_DEFAULT);

	if (!ctx || nft_ctx_buffer_output(ctx) || nft_ctx_buffer_error(ctx))
		xalloc(SIZE_MAX);
	return ctx;
}

static int end(struct nft_ctx *ctx, int ret, struct nft_words *words)
{
	words->out = xstrdup(nft_ctx_get_output_buffer(ctx));
	words->err = xstrdup(nft_ctx_get_error_buffer(ctx));
	nft_ctx_free(ctx);
	return ret ? -1 : 0;
}

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t written;

	for (; len; text += written, len -= written) {
		written = write(fd, text, len);
		if (written < 0)
			return -1;
	}
	return 0;
}

static int host_run(const char *text, size_t len, bool check, struct nft_words *words)
{
	int fd = memfd_create("ruleset", MFD_CLOEXEC), ret = -1;
	struct nft_ctx *ctx;

	words->out = words->err = NULL;
	if (fd < 0)
		return -1;
	if (write_all(fd, text, len) == 0) {
		snprintf(words->name, sizeof(words->name), "/proc/self/fd/%d", fd);
		ctx = begin();
		nft_ctx_set_dry_run(ctx, check);
		ret = end(ctx, nft_run_cmd_from_filename(ctx, words->name), words);
	}
	close(fd);
	return ret;
}

static int host_list(struct nft_words *words)
{
	struct nft_ctx *ctx = begin();

	*words->name = '\0';
	return end(ctx, nft_run_cmd_from_buffer(ctx, "list ruleset"), words);
}

static bool host_missing(void)
{
	return false;
}

const struct nft_ops nft = {
	.missing = host_missing,
	.run	= host_run,
	.list	= host_list,
};

#else

static int host_run(const char *text, size_t len, bool check, struct nft_words *words)
{
	(void)text;
	(void)len;
	(void)check;
	(void)words;
	errno = EOPNOTSUPP;
	return -1;
}

static int host_list(struct nft_words *words)
{
	(void)words;
	errno = EOPNOTSUPP;
	return -1;
}

static bool host_missing(void)
{
	return true;
}

const struct nft_ops nft = {
	.missing = host_missing,
	.run	= host_run,
	.list	= host_list,
};

#endif
