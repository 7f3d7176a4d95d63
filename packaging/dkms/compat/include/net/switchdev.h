/* SPDX-License-Identifier: GPL-2.0 */
#include_next <net/switchdev.h>

/* A bridge that does not tell of the states of ports and VLANs: no event has this
 * number.
 */
#if !defined(_COMPAT_SWITCHDEV_H) && !defined(HAVE_BRIDGE_FORWARDING)
#define _COMPAT_SWITCHDEV_H

#define SWITCHDEV_BRIDGE_FORWARDING	ULONG_MAX
#endif
