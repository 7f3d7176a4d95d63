/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One question over netlink, for host_*.c: a socket of its own, which is closed again. */
#ifndef NFT_OFFLOAD_HOST_ASK_H
#define NFT_OFFLOAD_HOST_ASK_H

#include <libmnl/libmnl.h>
#include "machine.h"

#define ASK_SIZE	1024	/* of a request */

/* A header of @type in @buf; flags beside NLM_F_REQUEST */
struct nlmsghdr *ask_begin(char *buf, uint16_t type, uint16_t flags);
/* Hands each message of the answer to @cb. Returns 0, or -1 with errno set. */
int ask(int protocol, struct nlmsghdr *nlh, mnl_cb_t cb, void *data);
/* The string of an attribute, cut off where there is no room */
void ask_str(const struct nlattr *attr, char *buf, size_t size);

/* host_links.c, host_route.c, host_rules.c, host_devlink.c, host_ethtool.c */
int host_links(void (*add)(const struct machine_link *link, void *data), void *data);
int host_routes(void (*add)(const struct machine_route *route, void *data), void *data);
int host_route(uint8_t family, const uint8_t *addr, struct machine_hop *hop);
int host_neighbour(uint8_t family, const uint8_t *addr, uint32_t ifindex,
		   enum machine_neighbour *state);
int host_rules(void (*add)(const struct machine_rule *rule, void *data), void *data);
int host_rooms(void (*add)(const struct machine_room *room, void *data), void *data);
int host_driver(const char *name, struct machine_driver *driver);

#endif
