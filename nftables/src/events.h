/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events as they are read: flows, and how many were lost between two. */
#ifndef NFT_OFFLOAD_EVENTS_H
#define NFT_OFFLOAD_EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/netlink.h>
#include <libnftnl_offload/event.h>

struct events {
	struct nftnl_flow		*flow;		/* of the last event */
	struct nftnl_offload_event	*event;		/* only its number */
	struct nftnl_offload_event_last	last;
	bool				unknown;	/* said already */
};

void events_init(struct events *events);
void events_free(struct events *events);

/* Returns false if @nlh is no event. @lost: events before it that the kernel, or the
 * socket, had no room for.
 */
bool events_read(struct events *events, const struct nlmsghdr *nlh, uint32_t *lost);

#endif
