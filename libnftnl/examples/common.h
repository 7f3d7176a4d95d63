/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the examples share: a socket, requests, and filters from arguments. */
#ifndef _EXAMPLES_COMMON_H_
#define _EXAMPLES_COMMON_H_

#include <libmnl/libmnl.h>
#include <libnftnl_offload/filter.h>

#define FILTER_USAGE \
	"[family FAMILY] [table NAME] [flowtable NAME] [tcp|udp|gre]\n" \
	"\t[saddr ADDR[-ADDR]] [daddr ADDR[-ADDR]] [sport PORT[-PORT]]\n" \
	"\t[dport PORT[-PORT]] [iif DEVICE] [oif DEVICE] [mark MARK[/MASK]]\n" \
	"\t[zone ZONE] [ct-id ID] [state STATE[,STATE...]]"

/* A socket for requests to @family, which it asks for; ends the program if there is
 * none
 */
struct mnl_socket *example_open(struct nftnl_offload_family *family);

/* Send a request with NLM_F_ACK or NLM_F_DUMP, and call @cb, if there is one, for
 * each answer. Returns 0; -1 with errno after it has told what the kernel said.
 */
int example_request(struct mnl_socket *nl, const struct nlmsghdr *nlh, mnl_cb_t cb,
		    void *data);

/* Filter of arguments; ends the program with @usage if they are wrong */
struct nftnl_flow_filter *example_filter(char **argv, const char *usage);

#endif /* _EXAMPLES_COMMON_H_ */
