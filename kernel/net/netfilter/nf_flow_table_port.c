// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports of a flowtable: which driver to ask first, and when not to ask.
 *
 * A rule is for the packets that enter by one port. The driver of this port is
 * asked first, and others if it cannot: see nf_flow_offload_tuple().
 *
 * Hardware whose table is full refuses all rules alike. After
 * NF_FLOW_PORT_FULL rules were refused with -ENOSPC, additions at this port
 * pause. They go on with one flow, as a probe, when a rule of the flowtable was
 * destroyed, or when the pause is over: what else is in the hardware is not
 * known here. Flows that wait are offered again as their packets come by.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>
#include "nf_flow_table_internal.h"

/* Refusals, less the rules taken meanwhile, that make a port full. */
#define NF_FLOW_PORT_FULL	3

/* The longest pause, if probes are refused: 2^3 seconds. */
#define NF_FLOW_PORT_FULL_MAX	(NF_FLOW_PORT_FULL + 3)

/**
 * struct nf_flow_port - a device that has joined a flowtable
 * @rcu: for kfree_rcu()
 * @until: jiffies when the pause is over, if @full is %NF_FLOW_PORT_FULL or more
 * @room: nf_flow_ports.room when the pause began
 * @full: refusals
 * @refuses: what its driver cannot carry, BIT(enum nf_flow_carry)
 * @n_cbs: length of @cbs
 * @cbs: callbacks that the device's drivers have added for it
 */
struct nf_flow_port {
	struct rcu_head			rcu;
	unsigned long			until;
	unsigned int			room;
	u8				full;
	u8				refuses;
	unsigned int			n_cbs;
	const struct flow_block_cb	*cbs[] __counted_by(n_cbs);
};

/**
 * struct nf_flow_ports - the ports of a flowtable
 * @port: struct nf_flow_port by ifindex
 * @room: changes when rules were destroyed
 * @lock: protects until, room, full and refuses of all ports, and @room
 */
struct nf_flow_ports {
	struct xarray		port;
	unsigned int		room;
	spinlock_t		lock; /* see above */
};

/**
 * nf_flow_ports_init() - give a flowtable its ports
 * @flowtable: flowtable with hardware offload
 *
 * Return: 0 or -ENOMEM.
 */
int nf_flow_ports_init(struct nf_flowtable *flowtable)
{
	struct nf_flow_ports *ports;

	ports = kzalloc_obj(*ports, GFP_KERNEL_ACCOUNT);
	if (!ports)
		return -ENOMEM;

	xa_init(&ports->port);
	spin_lock_init(&ports->lock);
	flowtable->ports = ports;
	return 0;
}

/**
 * nf_flow_ports_free() - the flowtable goes
 * @flowtable: flowtable without flows
 */
void nf_flow_ports_free(struct nf_flowtable *flowtable)
{
	struct nf_flow_port *port;
	unsigned long ifindex;

	if (!flowtable->ports)
		return;
	xa_for_each(&flowtable->ports->port, ifindex, port)
		kfree_rcu(port, rcu);
	xa_destroy(&flowtable->ports->port);
	kfree(flowtable->ports);
	flowtable->ports = NULL;
}

/**
 * nf_flow_port_bind() - a device has joined
 * @flowtable: flowtable with hardware offload
 * @dev: device
 * @cb_list: callbacks that its drivers have added
 *
 * The device of a callback that serves several is the first of them. The rules
 * of others, and of all devices if memory is short, are offered to each
 * callback.
 *
 * Context: process, may sleep.
 */
void nf_flow_port_bind(struct nf_flowtable *flowtable,
		       const struct net_device *dev,
		       struct list_head *cb_list)
{
	const struct flow_block_cb *block_cb;
	struct nf_flow_port *port;
	unsigned int i = 0;

	port = kzalloc_flex(*port, cbs, list_count_nodes(cb_list));
	if (!port)
		return;
	port->n_cbs = list_count_nodes(cb_list);
	list_for_each_entry(block_cb, cb_list, list)
		port->cbs[i++] = block_cb;
	if (xa_err(xa_store(&flowtable->ports->port, dev->ifindex, port,
			    GFP_KERNEL)))
		kfree(port);
}

/**
 * nf_flow_port_unbind() - a device leaves, and its callbacks are about to go
 * @flowtable: flowtable with hardware offload
 * @dev: device
 *
 * Context: process, with flowtable->flow_block_lock held for writing.
 */
void nf_flow_port_unbind(struct nf_flowtable *flowtable,
			 const struct net_device *dev)
{
	struct nf_flow_port *port;

	port = xa_erase(&flowtable->ports->port, dev->ifindex);
	if (port)
		kfree_rcu(port, rcu);
}

static struct nf_flow_port *nf_flow_port(const struct nf_flowtable *flowtable,
					 const struct flow_offload *flow,
					 enum flow_offload_tuple_dir dir)
{
	return xa_load(&flowtable->ports->port,
		       flow->tuplehash[dir].tuple.iifidx);
}

/**
 * nf_flow_port_owns() - is a callback that of the port where packets enter?
 * @flowtable: flowtable with hardware offload
 * @flow: flow
 * @dir: direction of the packets
 * @block_cb: callback
 *
 * Context: flowtable->flow_block_lock held.
 * Return: true if it is, or serves this port as the first of several.
 */
bool nf_flow_port_owns(const struct nf_flowtable *flowtable,
		       const struct flow_offload *flow,
		       enum flow_offload_tuple_dir dir,
		       const struct flow_block_cb *block_cb)
{
	const struct nf_flow_port *port;
	bool owns = false;
	unsigned int i;

	rcu_read_lock();
	port = nf_flow_port(flowtable, flow, dir);
	for (i = 0; port && i < port->n_cbs && !owns; i++)
		owns = port->cbs[i] == block_cb;
	rcu_read_unlock();

	return owns;
}

/* Lockless: what is seen may be about to change. */
static bool nf_flow_port_pauses(const struct nf_flow_ports *ports,
				const struct nf_flow_port *port)
{
	return port && READ_ONCE(port->full) >= NF_FLOW_PORT_FULL &&
	       READ_ONCE(port->room) == READ_ONCE(ports->room) &&
	       time_before(jiffies, READ_ONCE(port->until));
}

/**
 * nf_flow_ports_pause() - do additions pause at one of the ports of a flow?
 * @flowtable: flowtable with hardware offload
 * @flow: flow
 *
 * Context: any but hard interrupts.
 * Return: true if they do; not locked, it may be about to change.
 */
bool nf_flow_ports_pause(const struct nf_flowtable *flowtable,
			 const struct flow_offload *flow)
{
	bool pauses;

	rcu_read_lock();
	pauses = nf_flow_port_pauses(flowtable->ports,
				     nf_flow_port(flowtable, flow, 0)) ||
		 nf_flow_port_pauses(flowtable->ports,
				     nf_flow_port(flowtable, flow, 1));
	rcu_read_unlock();

	return pauses;
}

static void nf_flow_port_pause(struct nf_flow_ports *ports,
			       struct nf_flow_port *port)
{
	lockdep_assert_held(&ports->lock);
	if (!port || port->full < NF_FLOW_PORT_FULL)
		return;
	WRITE_ONCE(port->until,
		   jiffies + (HZ << (port->full - NF_FLOW_PORT_FULL)));
	WRITE_ONCE(port->room, ports->room);
}

/**
 * nf_flow_ports_may_add() - may drivers be asked to add the rules of a flow?
 * @flowtable: flowtable with hardware offload
 * @flow: flow
 *
 * If a pause has come to its end, this flow is the probe, and the others wait on.
 *
 * Context: any but hard interrupts.
 * Return: true if they may.
 */
bool nf_flow_ports_may_add(struct nf_flowtable *flowtable,
			   const struct flow_offload *flow)
{
	struct nf_flow_ports *ports = flowtable->ports;
	bool may;

	rcu_read_lock();
	spin_lock_bh(&ports->lock);
	may = !nf_flow_ports_pause(flowtable, flow);
	if (may) {
		nf_flow_port_pause(ports, nf_flow_port(flowtable, flow, 0));
		nf_flow_port_pause(ports, nf_flow_port(flowtable, flow, 1));
	}
	spin_unlock_bh(&ports->lock);
	rcu_read_unlock();

	return may;
}

/**
 * nf_flow_port_answer() - hardware has taken a new rule, or refused one
 * @flowtable: flowtable with hardware offload
 * @flow: flow
 * @dir: direction of the packets of the rule
 * @err: 0 or the driver's error
 *
 * Context: any but hard interrupts.
 * Return: true if the port paces additions, and the flow need not.
 */
bool nf_flow_port_answer(struct nf_flowtable *flowtable,
			 const struct flow_offload *flow,
			 enum flow_offload_tuple_dir dir, int err)
{
	struct nf_flow_ports *ports = flowtable->ports;
	struct nf_flow_port *port;

	if (err && err != -ENOSPC)
		return false;

	rcu_read_lock();
	port = nf_flow_port(flowtable, flow, dir);
	if (port && (err || READ_ONCE(port->full))) {
		spin_lock_bh(&ports->lock);
		if (!err)
			WRITE_ONCE(port->full,
				   min(port->full, NF_FLOW_PORT_FULL) - 1);
		else if (port->full < NF_FLOW_PORT_FULL_MAX)
			WRITE_ONCE(port->full, port->full + 1);
		if (err)
			nf_flow_port_pause(ports, port);
		spin_unlock_bh(&ports->lock);
	}
	rcu_read_unlock();

	return port;
}

/**
 * nf_flow_ports_room() - rules were destroyed
 * @flowtable: flowtable with hardware offload
 *
 * Context: any but hard interrupts.
 */
void nf_flow_ports_room(struct nf_flowtable *flowtable)
{
	struct nf_flow_ports *ports = flowtable->ports;

	spin_lock_bh(&ports->lock);
	WRITE_ONCE(ports->room, ports->room + 1);
	spin_unlock_bh(&ports->lock);
}

/**
 * nf_flow_port_refuses() - what does the driver of a port not carry?
 * @flowtable: flowtable with hardware offload
 * @flow: flow
 * @dir: direction of the packets that enter by the port
 *
 * Context: any.
 * Return: what it has refused, BIT(enum nf_flow_carry).
 */
u8 nf_flow_port_refuses(const struct nf_flowtable *flowtable,
			const struct flow_offload *flow,
			enum flow_offload_tuple_dir dir)
{
	const struct nf_flow_port *port;
	u8 refuses;

	rcu_read_lock();
	port = nf_flow_port(flowtable, flow, dir);
	refuses = port ? READ_ONCE(port->refuses) : 0;
	rcu_read_unlock();

	return refuses;
}

/**
 * nf_flow_port_refused() - the driver of a port took a rule without some actions
 * @flowtable: flowtable with hardware offload
 * @flow: flow
 * @dir: direction of the packets that enter by the port
 * @refuses: what was left out, BIT(enum nf_flow_carry)
 *
 * It is not asked for it again, until the device leaves the flowtable.
 *
 * Context: process.
 */
void nf_flow_port_refused(const struct nf_flowtable *flowtable,
			  const struct flow_offload *flow,
			  enum flow_offload_tuple_dir dir, u8 refuses)
{
	struct nf_flow_port *port;

	rcu_read_lock();
	spin_lock_bh(&flowtable->ports->lock);
	port = nf_flow_port(flowtable, flow, dir);
	if (port)
		WRITE_ONCE(port->refuses, port->refuses | refuses);
	spin_unlock_bh(&flowtable->ports->lock);
	rcu_read_unlock();
}
