// SPDX-License-Identifier: GPL-2.0-only
/* Is the kernel that loads this the one whose headers it was built with?
 *
 * The loader compares release and a few options (vermagic), no more without
 * MODVERSIONS. Here sizes are compared with what the kernel's own BTF says of
 * structures that depend on many options. Structures of modules, such as struct
 * nf_flowtable, are compared when this is built, see Kbuild.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/flow_offload.h>
#include <net/genetlink.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include "layout_check.h"

#if defined(HAVE_FIND_BTF_ID) && IS_ENABLED(CONFIG_DEBUG_INFO_BTF)
#define SIZE(s)	{ #s, sizeof(struct s) }

/* All of them are in vmlinux: what is only in a module would be looked for in
 * all modules.
 */
static const struct {
	const char	*name;
	u32		size;
} nf_flow_layout[] = {
	SIZE(dst_entry),
	SIZE(flow_block_cb),
	SIZE(genl_family),
	SIZE(neighbour),
	SIZE(net),
	SIZE(net_device),
	SIZE(net_device_path_ctx),
	SIZE(nf_conn),
	SIZE(nf_hook_ops),
	SIZE(sk_buff),
};

/**
 * nf_flow_layout_check() - refuse a kernel with another layout
 *
 * Return: 0, or -ENOEXEC after a message. A kernel that cannot say is taken.
 */
int nf_flow_layout_check(void)
{
	const struct btf_type *type;
	struct btf *btf;
	unsigned int i;
	s32 id;

	for (i = 0; i < ARRAY_SIZE(nf_flow_layout); i++) {
		/* The reference stays: btf_put() is not for modules, and this
		 * BTF lives as long as the kernel.
		 */
		id = bpf_find_btf_id(nf_flow_layout[i].name, BTF_KIND_STRUCT,
				     &btf);
		if (id < 0)
			continue;
		type = btf_type_by_id(btf, id);
		if (!type || type->size == nf_flow_layout[i].size)
			continue;
		pr_err("nf_flow_table: built for a kernel where struct %s has %u bytes, here it has %u: not loaded. Build nft-offload-dkms with the headers of this kernel\n",
		       nf_flow_layout[i].name, nf_flow_layout[i].size,
		       type->size);
		return -ENOEXEC;
	}

	return 0;
}
#else
int nf_flow_layout_check(void)
{
	return 0;
}
#endif

/* nft-offload-reload tells by it whether the modules that are loaded are those
 * that are installed.
 */
MODULE_VERSION("nft-offload-" __stringify(SOURCE_ID));
