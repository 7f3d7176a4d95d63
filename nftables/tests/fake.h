/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the emulated kernel, fake*.c, know of each other. */
#ifndef NFT_OFFLOAD_FAKE_H
#define NFT_OFFLOAD_FAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <linux/netlink.h>

struct nftnl_flow;
struct nftnl_flow_filter;
struct nftnl_offload_table;
struct fixture_fail;

#define PORTID		4242
#define FAMILY		33	/* as the kernel may have numbered it */
#define EVENTS		44	/* and its group */
#define BATCH		8192	/* of messages, as a kernel has them */
#define ROOM		4096	/* for one */
#define BEGINNING	10000	/* of a virtual clock */

/* The request for the family has no number of its own. */
#define FAMILY_GET	0

/* The request that is being answered */
struct request {
	int				type;
	bool				dump, echo;
	uint32_t			seq;
	struct nftnl_flow_filter	*filter;
	const char			*refused;	/* the kernel's words, or NULL */
	int				err;		/* and its error; 0: ENOENT */
	unsigned int			next;	/* flow, table or setting */
	unsigned int			sent;	/* messages */
	bool				done;
	bool				failed;	/* a policy, as the fixture says */
	char				raw[8192];
	size_t				len;
};

extern struct request request;
extern bool joined;		/* somebody listens to events */
extern unsigned int dumps;	/* of flows, so far */
extern uint64_t waited;		/* milliseconds of a virtual clock */
extern FILE *requests;		/* what was asked, or NULL */

/* fake.c */
void load(void);
uint64_t fake_now(void);
const struct fixture_fail *find_fail(const char *what);
int fail_if(const char *what);

/* fake_log.c */
const char *type_name(int type);
void log_bytes(void);
void log_request(const struct nlmsghdr *nlh);
void log_setting(const struct nftnl_offload_table *setting);

/* fake_set.c: requests that change something */
void fake_set_table(const struct nlmsghdr *nlh);
bool is_policy(int type);
void ask_policy(const struct nlmsghdr *nlh);

/* fake_answer.c */
size_t cut_message(struct nlmsghdr *nlh, const char *what, unsigned int number);
size_t put_next(char *buf);	/* 0: the answer has no more messages */
size_t put_end(char *buf);
size_t put_stale(char *buf);
void free_answer(void);

/* fake_events.c */
size_t events_within(char *buf);
void end_within(void);
ssize_t next_events(char *buf);

#endif
