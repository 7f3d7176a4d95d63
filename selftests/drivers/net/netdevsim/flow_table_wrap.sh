#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows with a packet every few seconds, while jiffies pass 2^32: they stay in
# hardware and in conntrack. On 64-bit machines this is five minutes after boot;
# the test waits for it, and begins at once if that was long ago.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"

WRAP=300 # seconds after boot
TIMEOUT=6

uptime_s()
{
	local up

	read -r up _ < /proc/uptime
	echo "${up%.*}"
}

calls()
{
	awk -v cmd="$1" '$1 == cmd { print $2 }' "$FT_DEBUGFS/calls"
}

# Usage: slow_flows NAME...: a packet of each every 2 s, until past the wrap
# and four timeouts longer
slow_flows()
{
	local end name

	end=$(($(uptime_s) + 4 * TIMEOUT))
	[ $end -ge $((WRAP + 4 * TIMEOUT)) ] || end=$((WRAP + 4 * TIMEOUT))
	while [ "$(uptime_s)" -lt $end ]; do
		for name in "$@"; do
			ft_flow_cmd "$name" run 1 64 || return
		done
		sleep 2
	done
	true
}

# Usage: wrap_test MISS_EVERY: flows that hardware forwards, or the CPU, which
# the hardware does not know of
wrap_test()
{
	local n destroyed

	ft_ruleset && ft_flow_hw udp udp $FT_B4 && ft_flow_hw tcp tcp $FT_B6 ||
		return
	echo "$1" > "$FT_DEBUGFS/miss_every"
	destroyed=$(calls destroy)
	slow_flows udp tcp || return
	echo 0 > "$FT_DEBUGFS/miss_every"
	ft_expect "rules destroyed meanwhile" "$destroyed" "$(calls destroy)" &&
		ft_expect "rules" 4 "$(ft_entries | wc -l)" || return
	n=$(ft_conntrack | grep -c HW_OFFLOAD)
	ft_expect "flows of conntrack in hardware" 2 "$n"
}

ktap_print_header
ft_require
ktap_set_plan 2

ft_setup
ip netns exec "$ns_r" sysctl -qw \
	net.netfilter.nf_flowtable_udp_timeout=$TIMEOUT \
	net.netfilter.nf_flowtable_tcp_timeout=$TIMEOUT

while [ "$(uptime_s)" -lt $((WRAP - 2 * TIMEOUT)) ]; do
	sleep 1
done
ft_flow_test "slow flows, forwarded by hardware" wrap_test 0
ft_flow_test "slow flows, forwarded by the CPU" wrap_test 1

ktap_finished
