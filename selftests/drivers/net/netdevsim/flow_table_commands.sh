#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The commands that people type to get flows into hardware and to see them
# there, as they are printed everywhere: do they do what they say?
#
# Two of them are no part of this, as they need the kernel's source: "make
# M=net/netfilter modules" and "insmod net/netfilter/nft_offload.ko".
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions
# shellcheck disable=SC2119 # without arguments

source "$(dirname "$0")/flow_table_lib_flows.sh"

# Usage: typed LINE: on the router, as one would type it
typed()
{
	echo "# \$ $1" >&2
	ip netns exec "$ns_r" bash -c "$1"
}

# Usage: says WHAT LINE: it succeeds and prints this, a regular expression
says()
{
	local out

	out=$(typed "$2" 2>&1) || ft_fail "'$2' failed: $out" || return
	[[ $out =~ $1 ]] || ft_fail "'$2': no '$1' in: $out"
}

# A flowtable "pft" with hardware offload, and a chain "lans" that fills it
pft()
{
	typed "nft flush ruleset" && typed "nft -f -" <<-END || return
	table inet filter {
		flowtable pft {
			hook ingress priority 0;
			devices = { p1, p2 };
			flags offload;
		}
		chain lans {
			meta l4proto { tcp, udp } flow add @pft
		}
		chain forward {
			type filter hook forward priority 0; policy accept;
			iifname { p1, p2 } jump lans
		}
	}
	END
	typed "conntrack -F" >/dev/null 2>&1
	FT_STALE=0
}

pft_test()
{
	pft && ft_flow_hw u udp $FT_B4 && ft_flow_hw t tcp $FT_B4 &&
	ft_flow_hw six udp $FT_B6 && ft_wait_rules 6 &&
	says 'flags offload' "nft list flowtable inet filter pft" &&
	says 'flow add @pft' "nft list chain inet filter lans"
}

none_listed()
{
	! typed "grep -i OFFLOAD /proc/net/nf_conntrack" >/dev/null 2>&1
}

conntrack_test()
{
	pft && ft_flow_hw u udp $FT_B4 && ft_flow_hw t tcp $FT_B4 || return
	slowwait 5 says 'udp .*\[HW_OFFLOAD\]' \
		"grep -i OFFLOAD /proc/net/nf_conntrack" 2>/dev/null &&
	slowwait 5 says 'tcp .*\[HW_OFFLOAD\]' \
		"grep -i OFFLOAD /proc/net/nf_conntrack" 2>/dev/null ||
		ft_fail "they are not listed as offloaded" || return
	typed "nft flush ruleset" && ft_wait_rules 0 || return
	slowwait 5 none_listed || ft_fail "they are still listed"
}

# Flows go there with their packets
both_in_hardware()
{
	ft_flow_cmd u run 4 1000 && ft_flow_cmd later run 4 1000 && ft_hw 4 ^
}

sysctl_test()
{
	local name=net.netfilter.nf_flow_offload

	pft && ft_flow_hw u udp $FT_B4 &&
	says "$name = 0" "sysctl -w $name=0" && ft_wait_rules 0 &&
	ft_flow_sw u && ft_flow later udp $FT_B4 && ft_flow_sw later ||
		{ typed "sysctl -qw $name=1"; return 1; }
	says "$name = 1" "sysctl -w $name=1" &&
	slowwait 10 both_in_hardware || ft_fail "not in hardware again"
}

lsmod_test()
{
	modprobe nft_offload 2>/dev/null
	pft || return
	if [ ! -e /sys/module/nft_offload/refcnt ]; then
		FT_XFAIL="the modules are built in"
		return
	fi
	says '(^|'$'\n'')nft_offload +[0-9]' "lsmod" &&
	says '(^|'$'\n'')nft_flow_offload +[0-9]' "lsmod" &&
	says '(^|'$'\n'')nf_flow_table +[0-9]+ +[1-9]' "lsmod | grep flow"
}

# Usage: ingress_test FLAGS: a chain of the family netdev, at the ingress of a
# port, beside the flowtable. In hardware its priority has to be 1 or more.
ingress_test()
{
	local chain="type filter hook ingress device p1 priority 1"

	pft && ft_flow_hw u udp $FT_B4 || return
	typed "nft add table netdev filter" &&
	typed "nft add chain netdev filter ingress '{ $chain; $1 }'" &&
	typed "nft add rule netdev filter ingress ip saddr 192.0.2.99 counter drop" ||
		ft_fail "nft refuses it" || return
	says "${1%;}" \
		"nft list chain netdev filter ingress" &&
	ft_flow_cmd u run 100 1000 && ft_flow_hw other udp $FT_B4
}

# Usage: ethtool_test PROTO ADDR: what ethtool -K says of a port
ethtool_test()
{
	local hits

	pft && ft_flow_hw old "$1" "$2" &&
	says 'hw-tc-offload: on' "ethtool -k p1" || return
	typed "ethtool -K p1 hw-tc-offload off" &&
	says 'hw-tc-offload: off' "ethtool -k p1" &&
	ft_flow_sw old p1 && ft_flow new "$1" "$2" && ft_flow_sw new p1 &&
	ft_hw 1 '^in=p1 ' || ft_fail "in hardware although it is off" ||
		{ typed "ethtool -K p1 hw-tc-offload on"; return 1; }
	typed "ethtool -K p1 hw-tc-offload on" &&
	says 'hw-tc-offload: on' "ethtool -k p1" || return
	hits=$(ft_stat p1 hit)
	ft_flow_cmd old run 20 1000 || return
	[ "$(ft_stat p1 hit)" -ge $((hits + 20)) ] ||
		ft_fail "old: not in hardware again" || return
	ft_flow newer "$1" "$2" && slowwait 5 ft_hw 2 '^in=p1 ' ||
		ft_fail "a new flow is not in hardware"
}

ktap_print_header
ft_require lsmod sysctl
ktap_set_plan 8

ft_setup
ft_flow_test "flowtable pft with flags offload, chain lans" pft_test
ft_flow_test "grep -i OFFLOAD /proc/net/nf_conntrack" conntrack_test
ft_flow_test "sysctl -w net.netfilter.nf_flow_offload=1" sysctl_test
ft_flow_test "lsmod" lsmod_test
ft_flow_test "netdev ingress chain" ingress_test ""
ft_flow_test "netdev ingress chain, flags offload" ingress_test "flags offload;"
ft_flow_test "ethtool -K hw-tc-offload, UDP" ethtool_test udp $FT_B4
ft_flow_test "ethtool -K hw-tc-offload, TCP over IPv6" ethtool_test tcp $FT_B6

ktap_finished
