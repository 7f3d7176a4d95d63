#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Routed and translated flows, forwarded by the emulated hardware: data, the
# addresses that the server sees and checksums are right, and while a flow is
# in hardware the router's CPU gets none of its packets.
#
# For the topology see flow_table_lib.sh. The hosts compute the checksums of
# what they send and verify those of what they get.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

SNAT4=198.51.100.10 SNAT6=2001:db8:2::10 # the router's, for SNAT
VIRT4=203.0.113.1 VIRT6=2001:db8:3::1 # nobody's: the router's DNAT
VIRT_PORT=8080

masquerade="chain post {
	type nat hook postrouting priority 100
	oifname p2 masquerade
}"
snat="chain post {
	type nat hook postrouting priority 100
	oifname p2 meta nfproto ipv4 meta l4proto { tcp, udp } \
		snat ip to $SNAT4:20000-20999
	oifname p2 meta nfproto ipv6 meta l4proto { tcp, udp } \
		snat ip6 to [$SNAT6]:20000-20999
}"
dnat="chain pre {
	type nat hook prerouting priority -100
	ip daddr $VIRT4 meta l4proto { tcp, udp } dnat ip to $FT_B4:$FT_PORT
	ip6 daddr $VIRT6 meta l4proto { tcp, udp } \
		dnat ip6 to [$FT_B6]:$FT_PORT
}"

# Usage: nat_test KIND FAMILY PROTO
nat_test()
{
	local kind=$1 family=$2 proto=$3
	local server=FT_B$family host=FT_A$family router=FT_ROUTER${family}_B
	local snat_addr=SNAT$family virt=VIRT$family
	local addr=${!server} port=$FT_PORT peer=${!host} rules=
	local seen_addr seen_port

	case $kind in
	masquerade)
		rules=$masquerade
		peer=${!router} ;;
	SNAT)
		rules=$snat
		peer=${!snat_addr} ;;
	DNAT)
		rules=$dnat
		addr=${!virt}
		port=$VIRT_PORT ;;
	"SNAT and DNAT")
		rules="$snat"$'\n'"$dnat"
		addr=${!virt}
		port=$VIRT_PORT
		peer=${!snat_addr} ;;
	esac
	ft_ruleset "$rules" || return
	ft_connect_hw "$proto" "$addr" "$port" || return
	read -r seen_addr seen_port <<<"$(ft_peer "$proto" "${!server}")"
	ft_expect "peer that the server sees" "$peer" "$seen_addr" || return
	if [[ $kind != SNAT* ]]; then
		ft_expect "port that the server sees" \
			"${FT_ANSWER_CONNECT##* }" "$seen_port" || return
	elif [ "$seen_port" -lt 20000 ] || [ "$seen_port" -gt 20999 ]; then
		ft_fail "port that the server sees: $seen_port"
		return
	fi

	if [ "$proto" = tcp ]; then
		ft_assert_hw tcp stream 1000003
	else
		ft_assert_hw udp run 200 999
	fi &&
	ft_assert_checksums
}

ktap_print_header
ft_require
ktap_set_plan 20

ft_setup
ip -n "$ns_r" addr add $SNAT4/24 dev p2 preferred_lft 0
ip -n "$ns_r" addr add $SNAT6/64 dev p2 nodad preferred_lft 0
ip netns exec "$ns_a" ethtool -K a0 tx off >/dev/null
ip netns exec "$ns_b" ethtool -K b0 tx off >/dev/null

for kind in routed SNAT masquerade DNAT "SNAT and DNAT"; do
	for family in 4 6; do
		for proto in udp tcp; do
			ft_test "$kind IPv$family $proto" \
				nat_test "$kind" $family $proto
		done
	done
done

ktap_finished
