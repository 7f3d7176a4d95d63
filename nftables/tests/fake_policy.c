// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Policies of the emulated kernel: those of the fixture, and what requests make of
 * them. What a policy says is not checked, other than by the kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/policy.h>
#include "fake_policy.h"

#define MAX_POLICIES	64

static struct nftnl_offload_policy *policies[MAX_POLICIES];
static unsigned int num;

/* The request that is being answered */
static struct nftnl_offload_policy *asked;
static int type;
static int error;
static const char *why;

static const struct {
	const char	*name;
	uint16_t	attr;
	unsigned int	bits;	/* 0: a string */
} keys[] = {
	{ "family", NFTNL_OFFLOAD_POLICY_FAMILY, 8 },
	{ "table", NFTNL_OFFLOAD_POLICY_TABLE, 0 },
	{ "name", NFTNL_OFFLOAD_POLICY_NAME, 0 },
	{ "stack", NFTNL_OFFLOAD_POLICY_STACK, 32 },
	{ "bytes", NFTNL_OFFLOAD_POLICY_AFTER_BYTES, 64 },
	{ "packets", NFTNL_OFFLOAD_POLICY_AFTER_PACKETS, 64 },
	{ "rate", NFTNL_OFFLOAD_POLICY_AFTER_RATE, 32 },
	{ "budget", NFTNL_OFFLOAD_POLICY_BUDGET, 32 },
	{ "perdevice", NFTNL_OFFLOAD_POLICY_BUDGET_PER_DEVICE, 8 },
	{ "evict", NFTNL_OFFLOAD_POLICY_EVICT, 8 },
	{ "shaped", NFTNL_OFFLOAD_POLICY_SHAPED, 8 },
	{ "carrymode", NFTNL_OFFLOAD_POLICY_CARRY_MODE, 8 },
};

static int set_key(struct nftnl_offload_policy *p, unsigned int i, const char *value)
{
	switch (keys[i].bits) {
	case 8:
		return nftnl_offload_policy_set_u8(p, keys[i].attr, strtoul(value, NULL, 0));
	case 32:
		return nftnl_offload_policy_set_u32(p, keys[i].attr, strtoul(value, NULL, 0));
	case 64:
		return nftnl_offload_policy_set_u64(p, keys[i].attr, strtoull(value, NULL, 0));
	}
	return nftnl_offload_policy_set_str(p, keys[i].attr, value);
}

/* VALUE/MASK */
static int add_mark(struct nftnl_offload_policy *p, uint8_t action, const char *value)
{
	struct nftnl_offload_mark mark = { .action = action };
	char *slash;

	mark.value = strtoul(value, &slash, 0);
	mark.mask = *slash == '/' ? strtoul(slash + 1, NULL, 0) : UINT32_MAX;
	return nftnl_offload_policy_add_mark(p, &mark);
}

/* WHAT, or WHAT/MASK/STATE */
static int add_carry(struct nftnl_offload_policy *p, const char *value)
{
	struct nftnl_offload_carry carry = {};
	char *slash;

	carry.what = strtoul(value, &slash, 0);
	if (*slash == '/')
		carry.mask = strtoul(slash + 1, &slash, 0);
	if (*slash == '/')
		carry.state = strtoul(slash + 1, NULL, 0);
	return nftnl_offload_policy_add_carry(p, &carry);
}

static int set_word(struct nftnl_offload_policy *p, char *word)
{
	char *value = strchr(word, '=');
	unsigned int i;

	if (!value)
		return -1;
	*value++ = '\0';
	if (!strcmp(word, "never"))
		return add_mark(p, NFT_OFFLOAD_MARK_ACTION_NEVER, value);
	if (!strcmp(word, "software"))
		return add_mark(p, NFT_OFFLOAD_MARK_ACTION_SOFTWARE, value);
	if (!strcmp(word, "carry"))
		return add_carry(p, value);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(word, keys[i].name))
			return set_key(p, i, value);
	return -1;
}

void fake_policy_load(char **words, unsigned int n, void (*bad)(const char *what))
{
	unsigned int i;

	if (num == MAX_POLICIES)
		bad("number of policies");
	policies[num] = nftnl_offload_policy_alloc();
	for (i = 0; i < n; i++)
		if (set_word(policies[num], words[i]) < 0)
			bad(words[i]);
	num++;
}

void fake_policy_free(void)
{
	while (num)
		nftnl_offload_policy_free(policies[--num]);
	nftnl_offload_policy_free(asked);
}

static bool same_name(const struct nftnl_offload_policy *one,
		      const struct nftnl_offload_policy *other)
{
	const char *a, *b;
	uint16_t i;

	for (i = NFTNL_OFFLOAD_POLICY_TABLE; i <= NFTNL_OFFLOAD_POLICY_NAME; i++) {
		a = nftnl_offload_policy_get_str(one, i);
		b = nftnl_offload_policy_get_str(other, i);
		if (!a || !b || strcmp(a, b))
			return false;
	}
	return nftnl_offload_policy_get_u8(one, NFTNL_OFFLOAD_POLICY_FAMILY) ==
	       nftnl_offload_policy_get_u8(other, NFTNL_OFFLOAD_POLICY_FAMILY);
}

/* The policy of the flowtable that was asked about; num: it has none */
static unsigned int find(void)
{
	unsigned int i;

	for (i = 0; i < num && !same_name(policies[i], asked); i++)
		;
	return i;
}

static void refuse(int err, const char *message)
{
	error = err;
	why = message;
}

/* Reads and logs a request: its name, flags and what it says, as the library does */
void fake_policy_request(const struct nlmsghdr *nlh, FILE *log)
{
	static const char *const names[] = { "policy_new", "policy_get", "policy_del" };
	char text[2048];

	if (!asked)
		asked = nftnl_offload_policy_alloc();
	nftnl_offload_policy_nlmsg_parse(nlh, asked);
	type = nftnl_offload_msg_type(nlh);
	refuse(0, NULL);
	if (!log)
		return;
	nftnl_offload_policy_snprintf(text, sizeof(text), asked, 0, 0);
	fprintf(log, "%s%s%s%s%s\n", names[type - NFT_OFFLOAD_CMD_POLICY_NEW],
		(nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP ? " dump" : "",
		nlh->nlmsg_flags & NLM_F_ACK ? " ack" : "", *text ? " " : "", text);
}

static void new_policy(unsigned int i)
{
	uint8_t mode = nftnl_offload_policy_get_u8(asked, NFTNL_OFFLOAD_POLICY_MODE);

	if (i < num && mode == NFT_OFFLOAD_POLICY_MODE_ADD)
		return refuse(EEXIST, "this flowtable has a policy already: replace it");
	if (i == num && mode == NFT_OFFLOAD_POLICY_MODE_REPLACE)
		return refuse(ENOENT, "this flowtable has no policy");
	if (i == MAX_POLICIES)
		return refuse(ENOSPC, NULL);
	if (i < num)
		nftnl_offload_policy_free(policies[i]);
	else
		num++;
	nftnl_offload_policy_unset(asked, NFTNL_OFFLOAD_POLICY_MODE);
	policies[i] = asked;
	asked = NULL;
}

/* Does what the last request asks for, as the kernel does */
void fake_policy_change(void)
{
	unsigned int i = find();

	if (type == NFT_OFFLOAD_CMD_POLICY_NEW)
		return new_policy(i);
	if (type != NFT_OFFLOAD_CMD_POLICY_DEL)
		return;
	if (i == num)
		return refuse(ENOENT, "this flowtable has no policy");
	nftnl_offload_policy_free(policies[i]);
	for (num--; i < num; i++)
		policies[i] = policies[i + 1];
}

/* Policy @i of the answer to a dump, or the one that was asked for. Returns false after
 * the last one.
 */
bool fake_policy_put(struct nlmsghdr *nlh, unsigned int i)
{
	if (!(nlh->nlmsg_flags & NLM_F_MULTI)) {
		if (i)
			return false;
		i = find();
		if (i == num)
			refuse(ENOENT, "this flowtable has no policy");
	}
	if (i >= num)
		return false;
	nftnl_offload_policy_nlmsg_build_payload(nlh, policies[i]);
	return true;
}

/* Of the last request: 0, or an errno with the kernel's words */
int fake_policy_error(const char **message)
{
	*message = why;
	return error;
}
