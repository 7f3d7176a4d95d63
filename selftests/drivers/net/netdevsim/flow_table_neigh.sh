#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Neighbours of flows in the flowtable, in hardware or not, are used, confirmed
# and looked for as those of forwarded packets are. A host whose link layer
# address changes without a word is found again about as fast, and nothing is
# sent to an address that is not known. Each test has flows of IPv4 and of IPv6.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_change.sh
source "$(dirname "$0")/flow_table_lib_change.sh"

PORT=7778 # of what is sent to host B without an answer
declare -A TOOK CLASSIC # milliseconds until packets arrive, without a flowtable

setup()
{
	local port family neigh

	ft_topology_create && ft_addresses && ft_servers || return
	for family in 4 6; do
		ft_server "$ns_b" udp "$(ft_address $family B)" $PORT || return
		for port in p1 p2; do
			neigh=net.ipv$family.neigh.$port
			ip netns exec "$ns_r" sysctl -qw \
				$neigh.base_reachable_time_ms=1000 \
				$neigh.delay_first_probe_time=1 \
				$neigh.retrans_time_ms=200
		done
	done
	# host B does not announce what happens to it
	ip netns exec "$ns_b" sysctl -qw net.ipv4.conf.b0.arp_notify=0 \
		net.ipv6.conf.b0.ndisc_notify=0 \
		net.ipv6.conf.b0.keep_addr_on_down=1
}

# Flows of host A, one of IPv4 and one of IPv6, that are not answered any more
one_way()
{
	ft_add flow4 "$ns_a" udp $FT_B4 $PORT &&
	ft_add flow6 "$ns_a" udp $FT_B6 $PORT &&
	ft_mute "$ns_b" "udp sport $PORT"
}

# Usage: send MS US: both
send()
{
	ft_steady_start flow4 "$@" && ft_steady_start flow6 "$@"
}

# Usage: one_way_test TEST...
one_way_test()
{
	local ret

	"$@"
	ret=$?
	ft_unmute "$ns_b" 2>/dev/null
	return $ret
}

# Usage: read_by FAMILY: packets that a server on host B has read, into FT_MIB
read_by()
{
	local udp=Udp${1#4}

	ft_mib "$ns_b" "${udp}InDatagrams"
}

# Usage: arrive SECONDS: packets of both flows do within that time from now,
# which took TOOK[family] milliseconds
arrive()
{
	local begin=${EPOCHREALTIME/[.,]/} now family
	local -A before

	TOOK=()
	for family in 4 6; do
		read_by $family
		before[$family]=$FT_MIB
	done
	while [ ${#TOOK[@]} -lt 2 ]; do
		ft_nap 0.05
		now=${EPOCHREALTIME/[.,]/}
		for family in 4 6; do
			[ -z "${TOOK[$family]}" ] || continue
			read_by $family
			[ "$FT_MIB" -eq "${before[$family]}" ] ||
				TOOK[$family]=$(((now - begin) / 1000))
		done
		[ "$now" -lt $((begin + $1 * 1000000)) ] ||
			ft_fail "not all arrive in $1 s: only IPv${!TOOK[*]}" ||
			return
	done
}

# Usage: silent_change LAYER: host B has another address
silent_change()
{
	local address

	printf -v address '02:00:00:00:%02x:%02x' $((RANDOM % 256)) \
		$((RANDOM % 256))
	ft_layer "$1" '' p1 p2 && one_way && send 20000 20000 && arrive 2 &&
	ip -n "$ns_b" link set b0 address "$address" && arrive 20
}

# Usage: silent_change_test LAYER
silent_change_test()
{
	local family late=1500

	silent_change "$1" || return
	# hardware tells that it has seen packets each tenth of a flow's timeout
	[ "$1" != hw ] || late=4500
	for family in 4 6; do
		echo "# IPv$family: ${TOOK[$family]} ms"
		[ "$1" != none ] || CLASSIC[$family]=${TOOK[$family]}
		[ "${TOOK[$family]}" -le $((CLASSIC[$family] + late)) ] ||
			ft_fail "without a flowtable: ${CLASSIC[$family]} ms" ||
			return
	done
}

# Usage: forget flush|del
forget()
{
	local family

	for family in 4 6; do
		case $1 in
		flush) ip -$family -n "$ns_r" neigh flush dev p2 ;;
		del) ip -n "$ns_r" neigh del "$(ft_address $family B)" \
			dev p2 ;;
		esac || return
	done
}

# Usage: forget_test flush|del LAYER: packets arrive again soon, and none is
# sent to an address that is none
forget_test()
{
	local ms=4500 within=1 before sent

	# time passes between the commands, too
	[ "$KSFT_MACHINE_SLOW" != yes ] || ms=9000 within=3
	ft_layer "$2" '' p1 p2 && one_way &&
	ft_wire "$ns_b" b0 "ether daddr 00:00:00:00:00:00" &&
	send $ms 10000 && ft_settle && forget "$1" && ft_nap 0.3 &&
	arrive $within && ft_steady_end flow4 && ft_steady_end flow6 || return
	before=$(ft_arrived "$ns_b")
	send 200 10000 && ft_steady_end flow4 || return
	sent=$FT_ALL
	ft_steady_end flow6 || return
	ft_expect "packets to B, to no address" "$((sent + FT_ALL)) 0" \
		"$(($(ft_arrived "$ns_b") - before)) $(ft_wired "$ns_b")"
}

# The states of the neighbours B, into STATE[family]
states()
{
	local addr state

	while read -r addr state; do
		case $addr in
		"$FT_B4") STATE[4]=${state##* } ;;
		"$FT_B6") STATE[6]=${state##* } ;;
		esac
	done < <(ip -n "$ns_r" neigh show dev p2 | sed 's/ *$//')
}

# Within ten seconds each of them is reachable once
confirmed()
{
	local i family
	local -A once

	for i in {1..100}; do
		states
		for family in 4 6; do
			[ "${STATE[$family]}" != REACHABLE ] || once[$family]=1
		done
		[ ${#once[@]} -lt 2 ] || return 0
		ft_nap 0.1
	done
	ft_fail "not confirmed: ${STATE[*]}"
}

# Usage: confirm_test LAYER: the neighbours become stale, and do not stay that
# for longer than a flowtable needs to see packets; then they are probed
confirm_test()
{
	local i family max=15
	local -A stale=([4]=0 [6]=0) STATE

	[ "$1" != hw ] || max=45
	ft_layer "$1" '' p1 p2 && one_way && send 20000 20000 || return
	for i in {1..50}; do
		states
		for family in 4 6; do
			stale[$family]=$((stale[$family] + 1))
			[ "${STATE[$family]}" = STALE ] || stale[$family]=0
			[ "${stale[$family]}" -le $max ] ||
				ft_fail "IPv$family: stale for ${max}00 ms" ||
				return
		done
		ft_nap 0.1
	done
	confirmed
}

ktap_print_header
ft_require
ktap_set_plan 10

setup || ktap_exit_fail_msg "cannot set up the topology"
for layer in none hw sw; do
	ft_flow_test "silent change of address, $layer" \
		one_way_test silent_change_test $layer
done
for layer in hw sw; do
	ft_flow_test "neighbours are flushed, $layer" \
		one_way_test forget_test flush $layer
	ft_flow_test "neighbours are deleted, $layer" \
		one_way_test forget_test del $layer
	ft_flow_test "neighbours are confirmed, $layer" \
		one_way_test confirm_test $layer
done
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
