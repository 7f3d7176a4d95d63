#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For nft_offload_conformance.sh: behaviours when what decides about a flow's
# packets changes: policy routing, IPsec, forwarding, the MTU of a route, a
# neighbour that does not say what happens to it, a VLAN aware bridge.
#
# shellcheck disable=SC2154 # assigned in libraries
# shellcheck disable=SC2317,SC2329 # behaviour calls, by name
# shellcheck disable=SC2034 # address reads some of them

FT_FAR4=$FAR4 FT_FAR6=$FAR6
FT_SPOOFED4=203.0.113.77 FT_SPOOFED6=2001:db8:9::77
SPOOFED_PORT=7780
RULE=777 RT=7790 MARK=122 # of policy routing

# What undoes a change, *_end, may run in a trap that a signal has caused in the
# middle of read -t. Bash may abort there at $(...), so there is none of it.

# Usage: obeys NAMES [UNDO...]: one second after a change the router lets
# nothing of these flows pass; when the change is undone, they are in hardware
# again
obeys()
{
	local name names=$1 passed=0 all=0 ret=0
	shift

	sleep 1
	for name in $names; do
		steady "$name" 1000 10
		steady_end "$name" || ret=1
		passed=$((passed + BACK)) all=$((all + ALL))
	done
	"$@"
	note "$passed of $all packets passed"
	if [ $ret -ne 0 ] || [ $passed -ne 0 ]; then
		return 1
	fi
	# shellcheck disable=SC2086 # words
	get_hardware $names
}

# Usage: policy_rule FAMILY KIND add|del: what host A sends to $FAR4 or $FAR6 is
# routed by another table, because of its port or of its mark
policy_rule()
{
	local what=(fwmark "$MARK") far=FT_FAR$1

	[ "$2" = mark ] || what=(ipproto udp dport "$FAR_PORT")
	router ip "-$1" rule "$3" pref $RULE to "${!far}" "${what[@]}" \
		lookup $RT
}

policy_end()
{
	local family kind

	for family in 4 6; do
		for kind in port mark; do
			policy_rule $family $kind del
		done
	done
	router ip route del "$FT_FAR4" table $RT
	router ip route del "$FT_FAR6" table $RT
} 2>/dev/null

# Usage: policy_flow FAMILY KIND
policy_flow()
{
	local far

	far=$(address "$1" FAR)
	ruleset "chain pre {
			type filter hook prerouting priority mangle
			iifname \"$DEV1\" udp dport $FAR_PORT \
				meta mark set $MARK
		}" &&
	router ip route add "$far" via "$(address "$1" C)" dev "$DEV2" \
		table $RT && offload flow udp "$far" $FAR_PORT || return
	steady flow 5000 4
	sleep 1
	policy_rule "$1" "$2" add
	# what B gets of it now is wrong
	peer "$ns_b" ip addr flush dev lo to "$far"
	steady_end flow || return
	note "$GAP_MS ms without an answer," \
		"$((ALL - BACK)) of $ALL packets lost"
	[ "$GAP_MS" -lt 3000 ] ||
		ft_fail "it goes on to the old gateway" || return
	get_hardware flow
}

# Usage: policy_test FAMILY KIND
policy_test()
{
	local ret

	policy_flow "$@"
	ret=$?
	policy_end
	peer "$ns_b" ip addr replace "$FAR4/32" dev lo
	peer "$ns_b" ip addr replace "$FAR6/128" dev lo nodad
	return $ret
}

# Usage: xfrm_policy FAMILY add|delete
xfrm_policy()
{
	local what=(priority 1 action block) a=FT_A$1 b=FT_B$1

	[ "$2" = add ] || what=()
	router ip xfrm policy "$2" src "${!a}" dst "${!b}" proto udp \
		dport "$FT_PORT" dir out "${what[@]}"
}

xfrm_end()
{
	xfrm_policy 4 delete
	xfrm_policy 6 delete
} 2>/dev/null

# Usage: xfrm_test FAMILY
xfrm_test()
{
	ruleset && offload flow udp "$(address "$1" B)" || return
	xfrm_policy "$1" add || skip "no IPsec" || return
	obeys flow xfrm_policy "$1" delete
}

# Usage: forward_test FAMILY NAME: a sysctl
forward_test()
{
	# IPv6 has no switch for a device
	[[ -z ${HOST_NS[*]} || $2 != *.all.* ]] ||
		skip "it is for all ports of this machine" || return
	ruleset && offload flow udp "$(address "$1" B)" || return
	FORWARD=$2
	router sysctl -qw "$FORWARD=0" && obeys flow forward_end
}

forward_end()
{
	[ -n "$FORWARD" ] || return
	router sysctl -qw "$FORWARD=1"
	FORWARD=
}

# Usage: route_mtu_test FAMILY OPTION...: the MTU of the route only
route_mtu_test()
{
	local far route

	far=$(address "$1" FAR)
	route=(ip route replace "$far" via "$(address "$1" B)" dev "$DEV2")
	ruleset && offload flow udp "$far" $FAR_PORT &&
	ft_flow_cmd flow mtu-discover probe && send flow 20 1400 &&
	router "${route[@]}" "${@:2}" || return
	sleep 1
	ft_flow_cmd flow expect-error EMSGSIZE 1400 &&
	ft_flow_cmd flow expect-error EMSGSIZE 1400 &&
	send flow 20 1200 && router "${route[@]}" || return
	sleep 1
	send flow 20 1400 && get_hardware flow
}

# Usage: neigh_settings COMMAND [REACHABLE_MS PROBE_S RETRANS_MS]
neigh_settings()
{
	local family

	for family in 4 6; do
		"$1" "net.ipv$family.neigh.$DEV2.base_reachable_time_ms" "$2" &&
		"$1" "net.ipv$family.neigh.$DEV2.delay_first_probe_time" "$3" &&
		"$1" "net.ipv$family.neigh.$DEV2.retrans_time_ms" "$4" ||
			return
	done
}

# Usage: silent_flow FAMILY
silent_flow()
{
	local far mac

	far=$(address "$1" FAR) mac=$(router cat "/sys/class/net/$DEV2/address")
	neigh_settings setting 1000 1 200 && ruleset &&
	router ip route replace "$far" via "$(address "$1" C)" dev "$DEV2" &&
	offload flow udp "$far" $FAR_PORT || return
	router_neigh replace "lladdr $mac nud permanent"
	steady flow 10000 10
	sleep 1
	peer "$ns_c" ip link set m0 address 02:00:00:00:00:0c
	steady_end flow || return
	note "$GAP_MS ms without an answer"
	[ "$GAP_MS" -lt 8000 ] ||
		ft_fail "it goes on to the old address" || return
	get_hardware flow
}

# Usage: announce 0|1: host C's new addresses
announce()
{
	peer "$ns_c" sysctl -qw "net.ipv4.conf.m0.arp_notify=$1" \
		"net.ipv6.conf.m0.ndisc_notify=$1"
}

# Usage: router_neigh replace|del [WORDS]: host C, which asks for the router's
# address now and then, and tells its own by that, knows it
router_neigh()
{
	local addr

	for addr in $FT_ROUTER4_B $FT_ROUTER6_B; do
		# shellcheck disable=SC2086 # words
		peer "$ns_c" ip neigh "$1" "$addr" dev m0 $2
	done
}

# Usage: silent_test FAMILY: host C has another address and does not say so
silent_test()
{
	local ret old

	old=$(peer "$ns_c" cat /sys/class/net/m0/address)
	announce 0
	silent_flow "$1"
	ret=$?
	router_neigh del 2>/dev/null
	announce 1
	peer "$ns_c" ip link set m0 address "$old"
	neigh_settings setting_back
	router ip neigh flush dev "$DEV2"
	return $ret
}

# Usage: spoofed_flow FAMILY ADDR DEV [nodad]: from an address that is not host
# A's, to a port that has no server at first
spoofed_flow()
{
	local spoofed=$2 b log=$FT_TMP/spoofed

	b=$(address "$1" B)
	[ "$1" = 4 ] || spoofed="[$2]"
	peer "$ns_a" ip addr add "$2" dev "${@:3}" &&
	# it asks for the router's address with that, too
	peer "$ns_a" ip neigh flush dev "$PEER1" &&
	router ip route add "$2" via "$(address "$1" C)" dev "$DEV2" &&
	ruleset && ft_flow_start flow "$ns_a" udp "$b" $SPOOFED_PORT \
		-b "$spoofed" || return
	steady flow 500 20
	steady_end flow || return
	ft_exec "$ns_b" "$FT_TRAFFIC" server udp "$b" $SPOOFED_PORT \
		>"$log" 2>&1 &
	PIDS+=("$!")
	slowwait 5 grep -q ready "$log" || ft_fail "no server" || return
	steady flow 1000 20
	steady_end flow || return
	grep -q "^peer $2 " "$log" || skip "its packets do not pass" || return
	note "$BACK of $ALL answers"
	[ "$BACK" -eq 0 ]
}

spoofed_end()
{
	peer "$ns_a" ip addr del $FT_SPOOFED4 dev lo
	peer "$ns_a" ip addr del $FT_SPOOFED6 dev "$PEER1"
	router ip route del $FT_SPOOFED4
	router ip route del $FT_SPOOFED6
} 2>/dev/null

# Usage: spoofed_test FAMILY: the answers are not for host A
spoofed_test()
{
	local ret

	if [ "$1" = 4 ]; then
		peer "$ns_a" ip link set lo up
		spoofed_flow 4 $FT_SPOOFED4 lo
	else
		spoofed_flow 6 $FT_SPOOFED6 "$PEER1" nodad
	fi
	ret=$?
	spoofed_end
	return $ret
}

# DEV1 is a port of a bridge, and the router's addresses are in its VLAN 10
bridge_begin()
{
	BRIDGE=nftoffbr
	router ip link add $BRIDGE up type bridge vlan_filtering 1 \
		vlan_default_pvid 0 &&
	router ip link add link $BRIDGE name $BRIDGE.10 up type vlan id 10 &&
	router bridge vlan add dev $BRIDGE vid 10 self &&
	router ip link set "$DEV1" master $BRIDGE &&
	router bridge vlan add dev "$DEV1" vid 10 pvid untagged ||
		skip "no bridge with VLANs" || return
	router ip addr del $FT_ROUTER4_A/24 dev "$DEV1"
	router ip addr del $FT_ROUTER6_A/64 dev "$DEV1"
	router ip addr add $FT_ROUTER4_A/24 dev $BRIDGE.10
	router ip addr add $FT_ROUTER6_A/64 dev $BRIDGE.10 nodad
}

bridge_end()
{
	[ -n "$BRIDGE" ] || return
	router ip link set "$DEV1" nomaster
	router ip link del $BRIDGE.10
	router ip link del $BRIDGE
	BRIDGE=
} 2>/dev/null

# Usage: bridge_test CHANGE UNDO: arguments of bridge
bridge_test()
{
	local ret

	# shellcheck disable=SC2086 # words
	bridge_begin && ruleset && offload four udp $FT_B4 &&
	offload six udp $FT_B6 && router bridge $1 &&
	obeys "four six" router bridge $2
	ret=$?
	bridge_end
	return $ret
}

# Usage: each_change COMMAND: as each_behaviour
each_change()
{
	local family kind

	for family in 4 6; do
		for kind in port mark; do
			"$1" rule-$kind$family \
				"routing rule for a $kind, IPv$family" \
				policy_test $family $kind
		done
	done
	for family in 4 6; do
		"$1" ipsec$family "IPsec policy that forbids it, IPv$family" \
			xfrm_test $family
	done
	"$1" forwarding4 "forwarding is switched off, IPv4" \
		forward_test 4 "net.ipv4.conf.$DEV1.forwarding"
	"$1" forwarding6 "forwarding is switched off, IPv6" \
		forward_test 6 net.ipv6.conf.all.forwarding
	"$1" route-mtu4 "MTU of the route shrinks, IPv4" \
		route_mtu_test 4 mtu 1300
	"$1" route-mtu6 "MTU of the route shrinks, IPv6" \
		route_mtu_test 6 mtu lock 1300
	for family in 4 6; do
		"$1" silent-mac$family "silent change of MAC, IPv$family" \
			silent_test $family
	done
	for family in 4 6; do
		"$1" spoofed$family \
			"spoofed source gets no answers, IPv$family" \
			spoofed_test $family
	done
	"$1" bridge-port "port of a bridge is switched off" bridge_test \
		"link set dev $DEV1 state disabled" \
		"link set dev $DEV1 state forwarding"
	"$1" bridge-vlan "port of a bridge sends VLAN tagged" bridge_test \
		"vlan add dev $DEV1 vid 10" \
		"vlan add dev $DEV1 vid 10 pvid untagged"
}
