#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nft_offload: random requests, damaged ones among them, while flows come and go.
# Each is answered, the kernel has no complaints, and all goes on as before.
#
# FT_FUZZ_S: how long, seconds (30). FT_FUZZ_SEED: of the random requests.
#
# For the topology see flow_table_lib.sh and flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$(dirname "$0")/flow_table_lib_ynl.sh"

SECS=${FT_FUZZ_S:-30}
SEED=${FT_FUZZ_SEED:-$RANDOM}
FUZZ=$ft_dir/ft_fuzz
ANSWERS=$FT_TMP/fuzz
# NFT_OFFLOAD_CMD_*
GET=1

reload()
{
	ft_devices p1 p2 | ip netns exec "$ns_r" nft -f -
}

# Short-lived flows, more than one message of a dump has room for
burst()
{
	ip netns exec "$ns_a" timeout 5 "$FT_TRAFFIC" burst udp "$1" $FT_PORT \
		40 >/dev/null 2>&1
}

# Flows with ports that ft_fuzz knows, and one with a port of its own. They
# are not for ever: start them again now and then.
flows()
{
	ft_flow_start udp4 "$ns_a" udp $FT_B4 $FT_PORT -b "$FT_A4:$FT_PORT" &&
	ft_flow_start udp6 "$ns_a" udp $FT_B6 $FT_PORT -b "[$FT_A6]:$FT_PORT" &&
	ft_flow_start tcp "$ns_a" tcp $FT_B4 $FT_PORT &&
	ft_flow_busy udp4 run 20 1000 && ft_flow_busy udp6 run 20 1000 &&
	ft_flow_busy tcp stream 20000
}

# What happens meanwhile
meanwhile()
{
	local pid=$1 round

	for ((round = 1; ; round++)); do
		burst $FT_B4
		burst $FT_B6
		[ $((round % 8)) -ne 0 ] || flows || return
		ft_nap 1
		kill -0 "$pid" 2>/dev/null || return 0
		[ $((round % 2)) -ne 0 ] || reload ||
			ft_fail "cannot load the ruleset" || return
	done
}

fuzz_test()
{
	local pid status

	flows && ft_wait_rules 6 || return
	ft_exec "$ns_r" "$FUZZ" "$SECS" "$SEED" >"$ANSWERS" 2>&1 &
	pid=$!
	FT_PIDS+=("$pid")
	meanwhile "$pid" || return
	wait "$pid"
	status=$?
	sed 's/^/# /' "$ANSWERS"
	ft_expect "exit status of ft_fuzz" 0 $status
}

accepted_test()
{
	local percent=0

	[[ ! $(<"$ANSWERS") =~ accepted\ [0-9]+\ \(([0-9]+)% ]] ||
		percent=${BASH_REMATCH[1]}
	[ "$percent" -ge 10 ] || ft_fail "accepted: $percent % of the requests"
}

# Dumps had something to tell, and events came.
busy_test()
{
	[[ $(<"$ANSWERS") =~ \ of\ flows\ [1-9].*\ events\ [1-9] ]] ||
		ft_fail "no flows, or no events"
}

listed()
{
	local answer

	answer=$(ip netns exec "$ns_r" "$ft_dir/ft_netlink.py" $GET dump)
	echo "$answer"
	[ "$answer" = "ok $1" ]
}

# The policies that are left, if any: they may keep flows from hardware.
no_policies()
{
	local name

	for name in f g h i; do
		ft_ynl --do policy-del --json "{\"family\": \"inet\",
			\"table\": \"t\", \"name\": \"$name\"}" >/dev/null 2>&1
	done
	return 0
}

# All works as if nothing had been.
normal_test()
{
	ft_flow_stop
	no_policies
	ft_load p1 p2 && ft_flow_hw udp udp $FT_B4 &&
	ft_flow_hw tcp tcp $FT_B6 && slowwait 5 ft_conntrack_hw ||
		ft_fail "no flow in hardware" || return
	slowwait 5 listed 2 >/dev/null || ft_fail "flows: $(listed 2)"
}

ktap_print_header
ft_require python3 "$FUZZ"
if ! modprobe nft_offload 2>/dev/null; then
	ktap_skip_all "nft_offload is not there"
	exit "$KSFT_SKIP"
fi
ktap_set_plan 6

ft_setup
reload || ktap_exit_fail_msg "no ruleset"
ft_test "random requests are answered" fuzz_test
ft_test "a good part of them is accepted" accepted_test
ft_test "flows were listed and followed" busy_test
ft_test "the kernel has no complaints" ft_silent_test
ft_test "flows and requests go on" normal_test
ft_test "nothing is left" ft_traffic_end

ktap_finished
