#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Hardware that goes away under traffic: ports, whole switches, their network
# namespace, the driver. No entry and no reference is left, and what can go on
# does.
#
# For the topology see flow_table_lib.sh and flow_table_lib_flows.sh: hosts A,
# B and C at the ports p1, p2 and p3 of one switch.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions

source "$(dirname "$0")/flow_table_lib_flows.sh"

create()
{
	local name

	ft_three_hosts && ft_traffic_start || return
	name=${FT_DEBUGFS%/*}
	router=${name##*/} # the router's switch: netdevsimID
}

# Usage: del_port INDEX
del_port()
{
	echo "$1" > "$FT_SYS/devices/$router/del_port"
}

# The next three: one topology, to the end
ingress_port_test()
{
	create && del_port 0 && ft_empty '(in|out)=p1 ' &&
	ft_wait_rules 2 && ft_flow_goes_on far
}

# It is a new port, which the flowtable and host A have to be told.
port_back_test()
{
	ip -n "$ns_a" neigh flush all
	ft_port_add 0 p1 && ft_link "$ns_a" a0 "$ns_r" p1 &&
	ip -n "$ns_r" addr add $FT_ROUTER4_A/24 dev p1 &&
	ip netns exec "$ns_r" nft add flowtable inet t f "{
		hook ingress priority 0; devices = { p1 }; flags offload; }" &&
	ft_flow new udp $FT_B4 && ft_wait_rules 2 '(in|out)=p1 ' &&
	ft_flow_cmd new run 100 1000
}

egress_port_test()
{
	ft_flow_start tcp "$ns_a" tcp $FT_B4 $FT_PORT &&
	ft_flow_busy tcp stream 1000000 &&
	ft_wait_rules 2 ' tcp ' && del_port 1 && ft_empty && ft_traffic_end
}

# Usage: del_device ID: and the library need not do it
del_device()
{
	local i

	echo "$1" > "$FT_SYS/del_device" || return
	for i in "${!FT_NSIM_IDS[@]}"; do
		[ "${FT_NSIM_IDS[i]}" != "$1" ] || unset "FT_NSIM_IDS[i]"
	done
}

switch_test()
{
	create && del_device "${router#netdevsim}" || return
	[ ! -e "$FT_DEBUGFS" ] || ft_fail "$FT_DEBUGFS is still there" || return
	ft_traffic_end
}

dropped()
{
	[ "$(ft_stat p1 drop)" -gt 0 ]
}

# Host B: what is for it gets lost in hardware.
peer_test()
{
	create && ft_expect "drops" 0 "$(ft_stat p1 drop)" &&
	del_device "${FT_NSIM_IDS[2]}" || return
	slowwait 5 dropped || ft_fail "no drops" || return
	ft_traffic_end
}

reload_test()
{
	create && devlink -N "$ns_r" dev reload "netdevsim/$router" \
		>/dev/null && ft_empty || return
	ft_expect "ports" 2 "$(ip netns exec "$ns_r" \
		ls "$FT_SYS/devices/$router/net" | wc -l)" && ft_traffic_end
}

in_init_net()
{
	devlink dev show "netdevsim/$router" >/dev/null 2>&1
}

# The switch moves to the initial network namespace.
netns_test()
{
	create && ip netns del "$ns_r" || return
	slowwait 10 in_init_net || ft_fail "switch has not moved" || return
	ft_empty && ft_flow_stop && ft_silent_test
}

driver_gone()
{
	[ ! -e /sys/module/netdevsim ]
}

driver_test()
{
	create && modprobe -r netdevsim || return
	FT_NSIM_IDS=()
	slowwait 5 driver_gone || ft_fail "module is still there" || return
	ft_traffic_end && ft_modules_test && modprobe netdevsim
}

ktap_print_header
ft_require devlink
ktap_set_plan 9

ft_flow_test "ingress port goes" ingress_port_test
ft_flow_test "ingress port comes back" port_back_test
ft_flow_test "egress port goes" egress_port_test
ft_flow_test "switch goes" switch_test
ft_flow_test "peer goes" peer_test
ft_flow_test "devlink reload" reload_test
ft_flow_test "network namespace goes" netns_test
if [ -e /sys/module/netdevsim/refcnt ] && ft_have_modules; then
	ft_flow_test "driver goes" driver_test
else
	ktap_test_skip "driver goes"
fi
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
