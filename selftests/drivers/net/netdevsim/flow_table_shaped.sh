#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "shaped" of policies: flows stay where the shaper of a device on their path sees
# them. Rates are those of the wire, with real qdiscs; without the policy each of
# these shapers is bypassed.
#
# For the topology see flow_table_lib_flows.sh. Host C is one more host of the LAN.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$(dirname "$0")/flow_table_lib_ynl.sh"
# shellcheck source=flow_table_lib_policy.sh
source "$(dirname "$0")/flow_table_lib_policy.sh"

RATE=1mbit	# of all shapers
SHAPED=1150	# kbit/s that they let pass at most: packets have headers, too
FREE=4000	# kbit/s that the machine has to reach without one
BYTES=200000	# 1.6 s at that rate

# Usage: soon WHAT COMMAND...: within two seconds, and what a loaded machine needs
soon()
{
	slowwait 4 "${@:2}" || ft_fail "not $1"
}

# Usage: in_flows STATE...: these are all flows, with their reasons
in_flows()
{
	[ "$(ft_state)" = "$(printf '%s;' "$@")" ]
}

# Usage: dev_tc COMMAND...: tc of the router
dev_tc()
{
	tc -n "$ns_r" "$@" || ft_fail "tc $*"
}

# Usage: unshape DEV...
unshape()
{
	local dev

	for dev in "$@"; do
		tc -n "$ns_r" qdisc del dev "$dev" root 2>/dev/null
		tc -n "$ns_r" qdisc del dev "$dev" ingress 2>/dev/null
		tc -n "$ns_r" qdisc del dev "$dev" clsact 2>/dev/null
	done
	return 0
}

# Usage: shape DEV tbf|htb|cake
shape()
{
	case $2 in
	tbf)	dev_tc qdisc add dev "$1" root tbf rate $RATE burst 4kb \
			latency 400ms ;;
	htb)	dev_tc qdisc add dev "$1" root handle 1: htb default 10 &&
		dev_tc class add dev "$1" parent 1: classid 1:10 htb \
			rate $RATE burst 4kb ;;
	cake)	dev_tc qdisc add dev "$1" root cake bandwidth $RATE ;;
	esac
}

# Usage: load [DEV...]: no policy, no shaper; the flowtable has these devices, or p1,
# p2 and p3
load()
{
	ft_flow_stop
	ft_policy_del >/dev/null 2>&1
	unshape p1 p2 p3
	if [ $# -gt 0 ]; then
		ft_load "$@"
	else
		ft_load p1 p2 p3
	fi
}

# Usage: measure NAME: kbit/s of this TCP flow, into KBITS
measure()
{
	local begin=${EPOCHREALTIME/[.,]/}

	ft_flow_cmd "$1" stream $BYTES || return
	KBITS=$((BYTES * 8000 / (${EPOCHREALTIME/[.,]/} - begin)))
}

# Usage: is_shaped NAME
is_shaped()
{
	measure "$1" && [ "$KBITS" -le $SHAPED ] ||
		ft_fail "$1: $KBITS kbit/s pass a shaper of $RATE"
}

# Usage: is_free NAME
is_free()
{
	measure "$1" && [ "$KBITS" -ge $FREE ] ||
		ft_fail "$1: only $KBITS kbit/s, without a shaper"
}

# Usage: explained: layer and reason of a UDP connection of IPv4
explained()
{
	ft_ynl --do explain --json "{\"filter\": {\"l3proto\": \"ipv4\",
		\"l4proto\": 17, \"saddr\": \"$FT_A4\", \"daddr\": \"$FT_B4\",
		\"sport\": 4444, \"dport\": $FT_PORT}}" |
		jq -r '"\(.layer) \(.expect) \(.reason)"'
}

# Usage: egress_test tbf|htb|cake: at the port: hardware bypasses it, the fast path
# does not
egress_test()
{
	load && ft_flow_hw tcp tcp $FT_B4 && shape p2 "$1" && is_free tcp &&
	ft_policy_is '"shaped": "software"' &&
	soon "out of hardware" ft_hw 0 ^ && is_shaped tcp && ft_empty &&
	ft_expect "flows" "software shaped;" "$(ft_state)" &&
	ft_reason_is_there shaped || return
	# one that comes later
	ft_flow new tcp $FT_B6 && is_shaped new && ft_empty || return
	unshape p2
	ft_flow_cmd tcp run 4 64 && ft_flow_cmd new run 4 64 && ft_nap 1.2 &&
	ft_flow_cmd tcp run 4 64 && ft_flow_cmd new run 4 64 || return
	slowwait 3 in_hw_again tcp new || ft_fail "not in hardware again"
}

# Usage: in_hw_again NAME...: two rules each, if their packets pass
in_hw_again()
{
	local name

	for name in "$@"; do
		ft_flow_cmd "$name" run 4 64 >/dev/null || return
	done
	ft_hw $((2 * $#)) ^
}

# Usage: in_hw_at_rate NAME: hardware forwards it, and shapes it
in_hw_at_rate()
{
	local hits shaped

	hits=$(ft_stat p1 hit)
	shaped=$(ft_stat p2 shaped)
	is_shaped "$1" || return
	[ "$(ft_stat p1 hit)" -ge $((hits + 50)) ] ||
		ft_fail "$1 is not in hardware" || return
	[ "$(ft_stat p2 shaped)" -gt "$shaped" ] ||
		ft_fail "$1: the hardware has dropped nothing"
}

# A shaper that hardware has: flows stay there, and keep to the rate
hw_shaper_test()
{
	load && ft_policy_is '"shaped": "software"' && ft_flow_hw tcp tcp $FT_B4 &&
	is_free tcp && shape p2 tbf && ft_nap 2.5 && in_hw_at_rate tcp &&
	ft_wait_rules 2 && ft_expect "flows" "hardware -;" "$(ft_state)" || return
	# one that hardware has not
	unshape p2
	shape p2 htb && soon "out of hardware" ft_hw 0 ^ && is_shaped tcp
}

# The same for a class of the port: that of the priority that rules give
hw_class_test()
{
	load || return
	ip netns exec "$ns_r" nft -f - <<-END || return
	add chain inet t before { type filter hook forward priority -10; }
	add rule inet t before iifname p1 ip protocol tcp meta priority set 1:7
	END
	ft_policy_is '"shaped": "software", "carry": [{"what": "priority"}]' &&
	dev_tc qdisc add dev p2 root handle 1: ets bands 8 strict 8 \
		priomap 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 &&
	dev_tc qdisc add dev p2 parent 1:7 handle 17: tbf rate $RATE burst 4kb \
		latency 400ms &&
	ft_flow_hw tcp tcp $FT_B4 && ft_flow_hw other tcp $FT_B6 &&
	in_hw_at_rate tcp && is_free other && ft_wait_rules 4 || return
	[ "$(ft_stat p2 class_6)" -gt 50 ] && [ "$(ft_stat p2 class_7)" -gt 50 ] ||
		ft_fail "classes 6, 7: $(ft_stat p2 class_6), $(ft_stat p2 class_7)"
}

# Flows of the LAN pass no shaper
lan_test()
{
	load && dev_tc qdisc add dev p2 root cake bandwidth 100mbit &&
	ft_policy_is '"shaped": "software"' && ft_server "$ns_a" udp $FT_A4 && ft_nap 1.2 &&
	ft_flow wan udp $FT_B4 && ft_flow_start lan "$ns_c" udp $FT_A4 $FT_PORT &&
	ft_flow_cmd lan run 4 64 && soon "in hardware" ft_hw 2 ^ &&
	ft_flow_cmd lan run 20 1000 && ft_flow_sw wan p2 &&
	ft_expect "flows" "hardware -;software shaped;" "$(ft_state)"
}

# Usage: ifb_test FILTER...: ingress of the port to the shaper of an ifb
ifb_test()
{
	load && ft_flow_hw tcp tcp $FT_B4 &&
	{ ip -n "$ns_r" link add ifb0 type ifb 2>/dev/null || :; } &&
	ip -n "$ns_r" link set ifb0 up && unshape ifb0 && shape ifb0 tbf &&
	dev_tc qdisc add dev p2 root fq_codel &&
	dev_tc qdisc add dev p2 ingress &&
	dev_tc filter add dev p2 parent ffff: protocol all "$@" \
		action mirred egress redirect dev ifb0 || return
	is_free tcp && ft_policy_is '"shaped": "software"' &&
	soon "out of hardware" ft_hw 0 ^ && is_shaped tcp && ft_empty &&
	ft_expect "flows" "software shaped;" "$(ft_state)" || return
	unshape p2
	slowwait 4 in_hw_again tcp || ft_fail "not in hardware again"
}

# Filters that are no shapers, and one that is the last of some
filters_test()
{
	local n

	load && ft_policy_is '"shaped": "software"' && ft_flow_hw udp udp $FT_B4 &&
	dev_tc qdisc add dev p2 clsact || return
	for n in {1..20}; do
		dev_tc filter add dev p2 ingress protocol all pref "$n" u32 match \
			u32 0 0xffffffff action drop || return
	done
	ft_nap 2.2
	ft_hw 2 ^ || ft_fail "such filters are no shaper" || return
	dev_tc filter add dev p2 ingress protocol all pref 99 matchall \
		action mirred egress redirect dev ifb0 &&
	soon "out of hardware" ft_hw 0 ^
}

# Qdiscs that only queue
queue_test()
{
	local qdisc

	load && ft_policy_is '"shaped": "software"' && ft_flow_hw udp udp $FT_B4 ||
		return
	for qdisc in fq_codel pfifo bfifo; do
		dev_tc qdisc replace dev p2 root $qdisc && ft_nap 2.2 &&
		ft_hw 2 ^ || ft_fail "$qdisc is no shaper" || return
	done
	# classes, one of which may have a limit
	dev_tc qdisc replace dev p2 root prio && soon "out" ft_hw 0 ^
}

# Attached and removed under traffic, again and again: no packet is lost
traffic_test()
{
	local try

	load && ft_policy_is '"shaped": "software"' && ft_flow_hw udp udp $FT_B4 &&
	ft_flow_hw tcp tcp $FT_B6 && ft_flow_busy udp run 4 100 &&
	ft_flow_busy tcp run 4 100 || return
	for try in 1 2 3; do
		dev_tc qdisc add dev p2 root cake bandwidth 100mbit &&
		soon "out of hardware" ft_hw 0 ^ &&
		ft_flow_goes_on udp && ft_flow_goes_on tcp || return
		unshape p2
		soon "in hardware" ft_hw 4 ^ &&
		ft_flow_goes_on udp && ft_flow_goes_on tcp || return
	done
	# what is said of shapers changes as well
	shape p2 htb && soon "out of hardware" ft_hw 0 ^ &&
	ft_policy_is '"shaped": "ignore", "budget": 100' &&
	soon "in hardware" ft_hw 4 ^ &&
	ft_policy_is '"shaped": "software"' && soon "out" ft_hw 0 ^ &&
	ft_policy_del >/dev/null && soon "in hardware" ft_hw 4 ^ &&
	ft_flow_fine udp && ft_flow_fine tcp
}

# What is to be said of a connection that is not there yet
explain_test()
{
	load && ft_policy_is '"shaped": "software"' && ft_flow_hw x udp $FT_B4 &&
	ft_expect "explained" "none hardware null" "$(explained)" &&
	shape p2 htb && soon "out of hardware" ft_hw 0 ^ &&
	ft_expect "explained" "none software shaped" "$(explained)"
}

# Usage: above_test DEV: the shaper is on DEV above p2: the fast path bypasses it, as
# well
above_test()
{
	local dev=$1

	load p1 p2 && ft_flow tcp tcp $FT_B4 && shape "$dev" tbf &&
	soon "in hardware" ft_hw 2 ^ && is_free tcp &&
	ft_policy_is '"shaped": "software"' &&
	soon "out of hardware" ft_hw 0 ^ && is_shaped tcp && ft_empty &&
	ft_expect "flows" "" "$(ft_state)" && ft_reason_is_there shaped &&
	ft_expect "explained" "none classic shaped" "$(explained)" || return
	unshape "$dev"
	slowwait 4 in_hw_again tcp || ft_fail "not in hardware again" || return
	shape "$dev" htb && soon "out of hardware" ft_hw 0 ^ &&
	is_shaped tcp && ft_expect "flows" "" "$(ft_state)" || return
	unshape "$dev"
}

# Usage: without_hw_test DEV: the same in a flowtable without hardware
without_hw_test()
{
	load p1 p2 && unshape "$1" || return
	ip netns exec "$ns_r" nft -f - <<-END || return
	flush ruleset
	table inet t {
		flowtable f {
			hook ingress priority 0
			devices = { p1, p2 }
		}
		chain forward {
			type filter hook forward priority 0
			meta l4proto { tcp, udp } flow add @f
		}
	}
	END
	ft_flow tcp tcp $FT_B4 && shape "$1" tbf && is_free tcp &&
	ft_policy_is '"shaped": "software"' &&
	soon "out of the flowtable" in_flows_none && is_shaped tcp &&
	ft_expect "flows" "" "$(ft_state)" || return
	unshape "$1"
	# at the port, the fast path sees it
	shape p2 tbf && ft_nap 2.2 && is_shaped tcp &&
	ft_expect "flows" "software no-offload-flag;" \
		"$(ft_state | sed 's/ -/ no-offload-flag/')"
}

in_flows_none()
{
	[ -z "$(ft_state)" ]
}

# Usage: upper vlan|bridge: the path to host B has such a device
upper()
{
	local host=b0

	ft_flow_stop
	ft_topology_cleanup
	unset ns_c
	ft_topology_create || return
	case $1 in
	vlan)
		host=b7
		ip -n "$ns_r" link add up0 link p2 type vlan id 7 &&
		ip -n "$ns_b" link add b7 link b0 type vlan id 7 &&
		ip -n "$ns_b" link set b7 up ;;
	bridge)
		ip -n "$ns_r" link add up0 type bridge &&
		ip -n "$ns_r" link set p2 master up0 ;;
	esac || return
	ip -n "$ns_r" link set up0 up && ft_addresses p1 up0 a0 "$host" &&
		ft_servers && ft_acct 1
}

upper_test()
{
	upper "$1" && above_test up0
}

# A namespace goes that has such a policy, with shapers and traffic
netns_test()
{
	load p1 p2 && dev_tc qdisc add dev p2 root cake bandwidth 100mbit &&
	ft_policy_is '"shaped": "software"' &&
	ft_flow udp udp $FT_B4 && ft_flow_busy udp run 10 1000 || return
	ft_topology_cleanup
	ft_silent_test
}

ktap_print_header
ft_require jq tc
modprobe nft_offload 2>/dev/null
ktap_set_plan 18

ft_setup
ft_three_hosts
ft_acct 1
echo -shaper > "$FT_DEBUGFS/caps"
ft_flow_test "tbf at the port" egress_test tbf
ft_flow_test "htb at the port" egress_test htb
ft_flow_test "cake at the port" egress_test cake
echo +shaper > "$FT_DEBUGFS/caps"
ft_flow_test "a shaper that hardware has" hw_shaper_test
ft_flow_test "a class that hardware has" hw_class_test
ft_flow_test "ingress to an ifb, u32" ifb_test u32 match u32 0 0 flowid 1:1
ft_flow_test "ingress to an ifb, matchall" ifb_test matchall
ft_flow_test "ingress to an ifb, flower and ctinfo" \
	ifb_test flower action ctinfo dscp 63 128
ft_flow_test "filters that are no shapers" filters_test
ft_flow_test "qdiscs that only queue" queue_test
ft_flow_test "flows of the LAN stay in hardware" lan_test
ft_flow_test "a shaper comes and goes, under traffic" traffic_test
ft_flow_test "explained before there is a connection" explain_test
ft_flow_test "a shaper above the port: VLAN" upper_test vlan
ft_flow_test "a shaper above the port, without hardware" without_hw_test up0
ft_flow_test "a shaper above the port: bridge" upper_test bridge
ft_flow_test "the namespace goes" netns_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
