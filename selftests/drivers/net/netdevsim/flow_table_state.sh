#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the flowtable knows of a flow in hardware is what the hardware knows: a
# flow that was refused is in software, is offered again, less and less often,
# and no driver is asked about it meanwhile.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

FT_COUNTER="counter;"

# Usage: knob FILE VALUE
knob()
{
	echo "$2" > "$FT_DEBUGFS/$1"
}

# Usage: calls COMMAND: so many the driver got so far
calls()
{
	local command count

	while read -r command count _; do
		[ "$command" != "$1" ] || echo "$count"
	done <"$FT_DEBUGFS/calls"
}

# Usage: more_calls COMMAND COUNT: than COUNT
more_calls()
{
	[ "$(calls "$1")" -gt "$2" ]
}

# Usage: refused_flow PROTO ADDR [FAIL_EVERY]: a flow that no hardware takes
refused_flow()
{
	local before

	knob fail_every "${3:-1}" && knob fail_add 5 && ft_ruleset || return
	before=$(calls replace)
	ft_client_start "$1" "$2" $FT_PORT && ft_cmd run 4 64 || return
	# both directions, each at the port where it enters
	slowwait 5 more_calls replace $((before + 1)) ||
		ft_fail "the flow was not offered"
}

# Usage: talk SECONDS: two packets a second
talk()
{
	local end=$((SECONDS + $1))

	while [ $SECONDS -lt $end ]; do
		ft_cmd run 1 64 || return
		ft_nap 0.5
	done
	true
}

whole()
{
	knob fail_add 0
	knob fail_every 1
	knob miss_every 0
}

half_test()
{
	refused_flow "$1" "$2" 2 && ft_cmd run 4 64 || return
	ft_hw_rules 0 || ft_fail "one direction is in hardware" || return
	! ft_conntrack_hw || ft_fail "conntrack says HW_OFFLOAD" || return
	ft_conntrack | grep -q OFFLOAD || ft_fail "left the flowtable"
}

# Attempts at 0, 1, 3 and 7 s, in up to 2 directions
backoff_test()
{
	local before n

	before=$(calls replace)
	refused_flow udp $FT_B4 && talk 10 || return
	n=$(($(calls replace) - before))
	[ $n -ge 6 ] || ft_fail "offered $n times only" || return
	[ $n -le 10 ] || ft_fail "offered $n times in 10 s"
}

# Nobody asks the hardware about flows that it does not have, or wants them
# out of it.
silent_test()
{
	local stats destroy

	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=4
	refused_flow udp $FT_B6 || return
	stats=$(calls stats)
	destroy=$(calls destroy)
	slowwait 10 gone || ft_fail "flow does not end" || return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=30
	ft_expect "statistics asked for" "$stats" "$(calls stats)" &&
	ft_expect "rules destroyed" "$destroy" "$(calls destroy)"
}

gone()
{
	! ft_conntrack | grep -q OFFLOAD
}

# Once a tenth of the timeout is over, at three quarters of what is left, and
# each second towards the end; in 2 directions
idle_test()
{
	local before n

	whole
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=20
	ft_ruleset && ft_connect_hw udp $FT_B4 $FT_PORT || return
	before=$(calls stats)
	slowwait 30 gone || ft_fail "flow does not end" || return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flowtable_udp_timeout=30
	n=$(($(calls stats) - before))
	[ $n -ge 4 ] || ft_fail "asked $n times only" || return
	[ $n -le 20 ] || ft_fail "asked $n times in 20 s"
}

recover_test()
{
	refused_flow tcp $FT_B4 && whole || return
	busywait 10000 in_hw_with_packets || ft_fail "not offered again" || return
	ft_wait_hw && ft_assert_hw tcp stream 1000003
}

in_hw_with_packets()
{
	ft_cmd run 1 64 && ft_hw_rules 2
}

# A refresh of a flow whose rules are there changes nothing.
refresh_test()
{
	local destroy replace

	whole
	ft_ruleset && ft_connect_hw udp $FT_B4 $FT_PORT || return
	destroy=$(calls destroy)
	replace=$(calls replace)
	knob miss_every 1
	talk 4 && knob miss_every 0 || return
	more_calls replace "$replace" || ft_fail "no refresh" || return
	ft_expect "rules destroyed" "$destroy" "$(calls destroy)" &&
	ft_hw_rules 2 && ft_conntrack_hw || ft_fail "not in hardware" || return
	ft_assert_hw udp run 100 100
}

# The last packets of a connection count, too.
ct_packets()
{
	ft_conntrack -p tcp |
		sed -n 's/.*packets=\([0-9]*\) .*packets=\([0-9]*\) .*/\1 \2/p'
}

packets_are()
{
	local packets

	packets=$(ct_packets)
	echo "$packets"
	[ "$packets" = "$1" ]
}

last_packets_test()
{
	local server=FT_B$1 before after want got

	whole
	ft_snapshot tcp before && ft_ruleset &&
	ft_connect_hw tcp "${!server}" $FT_PORT && ft_cmd stream 300007 &&
	ft_cmd close && ft_snapshot tcp after || return
	want="$((after[4] - before[4])) $((after[5] - before[5]))"
	slowwait 10 ft_hw_rules 0 || ft_fail "rules of a closed connection" ||
		return
	got=$(slowwait 3 packets_are "$want") ||
		ft_expect "conntrack packets" "$want" "$got"
}

ktap_print_header
ft_require
ktap_set_plan 9

ft_setup

ft_test "reply refused: in software, IPv4 UDP" half_test udp $FT_B4
ft_test "reply refused: in software, IPv6 TCP" half_test tcp $FT_B6
ft_test "refused flow is offered less and less often" backoff_test
ft_test "hardware is left alone about refused flows" silent_test
ft_test "idle flow is asked about a few times" idle_test
ft_test "refused flow gets in later" recover_test
ft_test "refresh of a flow in hardware" refresh_test
ft_test "last packets of TCP count, IPv4" last_packets_test 4
ft_test "last packets of TCP count, IPv6" last_packets_test 6

ktap_finished
