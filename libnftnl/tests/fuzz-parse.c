// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All parsers against any bytes.
 *
 * With libFuzzer: "make fuzz". Without, and with -DFUZZ_MAIN: a program that reads
 * the files it is given, or changes messages at random, the same way each time; with
 * -s DIR it writes good messages into this folder, for libFuzzer to begin with.
 *
 * The bytes are the attributes of a message. What a parser takes is built and
 * parsed again, and must be the same then.
 */
#include <stdint.h>
#include "sample.h"

static struct nlmsghdr *message(const uint8_t *data, size_t size)
{
	size_t headers = MNL_NLMSG_HDRLEN + GENL_HDRLEN;
	struct nlmsghdr *nlh = calloc(1, headers + size);

	if (!nlh)
		abort();
	nlh->nlmsg_len = headers + size;
	nlh->nlmsg_type = TEST_FAMILY;
	((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd = NFT_OFFLOAD_CMD_FLOW_NEW_NTF;
	if (size)
		memcpy((char *)nlh + headers, data, size);
	return nlh;
}

#define TEXT_SIZE	(1 << 20)
static char text[2][TEXT_SIZE];
static char room[1 << 20] __attribute__((aligned(16)));

/* A message for what was parsed, in place of the last one */
static struct nlmsghdr *msg_again(void)
{
	return nftnl_offload_nlmsg_build_hdr(room, TEST_FAMILY, NFT_OFFLOAD_CMD_FLOW_NEW_NTF,
					     0, 0);
}

#define FUZZ(name, _alloc, _free, _parse, _build, _snprintf, ...)	\
static void fuzz_##name(const struct nlmsghdr *nlh)			\
{									\
	struct nlmsghdr *again;						\
	int i;								\
	void *obj = _alloc();						\
									\
	if (!obj)							\
		abort();						\
	for (i = 0; i < 2 && !_parse(nlh, ##__VA_ARGS__, obj); i++) {	\
		_snprintf(text[i], TEXT_SIZE, obj, 0, 0);		\
		again = msg_again();					\
		_build(again, ##__VA_ARGS__, obj);			\
		nlh = again;						\
	}								\
	if (i == 1 || (i == 2 && strcmp(text[0], text[1])))		\
		abort();						\
	_free(obj);							\
}

FUZZ(flow, nftnl_flow_alloc, nftnl_flow_free, nftnl_flow_nlmsg_parse,
     nftnl_flow_nlmsg_build_payload, nftnl_flow_snprintf)
FUZZ(table, nftnl_offload_table_alloc, nftnl_offload_table_free,
     nftnl_offload_table_nlmsg_parse, nftnl_offload_table_nlmsg_build_payload,
     nftnl_offload_table_snprintf)
FUZZ(policy, nftnl_offload_policy_alloc, nftnl_offload_policy_free,
     nftnl_offload_policy_nlmsg_parse, nftnl_offload_policy_nlmsg_build_payload,
     nftnl_offload_policy_snprintf)
FUZZ(explain, nftnl_offload_explain_alloc, nftnl_offload_explain_free,
     nftnl_offload_explain_nlmsg_parse, nftnl_offload_explain_nlmsg_build_payload,
     nftnl_offload_explain_snprintf)
FUZZ(event, nftnl_offload_event_alloc, nftnl_offload_event_free,
     nftnl_offload_event_nlmsg_parse, nftnl_offload_event_nlmsg_build_payload,
     nftnl_offload_event_snprintf)
FUZZ(filter, nftnl_flow_filter_alloc, nftnl_flow_filter_free,
     nftnl_flow_filter_nlmsg_parse, nftnl_flow_filter_nlmsg_build_payload,
     nftnl_flow_filter_snprintf, NFT_OFFLOAD_FLOW_FILTER)

/* What is taken has both numbers. */
static void fuzz_family(struct nlmsghdr *nlh)
{
	uint16_t type = nlh->nlmsg_type;
	struct nftnl_offload_family family;
	int ret;

	nlh->nlmsg_type = GENL_ID_CTRL;
	ret = nftnl_offload_family_nlmsg_parse(nlh, &family);
	if (ret ? family.id || family.events : !family.id || !family.events)
		abort();
	nlh->nlmsg_type = type;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh;

	if (size > UINT16_MAX)
		return 0;
	nlh = message(data, size);
	fuzz_flow(nlh);
	fuzz_filter(nlh);
	fuzz_table(nlh);
	fuzz_policy(nlh);
	fuzz_explain(nlh);
	fuzz_event(nlh);
	fuzz_family(nlh);
	free(nlh);
	return 0;
}

#ifdef FUZZ_MAIN
#define ROUNDS	20000

static uint32_t random_u32(void)
{
	static uint32_t x = 2463534242;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

/* Change some bytes of a good message, and sometimes its end. */
static void change(const struct nlmsghdr *nlh)
{
	const size_t headers = MNL_NLMSG_HDRLEN + GENL_HDRLEN;
	size_t size = nlh->nlmsg_len - headers;
	uint8_t *copy = malloc(size);
	unsigned int n;

	if (!copy)
		abort();
	memcpy(copy, (const char *)nlh + headers, size);
	for (n = random_u32() % 8; n; n--)
		copy[random_u32() % size] = random_u32() % 2 ? random_u32() :
							       random_u32() % 32;
	if (!(random_u32() % 4))
		size = random_u32() % size;
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

#define SAMPLES	7

static struct nlmsghdr *nlh[SAMPLES];

static void samples(void)
{
	static struct msg msg[SAMPLES];
	struct nftnl_flow *flow = sample_flow();
	struct nftnl_flow_filter *filter = sample_filter();
	struct nftnl_offload_table *table = sample_table();
	struct nftnl_offload_policy *policy = sample_policy();
	struct nftnl_offload_explain *explain = sample_explain();
	struct nftnl_offload_event *event = sample_event();
	unsigned int i;

	for (i = 0; i < SAMPLES; i++)
		nlh[i] = msg_begin(&msg[i]);
	nftnl_flow_nlmsg_build_payload(nlh[0], flow);
	nftnl_flow_filter_nlmsg_build_payload(nlh[1], NFT_OFFLOAD_FLOW_FILTER, filter);
	nftnl_offload_table_nlmsg_build_payload(nlh[2], table);
	nftnl_offload_explain_nlmsg_build_payload(nlh[3], explain);
	nftnl_offload_event_nlmsg_build_payload(nlh[4], event);
	sample_family(nlh[5], NFT_OFFLOAD_MCGRP_EVENTS);
	nftnl_offload_policy_nlmsg_build_payload(nlh[6], policy);
	nftnl_flow_free(flow);
	nftnl_flow_filter_free(filter);
	nftnl_offload_table_free(table);
	nftnl_offload_policy_free(policy);
	nftnl_offload_explain_free(explain);
	nftnl_offload_event_free(event);
}

static void changes(void)
{
	unsigned int i;

	samples();
	for (i = 0; i < ROUNDS; i++)
		change(nlh[i % SAMPLES]);
	printf("%u changed messages\n", i);
}

static int write_samples(const char *dir)
{
	const size_t headers = MNL_NLMSG_HDRLEN + GENL_HDRLEN;
	char name[4096];
	size_t size;
	FILE *fp;
	int i;

	samples();
	for (i = 0; i < SAMPLES; i++) {
		snprintf(name, sizeof(name), "%s/sample-%d", dir, i);
		fp = fopen(name, "wb");
		size = nlh[i]->nlmsg_len - headers;
		if (!fp || fwrite((char *)nlh[i] + headers, 1, size, fp) != size ||
		    fclose(fp)) {
			perror(name);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static uint8_t data[UINT16_MAX];
	size_t size;
	FILE *fp;
	int i;

	if (argc == 3 && !strcmp(argv[1], "-s"))
		return write_samples(argv[2]);
	if (argc == 1)
		changes();
	for (i = 1; i < argc; i++) {
		fp = fopen(argv[i], "rb");
		if (!fp) {
			perror(argv[i]);
			return EXIT_FAILURE;
		}
		size = fread(data, 1, sizeof(data), fp);
		fclose(fp);
		LLVMFuzzerTestOneInput(data, size);
	}
	return EXIT_SUCCESS;
}
#endif
