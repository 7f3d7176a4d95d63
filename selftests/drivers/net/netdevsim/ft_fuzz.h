/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of ft_fuzz share: ft_fuzz.c sends datagrams and judges the answers,
 * ft_fuzz_request.c makes requests.
 */
#ifndef _FT_FUZZ_H
#define _FT_FUZZ_H

#include <stdbool.h>
#include <stdint.h>

#include "ft_genl.h"

#define FLOW_CT_ID	15
#define FLOW_MAX	21
#define TABLE_MAX	21
#define EXPLAIN_MAX	11

enum {
	POLICY_FAMILY = 2, POLICY_TABLE, POLICY_NAME, POLICY_MODE, POLICY_MARK,
	POLICY_STACK, POLICY_AFTER_BYTES, POLICY_AFTER_PACKETS,
	POLICY_AFTER_RATE, POLICY_BUDGET, POLICY_BUDGET_PER_DEVICE,
	POLICY_EVICT, POLICY_SHAPED, POLICY_CARRY, POLICY_CARRY_MODE,
	__POLICY_MAX,
};

#define MSG_MAX		8192
#define PING_SEQ	0xfffffff0
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* One request */
struct msg {
	unsigned char data[MSG_MAX];
	unsigned int len;
};

extern struct ft_genl genl;
extern uint64_t rnd_state;
extern uint32_t seq;			/* of the last message */
extern unsigned char ct_id[4];		/* of a flow that was listed */

unsigned int rnd(unsigned int n);
bool percent(unsigned int n);
void make_msg(struct msg *m);
void make_dump(struct msg *m);
void ping_make(struct msg *m);

#endif /* _FT_FUZZ_H */
