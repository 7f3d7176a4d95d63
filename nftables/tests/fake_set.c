// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests that change what the emulated kernel has. */
#include <stdlib.h>
#include <string.h>
#include <libnftnl_offload/table.h>
#include "fake.h"
#include "fake_policy.h"
#include "fixture.h"

static bool same_name(const struct nftnl_offload_table *one,
		      const struct nftnl_offload_table *other)
{
	uint16_t i;

	for (i = NFTNL_OFFLOAD_TABLE_TABLE; i <= NFTNL_OFFLOAD_TABLE_NAME; i++)
		if (strcmp(nftnl_offload_table_get_str(one, i),
			   nftnl_offload_table_get_str(other, i)))
			return false;
	return nftnl_offload_table_get_u8(one, NFTNL_OFFLOAD_TABLE_FAMILY) ==
	       nftnl_offload_table_get_u8(other, NFTNL_OFFLOAD_TABLE_FAMILY);
}

/* Sets, changes or forgets it, as the kernel does */
void fake_set_table(const struct nlmsghdr *nlh)
{
	struct nftnl_offload_table *setting = nftnl_offload_table_alloc();
	bool strict;
	unsigned int i;

	nftnl_offload_table_nlmsg_parse(nlh, setting);
	log_setting(setting);
	strict = nftnl_offload_table_is_set(setting, NFTNL_OFFLOAD_TABLE_STRICT);
	for (i = 0; i < fixture.num_settings && !same_name(fixture.settings[i], setting); i++)
		;
	if (fail_if("table_set") < 0 || (!strict && i == fixture.num_settings)) {
		request.refused = strict ? NULL : "nothing is set for this flowtable";
		nftnl_offload_table_free(setting);
		return;
	}
	if (i < fixture.num_settings)
		nftnl_offload_table_free(fixture.settings[i]);
	else
		fixture.num_settings++;
	if (strict) {
		fixture.settings[i] = setting;
		return;
	}
	nftnl_offload_table_free(setting);
	for (fixture.num_settings--; i < fixture.num_settings; i++)
		fixture.settings[i] = fixture.settings[i + 1];
}

/* "fail policy_new after=N": all go well but for this one */
static bool fails(void)
{
	static unsigned int done[NFT_OFFLOAD_CMD_MAX + 1];
	const struct fixture_fail *fail = find_fail(type_name(request.type));

	return fail && done[request.type]++ == fail->after;
}

bool is_policy(int type)
{
	return type >= NFT_OFFLOAD_CMD_POLICY_NEW && type <= NFT_OFFLOAD_CMD_POLICY_DEL;
}

void ask_policy(const struct nlmsghdr *nlh)
{
	fake_policy_request(nlh, requests);
	if (requests && getenv("REQUEST_BYTES"))
		log_bytes();
	if (requests)
		fflush(requests);
	request.failed = fails();
	if (request.failed)
		return;
	fake_policy_change();
	request.err = fake_policy_error(&request.refused);
}
