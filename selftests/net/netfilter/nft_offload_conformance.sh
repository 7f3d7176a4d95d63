#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What users of flow offload rely on, tried with any two ports of a router: the
# emulated switch, or real hardware (see README here). Which of it holds is in a
# table at the end.
#
# DEV1, DEV2: the ports. PEER1, PEER2: those they are cabled to, of this machine
# or of the machine PEER_SSH. All unset: emulated.
# TABLE: for so many flows the hardware has room. BURST: flows that come at
# once (150). ONLY: names of behaviours to try, all unless told.
# TEXT, JSON: files for the table.
# All of them are environment variables.
#
# For the topology see nft_offload_lib.sh.
#
# shellcheck disable=SC2154 # assigned in libraries
# shellcheck disable=SC2317,SC2329 # behaviour calls, by name

case ${1-} in
'') ;;
-h | --help)
	echo "usage: ${0##*/}"
	sed -n '4,/^# All of them/s/^# \{0,1\}//p' "$0"
	exit 0 ;;
*)
	echo "${0##*/}: unexpected argument '$1', see --help" >&2
	exit 2 ;;
esac

# shellcheck source=nft_offload_lib.sh
source "$(dirname "$(readlink -e "$0")")/nft_offload_lib.sh"
# shellcheck source=nft_offload_changes.sh
source "$lib_dir/nft_offload_changes.sh"
# shellcheck source=nft_offload_qos.sh
source "$lib_dir/nft_offload_qos.sh"

BURST=${BURST:-150}
TIMEOUT=5 # of flows, where a test waits for it
STEADY_MS=8000 # packets, one second in something happens to the flow,
GAP_MAX_MS=5000 # and it has so long to find its way again

# Usage: address FAMILY HOST
address()
{
	local name=FT_$2$1

	echo "${!name}"
}

# Usage: hw_test PROTO ADDR
hw_test()
{
	local before

	ruleset && offload flow "$1" "$2" || return
	before=$(cpu)
	send flow 200 1400 || return
	ft_expect "packets to the CPU" 0 $(($(cpu) - before)) &&
	slowwait 5 flagged "^$1" >/dev/null ||
		ft_fail "conntrack does not say HW_OFFLOAD"
}

# The source is the router's, and what comes to the router's port 7779 goes to
# host B.
nat_test()
{
	ruleset "chain post {
			type nat hook postrouting priority 100
			oifname \"$DEV2\" masquerade
		}
		chain pre {
			type nat hook prerouting priority -100
			iifname \"$DEV1\" $1 dport 7779 dnat ip to $FT_B4:$FT_PORT
		}" &&
	offload flow "$1" $FT_ROUTER4_A 7779 || return
	ft_peer "$1" $FT_B4 | grep -q "^$FT_ROUTER4_B " ||
		ft_fail "host B saw $(ft_peer "$1" $FT_B4)"
}

# Usage: counted PACKETS BYTES: both directions of the only UDP entry
counted()
{
	[ "$(ft_conntrack | grep -c ^udp)" -eq 1 ] &&
	[ "$(ft_conntrack | grep ^udp |
		grep -o "packets=$1 bytes=$2 " | wc -l)" -eq 2 ]
}

# Usage: counters_test ADDR HEADERS: sizes of IP and UDP headers
counters_test()
{
	ruleset && offload flow udp "$1" && send flow 300 777 || return
	slowwait 20 counted "${SENT[flow]}" \
		$((BYTES[flow] + SENT[flow] * $2)) ||
		ft_fail "want ${SENT[flow]} packets," \
			"$((BYTES[flow] + SENT[flow] * $2)) bytes"
}

# Usage: with_timeouts COMMAND...: flows time out soon
with_timeouts()
{
	local ret

	setting net.netfilter.nf_flowtable_udp_timeout $TIMEOUT &&
	setting net.netfilter.nf_flowtable_tcp_timeout $TIMEOUT && "$@"
	ret=$?
	setting_back net.netfilter.nf_flowtable_udp_timeout
	setting_back net.netfilter.nf_flowtable_tcp_timeout
	return $ret
}

# Usage: slow_test PROTO ADDR: a packet each 2 s for four timeouts
slow_test()
{
	local i before

	ruleset && offload flow "$1" "$2" || return
	before=$(cpu)
	for i in {1..10}; do
		sleep 2
		send flow 1 64 || return
	done
	i=$(($(cpu) - before))
	note "$i of 20 packets through the CPU"
	[ $i -eq 0 ]
}

not_flagged()
{
	! flagged "^$1" >/dev/null
}

# A flow without packets leaves hardware, and is back with the next ones.
idle_test()
{
	local begin

	ruleset && offload flow udp $FT_B4 &&
	slowwait 5 flagged ^udp >/dev/null || return
	begin=$SECONDS
	slowwait 40 not_flagged udp || ft_fail "it stays in hardware" || return
	note "left after $((SECONDS - begin)) s, timeout $TIMEOUT s"
	get_hardware flow
}

# Usage: close_test close|reset: TCP
close_test()
{
	ruleset && offload flow tcp $FT_B4 && ft_flow_cmd flow "$1" || return
	slowwait 10 not_flagged tcp || ft_fail "conntrack says HW_OFFLOAD"
}

# Usage: sees_packets NAME COUNT: the CPU has seen more than so many
sees_packets()
{
	ft_flow_cmd "$1" run 1 64 >/dev/null && [ "$(cpu)" -gt "$2" ]
}

# conntrack -D ends it, and more packets begin it anew.
delete_test()
{
	ruleset && offload flow udp $FT_B4 || return
	forget
	slowwait 5 sees_packets flow "$(cpu)" ||
		ft_fail "hardware goes on with it" || return
	get_hardware flow
}

# Usage: ttl_test FAMILY
ttl_test()
{
	ruleset && offload flow udp "$(address "$1" B)" &&
	ft_flow_cmd flow ttl 1 && ft_flow_cmd flow expect-error EHOSTUNREACH &&
	ft_flow_cmd flow ttl 64 && get_hardware flow
}

# Around the flow

# Usage: roam_flow FAMILY: host C takes over the address of host B, and says so
# with a gratuitous ARP or an unsolicited neighbour advertisement.
roam_flow()
{
	local addr

	addr=$(address "$1" B)
	ruleset && offload flow udp "$addr" $FAR_PORT || return
	steady flow $STEADY_MS 4
	sleep 1
	if [ "$1" = 4 ]; then
		peer "$ns_b" ip addr del "$addr/24" dev "$PEER2"
		peer "$ns_c" sh -c "ip addr add $addr/24 dev m0
			ip link set m0 down; ip link set m0 up"
		host_addresses "$ns_c" m0 $FT_C4 $FT_C6
	else
		peer "$ns_b" ip addr del "$addr/64" dev "$PEER2"
		peer "$ns_c" ip addr add "$addr/64" dev m0
	fi
	steady_end flow || return
	note "$GAP_MS ms without an answer"
	[ "$GAP_MS" -lt $GAP_MAX_MS ] || ft_fail "it did not find the way" ||
		return
	get_hardware flow
}

roam_test()
{
	local ret

	roam_flow "$1"
	ret=$?
	peer "$ns_c" sh -c "ip addr del $FT_B4/24 dev m0
		ip addr del $FT_B6/64 dev m0" 2>/dev/null
	# B announces itself
	peer "$ns_b" sh -c "ip link set $PEER2 down; ip link set $PEER2 up"
	addresses
	router ip neigh flush dev "$DEV2"
	slowwait 20 reachable || ft_fail "no host answers the router" || return
	return $ret
}

# Usage: failover_test ADDR LENGTH VIA: another gateway
failover_test()
{
	local ret

	ruleset && offload flow udp "$1" $FAR_PORT || return
	steady flow $STEADY_MS 4
	sleep 1
	router ip route replace "$1" via "$3" dev "$DEV2"
	# what B gets of it now is wrong
	peer "$ns_b" ip addr del "$1/$2" dev lo
	steady_end flow
	ret=$?
	peer "$ns_b" ip addr add "$1/$2" dev lo
	[ $ret -eq 0 ] || return
	note "$GAP_MS ms without an answer, $((ALL - BACK)) of $ALL packets lost"
	[ "$GAP_MS" -lt $GAP_MAX_MS ] ||
		ft_fail "it goes on to the old gateway" || return
	get_hardware flow
}

# Usage: blackhole_test FAMILY ERROR
blackhole_test()
{
	local addr

	addr=$(address "$1" B)
	ruleset && offload flow udp "$addr" &&
	router ip route add unreachable "$addr" || return
	sleep 1
	if ft_flow_cmd flow expect-error "$2" &&
	   router ip route del unreachable "$addr"; then
		get_hardware flow
	else
		router ip route del unreachable "$addr" 2>/dev/null
		return 1
	fi
}

# The same rules once more
reload_test()
{
	ruleset && offload udp udp $FT_B4 && offload tcp tcp $FT_B6 || return
	steady udp 2000
	sleep 0.5
	ruleset && steady_end udp || return
	note "$((ALL - BACK)) of $ALL packets lost"
	get_hardware udp tcp
}

# Rules that forbid it
forbid_test()
{
	ruleset && offload flow udp $FT_B4 &&
	ruleset "" "udp dport $FT_PORT drop" || return
	steady flow 1000
	steady_end flow || return
	note "$BACK of $ALL packets passed"
	[ "$BACK" -eq 0 ]
}

# Usage: flap_test COMMAND...: a link that goes away and comes back
flap_test()
{
	ruleset && offload udp udp $FT_B4 && offload tcp tcp $FT_B6 || return
	"$@" down
	sleep 1
	"$@" up
	addresses
	slowwait 20 reachable || ft_fail "no host answers the router" || return
	get_hardware udp tcp
}

# Usage: ppp_up SESSION: a PPPoE session between the router and host B, and the
# way to $FAR4 is in it
ppp_up()
{
	local mac_r mac_b

	mac_r=$(router cat "/sys/class/net/$DEV2/address")
	mac_b=$(peer "$ns_b" cat "/sys/class/net/$PEER2/address")
	(ft_exec "$ns_b" "$FT_PPPOE" "$PEER2" "$mac_r" "$1") \
		>"$FT_TMP/ppp.b" 2>&1 &
	PPP_PIDS=("$!")
	(exec "${ROUTER[@]}" "$ft_dir/ft_pppoe" "$DEV2" "$mac_b" "$1") \
		>"$FT_TMP/ppp.r" 2>&1 &
	PPP_PIDS+=("$!")
	if ! slowwait 5 grep -q ^ppp "$FT_TMP/ppp.r" ||
	   ! slowwait 5 grep -q ^ppp "$FT_TMP/ppp.b"; then
		skip "no PPPoE: $(cat "$FT_TMP"/ppp.[rb])"
		return
	fi
	PPP=$(<"$FT_TMP/ppp.r") PPP_B=$(<"$FT_TMP/ppp.b")
	router ip link set "$PPP" up mtu 1492
	peer "$ns_b" ip link set "$PPP_B" up mtu 1492
	router ip addr add $PPP_ROUTER4 peer $PPP_B4 dev "$PPP"
	peer "$ns_b" ip addr add $PPP_B4 peer $PPP_ROUTER4 dev "$PPP_B"
	router ip route replace $FAR4 dev "$PPP"
	peer "$ns_b" ip route replace default dev "$PPP_B"
}

ppp_down()
{
	[ ${#PPP_PIDS[@]} -gt 0 ] || return
	# shellcheck disable=SC2016 # for the shell there
	on_peer sh -c 'for pid in $(ip netns pids "$1"); do
		grep -q ft_pppoe "/proc/$pid/cmdline" && kill "$pid"
	done' sh "$ns_b"
	kill "${PPP_PIDS[@]}" 2>/dev/null
	wait "${PPP_PIDS[@]}" 2>/dev/null
	PPP_PIDS=()
}

# Another session, with another number
ppp_test()
{
	local before ret seen

	ruleset || return
	if ppp_up 257 && flow flow udp $FAR4 $FAR_PORT &&
	   send flow 100 1400; then
		steady flow 3000
		ppp_down
		ppp_up 4660 && steady_end flow && send flow 200 1400 &&
			before=$(cpu) && send flow 200 1400 &&
			seen=$(($(cpu) - before)) &&
			note "$GAP_MS ms without an answer," \
				"$seen of 400 packets through the CPU"
	fi
	ret=$?
	ppp_down
	return $ret
}

# Large packets

# Usage: mtu_test FAMILY: the MTU of the link shrinks, and grows again
mtu_test()
{
	ruleset && offload flow udp "$(address "$1" B)" &&
	ft_flow_cmd flow mtu-discover 1 &&
	mtu 1300 &&
	ft_flow_cmd flow expect-error EMSGSIZE 1400 &&
	send flow 20 1200 && get_hardware flow &&
	addresses &&
	ft_flow_cmd flow mtu-discover probe && send flow 20 1400 &&
	get_hardware flow
}

# Usage: tcp_mtu_test FAMILY
tcp_mtu_test()
{
	ruleset && offload flow tcp "$(address "$1" B)" &&
	mtu 1300 &&
	ft_flow_cmd flow stream 1000003 && get_hardware flow
}

# Usage: gso_test FAMILY
gso_test()
{
	ruleset && offload flow udp "$(address "$1" B)" &&
	ft_flow_cmd flow gso 8 && send flow 160 1200 && send flow 160 9 &&
	ft_flow_cmd flow gso 0 && get_hardware flow
}

ecn_test()
{
	local ret

	peer "$ns_a" sysctl -qw net.ipv4.tcp_ecn=1
	ruleset && offload flow tcp "$(address "$1" B)" &&
	ft_flow_cmd flow stream 1000003 && get_hardware flow
	ret=$?
	peer "$ns_a" sysctl -qw net.ipv4.tcp_ecn=2
	return $ret
}

# Many flows, and few

# Usage: burst COUNT
burst()
{
	peer "$ns_a" timeout 60 "$FT_TRAFFIC" burst udp $FT_B4 $FT_PORT "$1" \
		>"$FT_TMP/burst" 2>&1 ||
		ft_fail "burst: $(tail -n 1 "$FT_TMP/burst")"
}

# Usage: all_flagged COUNT
all_flagged()
{
	[ "$(flagged ^udp)" -ge "$1" ]
}

burst_test()
{
	local begin

	ruleset && burst "$BURST" || return
	begin=$SECONDS
	slowwait 25 all_flagged "$BURST" ||
		ft_fail "$(flagged ^udp) of $BURST are in hardware" || return
	note "all $BURST in hardware $((SECONDS - begin)) s after the last packet"
}

full_test()
{
	local all=$((TABLE + 100)) n

	[ -n "$TABLE" ] || skip "TABLE is not set" || return
	ruleset && burst $all || return
	sleep 3
	n=$(flagged ^udp)
	note "$n of $all flows in hardware"
	if [ "$n" -lt 1 ] || [ "$n" -gt "$TABLE" ]; then
		return 1
	fi
	flow flow udp $FT_B6 && send flow 100 1400 || return
	! in_hardware flow || ft_fail "one more got into hardware" || return
	forget
	offload flow udp $FT_B6
}

# Usage: other_port: nftoff0 of the router, a veth, to a host of its own
other_port()
{
	local ns=nft-offload-d

	ip netns add $ns || return
	OTHER_NS=$ns
	router ip link add nftoff0 type veth peer name h0 &&
	router ip link set h0 netns $ns &&
	router ip addr add 203.0.113.129/30 dev nftoff0 &&
	router ip link set nftoff0 up &&
	ip -n $ns addr add 203.0.113.130/30 dev h0 &&
	ip -n $ns link set h0 up &&
	ip -n $ns route add default via 203.0.113.129 || return
	ip netns exec $ns "$ft_dir/ft_traffic" server udp \
		203.0.113.130 $FT_PORT >/dev/null &
	PIDS+=("$!")
}

other_port_gone()
{
	[ -n "$OTHER_NS" ] || return
	# shellcheck disable=SC2046 # numbers
	kill $(ip netns pids "$OTHER_NS") 2>/dev/null
	router ip link del nftoff0 2>/dev/null
	ip netns del "$OTHER_NS"
	OTHER_NS=
}

# A device without offload in the same flowtable
mixed_test()
{
	local ret

	setting net.netfilter.nf_flow_offload_strict 0 && other_port &&
	ruleset -d nftoff0 && offload fast udp $FT_B4 &&
	flow other udp 203.0.113.130 && send other 100 1400 &&
	get_hardware fast
	ret=$?
	ruleset
	other_port_gone
	setting_back net.netfilter.nf_flow_offload_strict
	return $ret
}

complaints_test()
{
	ft_expect "complaints of the kernel" "$FT_COMPLAINTS" "$(ft_complaints)"
}

# Usage: each_behaviour COMMAND: with NAME TITLE TEST...
each_behaviour()
{
	local family proto

	for family in 4 6; do
		for proto in udp tcp; do
			"$1" ${proto}$family "${proto^^} over IPv$family in hardware" \
				hw_test $proto "$(address $family B)"
		done
	done
	"$1" nat-udp "NAT of both addresses, UDP" nat_test udp
	"$1" nat-tcp "NAT of both addresses, TCP" nat_test tcp
	"$1" counters4 "counters true to the byte, IPv4" counters_test $FT_B4 28
	"$1" counters6 "counters true to the byte, IPv6" counters_test $FT_B6 48
	"$1" slow-udp "slow flow stays in hardware, UDP" with_timeouts \
		slow_test udp $FT_B4
	"$1" slow-tcp "slow flow stays in hardware, TCP" with_timeouts \
		slow_test tcp $FT_B6
	"$1" idle "idle flow leaves hardware, and comes back" \
		with_timeouts idle_test
	"$1" fin "end of TCP takes it out, FIN" close_test close
	"$1" rst "end of TCP takes it out, RST" close_test reset
	"$1" delete "conntrack -D takes it out" delete_test
	for family in 4 6; do
		"$1" ttl$family "TTL of 1 is answered, IPv$family" ttl_test $family
	done
	for family in 4 6; do
		"$1" roam$family "host with another MAC, IPv$family" \
			roam_test $family
	done
	"$1" failover4 "route to another gateway, IPv4" \
		failover_test $FAR4 32 $FT_C4
	"$1" failover6 "route to another gateway, IPv6" \
		failover_test $FAR6 128 $FT_C6
	"$1" unreachable4 "route that forbids it, IPv4" \
		blackhole_test 4 EHOSTUNREACH
	"$1" unreachable6 "route that forbids it, IPv6" \
		blackhole_test 6 ENETUNREACH
	"$1" reload "rules loaded again" reload_test
	"$1" forbid "new rules that drop it, at once" forbid_test
	"$1" flap "port down and up" flap_test router ip link set "$DEV2"
	"$1" carrier "cable out and in" flap_test peer "$ns_b" ip link set "$PEER2"
	"$1" ppp "PPPoE session redialled" ppp_test
	for family in 4 6; do
		"$1" mtu$family "MTU shrinks, UDP over IPv$family" mtu_test $family
		"$1" tcp-mtu$family "MTU shrinks, TCP over IPv$family" \
			tcp_mtu_test $family
	done
	each_change "$1"
	each_qos "$1"
	for family in 4 6; do
		"$1" gso$family "segmented UDP, IPv$family" gso_test $family
		"$1" ecn$family "TCP with ECN, IPv$family" ecn_test $family
	done
	"$1" burst "many flows at once" burst_test
	"$1" full "hardware that is full" full_test
	"$1" mixed "device without offload in the flowtable" mixed_test
	"$1" silent "kernel has no complaints" complaints_test
}

UNDO=(ppp_down other_port_gone policy_end xfrm_end forward_end spoofed_end
	bridge_end qos_end)

each_behaviour behaviour_counts
wrong=$(missing; wrong_settings)
if [ -n "$wrong" ]; then
	echo "nft_offload_conformance.sh: ${wrong//$'\n'/; }" >&2
	exit 2
fi
ktap_print_header
ktap_set_plan "$PLAN"
set_up && watch_cpu || ktap_exit_fail_msg "cannot set up the topology"
each_behaviour behaviour
report
ktap_finished
