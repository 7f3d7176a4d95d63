#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Hardware that lacks a capability, as other vendors' does: exactly the flows
# that need it stay in software, with all data intact.
#
# For the topology see flow_table_lib.sh. Host B has further addresses, that A
# reaches by VLANs on its way to the router.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions
# shellcheck disable=SC2119 # without arguments

source "$(dirname "$0")/flow_table_lib_flows.sh"

VIRT4=203.0.113.200 VIRT6=2001:db8:4::1 # nobody's: the router's DNAT
VIRT_PORT=8080
TUN_A4=203.0.113.130 TUN_B4=203.0.113.131 # GRE between the hosts
VLAN_B4=198.51.100.3 # host B, for A's packets with VLAN tags

dnat="chain pre {
	type nat hook prerouting priority -100
	ip daddr $VIRT4 meta l4proto { tcp, udp } dnat ip to $FT_B4:$FT_PORT
	ip6 daddr $VIRT6 meta l4proto { tcp, udp } \
		dnat ip6 to [$FT_B6]:$FT_PORT
}"

# Usage: knob FILE VALUE
knob()
{
	echo "$2" > "$FT_DEBUGFS/$1"
}

# With CAP taken away one flow stays in software. What proves it: another,
# that came later, is in hardware.

# Usage: cap_test CAP PROTO ADDR PORT WITNESS_PROTO WITNESS_ADDR
cap_test()
{
	knob caps all && ft_ruleset "$dnat" && ft_flow_hw with "$2" "$3" "$4" &&
	ft_ruleset "$dnat" && knob caps "-$1" && ft_flow without "$2" "$3" "$4" &&
	ft_flow_hw witness "$5" "$6" && ft_flow_sw without
}

gre="chain gre {
	type filter hook forward priority 1
	meta l4proto gre flow add @f
}"

gre_test()
{
	ip -n "$ns_a" link add gre1 up type gre local $FT_A4 remote $FT_B4 &&
	ip -n "$ns_b" link add gre1 up type gre local $FT_B4 remote $FT_A4 &&
	ip -n "$ns_a" addr add $TUN_A4 peer $TUN_B4 dev gre1 &&
	ip -n "$ns_b" addr add $TUN_B4 peer $TUN_A4 dev gre1 &&
	ft_server "$ns_b" udp $TUN_B4 &&
	knob caps all && ft_ruleset "$gre" && ft_flow_hw with udp $TUN_B4 &&
	ft_ruleset "$gre" && knob caps -gre && ft_flow without udp $TUN_B4 &&
	ft_flow_hw witness udp $FT_B4 && ft_flow_sw without
}

# Usage: vlan DEV_R DEV_A ID: and B's second address is behind it
vlan()
{
	ip -n "$ns_r" link add link "$1" name "$1.$3" up type vlan id "$3" &&
	ip -n "$ns_a" link add link "$2" name "$2.$3" up type vlan id "$3" &&
	ip -n "$ns_r" addr flush dev "$1" to $FT_C4/25 &&
	ip -n "$ns_a" addr flush dev "$2" to $FT_C4/25 &&
	ip -n "$ns_r" addr add $FT_ROUTER4_C/25 dev "$1.$3" &&
	ip -n "$ns_a" addr add $FT_C4/25 dev "$2.$3" &&
	ip -n "$ns_a" route add $VLAN_B4 via $FT_ROUTER4_C
}

# Usage: vlan_test CAP PORT: only what enters there needs CAP
vlan_test()
{
	knob caps all && ft_ruleset && ft_flow_hw with udp $VLAN_B4 &&
	ft_ruleset && knob caps "-$1" && ft_flow without udp $VLAN_B4 &&
	ft_flow_hw witness udp $FT_B6 && ft_flow_sw without "$2"
}

# Usage: maybe_hw yes|no NAME PROTO ADDR PORT: gets into hardware, or is to stay
maybe_hw()
{
	if [ "$1" = yes ]; then
		ft_flow_hw "${@:2}"
	else
		ft_flow "${@:2}"
	fi
}

# Usage: profile_test PROFILE SIZE NAT6 GRE: yes if it can do that
profile_test()
{
	knob profile "$1" && ft_ruleset "$dnat"$'\n'"$gre" &&
	ft_expect size "$2" "$(cat "$FT_DEBUGFS/size")" &&
	maybe_hw "$3" nat6 tcp $VIRT6 $VIRT_PORT &&
	maybe_hw "$4" gre udp $TUN_B4 $FT_PORT &&
	ft_flow_hw routed4 udp $FT_B4 && ft_flow_hw routed6 tcp $FT_B6 &&
	ft_flow_hw nat4 tcp $VIRT4 $VIRT_PORT || return
	[ "$3" = yes ] || ft_flow_sw nat6 || return
	[ "$4" = yes ] || ft_flow_sw gre
}

ktap_print_header
ft_require
ktap_set_plan 16

if ! ft_topology_create || ! ft_addresses || ! ft_servers; then
	ktap_exit_fail_msg "cannot set up the topology"
fi

while read -r cap args; do
	# shellcheck disable=SC2086
	ft_flow_test "without capability $cap" cap_test $cap $args
done <<END
ipv4 udp $FT_B4 $FT_PORT udp $FT_B6
ipv6 udp $FT_B6 $FT_PORT udp $FT_B4
tcp tcp $FT_B4 $FT_PORT udp $FT_B4
udp udp $FT_B4 $FT_PORT tcp $FT_B4
nat4 udp $VIRT4 $VIRT_PORT udp $FT_B4
nat6 tcp $VIRT6 $VIRT_PORT tcp $FT_B6
port tcp $VIRT4 $VIRT_PORT tcp $FT_B4
END
ft_flow_test "without capability gre" gre_test

ip -n "$ns_b" addr add $VLAN_B4/24 dev b0
ft_server "$ns_b" udp $VLAN_B4
vlan p1 a0 10
ft_flow_test "without capability vlan" vlan_test vlan p1
ft_flow_test "without capability vlan_pop" vlan_test vlan_pop p1
ft_flow_test "without capability vlan_push" vlan_test vlan_push p2
vlan p1.10 a0.10 20
ft_flow_test "without capability cvlan" vlan_test cvlan p1

ft_flow_test "profile mtk_ppe" profile_test mtk_ppe 16384 no no
ft_flow_test "profile airoha_ppe" profile_test airoha_ppe 24576 no no
ft_flow_test "profile mlx5" profile_test mlx5 65536 yes no
ft_flow_test "profile default" profile_test default 65536 yes yes

ktap_finished
