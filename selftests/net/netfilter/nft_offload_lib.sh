#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For nft_offload_conformance.sh: hosts at the two ports of a router that
# offloads flows, and what the router knows.
#
#  host A ($ns_a)      router                     host B ($ns_b)
# +------------+   +-----------------+   +----------------------------+
# |      PEER1 + - + DEV1       DEV2 + - + PEER2                      |
# +------------+   +-----------------+   |     + m0, a macvlan of it  |
#  192.0.2.2        192.0.2.1            +-----|----------------------+
#  2001:db8:1::2    2001:db8:1::1              |  198.51.100.2
#                      198.51.100.1            |  2001:db8:2::2
#                      2001:db8:2::1     host C ($ns_c)
#                                           198.51.100.3, 2001:db8:2::3
#
# B and C both have $FAR4 and $FAR6, to which the router has routes via B.
#
# Without DEV1, all of it is emulated, the router's ports by one netdevsim
# switch. With it the router is the namespace that the test is run in, and of
# that only DEV1 and DEV2, the table nft_offload_test and some sysctls are
# changed, and changed back; the hosts are namespaces of this machine, or of
# PEER_SSH.
#
# shellcheck disable=SC2154 # setup_ns assigns
# shellcheck disable=SC2034 # the test uses what is not used here

lib_dir=$(dirname "$(readlink -e "${BASH_SOURCE[0]}")")
# shellcheck source=../../drivers/net/netdevsim/flow_table_lib_flows.sh
source "$lib_dir/../../drivers/net/netdevsim/flow_table_lib_flows.sh"
# shellcheck source=nft_offload_report.sh
source "$lib_dir/nft_offload_report.sh"

FT_C4=198.51.100.3 FT_C6=2001:db8:2::3
FAR4=203.0.113.9 FAR6=2001:db8:9::9
FAR_PORT=7778
FT_PPPOE=$ft_dir/ft_pppoe
PPP_ROUTER4=203.0.113.65 PPP_B4=203.0.113.66

ROUTER=() # how commands of the router start
HOST_NS=() # namespaces of hosts on real ports
REMOTE_FILES=() # copied to the peers' machine
PIDS=() # of what runs in the background
UNDO=() # commands that undo what a test has begun, if it has
PPP_PIDS=() # of the PPPoE session
declare -A OLD SENT BYTES STATE MTU

router()
{
	"${ROUTER[@]}" "$@"
}

# Usage: peer NETNS COMMAND...
peer()
{
	(ft_exec "$@")
}

# Usage: quoted WORD...: for any shell, which ssh hands one string
quoted()
{
	printf "'%s' " "${@//\'/\'\\\'\'}"
}

# In place of that of flow_table_lib_traffic.sh
ft_exec()
{
	if [ -n "$PEER_SSH" ]; then
		exec ssh -o BatchMode=yes "$PEER_SSH" \
			"$(quoted ip netns exec "$@")"
	fi
	exec ip netns exec "$@"
}

# Usage: on_peer COMMAND...: on the machine that PEER1 and PEER2 belong to
on_peer()
{
	if [ -n "$PEER_SSH" ]; then
		ssh -o BatchMode=yes "$PEER_SSH" "$(quoted "$@")"
	else
		"$@"
	fi
}

ft_conntrack()
{
	local family

	for family in ipv4 ipv6; do
		router conntrack -L -f $family 2>/dev/null |
			grep -E -e "$FT_A4 |$FT_A6 "
	done
}

# Usage: setting NAME VALUE: a sysctl of the router, until the end
setting()
{
	local old

	old=$(router sysctl -n "$1" 2>/dev/null) ||
		ft_fail "the kernel has no sysctl $1" || return
	[ -n "${OLD[$1]}" ] || OLD[$1]=$old
	router sysctl -qw "$1=$2"
}

# Usage: setting_back NAME: if it was changed
setting_back()
{
	[ -z "${OLD[$1]}" ] || router sysctl -qw "$1=${OLD[$1]}"
}

# Set up

emulation()
{
	ft_topology_create || return
	DEV1=p1 DEV2=p2 PEER1=a0 PEER2=b0
	ROUTER=(ip netns exec "$ns_r")
	# room for so many flows
	TABLE=200
	ft_table_size $((2 * TABLE)) && setup_ns ns_c
}

hosts()
{
	local ns

	ns_a=nft-offload-a ns_b=nft-offload-b ns_c=nft-offload-c
	for ns in "$ns_a" "$ns_b" "$ns_c"; do
		on_peer ip netns add "$ns" || return
		HOST_NS+=("$ns")
	done
	on_peer ip link set "$PEER1" netns "$ns_a" &&
		on_peer ip link set "$PEER2" netns "$ns_b" || return
	if [ -n "$PEER_SSH" ]; then
		remote_tool FT_TRAFFIC && remote_tool FT_PPPOE
	fi
}

# Usage: remote_tool VARIABLE: the program is on the peers' machine, too
remote_tool()
{
	local remote=/tmp/nft-offload-${!1##*/}

	scp -q -o BatchMode=yes "${!1}" "$PEER_SSH:$remote" || return
	REMOTE_FILES+=("$remote")
	printf -v "$1" %s "$remote"
}

# Usage: missing: what the test needs and does not have
missing()
{
	local dev

	if [ -z "$DEV1$DEV2$PEER1$PEER2$PEER_SSH" ]; then
		return 1
	fi
	for dev in DEV1 DEV2 PEER1 PEER2; do
		[ -n "${!dev}" ] || echo "$dev is not set"
	done
	for dev in "$DEV1" "$DEV2"; do
		[ -z "$dev" ] || [ -e "/sys/class/net/$dev" ] ||
			echo "there is no device $dev"
	done
	for dev in "$PEER1" "$PEER2"; do
		[ -z "$dev" ] || on_peer test -e "/sys/class/net/$dev" ||
			echo "there is no device $dev at ${PEER_SSH:-the peers}"
	done
}

# Usage: remember router|on_peer DEV: how a port is; the peers' machine may have
# ports of the same names
remember()
{
	local state=down

	! "$1" ip link show dev "$2" | grep -q '[<,]UP[,>]' || state=up
	STATE[$1 $2]=$state
	MTU[$1 $2]=$("$1" cat "/sys/class/net/$2/mtu")
}

# Usage: as_before router|on_peer DEV
as_before()
{
	"$1" ip link set "$2" mtu "${MTU[$1 $2]}" "${STATE[$1 $2]}"
}

set_up()
{
	local dev ns

	ft_require
	if [ -z "$DEV1" ]; then
		emulation || return
	else
		for dev in "$DEV1" "$DEV2"; do remember router "$dev"; done
		for dev in "$PEER1" "$PEER2"; do remember on_peer "$dev"; done
		hosts || return
	fi
	LINK_MTU=$(router cat "/sys/class/net/$DEV2/mtu")
	setting net.ipv4.ip_forward 1 &&
	setting "net.ipv6.conf.$DEV1.forwarding" 1 &&
	setting "net.ipv6.conf.$DEV2.forwarding" 1 &&
	setting net.ipv6.conf.all.forwarding 1 &&
	setting net.netfilter.nf_conntrack_acct 1 &&
	setting net.ipv4.icmp_ratelimit 0 &&
	setting net.ipv6.icmp.ratelimit 0 &&
	setting "net.ipv6.conf.$DEV1.keep_addr_on_down" 1 &&
	setting "net.ipv6.conf.$DEV2.keep_addr_on_down" 1 || return
	peer "$ns_b" ip link add link "$PEER2" name m0 type macvlan mode bridge ||
		ft_fail "host B has no macvlan: its kernel needs CONFIG_MACVLAN," \
			"see \"modprobe macvlan\"" || return
	peer "$ns_b" ip link set m0 netns "$ns_c" || return
	for ns in "$ns_b" "$ns_c"; do
		dev=m0
		[ "$ns" = "$ns_c" ] || dev=$PEER2
		peer "$ns" sysctl -qw "net.ipv4.conf.$dev.arp_notify=1" \
			"net.ipv6.conf.$dev.ndisc_notify=1" \
			"net.ipv6.conf.$dev.accept_dad=0" \
			net.ipv4.ip_nonlocal_bind=1 \
			net.ipv6.ip_nonlocal_bind=1
		peer "$ns" ip link set lo up
		peer "$ns" ip addr add $FAR4/32 dev lo
		peer "$ns" ip addr add $FAR6/128 dev lo nodad
	done
	peer "$ns_a" ip link set "$PEER1" up
	peer "$ns_b" ip link set "$PEER2" up
	peer "$ns_c" ip link set m0 up
	router ip link set "$DEV1" up && router ip link set "$DEV2" up &&
	addresses || return
	slowwait 20 reachable || ft_fail "no host answers the router" || return
	ft_servers && far_servers "$ns_b" && far_servers "$ns_c"
}

# Usage: far_servers NETNS: for what may be at host B or at host C
far_servers()
{
	local addr

	for addr in $FAR4 $FAR6 $FT_B4 $FT_B6; do
		ft_exec "$1" "$FT_TRAFFIC" server udp "$addr" $FAR_PORT \
			>/dev/null 2>&1 &
		PIDS+=("$!")
	done
}

reachable()
{
	router ping -qc 1 -W 1 $FT_A4 && router ping -qc 1 -W 1 $FT_B4 &&
	router ping -qc 1 -W 1 $FT_C4 && router ping -qc 1 -W 1 $FT_A6 &&
	router ping -qc 1 -W 1 $FT_B6 && router ping -qc 1 -W 1 $FT_C6
} >/dev/null

# All addresses and routes as in the picture, whatever has happened to them
addresses()
{
	local ns

	mtu "$LINK_MTU"
	router ip link set "$DEV2" up
	router ip addr replace $FT_ROUTER4_A/24 dev "$DEV1"
	router ip addr replace $FT_ROUTER6_A/64 dev "$DEV1" nodad
	router ip addr replace $FT_ROUTER4_B/24 dev "$DEV2"
	router ip addr replace $FT_ROUTER6_B/64 dev "$DEV2" nodad
	router ip route replace $FAR4 via $FT_B4 dev "$DEV2"
	router ip route replace $FAR6 via $FT_B6 dev "$DEV2"
	peer "$ns_a" ip addr replace $FT_A4/24 dev "$PEER1"
	peer "$ns_a" ip addr replace $FT_A6/64 dev "$PEER1" nodad
	peer "$ns_a" ip route replace default via $FT_ROUTER4_A
	peer "$ns_a" ip route replace default via $FT_ROUTER6_A
	host_addresses "$ns_b" "$PEER2" $FT_B4 $FT_B6
	host_addresses "$ns_c" m0 $FT_C4 $FT_C6
}

# Usage: mtu BYTES: of the link between router and host B
mtu()
{
	router ip link set "$DEV2" mtu "$1"
	peer "$ns_b" ip link set "$PEER2" mtu "$1"
}

# Usage: host_addresses NETNS DEV ADDR4 ADDR6
host_addresses()
{
	peer "$1" ip addr replace "$3/24" dev "$2"
	peer "$1" ip addr replace "$4/64" dev "$2" nodad
	peer "$1" ip route replace default via $FT_ROUTER4_B
	peer "$1" ip route replace default via $FT_ROUTER6_B
}

# Usage: bring_back NETNS DEV
bring_back()
{
	# shellcheck disable=SC2016 # for the shell there
	on_peer sh -c 'ip -n "$1" link set "$2" netns $$' sh "$@" 2>/dev/null &&
		as_before on_peer "$2"
}

tear_down()
{
	local name

	trap '' INT TERM
	ft_flow_stop
	for name in "${UNDO[@]}"; do "$name"; done
	[ ${#PIDS[@]} -eq 0 ] || kill "${PIDS[@]}" 2>/dev/null
	if [ ${#ROUTER[@]} -eq 0 ] && [ ${#HOST_NS[@]} -gt 0 ]; then
		forget
		nft delete table inet nft_offload_test 2>/dev/null
		nft delete table netdev nft_offload_test 2>/dev/null
		ip route del $FAR4 2>/dev/null
		ip route del $FAR6 2>/dev/null
		ip addr del $FT_ROUTER4_A/24 dev "$DEV1" 2>/dev/null
		ip addr del $FT_ROUTER6_A/64 dev "$DEV1" 2>/dev/null
		ip addr del $FT_ROUTER4_B/24 dev "$DEV2" 2>/dev/null
		ip addr del $FT_ROUTER6_B/64 dev "$DEV2" 2>/dev/null
		for name in "${!OLD[@]}"; do
			sysctl -qw "$name=${OLD[$name]}"
		done
		for name in "$DEV1" "$DEV2"; do
			as_before router "$name"
		done
	fi
	if [ ${#HOST_NS[@]} -gt 0 ]; then
		bring_back "$ns_a" "$PEER1"
		bring_back "$ns_b" "$PEER2"
	fi
	for name in "${HOST_NS[@]}"; do
		# shellcheck disable=SC2016 # for the shell there
		on_peer sh -c 'kill $(ip netns pids "$1"); ip netns del "$1"' \
			sh "$name" 2>/dev/null
	done
	[ ${#REMOTE_FILES[@]} -eq 0 ] || on_peer rm -f "${REMOTE_FILES[@]}"
	ft_cleanup
}

# The router

# Usage: ruleset [-d DEV...] [CHAINS [RULES]]: the flowtable with DEV1, DEV2
# and DEVs, CHAINS, and RULES in front of "flow add"; in one transaction
ruleset()
{
	local devices="$DEV1, $DEV2"

	while [ "$1" = -d ]; do
		devices+=", $2"
		shift 2
	done
	router nft -f - <<-END
	table inet nft_offload_test { }
	delete table inet nft_offload_test
	table inet nft_offload_test {
		flowtable f {
			hook ingress priority 0
			devices = { $devices }
			flags offload
			counter
		}
		chain forward {
			type filter hook forward priority 0
			$2
			meta l4proto { tcp, udp } flow add @f
		}
		$1
	}
	END
}

# Usage: watch_cpu: count what the CPU gets from the ports
watch_cpu()
{
	local dev n=0

	{
		echo "table netdev nft_offload_test {"
		for dev in "$DEV1" "$DEV2"; do
			n=$((n + 1))
			cat <<-END
			counter cpu$n { }
			chain cpu$n {
				type filter hook ingress device "$dev" priority -500
				ether type 0x8864 counter name cpu$n accept
				meta l4proto { tcp, udp } counter name cpu$n
			}
			END
		done
		echo "}"
	} | router nft -f -
}

# Usage: cpu: packets that the router's CPU got, of both ports
cpu()
{
	router nft list counters table netdev nft_offload_test |
		awk '$1 == "packets" { n += $2 } END { print n + 0 }'
}

# Nothing of the test's flows is left in conntrack.
forget()
{
	router conntrack -D -s $FT_A4 >/dev/null 2>&1
	router conntrack -D -f ipv6 -s $FT_A6 >/dev/null 2>&1
	:
}

# Flows. ft_flow_cmd is for what needs no account.

# Usage: flow NAME PROTO ADDR [PORT]
flow()
{
	SENT[$1]=0 BYTES[$1]=0
	ft_flow_start "$1" "$ns_a" "$2" "$3" "${4:-$FT_PORT}" && send "$1" 4 64
}

# Usage: send NAME COUNT LEN: there and back
send()
{
	ft_flow_cmd "$1" run "$2" "$3" || return
	SENT[$1]=$((SENT[$1] + $2))
	BYTES[$1]=$((BYTES[$1] + $2 * $3))
}

# Usage: in_hardware NAME: the CPU sees nothing of it
in_hardware()
{
	local before

	before=$(cpu)
	send "$1" 50 200 && [ "$(cpu)" -eq "$before" ]
}

# Usage: get_hardware NAME...: within 15 s
get_hardware()
{
	local name end=$((SECONDS + 15))

	for name in "$@"; do
		until in_hardware "$name"; do
			[ $SECONDS -lt $end ] || ft_fail \
				"the CPU still sees packets of flow $name" ||
				return
			ft_flow_fine "$name" || return
			sleep 0.2
		done
	done
}

# Usage: offload NAME PROTO ADDR [PORT]: a flow in hardware
offload()
{
	flow "$@" && get_hardware "$1"
}

# Usage: flagged PATTERN: conntrack entries in hardware of this kind
flagged()
{
	ft_conntrack | grep HW_OFFLOAD | grep -cE -e "$1"
}

# Usage: steady NAME MS [EACH]: begin, a packet each ms, or EACH ms
steady()
{
	echo "steady $2 ${3:-1}000" >&"${FT_FLOW_IN[$1]}"
}

# Usage: steady_end NAME: how many came back to $BACK, of $ALL, and the longest
# time without to $GAP_MS
steady_end()
{
	local answer

	read -r -t 30 answer <&"${FT_FLOW_OUT[$1]}"
	[[ $answer =~ ^ok\ ([0-9]+)\ of\ ([0-9]+)\ packets,\ gap\ ([0-9]+) ]] ||
		ft_fail "flow $1: steady: $answer" || return
	BACK=${BASH_REMATCH[1]} ALL=${BASH_REMATCH[2]}
	GAP_MS=$((BASH_REMATCH[3] / 1000))
}

trap tear_down EXIT
