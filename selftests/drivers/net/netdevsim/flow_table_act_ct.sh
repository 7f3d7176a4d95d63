#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flowtables of act_ct: what of their connections is offered to drivers, how often, and
# that it stays there whatever happens to routes and neighbours.
#
# For the topology see flow_table_lib.sh: here p1 and p2 track connections in tc.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions
# shellcheck disable=SC2119 # without arguments

source "$(dirname "$0")/flow_table_lib_flows.sh"

ZONE=5

# Usage: filters: count packets of connections that are established, and pass them on
filters()
{
	local p

	for p in p1 p2; do
		tc -n "$ns_r" qdisc replace dev $p clsact &&
		tc -n "$ns_r" filter add dev $p ingress prio 1 chain 0 \
			proto ip flower ip_proto udp ct_state -trk \
			action ct zone $ZONE pipe action goto chain 1 &&
		tc -n "$ns_r" filter add dev $p ingress prio 1 chain 1 \
			proto ip flower ip_proto udp ct_state +trk+new \
			action ct commit zone $ZONE pipe action pass &&
		tc -n "$ns_r" filter add dev $p ingress prio 1 chain 1 \
			proto ip flower ip_proto udp ct_state +trk+est \
			action pass || return
	done
}

no_filters()
{
	tc -n "$ns_r" qdisc del dev p1 clsact 2>/dev/null
	tc -n "$ns_r" qdisc del dev p2 clsact 2>/dev/null
	return 0
}

# Usage: port_file PORT FILE: in debugfs
port_file()
{
	echo "${FT_DEBUGFS%/flow_table}/ports/$((${1#p} - 1))/$2"
}

# Usage: ct_field original|reply FIELD: of both ports together, 2: there, 4: asked for
ct_field()
{
	awk -v dir="$1" -v field="$2" '$1 == dir { n += $field } END { print n + 0 }' \
		"$(port_file p1 ct_rules)" "$(port_file p2 ct_rules)"
}

# Usage: has_rules ORIGINAL REPLY
has_rules()
{
	[ "$(ct_field original 2) $(ct_field reply 2)" = "$1 $2" ]
}

# Usage: wait_rules ORIGINAL REPLY
wait_rules()
{
	slowwait 10 has_rules "$@" ||
		ft_fail "want $* rules of both ports, have" \
			"$(ct_field original 2) $(ct_field reply 2)"
}

# Usage: refuse NUMBER: a direction
refuse()
{
	echo "$1" > "$(port_file p1 ct_refuse)" &&
	echo "$1" > "$(port_file p2 ct_refuse)"
}

# Usage: in_hw: does conntrack say so?
in_hw()
{
	ip netns exec "$ns_r" conntrack -L -w $ZONE 2>/dev/null |
		grep -q HW_OFFLOAD
}

# Usage: connection NAME: of both directions, assured: a UDP connection is after two
# seconds, and its reply direction is not offered before
connection()
{
	local i

	no_filters
	refuse 0 && filters || ft_fail "no filters" || return
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	wait_rules 0 0 || return
	ft_flow_start "$1" "$ns_a" udp "$FT_B4" "$FT_PORT" || return
	for i in {1..10}; do
		ft_flow_cmd "$1" run 1 64 || return
		ft_nap 0.3
	done
}

both_test()
{
	connection both && wait_rules 2 2 || return
	slowwait 5 in_hw || ft_fail "conntrack does not say HW_OFFLOAD"
}

conntrack_test()
{
	both_test || return
	ip netns exec "$ns_r" conntrack -D -w $ZONE >/dev/null 2>&1
	wait_rules 0 0
}

filter_test()
{
	both_test || return
	no_filters
	wait_rules 0 0
}

# The flowtable has neither routes nor a namespace's path: nothing of this concerns it.
events_test()
{
	both_test || return
	ip -n "$ns_r" route add 203.0.113.0/24 dev p2 &&
	ip -n "$ns_r" route replace 198.51.100.2/32 dev p2 &&
	ip -n "$ns_r" rule add fwmark 7 lookup 77 &&
	ip -n "$ns_r" neigh flush dev p2 || return
	ft_flow_cmd both run 4 64
	ft_nap 1.5
	ip -n "$ns_r" rule del fwmark 7 lookup 77
	ip -n "$ns_r" route del 198.51.100.2/32 dev p2
	ip -n "$ns_r" route del 203.0.113.0/24 dev p2
	has_rules 2 2 || ft_fail "rules left, have" \
		"$(ct_field original 2) $(ct_field reply 2)"
}

# Usage: refused_test NUMBER NAME OTHER: offered after 0, 1, 3 and 7 s, and not each second
refused_test()
{
	local end before asked

	connection "refused$1" && wait_rules 2 2 || return
	refuse "$1" || return
	ip netns exec "$ns_r" conntrack -D -w $ZONE >/dev/null 2>&1
	wait_rules 0 0 || return
	before=$(ct_field "$2" 4)
	end=$((SECONDS + 11)) # assured after 3 s
	while [ $SECONDS -lt $end ]; do
		ft_flow_cmd "refused$1" run 1 64
		ft_nap 0.3
	done
	asked=$((($(ct_field "$2" 4) - before) / 2))
	refuse 0
	[ "$(ct_field "$3" 2)" = 2 ] ||
		ft_fail "the other direction is not in hardware" || return
	[ "$asked" -ge 2 ] && [ "$asked" -le 5 ] ||
		ft_fail "asked $asked times in 8 s, want 2 to 5"
}

bad_test()
{
	local value

	for value in 3 -1 x ''; do
		! echo "$value" 2>/dev/null > "$(port_file p1 ct_refuse)" ||
			ft_fail "ct_refuse takes '$value'" || return
	done
	ft_expect "ct_refuse" 0 "$(cat "$(port_file p1 ct_refuse)")"
}

ktap_print_header
ft_require tc
modprobe -a act_ct cls_flower 2>/dev/null
ktap_set_plan 6
ft_setup

ft_test "both directions of a connection" both_test
ft_test "conntrack -D" conntrack_test
ft_test "last filter goes" filter_test
ft_test "routes, rules and neighbours change" events_test
ft_test "reply direction is refused" refused_test 2 reply original
ft_test "bad values" bad_test

no_filters
ktap_finished
