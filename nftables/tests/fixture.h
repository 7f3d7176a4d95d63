/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the emulated kernel has, from a file. A line is a kind and KEY=VALUE pairs,
 * where values may be in quotes. See fixture.c for kinds and keys.
 */
#ifndef NFT_OFFLOAD_FIXTURE_H
#define NFT_OFFLOAD_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <net/if.h>
#include "machine.h"

#define FIXTURE_MAX	64
#define FIXTURE_FLOWS	16384
#define FIXTURE_EVENTS	32768

struct fixture_device {
	uint32_t	ifindex;
	char		name[IFNAMSIZ];
};

struct fixture_sysctl {
	char		name[64];
	int		value;
};

/* A request, "open" or "join" that fails */
struct fixture_fail {
	char		what[32];
	int		err;
	char		message[128];
	bool		whole;		/* the answer has all of the request */
	unsigned int	after;		/* so many messages */
};

/* A message that ends within its last attribute */
struct fixture_cut {
	char		what[32];	/* request, or event */
	unsigned int	number;		/* of the message, from 0 on */
};

struct fixture_grow {
	uint64_t	id;
	uint64_t	sw, hw;		/* bytes that each dump adds, and packets of 1000 */
};

struct fixture_steady {
	uint64_t	id;
	uint64_t	sw, hw;		/* bytes a second, in packets of 1000 */
	uint64_t	every;		/* milliseconds between two readings of hardware */
	bool		tells;		/* the time of the last one */
};

struct fixture_event {
	int			err;	/* ENOBUFS, or */
	uint64_t		pause;	/* milliseconds, or */
	struct nftnl_flow	*flow;
	bool			lost;	/* nobody hears of it */
	bool			within;	/* the answer to the next dump */
};

struct fixture_file {
	char		path[128];
	char		text[1024];
};

struct fixture_driver {
	char			name[IFNAMSIZ];
	struct machine_driver	driver;
};

struct fixture_hop {
	uint8_t			addr[16];
	enum machine_route_type	type;
	uint32_t		oif;
	enum machine_neighbour	neighbour;
};

struct fixture {
	struct fixture_hop		hops[FIXTURE_MAX];
	struct fixture_file		files[FIXTURE_MAX];
	struct machine_link		links[FIXTURE_MAX];
	struct machine_route		routes[FIXTURE_MAX];
	struct machine_rule		rules[FIXTURE_MAX];
	struct machine_room		rooms[FIXTURE_MAX];
	struct fixture_driver		drivers[FIXTURE_MAX];
	struct fixture_device		devices[FIXTURE_MAX];
	struct fixture_sysctl		sysctls[FIXTURE_MAX];
	struct fixture_fail		fails[FIXTURE_MAX];
	struct fixture_grow		grows[FIXTURE_MAX];
	struct fixture_cut		cuts[FIXTURE_MAX];
	struct fixture_steady		steady[FIXTURE_MAX];
	struct fixture_event		events[FIXTURE_EVENTS];
	struct nftnl_flow		*flows[FIXTURE_FLOWS];
	bool				gone[FIXTURE_FLOWS];	/* as an event says */
	struct nftnl_offload_table	*tables[FIXTURE_MAX];
	struct nftnl_offload_table	*settings[FIXTURE_MAX];	/* of one flowtable each */
	struct nftnl_offload_explain	*explain;
	char				nft_out[256], nft_err[256];	/* files */
	bool				nft_refuses, nft_missing;
	unsigned int			num_devices, num_sysctls, num_fails, num_grows, num_cuts;
	unsigned int			num_events, num_flows, num_tables, num_settings;
	unsigned int			num_steady;
	unsigned int			num_files, num_links, num_routes, num_rules, num_rooms;
	unsigned int			num_drivers, num_hops;
	unsigned int			many;	/* more flows, all alike */
	bool				clock;	/* a second passes with each look at it */
	bool				virtual;	/* time passes in waits only */
};

extern struct fixture fixture;

void fixture_load(const char *path);
void fixture_free(void);

/* fixture.c: of a line. What is wrong ends the program. */
void fixture_bad(const char *what);
uint64_t fixture_number(const char *text);
char *fixture_cut(char *text, char c);	/* at @c, which has to be there */
/* Is it a line of these? */
bool fixture_machine(char **words, unsigned int n);	/* fixture_machine.c */
void fixture_nft(char **words, unsigned int n);		/* fixture_nft.c */

#endif
