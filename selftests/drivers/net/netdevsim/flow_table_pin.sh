#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Pins of nft_offload: a flow goes to hardware or stays in software because someone
# says so. No packet is lost, lists and events tell of it, and it ends with the flow.
#
# For the topology see flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317,SC2329 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$(dirname "$0")/flow_table_lib_ynl.sh"
# shellcheck source=flow_table_lib_policy.sh
source "$(dirname "$0")/flow_table_lib_policy.sh"

# Usage: load: the ruleset, without flows and policy
load()
{
	ft_flow_stop
	ft_policy_del >/dev/null 2>&1
	ip netns exec "$ns_r" nft flush ruleset
	ft_load p1 p2
}

# Usage: pin software|hardware|auto [MEMBERS]: the flows that a filter with these
# members of a JSON object lets pass; all unless told
pin()
{
	ft_ynl --do flow-set --json "{\"pin\": \"$1\", \"filter\": {$2}}" \
		>/dev/null || ft_fail "no pin $1"
}

# Usage: pins: pin of each flow
pins()
{
	ft_ynl --dump flow-get | jq -r '.[] | .pin // "auto"' | sort |
		tr '\n' ' '
}

# Usage: id [MEMBERS]: number of the oldest flow that a filter lets pass
id()
{
	ft_ynl --dump flow-get --json "{\"filter\": {$1}}" | jq '.[0].id'
}

# Usage: explained: layer and reason of a UDP connection of IPv4
explained()
{
	ft_ynl --do explain --json "{\"filter\": {\"ct-id\": $(ft_ynl --dump \
		flow-get | jq '[.[] | select(.l4proto == 17)][0]."ct-id"')}}" |
		jq -r '"\(.layer) \(.reason)"'
}

# Usage: soon WHAT COMMAND...: within two seconds, and what a loaded machine needs
soon()
{
	slowwait 4 "${@:2}" || ft_fail "not $1"
}

# Flows leave hardware, stay out of it, and come again
software_test()
{
	load && ft_flow_hw udp udp $FT_B4 && ft_flow_hw tcp tcp $FT_B6 &&
	ft_flow_busy udp run 20 1000 && ft_flow_busy tcp run 20 1000 &&
	pin software && soon "out of hardware" ft_hw 0 ^ || return
	ft_nap 2.2
	ft_empty && ft_flow_goes_on udp && ft_flow_goes_on tcp &&
	ft_expect "pins" "software software " "$(pins)" &&
	ft_expect "flows" "software pinned;software pinned;" "$(ft_state)" &&
	ft_expect "explained" "software pinned" "$(explained)" &&
	ft_reason_is_there pinned &&
	pin auto && soon "in hardware again" ft_hw 4 ^ &&
	ft_flow_goes_on udp && ft_flow_goes_on tcp &&
	ft_expect "pins" "auto auto " "$(pins)"
}

# One flow of two, by each way to name it
one_test()
{
	local of

	load && ft_flow_hw udp udp $FT_B4 && ft_flow_hw tcp tcp $FT_B4 || return
	for of in '"l4proto": 17' "\"ct-id\": $(ft_ynl --dump flow-get | jq \
		'.[] | select(.l4proto == 17)."ct-id"')" \
		"$(ft_ynl --dump flow-get | jq -r '.[] | select(.l4proto == 17) |
		"\"l3proto\": \"ipv4\", \"l4proto\": 17, \"ct-zone\": 0,
		\"saddr\": \"\(.original.saddr)\",
		\"daddr\": \"\(.original.daddr)\",
		\"sport\": \(.original.sport), \"dport\": \(.original.dport)"')"
	do
		# the other one is not to time out
		ft_flow_cmd tcp run 4 64 && pin software "$of" &&
		soon "out of hardware" ft_hw 0 udp &&
		ft_expect "pins by $of" "auto software " "$(pins)" &&
		pin auto "$of" && ft_flow_cmd udp run 4 64 &&
		soon "in hardware again" ft_hw 4 ^ || return
	done
	ft_ynl --do flow-set --json "{\"pin\": \"software\",
		\"id\": $(id '"l4proto": 17')}" >/dev/null &&
	soon "out of hardware" ft_hw 0 udp && ft_flow_cmd tcp run 4 64 &&
	ft_expect "pins by id" "auto software " "$(pins)"
}

# A flow that the policy has wait
after_test()
{
	load && ft_policy_is '"after-packets": 100000' &&
	ft_flow udp udp $FT_B4 && ft_flow tcp tcp $FT_B6 || return
	ft_nap 1.1
	ft_empty && pin hardware '"l4proto": 17' &&
	soon "in hardware" ft_hw 2 udp || return
	# not even another policy takes it out
	ft_policy_is '"after-packets": 200000' && ft_nap 2.2 &&
	ft_hw 2 udp && ft_hw 2 ^ || ft_fail "only the pinned flow" || return
	ft_expect "flows" "hardware -;software too-slow;" "$(ft_state)"
}

# It takes a place of the budget, and leaves it for none
budget_test()
{
	load && ft_policy_is '"budget": 1, "evict": "slowest"' &&
	ft_flow other udp $FT_B4 && soon "in hardware" ft_hw 2 ipv4 &&
	ft_flow pinned udp $FT_B6 && ft_nap 1.2 && ft_flow_cmd pinned run 4 64 &&
	ft_hw 0 ipv6 || ft_fail "beyond the budget" || return
	pin hardware '"l3proto": "ipv6"' && soon "in hardware" ft_hw 2 ipv6 &&
	soon "the other one left" ft_hw 0 ipv4 || return
	# the other one is much faster
	echo "steady 5000 5000" >&"${FT_FLOW_IN[other]}"
	ft_flow_answer other steady
	ft_hw 2 ipv6 && ft_hw 0 ipv4 || ft_fail "the pinned flow has left" ||
		return
	# now it may
	pin auto && echo "steady 8000 5000" >&"${FT_FLOW_IN[other]}"
	slowwait 8 ft_hw 2 ipv4 || ft_fail "the fast flow did not get in"
}

# Marks of the policy go before
mark_test()
{
	load && ft_policy_is "\"mark\": [$(ft_mark software 0 1)]" &&
	ft_flow udp udp $FT_B4 && pin hardware && ft_flow_cmd udp run 20 1000 &&
	ft_nap 1.2 && ft_flow_cmd udp run 20 1000 && ft_nap 0.3 && ft_empty &&
	ft_expect "flows" "software policy;" "$(ft_state)" &&
	ft_policy_is "\"mark\": [$(ft_mark never 0 1)]" &&
	ft_flow_cmd udp run 20 1000 && soon "out of the flowtable" no_flows
}

no_flows()
{
	[ -z "$(ft_state)" ]
}

# A flow takes its pin along when it goes
end_test()
{
	load && ft_flow_hw udp udp $FT_B4 && pin software &&
	soon "out of hardware" ft_hw 0 ^ || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	soon "gone" no_flows && ft_flow_cmd udp run 4 64 &&
	soon "in hardware" ft_hw 2 ^ && ft_expect "pins" "auto " "$(pins)"
}

# A flow that was pinned to hardware while the driver refused it
refused_test()
{
	load || return
	echo 28 >"$FT_DEBUGFS/fail_add"
	ft_flow udp udp $FT_B4 && ft_nap 0.5
	pin hardware
	ft_nap 0.5
	echo 0 >"$FT_DEBUGFS/fail_add"
	for _ in {1..40}; do
		ft_flow_cmd udp run 2 64
		ft_hw 2 ^ && break
		ft_nap 0.25
	done
	ft_hw 2 ^ || ft_fail "it was not offered again"
}

# Events tell of pins, and of what comes of them
event_test()
{
	local seen

	load && ft_flow_hw udp udp $FT_B4 || return
	ip netns exec "$ns_r" python3 "$FT_YNL" --spec "$FT_SPEC" \
		--output-json --subscribe events --duration 6 \
		>"$FT_TMP/events" 2>&1 &
	ft_nap 2
	pin software && soon "out of hardware" ft_hw 0 ^ &&
	pin auto && ft_flow_cmd udp run 4 64 && soon "again" ft_hw 2 ^
	wait $!
	seen=$(jq -r '.msg | "\(.event)/\(.pin // "-")"' "$FT_TMP/events" |
		tr '\n' ' ')
	ft_expect "events" "pinned/software software/software pinned/- hardware/- " \
		"$seen"
}

# Many requests for many flows
many_test()
{
	local n rates

	load || return
	for n in {1..20}; do
		ft_flow "$n" udp $FT_B4 || return
	done
	rates=$(ip netns exec "$ns_r" "$ft_dir/ft_pins.py" "$FT_SPEC" 3000 2>&1) ||
		ft_fail "$rates" || return
	ktap_print_msg "${rates//$'\n'/, }"
	for n in {1..20}; do
		ft_flow_cmd "$n" run 2 64 || return
	done
	soon "all in hardware" ft_hw 40 ^
}

# Usage: bad WORDS MEMBERS: the request is refused, and no pin changes
bad()
{
	local said

	! said=$(ft_ynl --do flow-set --json "{$2}" 2>&1) ||
		ft_fail "was taken: $2" || return
	[[ $said == *"$1"* ]] || ft_fail "not \"$1\": $said" || return
	ft_expect "pins" "software " "$(pins)"
}

badinput_test()
{
	load && ft_flow_hw udp udp $FT_B4 && pin software || return
	bad "where are the flows to be" '' &&
	bad "where are the flows to be" "\"id\": $(id)" &&
	bad "integer out of range" '"pin": 3' &&
	bad "an id: a filter makes no sense" "\"pin\": \"auto\",
		\"id\": $(id), \"filter\": {\"l4proto\": 17}" &&
	bad "no flow with this id" '"pin": "auto", "id": 0' &&
	bad "no flow with this id" "\"pin\": \"auto\", \"id\": $(($(id) + 1))" &&
	bad "no flow with this id" '"pin": "auto", "id": 18446744073709551615' &&
	bad "an address needs the layer 3 protocol" '"pin": "auto",
		"filter": {"saddr": "192.0.2.2"}' || return
	# no flow is no error
	pin auto '"l4proto": 6' && ft_expect "pins" "software " "$(pins)" &&
	pin auto '"l3proto": "ipv4", "l4proto": 17, "ct-zone": 0,
		"saddr": "192.0.2.77", "daddr": "192.0.2.78",
		"sport": 1, "dport": 2' && ft_expect "pins" "software " "$(pins)"
}

no_capability_test()
{
	local answer

	answer=$(ip netns exec "$ns_r" setpriv --bounding-set=-net_admin \
		--inh-caps=-net_admin --reuid 65534 --clear-groups \
		"$ft_dir/ft_netlink.py" 12 0500160001000000)
	ft_expect "answer" "EPERM" "${answer%% *}" &&
	ft_expect "pins" "software " "$(pins)"
}

# The namespace goes with pinned flows, under traffic
netns_test()
{
	load && ft_flow_hw udp udp $FT_B4 && ft_flow_hw tcp tcp $FT_B6 &&
	ft_flow_busy udp run 10 1000 && pin software '"l4proto": 17' &&
	pin hardware '"l4proto": 6' || return
	ft_topology_cleanup
	ft_silent_test
}

ktap_print_header
ft_require jq
modprobe nft_offload 2>/dev/null
ktap_set_plan 13

ft_setup
ft_acct 1
# requests take seconds on a busy machine, and flows are not to time out meanwhile
ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=600 \
	net.netfilter.nf_flowtable_tcp_timeout=600 \
	net.netfilter.nf_conntrack_udp_timeout=600 \
	net.netfilter.nf_conntrack_udp_timeout_stream=600
ft_flow_test "software: flows leave hardware, under traffic" software_test
ft_flow_test "one flow, by filter, tuple, and numbers" one_test
ft_flow_test "hardware: the policy has it wait for nothing" after_test
ft_flow_test "hardware: it keeps its place of the budget" budget_test
ft_flow_test "hardware: marks go before" mark_test
ft_flow_test "hardware: drivers may refuse" refused_test
ft_flow_test "a pin ends with the flow" end_test
ft_flow_test "events" event_test
ft_flow_test "many requests" many_test
ft_flow_test "requests that make no sense" badinput_test
ft_flow_test "requests without the capability" no_capability_test
ft_flow_test "the namespace goes" netns_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
