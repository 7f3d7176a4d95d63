// SPDX-License-Identifier: GPL-2.0-or-later
/* How long does it take to parse the flows of a dump? */
#include <time.h>
#include "sample.h"

#define MESSAGES	1000000

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

int main(void)
{
	static struct msg msg;
	struct nlmsghdr *nlh = msg_begin(&msg);
	struct nftnl_flow *f = sample_flow();
	uint64_t sum = 0;
	double begin;
	unsigned int i;

	/* as of a flow that is well */
	for (i = 0; i < 2; i++) {
		uint16_t step = i ? NFTNL_FLOW_DIR_STEP : 0;

		nftnl_flow_unset(f, NFTNL_FLOW_ORIG_ERRNO + step);
		nftnl_flow_unset(f, NFTNL_FLOW_ORIG_REASON + step);
		nftnl_flow_unset(f, NFTNL_FLOW_ORIG_MESSAGE + step);
	}
	nftnl_flow_nlmsg_build_payload(nlh, f);

	begin = seconds();
	for (i = 0; i < MESSAGES; i++) {
		if (nftnl_flow_nlmsg_parse(nlh, f))
			return EXIT_FAILURE;
		sum += nftnl_flow_get_u64(f, NFTNL_FLOW_ORIG_HW_BYTES);
	}
	printf("%u messages of %u bytes: %.0f ns each (%llu)\n", MESSAGES,
	       nlh->nlmsg_len, (seconds() - begin) / MESSAGES * 1e9,
	       (unsigned long long)sum % 10);
	nftnl_flow_free(f);
	return EXIT_SUCCESS;
}
