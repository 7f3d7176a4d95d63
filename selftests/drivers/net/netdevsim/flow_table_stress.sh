#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything at once, at random: traffic, rulesets, links, addresses, routes,
# neighbours, bridge ports, namespaces, modules, a hardware that refuses and
# takes its time, and, if asked to, an allocator and functions that fail.
# Afterwards hardware has what the flowtable thinks it has, and in the end
# nothing is left.
#
# FT_STRESS_S: how long, seconds (60). FT_STRESS_SEED: of the random numbers.
# FT_STRESS_MEMORY=1: have allocations fail, too (failslab).
# FT_STRESS_FUNCTIONS=1: have functions fail, too (fail_function), a third of
# their calls, one function at a time, another with each event:
#
#	nsim_ft_bind		a port cannot join a flowtable
#	nsim_ft_replace		hardware does not take a rule
#	nsim_ft_stats		counters of a rule cannot be read
#	nf_flow_probe		the stack would not forward packets of a flow
#
# Leaving a flowtable and destroying rules do not fail: all that the core could
# do is leave the rules in hardware. It goes on, for up to twice as long, until
# each of them has failed.
#
# For the topology see flow_table_lib.sh and flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"

SECS=${FT_STRESS_S:-60}
SEED=${FT_STRESS_SEED:-$RANDOM}
FAILSLAB=/sys/kernel/debug/failslab
FAIL_FUNCTION=/sys/kernel/debug/fail_function
# function:errno, to take turns; that one is called least which binds. Not
# -EEXIST: the rule would have to be there.
FAILURES=(nsim_ft_bind:12 nsim_ft_replace:5 nsim_ft_bind:95 nf_flow_probe:0
	  nsim_ft_bind:5 nsim_ft_stats:5 nsim_ft_bind:12 nsim_ft_replace:95
	  nsim_ft_bind:95 nf_flow_probe:0)
FAILURES_MAX=1000000
FAILURE=0 # whose turn it is
FAILING= # the function that may fail now
declare -A FAILED # function: how often it did

# Usage: router COMMAND...: of ip, and it does not matter if it fails
router()
{
	ip -n "$ns_r" "$@" >/dev/null 2>&1
}

# Usage: pick WORD...: one of them, in $PICKED
pick()
{
	local n=$((RANDOM % $# + 1))

	PICKED=${!n}
}

# What may happen

op_load()
{
	pick "p1 p2 p3" "p1 p2" "p2 p3" "p1 p3" "p3"
	# shellcheck disable=SC2086
	ft_devices $PICKED | ip netns exec "$ns_r" nft -f - 2>/dev/null
}

op_whole()
{
	ft_devices p1 p2 p3 | ip netns exec "$ns_r" nft -f - 2>/dev/null
}

op_flush_ruleset()
{
	ip netns exec "$ns_r" nft flush ruleset 2>/dev/null
}

# Modules that nobody needs go, and come back with the next ruleset.
op_modules()
{
	op_flush_ruleset
	modprobe -qr nft_flow_offload nf_flow_table_inet nf_flow_table
}

op_device()
{
	pick p1 p2 p3
	ip netns exec "$ns_r" nft "delete flowtable inet t f {
		hook ingress priority 0; devices = { $PICKED }; }" 2>/dev/null
	ip netns exec "$ns_r" nft "add flowtable inet t f {
		hook ingress priority 0; devices = { $PICKED };
		flags offload; }" 2>/dev/null
}

op_link()
{
	pick p1 p2 p3
	router link set "$PICKED" down
	router link set "$PICKED" up
	# IPv6 has taken its address away
	addresses
}

op_mtu()
{
	pick 1280 1400 1500
	router link set p2 mtu "$PICKED"
}

op_neigh()
{
	pick p1 p2 p3
	router neigh flush dev "$PICKED"
}

op_roam()
{
	router neigh replace $FT_B4 lladdr 02:00:00:00:00:0b dev p2
	router neigh del $FT_B4 dev p2
}

op_route()
{
	pick "unreachable $FT_B4" "blackhole $FT_B6" "$FT_B4 via $FT_C4" \
		"default via $FT_C4"
	# shellcheck disable=SC2086
	router route replace $PICKED
	# shellcheck disable=SC2086
	router route del $PICKED
}

op_rule()
{
	pick "from 192.0.2.0/24" "iif p1" "fwmark 1" "ipproto udp dport $FT_PORT"
	router route replace default via $FT_C4 table 77
	# shellcheck disable=SC2086
	router rule add pref 900 $PICKED lookup 77
	router rule del pref 900
	# shellcheck disable=SC2086
	router -6 rule add pref 900 ${PICKED/192.0.2.0\/24/2001:db8::\/16} \
		lookup 77
	router -6 rule del pref 900
}

op_forwarding()
{
	pick net.ipv4.ip_forward net.ipv6.conf.all.forwarding
	ip netns exec "$ns_r" sysctl -qw "$PICKED=0" "$PICKED=1" 2>/dev/null
}

op_xfrm()
{
	pick "192.0.2.0/24 dst 198.51.100.0/24" "::/0 dst ::/0"
	# shellcheck disable=SC2086
	router xfrm policy add src $PICKED dir out action block
	# shellcheck disable=SC2086
	router xfrm policy del src $PICKED dir out
}

op_vlans()
{
	[ -z "$FT_STRESS_MEMORY" ] || echo 0 > $FAILSLAB/probability
	router link add br1 up type bridge vlan_filtering 1
	router link set p3 master br1
	router addr add $FT_ROUTER4_C/24 dev br1
	ip netns exec "$ns_r" bash -c "
		bridge link set dev p3 state 0
		bridge link set dev p3 state 3
		bridge vlan set dev p3 vid 1 state 0
		bridge vlan add dev p3 vid 1
		bridge vlan del dev p3 vid 1" 2>/dev/null
	router link del br1
	addresses
}

op_bridge()
{
	# a bridge whose registration fails leaks an entry of its FDB
	[ -z "$FT_STRESS_MEMORY" ] || echo 0 > $FAILSLAB/probability
	router link add br0 up type bridge
	router link set p3 master br0
	router addr add $FT_ROUTER4_C/24 dev br0
	router link del br0
	addresses
}

op_conntrack()
{
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
}

op_hardware()
{
	pick "fail_add 28" "fail_add 0" "fail_every 3" "add_delay_us 20000" \
		"add_delay_us 0" "miss_every 5" "miss_every 0"
	# shellcheck disable=SC2086
	set -- $PICKED
	echo "$2" > "$FT_DEBUGFS/$1"
}

op_memory()
{
	[ -n "$FT_STRESS_MEMORY" ] || return
	pick 0 1 5
	echo "$PICKED" > $FAILSLAB/probability
}

op_netns()
{
	local ns=ft-stress-$RANDOM

	ip netns add $ns 2>/dev/null || return
	ip -n $ns link add d0 up type dummy 2>/dev/null
	ft_devices d0 | sed '/flags offload/d' |
		ip netns exec $ns nft -f - 2>/dev/null
	ip netns del $ns
}

op_pause()
{
	sleep 0.3
}

OPS=$(compgen -A function op_)

addresses()
{
	router -force -batch - <<-END
	addr add $FT_ROUTER6_A/64 dev p1 nodad
	addr add $FT_ROUTER6_B/64 dev p2 nodad
	addr add $FT_ROUTER4_C/24 dev p3
	addr add $FT_ROUTER6_C/64 dev p3 nodad
	END
}

# Traffic that does not mind what it gets: each flow starts anew when it ends,
# until $FT_TMP/traffic is gone. It leaves the processor to what happens.
traffic()
{
	local addr=$1 ns=$2

	renice -n 10 -p $BASHPID >/dev/null
	while [ -e "$FT_TMP/traffic" ]; do
		{
			echo "run 20 1000"
			for _ in {1..20}; do
				echo "run 5 500"
				echo "pause 20"
			done
		} | ip netns exec "$ns" timeout 5 "$FT_TRAFFIC" client \
			"$3" "$addr" $FT_PORT >/dev/null 2>&1
		ip netns exec "$ns" timeout 5 "$FT_TRAFFIC" burst udp "$addr" \
			$FT_PORT 20 >/dev/null 2>&1
	done
}

# The next function may fail from now on, unless its module is not loaded
functions_fail()
{
	local function=${FAILURES[FAILURE]%:*} errno=${FAILURES[FAILURE]#*:}

	[ -n "$FT_STRESS_FUNCTIONS" ] || return
	functions_work
	FAILURE=$(((FAILURE + 1) % ${#FAILURES[@]}))
	echo "$function" 2>/dev/null > $FAIL_FUNCTION/inject || return
	FAILING=$function
	printf %#x "$((-errno))" > "$FAIL_FUNCTION/$function/retval"
	echo $FAILURES_MAX > $FAIL_FUNCTION/times
	echo 33 > $FAIL_FUNCTION/probability
}

# No function fails any more
functions_work()
{
	local left

	[ -n "$FAILING" ] || return
	echo 0 > $FAIL_FUNCTION/probability
	read -r left < $FAIL_FUNCTION/times
	FAILED[$FAILING]=$((FAILED[$FAILING] + FAILURES_MAX - left))
	echo "!$FAILING" > $FAIL_FUNCTION/inject
	FAILING=
}

# Is there one that has not failed yet? Leaves it in $MISSING.
functions_missing()
{
	[ -n "$FT_STRESS_FUNCTIONS" ] || return
	for MISSING in "${FAILURES[@]%:*}"; do
		[ "${FAILED[$MISSING]:-0}" -ne 0 ] || return 0
	done
	return 1
}

functions_test()
{
	local function

	for function in "${!FAILED[@]}"; do
		echo "# $function failed ${FAILED[$function]} times"
	done
	! functions_missing || ft_fail "$MISSING has not failed once"
}

calm()
{
	[ -z "$FT_STRESS_MEMORY" ] || echo 0 > $FAILSLAB/probability
	functions_work
	echo 0 > "$FT_DEBUGFS/fail_add"
	echo 1 > "$FT_DEBUGFS/fail_every"
	echo 0 > "$FT_DEBUGFS/add_delay_us"
	echo 0 > "$FT_DEBUGFS/miss_every"
}

stress_test()
{
	local end=$((SECONDS + SECS)) pids=() flow n=0

	echo "# seed $SEED"
	RANDOM=$SEED
	op_whole || ft_fail "no ruleset" || return
	if [ -n "$FT_STRESS_MEMORY" ]; then
		[ -d $FAILSLAB ] || ft_fail "no $FAILSLAB" || return
		# what may wait is not made to fail
		echo Y > $FAILSLAB/ignore-gfp-wait
		echo -1 > $FAILSLAB/times
		echo 0 > $FAILSLAB/verbose
	fi
	if [ -n "$FT_STRESS_FUNCTIONS" ]; then
		[ -d $FAIL_FUNCTION ] || ft_fail "no $FAIL_FUNCTION" || return
		echo 0 > $FAIL_FUNCTION/verbose
	fi
	touch "$FT_TMP/traffic"
	for flow in "$FT_B4 $ns_a udp" "$FT_B6 $ns_a tcp" "$FT_B4 $ns_c tcp" \
		    "$FT_B6 $ns_c udp"; do
		# shellcheck disable=SC2086
		traffic $flow &
		pids+=("$!")
	done
	while [ $SECONDS -lt $end ] ||
	      { functions_missing && [ $SECONDS -lt $((end + SECS)) ]; }; do
		functions_fail
		# shellcheck disable=SC2086
		pick $OPS
		"$PICKED"
		n=$((n + 1))
	done
	calm
	echo "# $n events"
	rm "$FT_TMP/traffic"
	wait "${pids[@]}"
	functions_test && ft_silent_test
}

router_state()
{
	ip -n "$ns_r" -6 route | tr '\n' ';'
	ip -n "$ns_r" neigh | tr '\n' ';'
}

# Half of them are one rule, of flows that need one
consistent()
{
	local flows

	flows=$(ft_conntrack | grep -c HW_OFFLOAD)
	[ "$(ft_entries | wc -l)" -eq $((2 * flows)) ]
}

# Addresses and routes, of hosts too, may have been lost for want of memory.
mend()
{
	local end

	for end in "$ns_r p1" "$ns_r p2" "$ns_r p3" "$ns_a a0" "$ns_b b0" \
		   "$ns_c c0"; do
		# shellcheck disable=SC2086
		set -- $end
		ip -n "$1" link set "$2" down
		ip -n "$1" addr flush dev "$2"
		ip -n "$1" link set "$2" mtu 1500 up
	done
	ft_addresses && ft_host_c_addresses p3
}

consistent_test()
{
	mend
	op_conntrack
	op_whole && slowwait 30 ft_hw 0 '^' || ft_fail "rules are left" ||
		return
	ft_flow_hw udp udp $FT_B4 && ft_flow_hw tcp tcp $FT_B6 ||
		ft_fail "router: $(router_state)" || return
	slowwait 10 consistent || ft_fail "hardware has other flows" || return
	ft_flow_cmd udp run 40 1000 && ft_flow_cmd tcp stream 100000
}

ktap_print_header
ft_require bridge
ktap_set_plan 4

ft_three_hosts || ktap_exit_fail_msg "cannot set up the topology"
ft_test "random events under traffic" stress_test
ft_test "flows get into hardware again" consistent_test
ft_test "nothing is left" ft_traffic_end
ft_topology_cleanup
if ft_have_modules; then
	ft_test "modules are free" ft_modules_test
else
	ktap_test_skip "modules are free"
fi

ktap_finished
