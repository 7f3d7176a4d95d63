#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VLAN aware bridge decides what passes its ports, also of flows in the
# flowtable, in hardware or not. Each change is made without a flowtable first,
# to see what passes then; with a flowtable it has to be the same, and flows of
# other ports stay in hardware.
#
# LAYER: hw (default) or sw, the flowtable's
#
#  host A                router                      host B
# +-----------+         +-------------------+       +-------------------+
# |        a0 + ------- + p1, VLAN 10  \    |       |                   |
# |           |         |               br0 |       |                   |
# +-----------+         |              / |  |       |                   |
#  host C               |             /  |  |       |                   |
# +-----------+         |            /   |  |       |                   |
# |        c0 + ------- + p3, VLAN 10    |  |       |                   |
# |           |         |             br0.10, p2 -- + b0                |
# +-----------+         +-------------------+       +-------------------+
#
# br0.10 has the addresses that p1 has in flow_table_lib.sh; host C's are
# 192.0.2.3 and 2001:db8:1::3.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_change.sh
source "$(dirname "$0")/flow_table_lib_change.sh"

LAYER=${LAYER:-hw}
C4=192.0.2.3
THERE=7778 BACK=7779 # ports of the servers on host B and host A

# What is changed, and undone
declare -A CHANGE=(
	[disabled]="bridge link set dev p1 state disabled"
	[blocking]="bridge link set dev p1 state blocking"
	[learning]="bridge link set dev p1 state learning"
	[vlan_gone]="bridge vlan del dev p1 vid 10"
	[vlan_moved]="bridge vlan del dev p1 vid 10;
		bridge vlan add dev p1 vid 20 pvid untagged"
	[pvid_moved]="bridge vlan add dev p1 vid 20 pvid untagged"
	[tagged]="bridge vlan add dev p1 vid 10"
	[vlan_state]="bridge vlan set dev p1 vid 10 state disabled"
	[leaves]="ip link set p1 nomaster"
	[isolated]="bridge link set dev p1 isolated on"
	[bridge_vlan_gone]="bridge vlan del dev br0 vid 10 self"
	[filtering_off]="ip link set br0 type bridge vlan_filtering 0"
)
declare -A UNDO=(
	[disabled]="bridge link set dev p1 state forwarding"
	[blocking]="bridge link set dev p1 state forwarding"
	[learning]="bridge link set dev p1 state forwarding"
	[vlan_gone]="bridge vlan add dev p1 vid 10 pvid untagged"
	[vlan_moved]="bridge vlan del dev p1 vid 20;
		bridge vlan add dev p1 vid 10 pvid untagged"
	[pvid_moved]="bridge vlan del dev p1 vid 20;
		bridge vlan add dev p1 vid 10 pvid untagged"
	[tagged]="bridge vlan add dev p1 vid 10 pvid untagged"
	[vlan_state]="bridge vlan set dev p1 vid 10 state forwarding"
	[leaves]="ip link set p1 master br0;
		bridge vlan add dev p1 vid 10 pvid untagged"
	[isolated]="bridge link set dev p1 isolated off"
	[bridge_vlan_gone]="bridge vlan add dev br0 vid 10 self"
	[filtering_off]="ip link set br0 type bridge vlan_filtering 1"
)
KINDS="disabled blocking learning vlan_gone vlan_moved pvid_moved tagged
	vlan_state leaves isolated bridge_vlan_gone filtering_off"
declare -A CLASSIC # what passes without a flowtable

# Usage: on_router COMMANDS
on_router()
{
	ip netns exec "$ns_r" bash -c "$1" || ft_fail "$1"
}

# What passes does not depend on how long it takes: where A does not hear the
# router it would be given up.
neighbours()
{
	local mac

	read -r mac < <(ip netns exec "$ns_a" cat /sys/class/net/a0/address)
	ip -batch - -n "$ns_r" <<-END &&
	neigh replace $FT_A4 lladdr $mac dev br0.10 nud permanent
	neigh replace $FT_A6 lladdr $mac dev br0.10 nud permanent
	END
	ip -batch - -n "$ns_a" <<-END
	neigh replace $FT_ROUTER4_A lladdr 02:00:00:00:00:01 dev a0 nud permanent
	neigh replace $FT_ROUTER6_A lladdr 02:00:00:00:00:01 dev a0 nud permanent
	END
}

# forward_delay: the bridge would make a learning port forward, that long after it
# has joined
setup()
{
	ft_topology_create && ft_port_add 2 p3 && setup_ns ns_c &&
	ft_nsim_create "$ns_c" c0 && ft_link "$ns_r" p3 "$ns_c" c0 || return
	on_router "ip link add br0 address 02:00:00:00:00:01 up \
			type bridge vlan_filtering 1 vlan_default_pvid 0 \
			forward_delay 0
		ip link set p1 master br0
		ip link set p3 master br0
		bridge vlan add dev p1 vid 10 pvid untagged
		bridge vlan add dev p3 vid 10 pvid untagged
		bridge vlan add dev br0 vid 10 self
		ip link add link br0 name br0.10 up type vlan id 10" &&
	ft_addresses br0.10 p2 && ft_servers &&
	ft_server "$ns_b" udp $FT_B4 $THERE &&
	ft_server "$ns_a" udp $FT_A6 $BACK && neighbours &&
	ip -batch - -n "$ns_c" <<-END
	addr add $C4/24 dev c0
	route add default via $FT_ROUTER4_A
	END
}

# Usage: all_of COUNT: of FT_ALL packets
all_of()
{
	case $1 in
	0) echo none ;;
	"$FT_ALL") echo all ;;
	*) echo "$1 of $FT_ALL" ;;
	esac
}

# Packets of the flows "there", from A to B, and "back", from B to A, into
# PASSES: how many are seen on the wire to the host, and how many are answered
measure()
{
	local wire_a wire_b

	wire_a=$(ft_wired "$ns_a") wire_b=$(ft_wired "$ns_b")
	ft_steady_start there 200 10000 && ft_steady_start back 200 10000 &&
	ft_steady_end there || return
	wire_b=$(($(ft_wired "$ns_b") - wire_b))
	PASSES="to B $(all_of $wire_b) answered $(all_of "$FT_BACK")"
	ft_steady_end back || return
	wire_a=$(($(ft_wired "$ns_a") - wire_a))
	PASSES+=", to A $(all_of $wire_a) answered $(all_of "$FT_BACK")"
}

# Usage: flows LAYER: also one that no port of A is part of
flows()
{
	ft_layer "$1" && ft_add there "$ns_a" udp $FT_B4 $THERE &&
	ft_add back "$ns_b" udp $FT_A6 $BACK &&
	ft_add other "$ns_c" udp $FT_B4 $FT_PORT
}

# Fill in CLASSIC
classic()
{
	local kind

	flows none || return
	for kind in $KINDS; do
		ft_wait_layer there && ft_wait_layer back &&
		on_router "${CHANGE[$kind]}" || return
		ft_nap 0.2
		measure && on_router "${UNDO[$kind]}" || return
		CLASSIC[$kind]=$PASSES
		echo "# without a flowtable, ${kind//_/ }: $PASSES"
	done
	ft_flow_stop
}

# Usage: change KIND
change()
{
	local concerned=4

	flows "$LAYER" && ft_count_destroyed && on_router "${CHANGE[$1]}" ||
		return
	ft_settle
	measure && ft_expect "what passes" "${CLASSIC[$1]}" "$PASSES" || return
	case ${CLASSIC[$1]} in
	*none*) ;;
	*) concerned=0 ;;
	esac
	case $1 in
	bridge_vlan_gone | filtering_off) concerned=6 ;;
	*) ft_flow_cmd other run 20 400 || return ;;
	esac
	ft_expect_destroyed $concerned
}

# Usage: reaches NETNS ADDR
reaches()
{
	ip netns exec "$1" ping -c 1 -W 1 -q "$2" >/dev/null 2>&1
}

# Usage: change_test KIND
change_test()
{
	local ret

	change "$@"
	ret=$?
	on_router "${UNDO[$1]}"
	# answers that A has kept for want of an address go now, and not as a
	# connection of their own when the next test has begun
	slowwait 5 reaches "$ns_a" $FT_ROUTER6_A &&
		slowwait 5 reaches "$ns_a" $FT_ROUTER4_A
	return $ret
}

# Nothing is left of the flows that were there when the port was closed. Packets
# to a host behind it find no way, and make no flow that has one.
closed()
{
	local wire

	flows "$LAYER" && on_router "${CHANGE[learning]}
		conntrack -F 2>/dev/null" && ft_nap 2 || return
	wire=$(ft_wired "$ns_a")
	ft_steady_start back 500 10000 && ft_steady_end back &&
	ft_expect "packets to A" 0 $(($(ft_wired "$ns_a") - wire)) &&
	ft_flow_cmd other run 20 400
}

closed_test()
{
	local ret

	closed
	ret=$?
	on_router "${UNDO[learning]}"
	slowwait 5 reaches "$ns_a" $FT_ROUTER6_A
	return $ret
}

ktap_print_header
ft_require bridge ping
ktap_set_plan 14

setup || ktap_exit_fail_msg "cannot set up the topology"
if ! ft_wire "$ns_a" a0 "udp dport $BACK" ||
   ! ft_wire "$ns_b" b0 "udp dport $THERE" || ! classic; then
	ktap_exit_fail_msg "nothing to compare with"
fi
for kind in $KINDS; do
	ft_flow_test "${kind//_/ }, $LAYER" change_test "$kind"
done
ft_flow_test "new flows to a closed port, $LAYER" closed_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
