#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "carry" of policies: what rules give to packets, their priority, mark and DSCP, is
# given to those that the fast path and hardware forward. Without it, all but the
# first packets lose it.
#
# For the topology see flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$(dirname "$0")/flow_table_lib_ynl.sh"
# shellcheck source=flow_table_lib_policy.sh
source "$(dirname "$0")/flow_table_lib_policy.sh"

HW="flags offload;" SW=
BOTH='"carry": [{"what": "priority"}, {"what": "dscp"}]'
DSCP='"carry": [{"what": "dscp"}]'
PRIORITY='"carry": [{"what": "priority"}]'
# What host A sends has a DSCP, and says that it knows ECN; rules change the DSCP,
# to another one in each direction
SET_DSCP='iifname p1 ip dscp set af41; iifname p1 ip6 dscp set af41
	iifname p2 ip dscp set cs3; iifname p2 ip6 dscp set cs3'

# Usage: soon WHAT COMMAND...: within two seconds, and what a loaded machine needs
soon()
{
	slowwait 4 "${@:2}" || ft_fail "not $1"
}

# Usage: load FLAGS RULES [FLOW_ADD]: the flowtable and its rule, and a chain before;
# without a policy
load()
{
	ft_flow_stop
	ft_policy_del >/dev/null 2>&1
	tc -n "$ns_r" qdisc del dev p2 root 2>/dev/null
	ip netns exec "$ns_r" nft -f - <<-END || return
	table inet t { }
	delete table inet t
	table inet t {
		counter seen { }
		flowtable f {
			hook ingress priority 0
			devices = { ${DEVICES:-p1, p2} }
			$1
		}
		chain before {
			type filter hook forward priority -10
			meta l4proto { tcp, udp } counter name seen
			$2
		}
		chain forward {
			type filter hook forward priority 0
			${3-meta l4proto { tcp, udp \}} flow add @f
		}
	}
	END
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	ft_empty
}

# Usage: seen: packets that took the slow path
seen()
{
	ip netns exec "$ns_r" nft list counter inet t seen |
		awk '$1 == "packets" { print $2 }'
}

# Usage: watch NETNS DSCP: count packets that come in, and those with this DSCP
watch()
{
	ip netns exec "$1" nft -f - <<-END
	table inet watch { }
	delete table inet watch
	table inet watch {
		counter every { }
		counter right { }
		chain in {
			type filter hook prerouting priority -300
			meta l4proto { tcp, udp } counter name every
			meta l4proto { tcp, udp } ip dscp $2 counter name right
			meta l4proto { tcp, udp } ip6 dscp $2 counter name right
		}
	}
	END
}

# Usage: count NETNS every|right
count()
{
	ip netns exec "$1" nft list counter inet watch "$2" |
		awk '$1 == "packets" { print $2 }'
}

# Usage: all_right NETNS: all that was watched has the DSCP, and there was something
all_right()
{
	local every right

	every=$(count "$1" every)
	right=$(count "$1" right)
	# TCP sends larger ones than it was asked for
	[ "$every" -ge 10 ] || ft_fail "only $every packets came" || return
	# more may have come meanwhile
	[ "$right" -ge "$every" ] ||
		ft_fail "only $right of $every packets have the DSCP"
}

# Usage: none_right NETNS
none_right()
{
	[ "$(count "$1" every)" -ge 10 ] &&
	ft_expect "packets with the DSCP" 0 "$(count "$1" right)"
}

# Usage: class ID: packets that HTB's class has sent at p2
class()
{
	tc -n "$ns_r" -s class show dev p2 classid "$1" |
		awk '$1 == "Sent" { print $4 }'
}

# Usage: flow FLAGS NAME PROTO ADDR: in hardware if it is to be, with both directions
# known
flow()
{
	if [ -n "$1" ]; then
		ft_flow_hw "${@:2}"
	else
		ft_flow "${@:2}" && ft_flow_cmd "$2" run 4 64
	fi
}

# Usage: fast NAME: its packets do not take the slow path
fast()
{
	local before

	before=$(seen)
	ft_flow_cmd "$1" run 50 1000 &&
	ft_expect "packets in the slow path" "$before" "$(seen)"
}

# Usage: member DIR NAME: of the one flow
member()
{
	ft_ynl --dump flow-get | jq -r ".[0].$1.\"$2\""
}

# DSCP

# Usage: dscp_test FLAGS PROTO ADDR
dscp_test()
{
	load "$1" "$SET_DSCP" && ft_policy_is "$DSCP" &&
	flow "$1" one "$2" "$3" &&
	watch "$ns_b" af41 && watch "$ns_a" cs3 && fast one &&
	all_right "$ns_b" && all_right "$ns_a" &&
	ft_expect "DSCP of the original direction" 34 "$(member original dscp)" &&
	ft_expect "DSCP of the reply direction" 24 "$(member reply dscp)"
}

# What this is about: without the policy they lose it
lost_test()
{
	local flags

	for flags in "$HW" "$SW"; do
		load "$flags" "$SET_DSCP" && flow "$flags" one udp $FT_B4 &&
		watch "$ns_b" af41 && fast one && none_right "$ns_b" || return
	done
}

# ECN stays, and rules that leave the DSCP alone leave it to who sends
ecn_test()
{
	local flags

	for flags in "$HW" "$SW"; do
		# ect(0), and a DSCP of cs1
		load "$flags" "iifname p1 ip dscp set af41" &&
		ft_policy_is "$DSCP" && flow "$flags" one udp $FT_B4 &&
		ip netns exec "$ns_b" nft -f - <<-END || return
		table inet watch { }
		delete table inet watch
		table inet watch {
			counter every { }
			counter right { }
			chain in {
				type filter hook prerouting priority -300
				meta l4proto udp counter name every
				ip dscp af41 ip ecn ect0 counter name right
			}
		}
		END
		fast one && all_right "$ns_b" &&
		load "$flags" "" && ft_policy_is "$DSCP" &&
		flow "$flags" two udp $FT_B4 && watch "$ns_b" cs1 &&
		fast two && all_right "$ns_b" &&
		ft_expect "DSCP" null "$(member original dscp)" || return
	done
}

# After NAT
nat_test()
{
	local flags

	for flags in "$HW" "$SW"; do
		load "$flags" "$SET_DSCP" && ft_policy_is "$BOTH" &&
		ip netns exec "$ns_r" nft -f - <<-END || return
		add chain inet t post { type nat hook postrouting priority 100; }
		add rule inet t post oifname p2 masquerade
		END
		flow "$flags" tcp tcp $FT_B4 && watch "$ns_b" af41 &&
		watch "$ns_a" cs3 && fast tcp && all_right "$ns_b" &&
		all_right "$ns_a" || return
	done
}

# Priority and mark

htb()
{
	tc -n "$ns_r" qdisc add dev p2 root handle 1: htb default 20 &&
	tc -n "$ns_r" class add dev p2 parent 1: classid 1:6 htb rate 1gbit quantum 1514 &&
	tc -n "$ns_r" class add dev p2 parent 1: classid 1:20 htb rate 1gbit quantum 1514
}

# Usage: sent_by CLASS NAME: at least the packets of this run are
sent_by()
{
	local before

	before=$(class "$1")
	fast "$2" || return
	[ "$(class "$1")" -ge $((before + 50)) ] ||
		ft_fail "sent by class $1: $before, then $(class "$1")"
}

priority_sw_test()
{
	local addr

	for addr in $FT_B4 $FT_B6; do
		load "$SW" "iifname p1 meta priority set 1:6" && htb &&
		ft_policy_is "$PRIORITY" && flow "$SW" one udp "$addr" &&
		sent_by 1:6 one &&
		ft_expect "priority" 65542 "$(member original priority)" &&
		ft_expect "priority of replies" null \
			"$(member reply priority)" || return
	done
}

# The switch has a class for each
priority_hw_test()
{
	local before

	load "$HW" "iifname p1 meta priority set 1:6" &&
	ft_policy_is "$PRIORITY" && flow "$HW" one udp $FT_B4 || return
	before=$(ft_stat p2 class_6)
	fast one || return
	[ "$(ft_stat p2 class_6)" -ge $((before + 50)) ] ||
		ft_fail "class 6: $before, then $(ft_stat p2 class_6)"
}

# Filters of the qdisc go by the mark
mark_test()
{
	load "$SW" "iifname p1 meta mark set 5" && htb &&
	tc -n "$ns_r" filter add dev p2 parent 1: handle 5 fw classid 1:6 &&
	ft_policy_is "$PRIORITY" && flow "$SW" one udp $FT_B4 &&
	sent_by 1:6 one
}

# Without a policy: the priority that IPv4's TOS stands for, as ip_forward() gives it
tos_test()
{
	local ret

	# interactive: 6, band 0 of prio
	ip netns exec "$ns_a" nft flush chain inet mangle out &&
	ip netns exec "$ns_a" nft add rule inet mangle out ip dscp set 0x04 &&
	load "$SW" "" &&
	tc -n "$ns_r" qdisc add dev p2 root handle 1: prio &&
	flow "$SW" one udp $FT_B4 && sent_by 1:1 one
	ret=$?
	a_sends
	return $ret
}

# Usage: tagged VLAN_PRIO: all frames that host B got have it, and came
tagged()
{
	local every right

	every=$(ip netns exec "$ns_b" nft list counter netdev pcp every |
		awk '$1 == "packets" { print $2 }')
	right=$(ip netns exec "$ns_b" nft list counter netdev pcp right |
		awk '$1 == "packets" { print $2 }')
	[ "$every" -ge 50 ] || ft_fail "only $every frames came" || return
	ft_expect "frames with priority $1" "$every" "$right"
}

# Usage: watch_tags VLAN_PRIO
watch_tags()
{
	ip netns exec "$ns_b" nft -f - <<-END
	table netdev pcp { }
	delete table netdev pcp
	table netdev pcp {
		counter every { }
		counter right { }
		chain in {
			type filter hook ingress device b0 priority 0
			vlan id 7 ip protocol udp counter name every
			vlan id 7 vlan pcp $1 ip protocol udp counter name right
		}
	}
	END
}

# Usage: vlan ON|OFF: the path to host B has a VLAN device that maps priorities
vlan_on()
{
	ip netns exec "$ns_b" ethtool -K b0 rxvlan off >/dev/null 2>&1
	ip -n "$ns_r" link add link p2 name p2.7 type vlan id 7 \
		egress-qos-map 0:3 65542:5 &&
	ip -n "$ns_b" link add link b0 name b0.7 type vlan id 7 &&
	ip -4 -n "$ns_r" addr flush dev p2 &&
	ip -4 -n "$ns_b" addr flush dev b0 &&
	ip -n "$ns_r" addr add $FT_ROUTER4_B/24 dev p2.7 &&
	ip -n "$ns_b" addr add $FT_B4/24 dev b0.7 &&
	ip -n "$ns_r" link set dev p2.7 up &&
	ip -n "$ns_b" link set dev b0.7 up &&
	ip -n "$ns_b" route add default via $FT_ROUTER4_B
}

vlan_off()
{
	ip netns exec "$ns_b" nft delete table netdev pcp 2>/dev/null
	ft_flow_stop
	ip -n "$ns_r" link del dev p2.7
	ip -n "$ns_b" link del dev b0.7
	ip -n "$ns_r" addr add $FT_ROUTER4_B/24 dev p2
	ip -n "$ns_b" addr add $FT_B4/24 dev b0
	ip -n "$ns_b" route replace default via $FT_ROUTER4_B
}

# The tag's priority: of the map's entry for 0 without a policy, for the rules' with it
vlan_flows()
{
	local flags

	for flags in "$HW" "$SW"; do
		load "$flags" "" && flow "$flags" one udp $FT_B4 &&
		watch_tags 3 && fast one && tagged 3 || return
		load "$flags" "iifname p1 meta priority set 1:6" &&
		ft_policy_is "$PRIORITY" && flow "$flags" two udp $FT_B4 &&
		watch_tags 5 && fast two && tagged 5 || return
	done
	# a map that changes
	ip -n "$ns_r" link set dev p2.7 type vlan egress-qos-map 65542:1 &&
	watch_tags 1 && fast two && tagged 1
}

vlan_test()
{
	local DEVICES="p1, p2" ok=0

	vlan_on && vlan_flows || ok=1
	load "$SW" "" && vlan_off
	return $ok
}

# Directions

# One that is never seen by "flow add" stays in the slow path, the other one does not
one_way_test()
{
	local before

	load "$HW" "$SET_DSCP" 'iifname p1 meta l4proto { tcp, udp }' &&
	ft_policy_is "$DSCP" && ft_flow one udp $FT_B4 &&
	ft_flow_cmd one run 4 64 && ft_wait_rules 1 || return
	before=$(seen)
	watch "$ns_b" af41 && watch "$ns_a" cs3 &&
	ft_flow_cmd one run 50 1000 && all_right "$ns_b" &&
	all_right "$ns_a" &&
	ft_expect "packets in the slow path" $((before + 50)) "$(seen)" &&
	ft_expect "state" hardware \
		"$(ft_ynl --dump flow-get | jq -r '.[0].state')" &&
	ft_expect "reason" not-learned "$(member reply reason)"
}

# Drivers

# Usage: caps WORD...
caps()
{
	echo "$*" > "$FT_DEBUGFS/caps" || ft_fail "caps $*"
}

refused_optional_test()
{
	local calls before

	load "$HW" "$SET_DSCP; iifname p1 meta priority set 1:6" &&
	caps -priority && ft_policy_is "$BOTH, \"carry-mode\": \"optional\"" &&
	flow "$HW" one udp $FT_B4 &&
	ft_expect "not carried" priority \
		"$(member original not-carried | jq -r '.[]')" &&
	ft_expect "not carried by replies" null "$(member reply not-carried)" &&
	watch "$ns_b" af41 && fast one && all_right "$ns_b" || return
	# the port remembers: one call more for each rule
	before=$(ft_stat_calls refused)
	flow "$HW" two udp $FT_B6 || return
	ft_expect "refused calls" "$before" "$(ft_stat_calls refused)" || return
	# neither of the two
	load "$HW" "$SET_DSCP; iifname p1 meta priority set 1:6" &&
	caps -dscp && ft_policy_is "$BOTH" && flow "$HW" one udp $FT_B4 &&
	ft_expect "not carried" "dscp priority" \
		"$(member original not-carried | jq -r '.[]' | sort | xargs)" &&
	fast one
}

# Usage: ft_stat_calls refused: calls that the switch has refused
ft_stat_calls()
{
	awk -v what="$1" '$1 == "replace:" { print $3 }' "$FT_DEBUGFS/calls"
}

refused_required_test()
{
	load "$HW" "$SET_DSCP" && caps -dscp &&
	ft_policy_is "$DSCP, \"carry-mode\": \"required\"" &&
	ft_flow one udp $FT_B4 && ft_flow_cmd one run 4 64 && ft_nap 0.5 &&
	ft_empty && ft_reason_is_there not-carried &&
	watch "$ns_b" af41 && fast one && all_right "$ns_b" &&
	ft_expect "reason" not-carried "$(member original reason)"
}

# Change

# A policy that comes, changes and goes under traffic; nothing is lost
change_test()
{
	load "$HW" "$SET_DSCP; iifname p1 meta priority set 1:6" &&
	flow "$HW" one udp $FT_B4 && ft_flow_busy one run 20 1000 || return
	ft_policy_is "$DSCP" &&
	soon "carried" member_is original dscp 34 &&
	soon "in hardware" ft_hw 2 ^ && ft_nap 0.3 &&
	watch "$ns_b" af41 && ft_nap 1 && all_right "$ns_b" &&
	ft_flow_goes_on one || return
	ft_policy_is "$BOTH" &&
	soon "priority" member_is original priority 65542 &&
	soon "in class 6" in_class_6 && ft_flow_goes_on one || return
	ft_policy_del >/dev/null && ft_nap 2 && watch "$ns_b" af41 && ft_nap 1 &&
	none_right "$ns_b" && ft_flow_goes_on one
}

# Rules that change are seen when the policy is given again
again_test()
{
	local flags

	for flags in "$HW" "$SW"; do
		load "$flags" "$SET_DSCP" && ft_policy_is "$DSCP" &&
		flow "$flags" one udp $FT_B4 || return
		ip netns exec "$ns_r" nft -f - <<-END || return
		flush chain inet t before
		add rule inet t before iifname p1 ip dscp set ef
		END
		watch "$ns_b" af41 && fast one && all_right "$ns_b" &&
		ft_policy_is "$DSCP" && ft_flow_cmd one run 4 64 &&
		ft_nap 0.5 && ft_flow_cmd one run 4 64 &&
		soon "known" member_is original dscp 46 || return
		[ -z "$flags" ] || ft_wait_rules 2 || return
		watch "$ns_b" ef && ft_flow_cmd one run 50 1000 &&
		all_right "$ns_b" || return
	done
}

# Usage: member_is DIR NAME VALUE
member_is()
{
	[ "$(member "$1" "$2")" = "$3" ]
}

in_class_6()
{
	local before

	before=$(ft_stat p2 class_6)
	ft_nap 0.2
	[ "$(ft_stat p2 class_6)" -gt "$before" ]
}

# The mark of the connection, in both directions, and after "flow add"
ct_mark_test()
{
	local flags carry

	carry='"carry": [{"what": "dscp", "mask": 4032, "state": 1},
		{"what": "priority", "mask": 62}]'
	for flags in "$HW" "$SW"; do
		load "$flags" "" && ft_policy_is "$carry" &&
		flow "$flags" one udp $FT_B4 &&
		ft_expect "DSCP" null "$(member original dscp)" || return
		# af41, and that there is one
		ip netns exec "$ns_r" conntrack -U -p udp -s $FT_A4 \
			--mark $((34 << 6 | 1)) >/dev/null 2>&1
		ft_nap 2.5
		ft_flow_cmd one run 4 64 && ft_nap 0.5 &&
		watch "$ns_b" af41 && watch "$ns_a" af41 && fast one &&
		all_right "$ns_b" && all_right "$ns_a" || return
		[ -z "$flags" ] || ft_wait_rules 2 || return
	done
}

# Usage: refuses MEMBERS WORDS: the policy is refused, with these words
refuses()
{
	local said

	said=$(ft_policy "$1" 2>&1) && ft_fail "taken: $1" && return 1
	[[ $said = *"$2"* ]] || ft_fail "$1: $said"
}

badinput_test()
{
	load "$HW" "" &&
	refuses '"carry-mode": "required"' "nothing is carried" &&
	refuses '"carry": [{"what": "dscp"}, {"what": "dscp"}]' "twice" &&
	refuses '"carry": [{"mask": 1}]' "priority or dscp" &&
	refuses '"carry": [{"what": "dscp", "mask": 0}]' "leaves nothing" &&
	refuses '"carry": [{"what": "dscp", "mask": 127}]' "wider" &&
	refuses '"carry": [{"what": "dscp", "mask": 5}]' "side by side" &&
	refuses '"carry": [{"what": "dscp", "state": 1}]' "no mask" &&
	refuses '"carry": [{"what": "dscp", "mask": 63, "state": 1}]' \
		"part of the mask" &&
	refuses '"carry": [{"what": "priority", "mask": 9}]' "side by side" &&
	ft_expect "policies" "[]" "$(ft_ynl --dump policy-get)"
}

# What was given is told
told_test()
{
	ft_policy_is '"carry": [{"what": "dscp", "mask": 4032, "state": 1},
		{"what": "priority"}], "carry-mode": "required"' &&
	ft_expect "carry" '[{"what":"priority"},{"mask":4032,"state":1,"what":"dscp"}]' \
		"$(ft_ynl --dump policy-get | jq -cS '.[0].carry')" &&
	ft_expect "mode" required \
		"$(ft_ynl --dump policy-get | jq -r '.[0]."carry-mode"')" &&
	ft_policy_del >/dev/null
}

# Host A's packets have a DSCP, and say that they know ECN.
a_sends()
{
	ip netns exec "$ns_a" nft -f - <<-END
	table inet mangle { }
	delete table inet mangle
	table inet mangle {
		chain out {
			type route hook output priority 0
			ip dscp set cs1
			ip6 dscp set cs1
			meta l4proto udp ip ecn set ect0
		}
	}
	END
}

ft_require jq tc
modprobe -q nft_offload
ktap_print_header
ktap_set_plan 20
ft_setup
a_sends || ktap_exit_fail_msg "cannot set up host A"

ft_flow_test "lost without" lost_test
ft_flow_test "DSCP, hardware, UDP over IPv4" dscp_test "$HW" udp $FT_B4
ft_flow_test "DSCP, hardware, TCP over IPv6" dscp_test "$HW" tcp $FT_B6
ft_flow_test "DSCP, software, TCP over IPv4" dscp_test "$SW" tcp $FT_B4
ft_flow_test "DSCP, software, UDP over IPv6" dscp_test "$SW" udp $FT_B6
ft_flow_test "ECN" ecn_test
ft_flow_test "NAT" nat_test
ft_flow_test "priority, software" priority_sw_test
ft_flow_test "priority, hardware" priority_hw_test
ft_flow_test "mark" mark_test
ft_flow_test "priority of the TOS" tos_test
ft_flow_test "VLAN" vlan_test
ft_flow_test "one direction" one_way_test
ft_flow_test "refused, optional" refused_optional_test
caps +priority +dscp
ft_flow_test "refused, required" refused_required_test
caps +dscp
ft_flow_test "policy that changes" change_test
ft_flow_test "rules that change" again_test
ft_flow_test "mark of the connection" ct_mark_test
ft_flow_test "bad input" badinput_test
ft_flow_test "told" told_test

ktap_finished
