/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this tool can set. */
#ifndef NFT_OFFLOAD_RULESET_H
#define NFT_OFFLOAD_RULESET_H

enum setting_id { SETTING_OFFLOAD, SETTING_STRICT, SETTING_MAX };

struct setting {
	const char	*name;
	const char	*sysctl;	/* in net.netfilter */
};

#define NO_JSON_RULESET	"list ruleset has no JSON output; \"list settings\" has policies, and \"nft -j list ruleset\" the rest"

extern const struct setting settings[SETTING_MAX];

#endif
