#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On top of flow_table_lib.sh: requests to nft_offload, with YNL's command line tool.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns

FT_TREE=$ft_dir/../../../../../..
FT_YNL=$FT_TREE/tools/net/ynl/pyynl/cli.py
FT_SPEC=$FT_TREE/Documentation/netlink/specs/nft_offload.yaml

# Usage: ft_ynl ARGUMENTS...: on the router, answers in JSON
ft_ynl()
{
	ip netns exec "$ns_r" python3 "$FT_YNL" --spec "$FT_SPEC" \
		--output-json "$@"
}

# Usage: ft_acct 0|1: does the router count its flows, whoever asks?
ft_acct()
{
	modprobe -q nf_flow_table
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_acct="$1"
}
