// SPDX-License-Identifier: GPL-2.0
/*
 * Flow table of the emulated switch: traffic classes and shapers of its ports.
 *
 * What the flow table forwards passes no qdisc. Of real switches, some have queues of
 * their own for it, which the qdiscs ETS and TBF describe when they are offloaded:
 *
 *	qdisc ets, at the root		classes, and which of them a priority has
 *	qdisc tbf, at the root		rate of the port
 *	qdisc tbf, below ets		rate of a class
 *
 * Packets above a rate are dropped, as by a queue that is full. What the CPU sends
 * passes the qdiscs themselves.
 */

#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <net/pkt_cls.h>
#include <net/pkt_sched.h>

#include "flow_table.h"
#include "netdevsim.h"

static struct nsim_ft_qos *nsim_ft_qos(struct netdevsim *ns)
{
	return &ns->ft_port.qos;
}

/**
 * nsim_ft_qos_init() - a port without shapers
 * @ns: port
 */
void nsim_ft_qos_init(struct netdevsim *ns)
{
	spin_lock_init(&nsim_ft_qos(ns)->lock);
}

static bool nsim_ft_qos_is_on(const struct nsim_ft_qos *qos)
{
	unsigned int i;

	if (qos->bands || qos->port.rate)
		return true;
	for (i = 0; i < NSIM_FT_CLASSES; i++)
		if (qos->band[i].rate)
			return true;
	return false;
}

/* As the qdisc does */
static unsigned int nsim_ft_qos_band(const struct nsim_ft_qos *qos,
				     u32 priority)
{
	unsigned int band = TC_H_MIN(priority) - 1;

	if (!qos->bands)
		return TC_H_MIN(priority) % NSIM_FT_CLASSES;
	if (!TC_H_MAJ(priority ^ qos->ets) && band < qos->bands)
		return band;
	return qos->priomap[priority & TC_PRIO_MAX];
}

static void nsim_ft_shaper_fill(struct nsim_ft_shaper *shaper, u64 now)
{
	shaper->tokens += mul_u64_u64_div_u64(now - shaper->when, shaper->rate,
					      NSEC_PER_SEC);
	shaper->tokens = min_t(s64, shaper->tokens, shaper->burst);
	shaper->when = now;
}

/* A GSO packet may be larger than the burst: the next ones wait for longer then. */
static bool nsim_ft_shaper_lets(struct nsim_ft_shaper *shaper, u64 now)
{
	if (!shaper->rate)
		return true;
	/* so short a time that it would be rounded to no byte */
	if (now - shaper->when >= NSEC_PER_MSEC)
		nsim_ft_shaper_fill(shaper, now);
	return shaper->tokens > 0;
}

/**
 * nsim_ft_qos_send() - may the hardware send a packet?
 * @out: port that it leaves by
 * @priority: of the rule
 * @bytes: that it has on the wire
 * @class: result: its traffic class
 *
 * Context: softirq.
 * Return: true; false if it is above a rate and must be dropped.
 */
bool nsim_ft_qos_send(struct netdevsim *out, u32 priority, unsigned int bytes,
		      unsigned int *class)
{
	struct nsim_ft_qos *qos = nsim_ft_qos(out);
	struct nsim_ft_shaper *band;
	u64 now;
	bool ok;

	*class = TC_H_MIN(priority) % NSIM_FT_CLASSES;
	if (!READ_ONCE(qos->on))
		return true;

	now = ktime_get_ns();
	spin_lock(&qos->lock);
	*class = nsim_ft_qos_band(qos, priority);
	band = &qos->band[*class];
	ok = nsim_ft_shaper_lets(&qos->port, now) &&
	     nsim_ft_shaper_lets(band, now);
	if (ok) {
		qos->port.tokens -= bytes;
		band->tokens -= bytes;
	}
	spin_unlock(&qos->lock);
	return ok;
}

/* Capability "shaper"; what is there stays without it. */
static bool nsim_ft_qos_can(const struct netdevsim *ns)
{
	return READ_ONCE(ns->nsim_dev->ft->caps) & BIT(NSIM_FT_CAP_SHAPER);
}

/* The shaper that the qdisc describes, or NULL */
static struct nsim_ft_shaper *nsim_ft_qos_of(struct nsim_ft_qos *qos,
					     u32 parent)
{
	unsigned int band = TC_H_MIN(parent) - 1;

	if (parent == TC_H_ROOT)
		return &qos->port;
	if (!qos->bands || TC_H_MAJ(parent ^ qos->ets) || band >= qos->bands)
		return NULL;
	return &qos->band[band];
}

/**
 * nsim_ft_setup_tbf() - the qdisc tbf of a port comes, changes or goes
 * @ns: port
 * @f: request
 *
 * Context: process, RTNL.
 * Return: 0; -EOPNOTSUPP if it is neither at the root nor below ETS, or not
 * what the hardware has.
 */
int nsim_ft_setup_tbf(struct netdevsim *ns, struct tc_tbf_qopt_offload *f)
{
	struct nsim_ft_qos *qos = nsim_ft_qos(ns);
	struct nsim_ft_shaper *shaper;
	int err = 0;

	if (!nsim_dev_port_is_pf(ns->nsim_dev_port) ||
	    (f->command == TC_TBF_REPLACE && !nsim_ft_qos_can(ns)))
		return -EOPNOTSUPP;

	spin_lock_bh(&qos->lock);
	shaper = nsim_ft_qos_of(qos, f->parent);
	if (!shaper ||
	    (f->command != TC_TBF_REPLACE && shaper->handle != f->handle)) {
		err = -EOPNOTSUPP;
	} else if (f->command == TC_TBF_REPLACE) {
		shaper->handle = f->handle;
		shaper->rate = f->replace_params.rate.rate_bytes_ps;
		shaper->burst = f->replace_params.max_size;
		shaper->tokens = shaper->burst;
		shaper->when = ktime_get_ns();
	} else if (f->command == TC_TBF_DESTROY) {
		memset(shaper, 0, sizeof(*shaper));
	}
	WRITE_ONCE(qos->on, nsim_ft_qos_is_on(qos));
	spin_unlock_bh(&qos->lock);
	return err;
}

/**
 * nsim_ft_setup_ets() - the qdisc ets of a port comes, changes or goes
 * @ns: port
 * @f: request
 *
 * Context: process, RTNL.
 * Return: 0; -EOPNOTSUPP if it is not at the root, has more bands than there
 * are classes, or is not what the hardware has.
 */
int nsim_ft_setup_ets(struct netdevsim *ns, struct tc_ets_qopt_offload *f)
{
	struct nsim_ft_qos *qos = nsim_ft_qos(ns);
	int err = 0;

	if (!nsim_dev_port_is_pf(ns->nsim_dev_port) || f->parent != TC_H_ROOT ||
	    (f->command == TC_ETS_REPLACE && !nsim_ft_qos_can(ns)))
		return -EOPNOTSUPP;

	spin_lock_bh(&qos->lock);
	if (f->command == TC_ETS_REPLACE) {
		if (f->replace_params.bands > NSIM_FT_CLASSES) {
			err = -EOPNOTSUPP;
		} else {
			qos->ets = f->handle;
			qos->bands = f->replace_params.bands;
			memcpy(qos->priomap, f->replace_params.priomap,
			       sizeof(qos->priomap));
		}
	} else if (!qos->bands || qos->ets != f->handle) {
		err = -EOPNOTSUPP;
	} else if (f->command == TC_ETS_DESTROY) {
		qos->bands = 0;
		memset(qos->band, 0, sizeof(qos->band));
	}
	WRITE_ONCE(qos->on, nsim_ft_qos_is_on(qos));
	spin_unlock_bh(&qos->lock);
	return err;
}
