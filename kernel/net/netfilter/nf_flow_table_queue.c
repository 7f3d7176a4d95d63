// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of a flowtable to its drivers, in the background.
 *
 * Theory of operation
 * ===================
 *
 * Packets want flows in hardware, the garbage collector wants statistics and
 * wants flows out of it. Both are in no position to wait, drivers may sleep: so
 * workers call the drivers. Each flowtable with hardware offload has a queue
 * with a bounded number of workers. A burst of flows makes the queue longer, and
 * no more threads; a slow driver delays the flows of its flowtable, and no
 * other's.
 *
 * The queue links the flows themselves: nothing is allocated, so no command is
 * lost for want of memory. A flow is on it once at most, which is what
 * NF_FLOW_PENDING is for. The one that sets this bit owns what is below flow->hw,
 * and the flow does not go away: the owner queues the flow, or clears the bit.
 * When a worker is done with the command it clears the bit.
 *
 *	packet, gc                         worker
 *	----------                         ------
 *	test_and_set_bit(NF_FLOW_PENDING)
 *	nf_flow_queue_add() ----------->   nf_flow_offload_run()
 *	                                   clear_bit(NF_FLOW_PENDING)
 *
 * There are three lists. Rules are destroyed first: this makes room, and requests
 * may be waiting for it. Additions and statistics take turns, so that a burst of
 * additions does not let flows expire whose packets only the hardware sees.
 */
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "nf_flow_table_internal.h"

static unsigned int offload_workers;
module_param(offload_workers, uint, 0644);
MODULE_PARM_DESC(offload_workers,
		 "Workers that talk to the drivers of a flowtable, for flowtables to come; 0: as many as there are CPUs (default: 0)");

static struct workqueue_struct *nf_flow_queue_wq;

struct nf_flow_worker {
	struct work_struct	work;
	struct nf_flow_queue	*queue;
	unsigned int		index;
};

/**
 * struct nf_flow_queue - flows for which drivers have something to do
 * @flowtable: the flowtable
 * @lock: protects everything up to @wait, and hw.list, hw.op and hw.color of
 *	flows on the queue
 * @flows: flows to take up, oldest first, by enum nf_flow_queue_op
 * @stats_next: it is the turn of statistics
 * @busy: bits of the workers that are at work, or about to be
 * @color: of commands that come now
 * @todo: commands of each color that are not done yet
 * @length: the same of each enum nf_flow_queue_op
 * @wait: for @todo to become 0
 * @flush_lock: protects the color that no flush waits for
 * @n_workers: length of @worker
 * @worker: the workers
 */
struct nf_flow_queue {
	struct nf_flowtable	*flowtable;
	spinlock_t		lock; /* see above */
	struct list_head	flows[__NF_FLOW_QUEUE_MAX];
	bool			stats_next;
	unsigned long		busy;
	unsigned int		color;
	unsigned int		todo[2];
	unsigned int		length[__NF_FLOW_QUEUE_MAX];
	wait_queue_head_t	wait;
	struct mutex		flush_lock; /* one flush at a time */
	unsigned int		n_workers;
	struct nf_flow_worker	worker[] __counted_by(n_workers);
};

/* The next flow to take up, NULL if there is none. */
static struct flow_offload *nf_flow_queue_take(struct nf_flow_queue *queue,
					       enum nf_flow_queue_op *op)
{
	struct list_head *flows = queue->flows;
	struct flow_offload *flow;

	lockdep_assert_held(&queue->lock);

	if (!list_empty(&flows[NF_FLOW_QUEUE_DEL])) {
		*op = NF_FLOW_QUEUE_DEL;
	} else {
		*op = queue->stats_next ? NF_FLOW_QUEUE_STATS :
					  NF_FLOW_QUEUE_ADD;
		queue->stats_next = !queue->stats_next;
		if (list_empty(&flows[*op]))
			*op = queue->stats_next ? NF_FLOW_QUEUE_STATS :
						  NF_FLOW_QUEUE_ADD;
	}

	flow = list_first_entry_or_null(&flows[*op], struct flow_offload,
					hw.list);
	if (flow)
		list_del_init(&flow->hw.list);
	return flow;
}

/* Lengths of queues in /proc/net/stat/nf_flowtable */
static void nf_flow_queue_count(struct nf_flow_queue *queue,
				enum nf_flow_queue_op op, int n)
{
	struct nf_flow_table_stat __percpu *stat;

	queue->length[op] += n;
	stat = read_pnet(&queue->flowtable->net)->ft.stat;
	switch (op) {
	case NF_FLOW_QUEUE_DEL:
		this_cpu_add(stat->count_wq_del, n);
		break;
	case NF_FLOW_QUEUE_ADD:
		this_cpu_add(stat->count_wq_add, n);
		break;
	default:
		this_cpu_add(stat->count_wq_stats, n);
	}
}

static void nf_flow_queue_done(struct nf_flow_queue *queue,
			       enum nf_flow_queue_op op, unsigned int color)
{
	lockdep_assert_held(&queue->lock);
	nf_flow_queue_count(queue, op, -1);

	if (!--queue->todo[color])
		wake_up_all(&queue->wait);
}

static void nf_flow_queue_work(struct work_struct *work)
{
	struct nf_flow_worker *worker = container_of(work, struct nf_flow_worker,
						     work);
	struct nf_flow_queue *queue = worker->queue;
	struct flow_offload *flow;
	enum nf_flow_queue_op op;
	unsigned int color;

	spin_lock_bh(&queue->lock);
	while ((flow = nf_flow_queue_take(queue, &op))) {
		color = flow->hw.color;
		spin_unlock_bh(&queue->lock);

		nf_flow_offload_run(queue->flowtable, flow, op);
		/* the next owner of the flow sees what was done */
		rcu_read_lock();
		clear_bit_unlock(NF_FLOW_PENDING, &flow->flags);
		/* Unwanted in hardware meanwhile: the one that decided may have
		 * seen the bit, or the flow before it was in hardware. We see
		 * the decision then.
		 */
		smp_mb__after_atomic();
		if (op != NF_FLOW_QUEUE_DEL)
			nf_flow_offload_recheck(queue->flowtable, flow);
		rcu_read_unlock();
		cond_resched();

		spin_lock_bh(&queue->lock);
		nf_flow_queue_done(queue, op, color);
	}
	queue->busy &= ~BIT(worker->index);
	spin_unlock_bh(&queue->lock);
}

static void __nf_flow_queue_add(struct nf_flowtable *flowtable,
				struct flow_offload *flow,
				enum nf_flow_queue_op op, bool first)
{
	struct nf_flow_queue *queue = flowtable->queue;
	unsigned int idle;

	spin_lock_bh(&queue->lock);
	flow->hw.op = op;
	flow->hw.color = queue->color;
	queue->todo[queue->color]++;
	nf_flow_queue_count(queue, op, 1);
	if (first)
		list_add(&flow->hw.list, &queue->flows[op]);
	else
		list_add_tail(&flow->hw.list, &queue->flows[op]);

	idle = find_first_zero_bit(&queue->busy, queue->n_workers);
	if (idle < queue->n_workers) {
		queue->busy |= BIT(idle);
		queue_work(nf_flow_queue_wq, &queue->worker[idle].work);
	}
	spin_unlock_bh(&queue->lock);
}

/**
 * nf_flow_queue_add() - have a worker talk to the drivers about a flow
 * @flowtable: flowtable with hardware offload
 * @flow: flow of @flowtable; the caller owns %NF_FLOW_PENDING, and hands it over
 * @op: what to do
 *
 * Context: any but hard interrupts.
 */
void nf_flow_queue_add(struct nf_flowtable *flowtable,
		       struct flow_offload *flow, enum nf_flow_queue_op op)
{
	__nf_flow_queue_add(flowtable, flow, op, false);
}

/**
 * nf_flow_queue_add_first() - the same, before others that wait for the same
 * @flowtable: flowtable with hardware offload
 * @flow: flow of @flowtable; the caller owns %NF_FLOW_PENDING, and hands it over
 * @op: what to do
 *
 * Context: any but hard interrupts.
 */
void nf_flow_queue_add_first(struct nf_flowtable *flowtable,
			     struct flow_offload *flow,
			     enum nf_flow_queue_op op)
{
	__nf_flow_queue_add(flowtable, flow, op, true);
}

/**
 * nf_flow_queue_cancel() - take back a command no worker has taken up
 * @flowtable: flowtable with hardware offload
 * @flow: flow of @flowtable with %NF_FLOW_PENDING
 *
 * Commands to destroy rules stay.
 *
 * Context: any but hard interrupts; RCU keeps @flow.
 * Return: true if the caller owns %NF_FLOW_PENDING now.
 */
bool nf_flow_queue_cancel(struct nf_flowtable *flowtable,
			  struct flow_offload *flow)
{
	struct nf_flow_queue *queue = flowtable->queue;
	bool found = false;

	if (!queue)
		return false;

	spin_lock_bh(&queue->lock);
	if (!list_empty(&flow->hw.list) && flow->hw.op != NF_FLOW_QUEUE_DEL) {
		list_del_init(&flow->hw.list);
		nf_flow_queue_done(queue, flow->hw.op, flow->hw.color);
		found = true;
	}
	spin_unlock_bh(&queue->lock);

	return found;
}

/**
 * nf_flow_queue_lengths() - how much is there to do?
 * @flowtable: flowtable
 * @length: of each kind of command: queued, or at the drivers
 *
 * Context: any but hard interrupts.
 */
void nf_flow_queue_lengths(const struct nf_flowtable *flowtable,
			   unsigned int length[__NF_FLOW_QUEUE_MAX])
{
	struct nf_flow_queue *queue = flowtable->queue;

	memset(length, 0, sizeof(*length) * __NF_FLOW_QUEUE_MAX);
	if (!queue)
		return;

	spin_lock_bh(&queue->lock);
	memcpy(length, queue->length, sizeof(queue->length));
	spin_unlock_bh(&queue->lock);
}
EXPORT_SYMBOL_GPL(nf_flow_queue_lengths);

/**
 * nf_flow_queue_detach() - a flow is about to be freed
 * @flowtable: flowtable
 * @flow: flow that has left @flowtable; the caller owns %NF_FLOW_PENDING
 *
 * Who still has the flow, under RCU, finds nothing to take back: hw.list is about
 * to become something else.
 *
 * Context: any but hard interrupts.
 */
void nf_flow_queue_detach(struct nf_flowtable *flowtable,
			  struct flow_offload *flow)
{
	struct nf_flow_queue *queue = flowtable->queue;

	if (!queue)
		return;

	spin_lock_bh(&queue->lock);
	flow->hw.op = NF_FLOW_QUEUE_DEL;
	spin_unlock_bh(&queue->lock);
}

/**
 * nf_flow_queue_flush() - wait for all commands queued so far
 * @flowtable: flowtable
 *
 * Context: process, may sleep for as long as the drivers take.
 */
void nf_flow_queue_flush(struct nf_flowtable *flowtable)
{
	struct nf_flow_queue *queue = flowtable->queue;
	unsigned int color;

	if (!queue)
		return;

	/* What comes from now on has the other color. Nothing has it yet: the
	 * flush before this one waited for it.
	 */
	mutex_lock(&queue->flush_lock);
	spin_lock_bh(&queue->lock);
	color = queue->color;
	queue->color = !color;
	spin_unlock_bh(&queue->lock);

	wait_event(queue->wait, !READ_ONCE(queue->todo[color]));
	mutex_unlock(&queue->flush_lock);
}

/**
 * nf_flow_queue_init() - give a flowtable its queue
 * @flowtable: flowtable with hardware offload
 *
 * Return: 0 or -ENOMEM.
 */
int nf_flow_queue_init(struct nf_flowtable *flowtable)
{
	unsigned int i, n = READ_ONCE(offload_workers) ?: num_online_cpus();
	struct nf_flow_queue *queue;

	n = min(n, BITS_PER_LONG);
	queue = kzalloc_flex(*queue, worker, n);
	if (!queue)
		return -ENOMEM;

	queue->flowtable = flowtable;
	spin_lock_init(&queue->lock);
	for (i = 0; i < ARRAY_SIZE(queue->flows); i++)
		INIT_LIST_HEAD(&queue->flows[i]);
	init_waitqueue_head(&queue->wait);
	mutex_init(&queue->flush_lock);
	queue->n_workers = n;
	for (i = 0; i < n; i++) {
		INIT_WORK(&queue->worker[i].work, nf_flow_queue_work);
		queue->worker[i].queue = queue;
		queue->worker[i].index = i;
	}
	flowtable->queue = queue;
	return 0;
}

/**
 * nf_flow_queue_free() - the flowtable goes
 * @flowtable: flowtable without flows
 *
 * Context: process.
 */
void nf_flow_queue_free(struct nf_flowtable *flowtable)
{
	struct nf_flow_queue *queue = flowtable->queue;
	unsigned int i;

	if (!queue)
		return;
	for (i = 0; i < queue->n_workers; i++)
		cancel_work_sync(&queue->worker[i].work);
	for (i = 0; i < ARRAY_SIZE(queue->flows); i++)
		WARN_ON_ONCE(!list_empty(&queue->flows[i]));
	mutex_destroy(&queue->flush_lock);
	kfree(queue);
	flowtable->queue = NULL;
}

int __init nf_flow_queue_module_init(void)
{
	nf_flow_queue_wq = alloc_workqueue("nf_ft_offload",
					   WQ_UNBOUND | WQ_SYSFS, 0);
	return nf_flow_queue_wq ? 0 : -ENOMEM;
}

void nf_flow_queue_module_exit(void)
{
	destroy_workqueue(nf_flow_queue_wq);
}
