// SPDX-License-Identifier: GPL-2.0-or-later
/* List flowtables with their devices and counters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libnftnl_offload/table.h>
#include "common.h"

static void print_head(const struct nftnl_offload_table *t)
{
	const char *table, *name;

	table = nftnl_offload_table_get_str(t, NFTNL_OFFLOAD_TABLE_TABLE);
	name = nftnl_offload_table_get_str(t, NFTNL_OFFLOAD_TABLE_NAME);
	printf("%s %s: %u flows, %u in hardware\n", table ? table : "?",
	       name ? name : "?",
	       nftnl_offload_table_get_u32(t, NFTNL_OFFLOAD_TABLE_FLOWS),
	       nftnl_offload_table_get_u32(t, NFTNL_OFFLOAD_TABLE_HW_FLOWS));
}

static int on_table(const struct nlmsghdr *nlh, void *data)
{
	struct nftnl_offload_table *t = data;
	const struct nftnl_offload_device *dev;
	const struct nftnl_offload_reason *r;
	unsigned int i;

	if (nftnl_offload_msg_type(nlh) != NFT_OFFLOAD_CMD_TABLE_GET)
		return MNL_CB_OK;
	if (nftnl_offload_table_nlmsg_parse(nlh, t))
		return MNL_CB_ERROR;

	print_head(t);
	for (i = 0; (dev = nftnl_offload_table_device(t, i)); i++)
		printf("\tdevice %s%s%s\n", dev->name, dev->err ? ": " : "",
		       dev->err ? strerror(dev->err) : "");
	for (i = 0; (r = nftnl_offload_table_reason(t, i)); i++)
		printf("\t%llu times %s\n", (unsigned long long)r->count, r->name);
	for (i = 0; (r = nftnl_offload_table_errno(t, i)); i++)
		printf("\t%llu times %s\n", (unsigned long long)r->count,
		       r->err ? strerror(r->err) : "another error");
	return MNL_CB_OK;
}

int main(int argc, char **argv)
{
	struct nftnl_offload_table *table;
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nftnl_offload_family family;
	struct mnl_socket *nl;
	struct nlmsghdr *nlh;
	int ret;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "usage: nftnl-flowtable-list\n");
		return EXIT_FAILURE;
	}
	table = nftnl_offload_table_alloc();
	if (!table) {
		perror("flowtable");
		return EXIT_FAILURE;
	}
	nl = example_open(&family);
	nlh = nftnl_offload_nlmsg_build_hdr(buf, family.id, NFT_OFFLOAD_CMD_TABLE_GET,
					    NLM_F_DUMP, time(NULL));
	ret = example_request(nl, nlh, on_table, table);

	mnl_socket_close(nl);
	nftnl_offload_table_free(table);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
