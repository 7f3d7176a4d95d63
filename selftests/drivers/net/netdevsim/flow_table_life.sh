#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Rulesets that go or change under traffic: when nft is done, hardware has none
# of the old entries any more. It would forward past the new rules. The traffic
# goes on in software, with no packet lost.
#
# For the topology see flow_table_lib.sh and flow_table_lib_flows.sh: hosts A,
# B and C at the ports p1, p2 and p3 of one switch.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions

source "$(dirname "$0")/flow_table_lib_flows.sh"

# Usage: nft_r NFT_ARGUMENT...
nft_r()
{
	ip netns exec "$ns_r" nft "$@"
}

# Usage: gone_test COMMAND: nothing is in hardware after this nft command
gone_test()
{
	ft_traffic_start && nft_r "$1" && ft_empty &&
	ft_traffic_goes_on && ft_empty && ft_traffic_end
}

flowtable_test()
{
	ft_traffic_start && nft_r flush chain inet t forward &&
	nft_r delete flowtable inet t f && ft_empty &&
	ft_traffic_goes_on && ft_empty && ft_traffic_end
}

# What goes between the other ports stays in hardware.
device_test()
{
	ft_traffic_start &&
	nft_r 'delete flowtable inet t f { devices = { p1 }; }' &&
	ft_empty '(in|out)=p1 ' && ft_wait_rules 2 'in=p2 .* out=p3|in=p3 ' &&
	ft_traffic_goes_on && ft_empty '(in|out)=p1 ' && ft_traffic_end
}

# Without traffic, as the new flowtable would get flows at once.
reload_idle_test()
{
	ft_load p1 p2 p3 && ft_flow_hw tcp tcp $FT_B4 &&
	ft_flow_hw udp udp $FT_B6 && ft_wait_rules 4 || return
	ft_devices p1 p2 p3 | nft_r -f - && ft_empty &&
	ft_flow_cmd tcp stream 1000003 && ft_flow_cmd udp run 100 1000 &&
	ft_wait_rules 4 && ft_traffic_end
}

reload_test()
{
	local i

	ft_traffic_start || return
	for i in {1..5}; do
		ft_devices p1 p2 p3 | nft_r -f - || return
	done
	ft_traffic_goes_on && ft_wait_rules 6 && ft_traffic_goes_on &&
		ft_traffic_end
}

# IPv6 addresses leave with the link, so there is no IPv6 here.
link_test()
{
	ft_load p1 p2 p3 && ft_flow_start tcp "$ns_a" tcp $FT_B4 $FT_PORT &&
	ft_flow_busy tcp stream 1000000 && ft_wait_rules 2 &&
	ip -n "$ns_r" link set "$1" down || return
	slowwait 5 ft_hw 0 "(in|out)=$1 " || ft_fail "rules of $1" || return
	ip -n "$ns_r" link set "$1" up &&
	ft_flow_goes_on tcp && ft_wait_rules 2 && ft_traffic_end
}

modules_test()
{
	ft_traffic_start && ft_traffic_end && ft_modules_test &&
	ft_traffic_start && ft_traffic_end
}

ktap_print_header
ft_require
ktap_set_plan 10

ft_three_hosts || ktap_exit_fail_msg "cannot set up the topology"

ft_flow_test "flush ruleset" gone_test "flush ruleset"
ft_flow_test "delete table" gone_test "delete table inet t"
ft_flow_test "delete flowtable" flowtable_test
ft_flow_test "one device leaves the flowtable" device_test
ft_flow_test "atomic reload, idle" reload_idle_test
ft_flow_test "atomic reload under traffic" reload_test
if ft_have_modules; then
	ft_flow_test "modules can be removed and loaded" modules_test
else
	ktap_test_skip "modules can be removed and loaded"
fi
ft_flow_test "link of the ingress port goes down and up" link_test p1
ft_flow_test "link of the egress port goes down and up" link_test p2
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
