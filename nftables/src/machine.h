/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What "check" and "summary" look at beside nft_offload: files of /proc and /sys, links,
 * routes, rules, drivers, devlink resources. The tool is linked with host_*.c, the test
 * program with tests/fake_machine.c. Nothing here changes anything.
 */
#ifndef NFT_OFFLOAD_MACHINE_H
#define NFT_OFFLOAD_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <net/if.h>

#define MACHINE_NAME	256	/* of tables, chains and flowtables, with the NUL */

struct machine_link {
	uint32_t	ifindex;
	uint32_t	lower;		/* VLAN: the device below; else 0 */
	uint32_t	master;		/* port of a bridge, bond, VRF: its index; else 0 */
	char		name[IFNAMSIZ];
	bool		up;
	bool		carrier;
	bool		noarp;		/* no link layer addresses */
	bool		special;	/* loopback, or PPP: its device below is not known */
};

/* Unicast, not of this machine's own or link-local addresses */
struct machine_route {
	uint8_t		family;		/* AF_INET or AF_INET6 */
	uint32_t	oif;
};

enum machine_route_type {
	MACHINE_ROUTE_UNICAST, MACHINE_ROUTE_LOCAL, MACHINE_ROUTE_BLACKHOLE,
	MACHINE_ROUTE_PROHIBIT, MACHINE_ROUTE_UNREACHABLE, MACHINE_ROUTE_NONE,
};

/* Where packets to an address go */
struct machine_hop {
	enum machine_route_type	type;
	uint32_t		oif;
	uint8_t			gateway[16];	/* or the address itself */
};

enum machine_neighbour {
	MACHINE_NEIGHBOUR_FINE, MACHINE_NEIGHBOUR_NONE, MACHINE_NEIGHBOUR_FAILED,
};

enum machine_rule_kind {
	MACHINE_FLOW_ADD, MACHINE_HELPER, MACHINE_ZONE, MACHINE_NOTRACK,
	MACHINE_JUMP,		/* or goto, also by a verdict map */
	MACHINE_FORWARD,	/* no rule: a chain with "hook forward" */
};

/* A rule that has one of these statements, or a chain */
struct machine_rule {
	enum machine_rule_kind	kind;
	uint8_t			family;			/* NFPROTO_* */
	char			table[MACHINE_NAME];
	char			chain[MACHINE_NAME];
	char			target[MACHINE_NAME];	/* flowtable, or chain of a jump */
	bool			counted;		/* it has a counter */
	uint64_t		packets;		/* of the counter */
};

enum machine_switch {
	MACHINE_UNKNOWN, MACHINE_OFF, MACHINE_ON, MACHINE_FIXED_OFF,
};

struct machine_driver {
	char			driver[32];	/* or "" */
	char			firmware[32];	/* or "" */
	enum machine_switch	hw_tc;		/* hw-tc-offload */
};

/* A devlink resource that is about flows */
struct machine_room {
	char		device[64];	/* BUS/NAME */
	char		name[32];
	uint64_t	size;
	bool		counted;	/* @used is known */
	uint64_t	used;
};

/*
 * Lists call @add for each entry, which is gone afterwards. All return 0, or -1 with
 * errno set.
 */
struct machine_ops {
	/* The beginning of a file, without the newline at its end */
	int	(*read)(const char *path, char *buf, size_t size);
	int	(*links)(void (*add)(const struct machine_link *link, void *data), void *data);
	int	(*routes)(void (*add)(const struct machine_route *route, void *data), void *data);
	int	(*rules)(void (*add)(const struct machine_rule *rule, void *data), void *data);
	int	(*rooms)(void (*add)(const struct machine_room *room, void *data), void *data);
	/* @family is NFPROTO_IPV4 or NFPROTO_IPV6 */
	int	(*route)(uint8_t family, const uint8_t *addr, struct machine_hop *hop);
	int	(*neighbour)(uint8_t family, const uint8_t *addr, uint32_t ifindex,
			     enum machine_neighbour *state);
	int	(*driver)(const char *name, struct machine_driver *driver);
};

extern const struct machine_ops machine;

#endif
