// SPDX-License-Identifier: GPL-2.0
/*
 * Flow table of the emulated switch: what a test can see and turn.
 *
 * Files in <debugfs>/netdevsim/<device>/flow_table/, all back at their
 * defaults after "devlink dev reload":
 *
 *	entries		one line a rule
 *	size		rules the table takes
 *	calls		commands that drivers get, and how many were refused
 *	caps		capabilities; write names, "+name", "-name" or "all"
 *	profile		caps and size of a kind of real hardware
 *	add_delay_us	time an addition takes
 *	del_delay_us	time a deletion takes
 *	fail_add	errno that additions fail with; 0: none
 *	fail_every	fail each Nth addition
 *	any_port	each port takes rules for all ports
 *	miss_every	let each Nth packet that matches go to the CPU; 0: none
 *	stats_delay_ms	how stale counters may be
 *
 * A value that is refused changes nothing, and the kernel log says what was
 * wrong with it.
 */

#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "flow_table.h"
#include "netdevsim.h"

static int nsim_ft_refuse(struct nsim_ft *ft, const char *file,
			  const char *value, const char *want)
{
	dev_err(&ft->nsim_dev->nsim_bus_dev->dev,
		"flow_table/%s: \"%s\" refused, want %s\n", file, value, want);
	return -EINVAL;
}

/* Copies what user space wrote, without the white space around it. */
static char *nsim_ft_get_input(struct nsim_ft *ft, const char *file,
			       const char __user *data, size_t count,
			       char **text)
{
	char *buf;

	if (count > PAGE_SIZE) {
		nsim_ft_refuse(ft, file, "(very long)", "less than a page");
		return ERR_PTR(-E2BIG);
	}
	buf = memdup_user_nul(data, count);
	if (IS_ERR(buf))
		return buf;
	if (strlen(buf) != count) {
		nsim_ft_refuse(ft, file, buf, "no NUL bytes");
		kfree(buf);
		return ERR_PTR(-EINVAL);
	}
	*text = strim(buf);
	return buf;
}

/* Numbers */

struct nsim_ft_knob {
	const char	*name;
	size_t		offset;
	u32		min;
	u32		max;
	const char	*want;
};

static const struct nsim_ft_knob nsim_ft_knobs[] = {
	{ "add_delay_us", offsetof(struct nsim_ft, add_delay_us), 0,
	  10 * USEC_PER_SEC, "microseconds, 0 to 10000000" },
	{ "del_delay_us", offsetof(struct nsim_ft, del_delay_us), 0,
	  10 * USEC_PER_SEC, "microseconds, 0 to 10000000" },
	{ "fail_add", offsetof(struct nsim_ft, fail_add), 0, MAX_ERRNO,
	  "an errno, 0 to 4095" },
	{ "fail_every", offsetof(struct nsim_ft, fail_every), 1, U32_MAX,
	  "a number from 1" },
	{ "any_port", offsetof(struct nsim_ft, any_port), 0, 1, "0 or 1" },
	{ "miss_every", offsetof(struct nsim_ft, miss_every), 0, U32_MAX,
	  "a number, 0 for none" },
	{ "stats_delay_ms", offsetof(struct nsim_ft, stats_delay_ms), 0,
	  3600 * MSEC_PER_SEC, "milliseconds, 0 to 3600000" },
};

static u32 *nsim_ft_knob_value(struct nsim_ft *ft,
			       const struct nsim_ft_knob *knob)
{
	return (u32 *)((char *)ft + knob->offset);
}

static const struct nsim_ft_knob *nsim_ft_knob_of(const struct file *file)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(nsim_ft_knobs) - 1; i++)
		if (!strcmp(file_dentry(file)->d_name.name,
			    nsim_ft_knobs[i].name))
			break;
	return &nsim_ft_knobs[i];
}

static ssize_t nsim_ft_knob_read(struct file *file, char __user *data,
				 size_t count, loff_t *ppos)
{
	const struct nsim_ft_knob *knob = nsim_ft_knob_of(file);
	struct nsim_ft *ft = file->private_data;
	char buf[16];
	int len;

	len = scnprintf(buf, sizeof(buf), "%u\n",
			READ_ONCE(*nsim_ft_knob_value(ft, knob)));
	return simple_read_from_buffer(data, count, ppos, buf, len);
}

static ssize_t nsim_ft_knob_write(struct file *file, const char __user *data,
				  size_t count, loff_t *ppos)
{
	const struct nsim_ft_knob *knob = nsim_ft_knob_of(file);
	struct nsim_ft *ft = file->private_data;
	char *buf, *text;
	ssize_t ret;
	u32 val;

	buf = nsim_ft_get_input(ft, knob->name, data, count, &text);
	if (IS_ERR(buf))
		return PTR_ERR(buf);

	ret = count;
	if (kstrtou32(text, 0, &val) || val < knob->min || val > knob->max) {
		ret = nsim_ft_refuse(ft, knob->name, text, knob->want);
	} else {
		mutex_lock(&ft->lock);
		WRITE_ONCE(*nsim_ft_knob_value(ft, knob), val);
		ft->adds = 0;
		mutex_unlock(&ft->lock);
	}
	kfree(buf);
	return ret;
}

static const struct file_operations nsim_ft_knob_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = nsim_ft_knob_read,
	.write = nsim_ft_knob_write,
	.llseek = generic_file_llseek,
};

/* Capabilities */

static int nsim_ft_caps_show(struct seq_file *m, void *data)
{
	struct nsim_ft *ft = m->private;
	u32 caps = READ_ONCE(ft->caps);
	const char *sep = "";
	int i;

	for (i = 0; i < __NSIM_FT_CAP_MAX; i++) {
		if (!(caps & BIT(i)))
			continue;
		seq_printf(m, "%s%s", sep, nsim_ft_cap_names[i]);
		sep = " ";
	}
	seq_putc(m, '\n');
	return 0;
}

static int nsim_ft_caps_open(struct inode *inode, struct file *file)
{
	return single_open(file, nsim_ft_caps_show, inode->i_private);
}

/* One word of what was written. The first plain name starts an empty set. */
static int nsim_ft_caps_word(struct nsim_ft *ft, const char *word, u32 *caps,
			     bool *plain)
{
	const char *name = word;
	int cap;

	if (!strcmp(word, "all")) {
		*caps = NSIM_FT_CAPS_ALL;
		*plain = true;
		return 0;
	}
	if (*word == '+' || *word == '-')
		name++;
	cap = match_string(nsim_ft_cap_names, __NSIM_FT_CAP_MAX, name);
	if (cap < 0)
		return nsim_ft_refuse(ft, "caps", word,
				      "names that reading the file shows after writing \"all\"");
	if (*word == '-') {
		*caps &= ~BIT(cap);
		return 0;
	}
	if (*word != '+' && !*plain) {
		*caps = 0;
		*plain = true;
	}
	*caps |= BIT(cap);
	return 0;
}

static ssize_t nsim_ft_caps_write(struct file *file, const char __user *data,
				  size_t count, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	struct nsim_ft *ft = m->private;
	char *buf, *text, *word;
	bool plain = false;
	ssize_t ret = count;
	u32 caps;

	buf = nsim_ft_get_input(ft, "caps", data, count, &text);
	if (IS_ERR(buf))
		return PTR_ERR(buf);

	mutex_lock(&ft->lock);
	caps = ft->caps;
	if (!*text)
		ret = nsim_ft_refuse(ft, "caps", text, "at least one name");
	while (ret > 0 && (word = strsep(&text, " \t\n"))) {
		int err;

		if (!*word)
			continue;
		err = nsim_ft_caps_word(ft, word, &caps, &plain);
		if (err)
			ret = err;
	}
	if (ret > 0)
		WRITE_ONCE(ft->caps, caps);
	mutex_unlock(&ft->lock);
	kfree(buf);
	return ret;
}

static const struct file_operations nsim_ft_caps_fops = {
	.owner = THIS_MODULE,
	.open = nsim_ft_caps_open,
	.read = seq_read,
	.write = nsim_ft_caps_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/* Profiles: what the drivers of the same name take. Size 0: as devlink says. */

#define NSIM_FT_CAPS_PPE	(BIT(NSIM_FT_CAP_IPV4) |		\
				 BIT(NSIM_FT_CAP_IPV6) |		\
				 BIT(NSIM_FT_CAP_TCP) |			\
				 BIT(NSIM_FT_CAP_UDP) |			\
				 BIT(NSIM_FT_CAP_VLAN) |		\
				 BIT(NSIM_FT_CAP_CVLAN) |		\
				 BIT(NSIM_FT_CAP_PPPOE) |		\
				 BIT(NSIM_FT_CAP_NAT4) |		\
				 BIT(NSIM_FT_CAP_PORT) |		\
				 BIT(NSIM_FT_CAP_VLAN_POP) |		\
				 BIT(NSIM_FT_CAP_VLAN_PUSH) |		\
				 BIT(NSIM_FT_CAP_PPPOE_PUSH))

static const struct nsim_ft_profile {
	const char	*name;
	u32		caps;
	u32		size;
} nsim_ft_profiles[] = {
	{ "default", NSIM_FT_CAPS_ALL, 0 },
	{ "mtk_ppe", NSIM_FT_CAPS_PPE, 16384 },
	{ "airoha_ppe", NSIM_FT_CAPS_PPE, 24576 },
	{ "mlx5", NSIM_FT_CAPS_ALL & ~(BIT(NSIM_FT_CAP_PPPOE) |
				       BIT(NSIM_FT_CAP_PPPOE_PUSH) |
				       BIT(NSIM_FT_CAP_PRIORITY) |
				       BIT(NSIM_FT_CAP_GRE)), 0 },
};

static int nsim_ft_profile_show(struct seq_file *m, void *data)
{
	struct nsim_ft *ft = m->private;

	seq_printf(m, "%s\n", READ_ONCE(ft->profile));
	return 0;
}

static int nsim_ft_profile_open(struct inode *inode, struct file *file)
{
	return single_open(file, nsim_ft_profile_show, inode->i_private);
}

static ssize_t nsim_ft_profile_write(struct file *file, const char __user *data,
				     size_t count, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	const struct nsim_ft_profile *profile = NULL;
	struct nsim_ft *ft = m->private;
	char *buf, *text;
	ssize_t ret;
	int i;

	buf = nsim_ft_get_input(ft, "profile", data, count, &text);
	if (IS_ERR(buf))
		return PTR_ERR(buf);

	for (i = 0; i < ARRAY_SIZE(nsim_ft_profiles); i++)
		if (!strcmp(text, nsim_ft_profiles[i].name))
			profile = &nsim_ft_profiles[i];
	if (profile) {
		ret = count;
		mutex_lock(&ft->lock);
		WRITE_ONCE(ft->caps, profile->caps);
		WRITE_ONCE(ft->profile, profile->name);
		ft->size = profile->size ?: ft->devlink_size;
		mutex_unlock(&ft->lock);
	} else {
		ret = nsim_ft_refuse(ft, "profile", text,
				     "default, mtk_ppe, airoha_ppe or mlx5");
	}
	kfree(buf);
	return ret;
}

static const struct file_operations nsim_ft_profile_fops = {
	.owner = THIS_MODULE,
	.open = nsim_ft_profile_open,
	.read = seq_read,
	.write = nsim_ft_profile_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/* Entries */

static void *nsim_ft_entries_start(struct seq_file *m, loff_t *pos)
{
	struct nsim_ft *ft = m->private;

	mutex_lock(&ft->lock);
	return seq_list_start(&ft->rules, *pos);
}

static void *nsim_ft_entries_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct nsim_ft *ft = m->private;

	return seq_list_next(v, &ft->rules, pos);
}

static void nsim_ft_entries_stop(struct seq_file *m, void *v)
{
	struct nsim_ft *ft = m->private;

	mutex_unlock(&ft->lock);
}

static void nsim_ft_show_end(struct seq_file *m, const char *name, bool v4,
			     const __be32 *addr, __be16 port)
{
	if (v4)
		seq_printf(m, " %s=%pI4", name, addr);
	else
		seq_printf(m, " %s=%pI6c", name, addr);
	seq_printf(m, " %cport=%u", *name, ntohs(port));
}

static void nsim_ft_show_tag(struct seq_file *m, const char *name,
			     const struct nsim_ft_tag *tag)
{
	if (tag->proto)
		seq_printf(m, " %s=%s:%u", name,
			   tag->proto == htons(ETH_P_8021AD) ? "8021ad" :
			   "8021q", tag->vid);
}

static int nsim_ft_entries_show(struct seq_file *m, void *v)
{
	struct nsim_ft_rule *rule = list_entry(v, struct nsim_ft_rule, list);
	const struct nsim_ft_key *key = &rule->key;
	const struct nsim_ft_act *act = &rule->act;
	bool v4 = key->n_proto == htons(ETH_P_IP);
	int i;

	seq_printf(m, "in=%s", netdev_name(key->in->netdev));
	for (i = 0; i < NSIM_FT_MAX_TAGS; i++)
		nsim_ft_show_tag(m, "vlan", &key->tag[i]);
	if (key->pppoe)
		seq_printf(m, " pppoe=%u", ntohs(key->pppoe_sid));
	seq_printf(m, " %s %s", v4 ? "ipv4" : "ipv6",
		   key->ip_proto == IPPROTO_TCP ? "tcp" :
		   key->ip_proto == IPPROTO_UDP ? "udp" : "gre");
	nsim_ft_show_end(m, "src", v4, key->src, key->sport);
	nsim_ft_show_end(m, "dst", v4, key->dst, key->dport);

	seq_puts(m, " ->");
	if (act->set_eth)
		seq_printf(m, " eth_dst=%pM eth_src=%pM", act->eth,
			   act->eth + ETH_ALEN);
	if (act->set_src || act->set_sport)
		nsim_ft_show_end(m, "src", v4,
				 act->set_src ? act->src : key->src,
				 act->set_sport ? act->sport : key->sport);
	if (act->set_dst || act->set_dport)
		nsim_ft_show_end(m, "dst", v4,
				 act->set_dst ? act->dst : key->dst,
				 act->set_dport ? act->dport : key->dport);
	for (i = 0; i < act->n_pop; i++)
		seq_puts(m, " pop");
	if (act->pop_pppoe)
		seq_puts(m, " pop=pppoe");
	for (i = 0; i < act->n_push; i++)
		nsim_ft_show_tag(m, "push", &act->push[i]);
	if (act->push_pppoe)
		seq_printf(m, " push=pppoe:%u", act->pppoe_sid);
	seq_printf(m, " out=%s packets=%lld bytes=%lld used_ms=%u protocol=0x%04x\n",
		   netdev_name(act->out->netdev),
		   atomic64_read(&rule->pkts), atomic64_read(&rule->bytes),
		   jiffies_to_msecs(jiffies - READ_ONCE(rule->lastused)),
		   ntohs(rule->protocol));
	return 0;
}

static const struct seq_operations nsim_ft_entries_sops = {
	.start = nsim_ft_entries_start,
	.next = nsim_ft_entries_next,
	.stop = nsim_ft_entries_stop,
	.show = nsim_ft_entries_show,
};
DEFINE_SEQ_ATTRIBUTE(nsim_ft_entries);

static int nsim_ft_calls_show(struct seq_file *m, void *unused)
{
	static const char * const names[__NSIM_FT_CALL_MAX] = {
		[NSIM_FT_CALL_REPLACE] = "replace",
		[NSIM_FT_CALL_DESTROY] = "destroy",
		[NSIM_FT_CALL_STATS] = "stats",
	};
	struct nsim_ft *ft = m->private;
	int i;

	for (i = 0; i < __NSIM_FT_CALL_MAX; i++)
		seq_printf(m, "%s %u refused %u\n", names[i],
			   atomic_read(&ft->calls[i]),
			   atomic_read(&ft->refused[i]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(nsim_ft_calls);

void nsim_ft_debugfs_init(struct nsim_ft *ft)
{
	int i;

	ft->ddir = debugfs_create_dir("flow_table", ft->nsim_dev->ddir);
	debugfs_create_file("entries", 0400, ft->ddir, ft,
			    &nsim_ft_entries_fops);
	debugfs_create_u32("size", 0400, ft->ddir, &ft->size);
	debugfs_create_file("calls", 0400, ft->ddir, ft, &nsim_ft_calls_fops);
	debugfs_create_file("caps", 0600, ft->ddir, ft, &nsim_ft_caps_fops);
	debugfs_create_file("profile", 0600, ft->ddir, ft,
			    &nsim_ft_profile_fops);
	for (i = 0; i < ARRAY_SIZE(nsim_ft_knobs); i++)
		debugfs_create_file(nsim_ft_knobs[i].name, 0600, ft->ddir, ft,
				    &nsim_ft_knob_fops);
}

void nsim_ft_debugfs_exit(struct nsim_ft *ft)
{
	debugfs_remove_recursive(ft->ddir);
}
