// SPDX-License-Identifier: GPL-2.0
/* Does on load what "what" names, so that vm-run can be seen to notice. */

#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static char *what = "";
module_param(what, charp, 0);

static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);
static DEFINE_SPINLOCK(lock);
static volatile int forty = 40;
static volatile int sink;

static void no_op(struct timer_list *t)
{
}

static void use_after_free(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
	*(volatile char *)(p + 3) = 1;
}

static void out_of_bounds(void)
{
	char *p = kmalloc(30, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	*(volatile char *)(p + 32) = 1;
	kfree(p);
}

static void leak(void)
{
	void *volatile p = kmalloc(333, GFP_KERNEL);

	p = NULL;
	(void)p;
}

static void lock_order(void)
{
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&b);
	mutex_unlock(&a);
	mutex_lock(&b);
	mutex_lock(&a);
	mutex_unlock(&a);
	mutex_unlock(&b);
}

static void sleep_in_atomic(void)
{
	spin_lock(&lock);
	msleep(1);
	spin_unlock(&lock);
}

static void free_active_timer(void)
{
	struct timer_list *t = kzalloc(sizeof(*t), GFP_KERNEL);

	timer_setup(t, no_op, 0);
	mod_timer(t, jiffies + 10 * HZ);
	kfree(t);
}

static void shift(void)
{
	sink = 1 << forty;
}

static void oops(void)
{
	*(volatile int *)8 = 1;
}

static const struct { const char *name; void (*run)(void); } provocations[] = {
	{ "use_after_free", use_after_free }, { "out_of_bounds", out_of_bounds },
	{ "leak", leak }, { "lock_order", lock_order },
	{ "sleep_in_atomic", sleep_in_atomic }, { "free_active_timer", free_active_timer },
	{ "shift", shift }, { "oops", oops },
};

static int __init splat_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(provocations); i++)
		if (!strcmp(what, provocations[i].name))
			provocations[i].run();
	return 0;
}

static void __exit splat_exit(void)
{
}

module_init(splat_init);
module_exit(splat_exit);
MODULE_DESCRIPTION("Provokes kernel splats");
MODULE_LICENSE("GPL");
