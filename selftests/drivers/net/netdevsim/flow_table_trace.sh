#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tracepoints say what becomes of a flow, and why it is not where one would like
# to have it.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

TRACE=/sys/kernel/tracing
EVENTS=$TRACE/events/nf_flow_table

# Usage: knob FILE VALUE
knob()
{
	echo "$2" > "$FT_DEBUGFS/$1"
}

# Forget what was traced so far.
mark()
{
	echo > $TRACE/trace
}

# Usage: traced EVENT PATTERN
traced()
{
	grep -E "nf_flow_offload_$1: .*$2" $TRACE/trace >/dev/null
}

# Usage: want EVENT PATTERN...: an event of this kind for each PATTERN
want()
{
	local event=$1 pattern
	shift

	for pattern in "$@"; do
		slowwait 5 traced "$event" "$pattern" ||
			ft_fail "no $event with '$pattern'" || return
	done
}

# Usage: want_none EVENT PATTERN
want_none()
{
	! traced "$1" "$2" || ft_fail "$1 with '$2'"
}

# Usage: start PROTO ADDR [RULESET-ARGS]: its first packets
start()
{
	mark
	ft_client_start "$1" "$2" $FT_PORT && ft_cmd run 4 64
}

life_test()
{
	local a b

	ft_ruleset && start udp $FT_B4 && ft_wait_hw || return
	a="src=$FT_A4:[0-9]+" b="$FT_B4:$FT_PORT"
	want add "original proto=17 $a dst=$b iif=[1-9]" \
		"reply proto=17 src=$b dst=$FT_A4:[0-9]+ iif=[1-9]" || return
	want_none fail . || return
	ft_cmd run 16 100 && ip netns exec "$ns_r" conntrack -D -p udp \
		>/dev/null 2>&1
	want stats "original .* packets=[1-9][0-9]* bytes=[1-9]" \
		"reply .* packets=[1-9][0-9]* bytes=[1-9]" &&
	want del "original proto=17 $a" "reply proto=17 src=$b"
}

ipv6_test()
{
	ft_ruleset && start tcp $FT_B6 && ft_wait_hw &&
	want add "original proto=6 src=\[$FT_A6\]:[0-9]+ dst=\[$FT_B6\]:$FT_PORT"
}

full_test()
{
	local ret

	knob fail_add 28 && ft_ruleset && start udp $FT_B4 || return
	want fail 'original .* err=-28 reason=table-full msg="netdevsim: flow table:.*"'
	ret=$?
	knob fail_add 0
	return $ret
}

unsupported_test()
{
	local ret

	knob caps -udp && ft_ruleset && start udp $FT_B4 || return
	want fail 'err=-95 reason=unsupported msg=".*[uU][dD][pP].*"'
	ret=$?
	knob caps all
	return $ret
}

half_test()
{
	local ret

	knob fail_every 2 && knob fail_add 5 && ft_ruleset &&
		start udp $FT_B4 || return
	want fail 'reply .* err=-5 reason=driver msg="netdevsim' \
		'original .* err=-5 reason=other-direction' && want del original
	ret=$?
	knob fail_add 0
	knob fail_every 1
	return $ret
}

# What keeps connections out of the flowtable

unconfirmed_test()
{
	ft_ruleset && start udp $FT_B4 &&
	want skip "proto=17 src=$FT_A4:[0-9]+ dst=$FT_B4:$FT_PORT reason=unconfirmed"
}

device_test()
{
	ip netns exec "$ns_r" nft -f - <<-END || return
	flush ruleset
	table inet t {
		flowtable f {
			hook ingress priority 0
			devices = { p1 }
			flags offload
		}
		chain forward {
			type filter hook forward priority 0
			meta l4proto { tcp, udp } flow add @f
		}
	}
	END
	start udp $FT_B4 && want skip "proto=17 .* reason=device-not-in-flowtable"
}

options_test()
{
	ft_ruleset && start udp $FT_B4 && ft_cmd options nop &&
	ft_cmd run 1 64 && want skip "proto=17 .* reason=ip-options"
}

protocol_test()
{
	ft_ruleset "chain ping {
		type filter hook forward priority 1
		meta l4proto icmp flow add @f
	}" || return
	mark
	ip netns exec "$ns_a" ping -qc 2 -i 0.2 $FT_B4 >/dev/null &&
	want skip "proto=1 src=$FT_A4:[0-9]+ dst=$FT_B4:[0-9]+ reason=protocol"
}

state_test()
{
	ft_ruleset && start tcp $FT_B4 && want skip "proto=6 .* reason=tcp-state"
}

untracked_test()
{
	ft_ruleset "chain raw {
		type filter hook prerouting priority -300
		udp dport $FT_PORT notrack
		udp sport $FT_PORT notrack
	}" && start udp $FT_B4 && want skip "reason=no-conntrack"
}

ktap_print_header
ft_require ping
[ -d $EVENTS ] || mount -t tracefs tracefs $TRACE 2>/dev/null
[ -d $EVENTS ] || modprobe nf_flow_table 2>/dev/null
[ -d $EVENTS ] || ktap_skip_all "no tracepoints of nf_flow_table"
ktap_set_plan 11

ft_setup
echo 1 > $EVENTS/enable

ft_test "life of a flow, IPv4 UDP" life_test
ft_test "addresses, IPv6 TCP" ipv6_test
ft_test "table full" full_test
ft_test "what the driver cannot do" unsupported_test
ft_test "half a flow" half_test
ft_test "first packet of a connection" unconfirmed_test
ft_test "device that is not in the flowtable" device_test
ft_test "IPv4 options" options_test
ft_test "protocol" protocol_test
ft_test "TCP handshake" state_test
ft_test "no conntrack" untracked_test
echo 0 > $EVENTS/enable

ktap_finished
