/* SPDX-License-Identifier: GPL-2.0 */
#include_next <net/flow_offload.h>

/* Drivers that do not know this action, and callbacks that cannot say so: no rule
 * with it gets to a driver.
 */
#ifndef _COMPAT_FLOW_OFFLOAD_H
#define _COMPAT_FLOW_OFFLOAD_H

#ifdef HAVE_PPPOE_POP
#define flow_block_cb_pppoe_pop(cb)	((cb)->pppoe_pop)
#else
#define FLOW_ACTION_PPPOE_POP		((enum flow_action_id)NUM_FLOW_ACTIONS)
#define flow_block_cb_pppoe_pop(cb)	((void)(cb), false)
#endif
#endif
