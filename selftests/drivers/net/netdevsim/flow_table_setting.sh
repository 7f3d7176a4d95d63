#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A device without hardware offload in a flowtable that wants it: what nft_offload
# sets for a single flowtable goes before the sysctl nf_flow_offload_strict, and
# belongs to the name.
#
# For the topology see flow_table_lib_flows.sh, but p3 and c0 are a veth pair.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$(dirname "$0")/flow_table_lib_ynl.sh"

veth()
{
	ip -n "$ns_r" link add p3 up type veth peer c0 netns "$ns_c" &&
	ip -n "$ns_c" link set c0 up && ft_host_c_addresses p3
}

# Usage: strict 0|1: the sysctl
strict()
{
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload_strict="$1"
}

# Usage: far NAME: a flow of host C is forwarded, and not by hardware
far()
{
	ft_flow_start "$1" "$ns_c" udp $FT_B4 $FT_PORT &&
	ft_flow_cmd "$1" run 100 1000 &&
	ft_expect "rules of host C" 0 "$(ft_entries | grep -c $FT_C4)"
}

# Usage: set_strict TABLE NAME [0|1]: for this flowtable, or not any more
set_strict()
{
	ft_ynl --do table-set --json "{\"family\": \"inet\",
		\"table\": \"$1\", \"name\": \"$2\"${3:+, \"strict\": $3}}"
}

# Usage: settings: as "TABLE NAME STRICT;" each
settings()
{
	ft_ynl --dump setting-get |
		jq -r '.[] | "\(.table) \(.name) \(.strict);"' | tr '\n' ' '
}

# One flowtable may, whatever the sysctl says; also after a reload
one_test()
{
	local i

	strict 1
	set_strict t f 0 >/dev/null && set_strict t g 0 >/dev/null &&
	set_strict t g 1 >/dev/null || ft_fail "cannot set it" || return
	ft_expect "settings" "t f 0; t g 1; " "$(settings)" || return
	for i in 1 2; do
		ft_load p1 p2 p3 || return
		ft_flow_hw "near$i" udp $FT_B4 && far "far$i" || return
		ft_expect "strict" 0 "$(ft_ynl --dump table-get |
			jq '.[] | select(.name == "f").strict')" || return
		ip netns exec "$ns_r" nft flush ruleset && ft_empty || return
	done
	! ft_devices p1 p2 p3 | sed 's/flowtable f/flowtable h/; s/@f/@h/' |
		ip netns exec "$ns_r" nft -f - 2>/dev/null ||
		ft_fail "another flowtable was loaded"
}

# One flowtable must not, whatever the sysctl says
one_strict_test()
{
	strict 0
	set_strict t f 1 >/dev/null &&
	! ft_devices p1 p2 p3 | ip netns exec "$ns_r" nft -f - 2>/dev/null ||
		ft_fail "it was loaded" || return
	set_strict t f >/dev/null && set_strict t g >/dev/null &&
	ft_expect "settings" "" "$(settings)" && ft_load p1 p2 p3
}

# Usage: refuses WORDS TABLE NAME [0|1]
refuses()
{
	local said

	! said=$(set_strict "${@:2}" 2>&1) ||
		ft_fail "'${*:2}' was taken" || return
	[[ $said = *"$1"* ]] || ft_fail "'${*:2}': no '$1' in: $said"
}

one_badinput_test()
{
	local long

	long=$(printf 'x%.0s' {1..256})
	refuses "a name is empty" "" f 0 && refuses "a name is empty" t "" 0 &&
	refuses "integer out of range" t f 2 &&
	refuses "Attribute failed policy" "$long" f 0 &&
	refuses "nothing is set for this flowtable" t nothing || return
	! ft_ynl --do table-set --json '{"family": "inet", "name": "f"}' \
		>/dev/null 2>&1 || ft_fail "no table: it was taken" || return
	ft_expect "settings" "" "$(settings)" || return
	# another namespace has its own
	set_strict t f 0 >/dev/null || return
	ft_expect "settings elsewhere" 0 "$(ip netns exec "$ns_b" python3 \
		"$FT_YNL" --spec "$FT_SPEC" --output-json --dump setting-get |
		jq length)" || return
	set_strict t f >/dev/null
}

ktap_print_header
ft_require jq
modprobe nft_offload 2>/dev/null
ktap_set_plan 4

ft_setup
if ! setup_ns ns_c || ! veth; then
	ktap_exit_fail_msg "no host C"
fi
ft_flow_test "one flowtable may do without, also after a reload" one_test
ft_flow_test "one flowtable must not do without" one_strict_test
ft_flow_test "what is no setting" one_badinput_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
