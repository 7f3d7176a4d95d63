#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows in the flowtable, in hardware or not, between ports of a VRF follow the
# routes of the VRF's table, and policy routing rules for ports and VRF.
#
# Hosts B and C are two providers that both lead to $FT_FAR4 and $FT_FAR6:
#
#  host A               router            host B
# +-----------+        +--------+        +-------------------------+
# |        a0 + ------ + p1  p2 + ------ + b0   198.18.0.9         |
# |           |        |        |        |      2001:db8:9::9 (lo) |
# +-----------+        |        |        +-------------------------+
#                      |        |         host C
#                      |        |        +-------------------------+
#                      |     p3 + ------ + c0   198.18.0.9         |
#                      |        |        |      2001:db8:9::9 (lo) |
#                      +--------+        +-------------------------+
#
# For addresses see flow_table_lib.sh and flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_change.sh
source "$(dirname "$0")/flow_table_lib_change.sh"

setup()
{
	local port

	ft_three_hosts && ft_far 7778 || return
	ip netns exec "$ns_r" sysctl -qw net.ipv6.conf.all.keep_addr_on_down=1
	ip -n "$ns_r" link add blue up type vrf table 10 || return
	for port in p1 p2 p3; do
		ip -n "$ns_r" link set $port master blue || return
	done
	ip -batch - -n "$ns_r" <<-END || return
	route add default via $FT_C4 dev p3 onlink table 102
	route add default via $FT_C6 dev p3 onlink table 102
	END
	vrf_routes $FT_B4 $FT_B6
}

# Usage: vrf_routes VIA4 VIA6
vrf_routes()
{
	ip -batch - -n "$ns_r" <<-END
	route replace default via $1 vrf blue
	route replace default via $2 vrf blue
	END
}

# Usage: vrf_test LAYER
vrf_test()
{
	local family

	vrf_routes $FT_B4 $FT_B6 && ft_layer "$1" && ft_settle || return
	for family in 4 6; do
		ft_add flow$family "$ns_a" udp "$(ft_address $family FAR)" \
			7778 "" ' out=p2 ' &&
		ft_add other$family "$ns_a" udp "$(ft_address $family B)" \
			$FT_PORT || return
	done
	ft_goes_to B flow4 flow6 other4 other6 && ft_count_destroyed || return
	vrf_routes $FT_C4 $FT_C6 || return
	ft_settle
	ft_goes_to C flow4 flow6 && ft_goes_to B other4 other6 &&
	ft_wait_layer flow4 ' out=p3 ' && ft_wait_layer flow6 ' out=p3 ' &&
	ft_expect_destroyed 4 || return
	vrf_routes $FT_B4 $FT_B6 || return
	ft_settle
	ft_goes_to B flow4 flow6
}

# Usage: rules add|del DEV: what comes by this device goes to host C
rules()
{
	ip -n "$ns_r" rule "$1" pref 900 iif "$2" to $FT_FAR4 lookup 102 &&
	ip -6 -n "$ns_r" rule "$1" pref 900 iif "$2" to $FT_FAR6 lookup 102
}

# Usage: vrf_rules_match: a rule for the VRF is for IPv4, too. Kernels before
# "net: fib_rules: Fix iif / oif matching on L3 master device" take the port's
# number only.
vrf_rules_match()
{
	local ret

	ip -n "$ns_r" rule add pref 899 iif blue to $FT_FAR4 prohibit || return
	! ip -n "$ns_r" route get $FT_FAR4 from $FT_A4 iif p1 >/dev/null 2>&1
	ret=$?
	ip -n "$ns_r" rule del pref 899 && return $ret
}

# Usage: rule_obeyed LAYER: packets of IPv4 are routed as those of the port,
# those of IPv6 are not; a rule for the VRF is for both
rule_obeyed()
{
	vrf_routes $FT_B4 $FT_B6 && ft_layer "$1" && ft_settle || return
	ft_add flow4 "$ns_a" udp $FT_FAR4 7778 "" ' out=p2 ' &&
	ft_add flow6 "$ns_a" udp $FT_FAR6 7778 "" ' out=p2 ' &&
	ft_goes_to B flow4 flow6 && rules add p1 || return
	ft_settle
	ft_goes_to C flow4 && ft_goes_to B flow6 &&
	ft_wait_layer flow4 ' out=p3 ' && ft_wait_layer flow6 ' out=p2 ' &&
	ft_goes_to C flow4 && ft_goes_to B flow6 &&
	rules del p1 && rules add blue || return
	ft_settle
	if ! vrf_rules_match; then
		FT_XFAIL="the kernel's rules for a VRF are not for IPv4"
		ft_goes_to B flow4 && ft_goes_to C flow6
		return
	fi
	ft_goes_to C flow4 flow6
}

# Usage: rule_test LAYER
rule_test()
{
	local ret

	rule_obeyed "$1"
	ret=$?
	rules del p1 2>/dev/null
	rules del blue 2>/dev/null
	return $ret
}

ktap_print_header
ft_require
modprobe vrf 2>/dev/null
ktap_set_plan 5

setup || ktap_exit_fail_msg "cannot set up the VRF"
for layer in hw sw; do
	ft_flow_test "another route in a VRF, $layer" vrf_test $layer
	ft_flow_test "rule for a device of a VRF, $layer" rule_test $layer
done
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
