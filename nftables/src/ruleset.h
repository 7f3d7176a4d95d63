/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this tool can set. */
#ifndef NFT_OFFLOAD_RULESET_H
#define NFT_OFFLOAD_RULESET_H

enum setting_id { SETTING_OFFLOAD, SETTING_STRICT, SETTING_MAX };

struct setting {
	const char	*name;
	const char	*sysctl;	/* in net.netfilter */
};

extern const struct setting settings[SETTING_MAX];

#endif
