#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A DPI engine on the router, nDPI, recognises with hardware offload and the policy
# "stack 20 packets" what it recognises without offload; and without the policy it does
# not.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$ft_dir/flow_table_lib_ynl.sh"
# shellcheck source=flow_table_lib_policy.sh
source "$ft_dir/flow_table_lib_policy.sh"

PAUSE=1 # until a connection is in hardware
KNOWN='7001 HTTP;7002 SMTP;7003 SSH;7004 TLS;'

# Usage: recognised: talks, and prints "PORT PROTOCOL;" of each connection that nDPI,
# which listens on p1 and guesses nothing from ports, has a name for
recognised()
{
	local out=$FT_TMP/ndpi pid said

	ip netns exec "$ns_r" ndpiReader -i p1 -d -v 2 >"$out" 2>&1 &
	pid=$!
	slowwait 10 grep -q "Capturing live" "$out" >/dev/null
	said=$(ip netns exec "$ns_a" "$ft_dir/ft_talk.py" talk $PAUSE $FT_B4 2>&1) ||
		ft_fail "talk: $said"
	ft_nap 0.5
	kill -INT $pid
	wait $pid
	sed -nE 's/.*TCP .*:(70[0-9]+) .*\[proto: [0-9.]+\/([A-Za-z]+).*/\1 \2/p' \
		"$out" | grep -v Unknown | sort -u | tr '\n' ';'
}

classic_test()
{
	ft_ruleset && ip netns exec "$ns_r" nft flush chain inet t forward &&
		ft_expect "without offload" "$KNOWN" "$(recognised)"
}

policy_test()
{
	local before hw

	before=$(ft_stat p1 hit)
	ft_ruleset && ft_policy_is '"stack": 20' &&
		ft_expect "with the policy" "$KNOWN" "$(recognised)" || return
	# and then they were in hardware
	hw=$(($(ft_stat p1 hit) - before))
	[ $hw -ge $((4 * 15)) ] || ft_fail "only $hw packets in hardware"
}

no_policy_test()
{
	ft_ruleset && ft_policy_del >/dev/null &&
		ft_expect "without the policy" "" "$(recognised)"
}

ktap_print_header
ft_require jq python3 ndpiReader
modprobe nft_offload 2>/dev/null
ktap_set_plan 4

ft_topology_create && ft_addresses || ktap_exit_fail_msg "no topology"
ft_exec "$ns_b" "$ft_dir/ft_talk.py" serve $PAUSE >"$FT_TMP/serve" &
FT_PIDS+=($!)
slowwait 10 grep -q ready "$FT_TMP/serve" >/dev/null ||
	ktap_exit_fail_msg "no server"
ft_test "without offload" classic_test
ft_test "stack 20 packets" policy_test
ft_test "no policy: what is in hardware is not seen" no_policy_test
ft_test "kernel has no complaints" ft_silent_test

ktap_finished
