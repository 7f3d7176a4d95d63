#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nft_offload: explain where a connection is forwarded, or would be, device by
# device, and the first reason why that is not hardware.
#
# For the topology see flow_table_lib_flows.sh, but p3 and c0 are a veth pair.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317,SC2329 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$ft_dir/flow_table_lib_ynl.sh"

TRANSLATED=192.0.2.77
OUTSIDE=device-not-in-flowtable

# Host A begins a connection and on SIGUSR1 closes its side of it; host B goes on
# sending, whoever has closed what.
HALF_PORT=7779
HALF='
import signal, socket, sys, time

who, addr, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
if who == "server":
	server = socket.create_server((addr, port))
	print("ready", flush=True)
	sock = server.accept()[0]
	while True:
		sock.sendall(bytes(1000))
		time.sleep(0.02)
sock = socket.create_connection((addr, port), source_address=("", port))
signal.signal(signal.SIGUSR1, lambda *_: sock.shutdown(socket.SHUT_WR))
while sock.recv(65536):
	pass
'

# Usage: ask ADDR PORT ADDR PORT [JSON]: about UDP, unless L4PROTO says otherwise;
# JSON is more of the filter
ask()
{
	local l3=ipv4

	[[ $1 != *:* ]] || l3=ipv6
	ft_ynl --do explain --json "{\"filter\": {\"l3proto\": \"$l3\",
		\"l4proto\": ${L4PROTO:-17}, \"saddr\": \"$1\", \"sport\": $2,
		\"daddr\": \"$3\", \"dport\": $4${5:+, $5}}}" 2>&1
}

# Usage: explains WANT ADDR PORT ADDR PORT [JSON]: layer, layer that is to be
# expected, reason, flowtable, and the devices
explains()
{
	local want=$1 answer
	shift

	answer=$(ask "$@")
	ft_expect "$*" "$want" "$(jq -r '[.layer, .expect // "-", .reason // "-",
		.flowtable // "-", (.devices.device[]? | .side + ":" + .name +
			(if .reason then "(" + .reason + ")" else "" end))] |
		join(" ")' <<<"$answer" 2>/dev/null || echo "$answer")"
}

# Usage: new_explains WANT [JSON]: of a connection that no one has begun
new_explains()
{
	explains "$1" $FT_A4 4242 $FT_B4 4343 "$2"
}

# Usage: index DEV
index()
{
	ip netns exec "$ns_r" cat "/sys/class/net/$1/ifindex"
}

# Usage: devices WANT [JSON]: of a connection from A to B that would be in
# hardware
devices()
{
	new_explains "none hardware - f $1" "$2"
}

# Usage: ask_flow WANT [JSON]: about the connection of the client
ask_flow()
{
	explains "$1" $FT_A4 "${FT_ANSWER_CONNECT##* }" $FT_B4 $FT_PORT "$2"
}

# Usage: refuses JSON ERROR [ADDR PORT ADDR PORT]
refuses()
{
	local json=$1 want=$2 answer
	shift 2

	[ $# -eq 4 ] || set -- $FT_A4 1 $FT_B4 2
	answer=$(ask "$@" "$json")
	[[ $answer = *"$want"* ]] || ft_fail "$json: $answer"
}

# Usage: load [CHAINS]: as if no test had been here before
load()
{
	echo 0 >"$FT_DEBUGFS/fail_add"
	ip -n "$ns_r" link del p2.10 2>/dev/null
	ip -n "$ns_r" addr del $TRANSLATED/32 dev p1 2>/dev/null
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload=1 \
		net.netfilter.nf_flow_offload_strict=0
	ft_ruleset "$1"
}

flow_test()
{
	load && ft_connect_hw udp $FT_B4 $FT_PORT &&
	ask_flow "hardware - - f in:p1 out:p2" &&
	explains "hardware - - f in:p1 out:p2" \
		$FT_B4 $FT_PORT $FT_A4 "${FT_ANSWER_CONNECT##* }" || return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_flow_offload=0
	slowwait 5 ft_hw_rules 0 || ft_fail "still in hardware" || return
	ask_flow "software - switched-off f in:p1 out:p2" &&
	new_explains "none software switched-off f in:p1 out:p2"
}

# Others do not know of it.
foreign_test()
{
	load && ft_connect_hw udp $FT_B4 $FT_PORT &&
	ask_flow "hardware - - f in:p1 out:p2" &&
	ns_r=$ns_a ask_flow \
		"none classic local - out:a0($OUTSIDE)" &&
	ns_r=$ns_c ask_flow "none classic no-route - in:c0($OUTSIDE)"
}

no_flow()
{
	[ "$(ft_ynl --dump flow-get)" = "[]" ]
}

# Usage: gone_test tcp|udp: a flow that has ended can be added again; why its first
# packet made none does not matter any more.
gone_test()
{
	local L4PROTO=17

	[ "$1" = udp ] || L4PROTO=6
	load && ft_connect_hw "$1" $FT_B4 $FT_PORT &&
	ft_ynl --do flow-del --json '{}' >/dev/null && slowwait 5 no_flow ||
		ft_fail "not flushed" || return
	ask_flow "classic hardware - f in:p1 out:p2"
}

half_closed_start()
{
	: >"$FT_TMP/half.log"
	ft_exec "$ns_b" python3 -c "$HALF" server $FT_B4 $HALF_PORT \
		>"$FT_TMP/half.log" 2>&1 &
	HALF_PIDS=("$!")
	slowwait 20 ft_ready "$FT_TMP/half.log" || ft_fail "no server" || return
	ft_exec "$ns_a" python3 -c "$HALF" client $FT_B4 $HALF_PORT &
	HALF_PIDS+=("$!")
	FT_PIDS+=("${HALF_PIDS[@]}")
}

half_closed_end()
{
	kill "${HALF_PIDS[@]}" 2>/dev/null
	wait "${HALF_PIDS[@]}" 2>/dev/null
}

# Usage: half PATH: of the flow of it
half()
{
	ft_ynl --dump flow-get --json "{\"filter\": {\"dport\": $HALF_PORT}}" |
		jq -r ".[0]$1"
}

# Usage: half_is STATE
half_is()
{
	[ "$(half .state)" = "$1" ]
}

half_explains()
{
	L4PROTO=6 explains "$1" $FT_A4 $HALF_PORT $FT_B4 $HALF_PORT
}

half_closed_run()
{
	local before after

	slowwait 10 half_is hardware && half_explains \
		"hardware - - f in:p1 out:p2" || ft_fail "$(half)" || return
	kill -USR1 "${HALF_PIDS[1]}"
	slowwait 10 half_is software || ft_fail "$(half)" || return
	half_explains "software - tcp-state f in:p1 out:p2" || return
	before=$(half '.reply."sw-packets"')
	ft_nap 1
	after=$(half '.reply."sw-packets"')
	[ "$after" -ge $((before + 10)) ] ||
		ft_fail "packets in software: $before, then $after" || return
	half_is software || ft_fail "$(half)"
}

half_closed_test()
{
	local status

	load && half_closed_start && half_closed_run
	status=$?
	half_closed_end
	return $status
}

# Usage: refused ERRNO
refused()
{
	[ "$(ft_ynl --dump table-get |
		jq ".[0].errnos.errno[]? | select(.errno == $1) | .count > 0")" = true ]
}

refused_test()
{
	load && echo 28 >"$FT_DEBUGFS/fail_add" &&
	ft_client_start udp $FT_B4 $FT_PORT && ft_cmd run 4 64 &&
	slowwait 5 refused 28 && ask_flow "software - table-full f in:p1 out:p2"
}

no_flag_test()
{
	FT_FLAGS='' load && ft_client_start udp $FT_B4 $FT_PORT &&
	ft_cmd run 4 64 && ask_flow "software - no-offload-flag f in:p1 out:p2" &&
	new_explains "none software no-offload-flag f in:p1 out:p2"
}

# No rule adds it: it could be in hardware.
no_rule_test()
{
	load && ip netns exec "$ns_r" nft "flush chain inet t forward
		add rule inet t forward ct state new counter" &&
	ft_client_start udp $FT_B4 $FT_PORT && ft_cmd run 4 64 &&
	ask_flow "classic hardware - f in:p1 out:p2"
}

# Only the first packet meets the rule, while someone counts: that it was the first
# is no reason any more.
first_packet_test()
{
	load && new_explains "none hardware - f in:p1 out:p2" &&
	ip netns exec "$ns_r" nft "flush chain inet t forward
		add rule inet t forward ct status and confirmed == 0 counter flow add @f" &&
	ft_client_start udp $FT_B4 $FT_PORT && ft_cmd run 4 64 &&
	ask_flow "classic hardware - f in:p1 out:p2" || return
	ip netns exec "$ns_r" nft list chain inet t forward | grep -q "packets 1 " ||
		ft_fail "$(ip netns exec "$ns_r" nft list chain inet t forward)"
}

# A connection that is translated goes where it is translated to.
translated_test()
{
	load "chain pre {
			type nat hook prerouting priority dstnat
			ip daddr $TRANSLATED dnat ip to $FT_B4
		}" && ip netns exec "$ns_r" nft flush chain inet t forward &&
	ip -n "$ns_r" addr add $TRANSLATED/32 dev p1 &&
	ft_client_start udp $TRANSLATED $FT_PORT && ft_cmd run 4 64 &&
	explains "classic hardware - f in:p1 out:p2" \
		$FT_A4 "${FT_ANSWER_CONNECT##* }" $TRANSLATED $FT_PORT &&
	explains "none classic local f in:p1" $FT_A4 4242 $TRANSLATED $FT_PORT
}

new_test()
{
	load && devices "in:p1 out:p2" &&
	devices "in:p1 out:p2" "\"iif\": $(index p1)" &&
	explains "none hardware - f in:p1 out:p2" $FT_A6 1 $FT_B6 2 &&
	explains "none hardware - f in:p1 out:p2" $FT_A6 1 $FT_B6 2 \
		"\"iif\": $(index p1)" &&
	ft_expect "flows" 0 "$(ft_ynl --dump flow-get | jq length)"
}

local_test()
{
	load &&
	explains "none classic local f in:p1" $FT_A4 1 $FT_ROUTER4_A 22 &&
	explains "none classic local f in:p1" $FT_A6 1 $FT_ROUTER6_B 22 &&
	explains "none classic local f out:p2" $FT_ROUTER4_A 22 $FT_B4 1
}

no_route_test()
{
	load &&
	explains "none classic no-route f in:p1" $FT_A4 1 10.9.9.9 2 &&
	explains "none classic no-route f in:p1" $FT_A6 1 2001:db8:9::9 2 \
		"\"iif\": $(index p1)" &&
	explains "none classic no-route f" $FT_A4 1 239.1.1.1 2
}

# Usage: forwarding 0|1
forwarding()
{
	ip netns exec "$ns_r" sysctl -qw net.ipv4.ip_forward="$1" \
		net.ipv6.conf.all.forwarding="$1"
}

no_forwarding_test()
{
	local status=0

	load && forwarding 0 || return
	explains "none classic no-route f in:p1" $FT_A4 1 $FT_B4 2 &&
	explains "none classic no-route f in:p1 out:p2(no-route)" \
		$FT_A6 1 $FT_B6 2 || status=1
	forwarding 1
	return $status
}

no_flowtable_test()
{
	ft_load p1 && new_explains \
		"none classic $OUTSIDE f in:p1 out:p2($OUTSIDE)" &&
	ip netns exec "$ns_r" nft flush ruleset && new_explains \
		"none classic $OUTSIDE - in:p1($OUTSIDE) out:p2($OUTSIDE)"
}

# The one that suits best, or the one that is asked for
choice_test()
{
	ft_load p1 p2 && ip netns exec "$ns_r" nft -f - <<-END || return
	table ip6 other {
		flowtable g {
			hook ingress priority 1; devices = { p1, p2 }; flags offload;
		}
	}
	table ip other {
		flowtable h { hook ingress priority 2; devices = { p2 }; }
	}
	END
	devices "in:p1 out:p2" &&
	new_explains "none classic $OUTSIDE h in:p1($OUTSIDE) out:p2" \
		'"table": "other"' &&
	explains "none hardware - g in:p1 out:p2" $FT_A6 1 $FT_B6 2 \
		'"flowtable": "g"' || return

	refuses '"flowtable": "i"' "no such flowtable" &&
	refuses '"table": "others"' "no such flowtable" &&
	refuses '"flowtable": "g"' "none for this protocol" &&
	ft_connect_hw udp $FT_B4 $FT_PORT &&
	ask_flow "hardware - - f in:p1 out:p2" '"flowtable": "f"' &&
	refuses '"flowtable": "h"' "in another flowtable" $FT_A4 \
		"${FT_ANSWER_CONNECT##* }" $FT_B4 $FT_PORT
}

# A device that cannot offload, and need not
software_device_test()
{
	load && ft_load p1 p2 p3 &&
	explains "none software unsupported f in:p1 out:p3(unsupported)" \
		$FT_A4 1 $FT_C4 2 &&
	explains "none software unsupported f in:p3(unsupported) out:p2" \
		$FT_C6 1 $FT_B6 2 &&
	ft_expect "errno" 95 "$(ask $FT_A4 1 $FT_C4 2 |
		jq '.devices.device[1].errno')"
}

vlan_test()
{
	load &&
	ip -n "$ns_r" link add link p2 name p2.10 up type vlan id 10 &&
	ip -n "$ns_r" link add link p2.10 name p2.10.20 up type vlan id 20 &&
	ip -n "$ns_r" addr add 10.20.0.1/24 dev p2.10.20 &&
	ft_load p1 p2 &&
	explains "none hardware - f in:p1 out:p2.10.20 out:p2.10 out:p2" \
		$FT_A4 1 10.20.0.2 2 &&
	explains "none hardware - f in:p2 in:p2.10 in:p2.10.20 out:p1" \
		10.20.0.2 2 $FT_A4 1 "\"iif\": $(index p2)" || return
	# one more than a flow has room for
	ip -n "$ns_r" link add link p2.10.20 name p2.x up type vlan id 30 &&
	ip -n "$ns_r" addr add 10.30.0.1/24 dev p2.x &&
	explains "none classic path f in:p1 out:p2.x(path)" \
		$FT_A4 1 10.30.0.2 2
}

# Which port, only the forwarding database knows, and that needs the address.
bridge_test()
{
	load &&
	ip -n "$ns_r" link add br0 up type bridge &&
	ip -n "$ns_r" link set p3 master br0 &&
	ip -n "$ns_r" addr flush dev p3 &&
	ip -n "$ns_r" addr add $FT_ROUTER4_C/24 dev br0 || return
	ft_load p1 p2 p3 &&
	explains "none classic neighbour f in:p1 out:br0(neighbour)" \
		$FT_A4 1 203.0.113.99 2 &&
	slowwait 10 ip netns exec "$ns_c" ping -c 1 -W 1 $FT_ROUTER4_C >/dev/null &&
	explains "none software unsupported f in:p1 out:br0 out:p3(unsupported)" \
		$FT_A4 1 $FT_C4 2 &&
	explains "none software unsupported f in:p3(unsupported) in:br0 out:p1" \
		$FT_C4 1 $FT_A4 2 "\"iif\": $(index p3)" &&
	explains "none software unsupported f in:p3(unsupported) in:br0 out:p1" \
		$FT_C4 1 $FT_A4 2 "\"iif\": $(index br0)"
}

# Answers leave where the route says: there is no flow of one device to another
# and back from a third.
other_way_test()
{
	load &&
	explains "none hardware - f in:p2 out:p1" $FT_B4 1 $FT_A4 2 || return
	ip netns exec "$ns_r" sysctl -qw net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.p2.rp_filter=0
	explains "none classic asymmetric f in:p1(asymmetric) out:p2" \
		$FT_A4 1 $FT_B4 2 "\"iif\": $(index p2)" &&
	explains "none classic asymmetric f in:p1(asymmetric) out:p2" \
		$FT_A6 1 $FT_B6 2 "\"iif\": $(index p2)"
}

bad_test()
{
	refuses '"iif": 4294967' "no device has this index" &&
	refuses '"ct-zone": 7, "iif": 0' "out of range"
}

veth()
{
	setup_ns ns_c && ip -n "$ns_r" link add p3 up type veth \
		peer c0 netns "$ns_c" &&
	ip -n "$ns_c" link set c0 up && ft_host_c_addresses p3
}

ktap_print_header
ft_require jq python3
ktap_set_plan 22

ft_setup
ft_acct 1
modprobe nft_offload
veth || ktap_exit_fail_msg "no third host"
ft_test "flow" flow_test
ft_test "flow, from another namespace" foreign_test
ft_test "flow that is gone, UDP" gone_test udp
ft_test "flow that is gone, TCP" gone_test tcp
ft_test "TCP that is half closed" half_closed_test
ft_test "flow that was refused" refused_test
ft_test "flowtable without the flag" no_flag_test
ft_test "connection that no rule adds" no_rule_test
ft_test "rule that only the first packet meets" first_packet_test
ft_test "connection that is translated" translated_test
ft_test "connection that is not there yet" new_test
ft_test "to and from the router" local_test
ft_test "no route" no_route_test
ft_test "router that is none" no_forwarding_test
ft_test "device that is in no flowtable" no_flowtable_test
ft_test "which flowtable" choice_test
ft_test "device that cannot offload" software_device_test
ft_test "VLANs" vlan_test
ft_test "bridge" bridge_test
ft_test "in by another device than the route's" other_way_test
ft_test "requests that are wrong" bad_test
ft_test "kernel has no complaints" ft_silent_test

ktap_finished
