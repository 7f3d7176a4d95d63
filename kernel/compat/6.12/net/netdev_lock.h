/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where devices have no lock of their own, RTNL protects their qdiscs. This is
 * found if there is no <net/netdev_lock.h>.
 */
#ifndef _COMPAT_NETDEV_LOCK_H
#define _COMPAT_NETDEV_LOCK_H

#include <linux/netdevice.h>

static inline void netdev_lock_ops(struct net_device *dev)
{
}

static inline void netdev_unlock_ops(struct net_device *dev)
{
}

#endif /* _COMPAT_NETDEV_LOCK_H */
