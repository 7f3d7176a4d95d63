/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain in steps: what the kernel says, and what else can be found out, in order. */
#ifndef NFT_OFFLOAD_EXPLAIN_H
#define NFT_OFFLOAD_EXPLAIN_H

#include <libnftnl_offload/explain.h>
#include "facts.h"
#include "spec.h"

enum step_level {
	STEP_OK,
	STEP_WAIT,	/* normal at the beginning of a connection */
	STEP_WRONG,
	STEP_UNKNOWN,	/* not looked at */
};

/* In the order in which a packet meets them */
enum step_name {
	STEP_ROUTE, STEP_NEIGHBOUR, STEP_CONNTRACK, STEP_RULE, STEP_FLOWTABLE, STEP_DEVICES,
	STEP_DRIVER, NUM_STEPS,
};

#define STEP_TEXT	512

struct step {
	enum step_level	level;
	char		text[STEP_TEXT];
	char		fix[STEP_TEXT];		/* or "" */
};

struct steps {
	char		verdict[STEP_TEXT];
	int		first;		/* that is wrong or waits, or -1 */
	struct step	steps[NUM_STEPS];
};

extern const char *const step_names[NUM_STEPS];
extern const char *const step_levels[];		/* of JSON */

/* @facts: rules and links, and flowtables if the kernel has named none; @spec: the question */
void explain_steps(const struct nftnl_offload_explain *explain, const struct facts *facts,
		   const struct spec *spec, struct steps *steps);

/* explain_place.c: what "no-route" is, of one end. True if it has found something. */
bool explain_route(const struct facts *facts, uint8_t family, const uint8_t *addr,
		   struct step *step);
/* The same of its neighbour */
bool explain_neighbour(const struct facts *facts, uint8_t family, const uint8_t *addr,
		       struct step *step);

#endif
