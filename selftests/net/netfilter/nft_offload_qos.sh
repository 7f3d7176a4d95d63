#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For nft_offload_conformance.sh: does what rules and shapers do to packets hold for
# flows that are in hardware? It needs policies of nft_offload: the tool of that name, or
# YNL in this kernel tree.
#
# shellcheck disable=SC2034,SC2154 # of the other files
# shellcheck disable=SC2317,SC2329 # behaviour calls, by name

# shellcheck source=../../drivers/net/netdevsim/flow_table_lib_ynl.sh
source "$lib_dir/../../drivers/net/netdevsim/flow_table_lib_ynl.sh"

QOS_MBIT=20 # of the shaper

# Usage: with_policy TEXT JSON: the flowtable's, as the tool says it and as YNL does
with_policy()
{
	local ynl

	router modprobe -q nft_offload
	if command -v nft-offload >/dev/null; then
		router nft-offload replace policy inet nft_offload_test f "{ $1 }" 2>/dev/null ||
			router nft-offload add policy inet nft_offload_test f "{ $1 }"
		return
	fi
	[ -e "$FT_YNL" ] || skip "neither nft-offload nor YNL is there" || return
	ynl=$(router python3 "$FT_YNL" --spec "$FT_SPEC" --do policy-new --json "{
		\"family\": \"inet\", \"table\": \"nft_offload_test\",
		\"name\": \"f\", $2}" 2>&1) || ft_fail "policy: ${ynl##*$'\n'}"
}

without_policy()
{
	if command -v nft-offload >/dev/null; then
		router nft-offload delete policy inet nft_offload_test f
	elif [ -e "$FT_YNL" ]; then
		router python3 "$FT_YNL" --spec "$FT_SPEC" --do policy-del --json \
			'{"family": "inet", "table": "nft_offload_test", "name": "f"}'
	fi >/dev/null 2>&1
	:
}

# Usage: watch_dscp NETNS NAME: count what comes with this DSCP, and all
watch_dscp()
{
	peer "$1" nft "table inet nft_offload_qos { }
		delete table inet nft_offload_qos
		table inet nft_offload_qos {
			counter every { }
			counter right { }
			chain in {
				type filter hook prerouting priority -300
				meta l4proto udp counter name every
				meta l4proto udp ip dscp $2 counter name right
				meta l4proto udp ip6 dscp $2 counter name right
			}
		}"
}

# Usage: watched NETNS every|right
watched()
{
	peer "$1" nft list counter inet nft_offload_qos "$2" |
		awk '$1 == "packets" { print $2 }'
}

# Usage: dscp_test FAMILY: rules rewrite it, differently for each direction. Hardware may
# refuse to: then software must.
dscp_test()
{
	local ip=ip before ns

	[ "$1" = 4 ] || ip=ip6
	peer "$ns_b" nft list tables >/dev/null 2>&1 ||
		skip "the hosts have no nft" || return
	ruleset "" "iifname \"$DEV1\" $ip dscp set af41
		iifname \"$DEV2\" $ip dscp set cs3" &&
	with_policy "carry dscp required" \
		'"carry": [{"what": "dscp"}], "carry-mode": "required"' &&
	flow flow udp "$(address "$1" B)" && send flow 10 64 || return
	sleep 1
	watch_dscp "$ns_b" af41 && watch_dscp "$ns_a" cs3 || return
	before=$(cpu)
	send flow 200 1000 || return
	note "$(($(cpu) - before)) of 400 packets through the CPU"
	for ns in "$ns_a" "$ns_b"; do
		ft_expect "packets with the DSCP" 200 "$(watched "$ns" right)" ||
			return
	done
}

# Usage: priority_test FAMILY: does hardware take a priority? Its queues are its own.
priority_test()
{
	ruleset "" "iifname \"$DEV1\" meta priority set 0:3" &&
	with_policy "carry priority required" \
		'"carry": [{"what": "priority"}], "carry-mode": "required"' &&
	offload flow udp "$(address "$1" B)"
}

# A shaper at the port: flows in hardware keep to it, or they are not there.
shaper_test()
{
	local begin kbits bytes=$((QOS_MBIT * 250000)) before

	router tc qdisc add dev "$DEV2" root tbf rate ${QOS_MBIT}mbit burst 64kb \
		latency 100ms 2>/dev/null || skip "no qdisc tbf" || return
	ruleset && with_policy "shaped software" '"shaped": "software"' &&
	flow flow tcp $FT_B4 && sleep 3 || return
	before=$(cpu)
	begin=${EPOCHREALTIME/[.,]/}
	ft_flow_cmd flow stream $bytes || return
	kbits=$((bytes * 8000 / (${EPOCHREALTIME/[.,]/} - begin)))
	note "$kbits kbit/s, $(($(cpu) - before)) packets through the CPU"
	[ $kbits -le $((QOS_MBIT * 1150)) ] ||
		ft_fail "$kbits kbit/s pass a shaper of $QOS_MBIT Mbit/s"
}

qos_end()
{
	without_policy
	router tc qdisc del dev "$DEV2" root 2>/dev/null
	peer "$ns_a" nft delete table inet nft_offload_qos 2>/dev/null
	peer "$ns_b" nft delete table inet nft_offload_qos 2>/dev/null
	:
}

# Usage: qos COMMAND...: a test, and nothing is left of it
qos()
{
	local ret

	"$@"
	ret=$?
	qos_end
	return $ret
}

# Usage: each_qos COMMAND: as each_behaviour
each_qos()
{
	local family

	for family in 4 6; do
		"$1" dscp$family "DSCP that rules rewrite, IPv$family" \
			qos dscp_test $family
	done
	for family in 4 6; do
		"$1" priority$family "priority in hardware, IPv$family" \
			qos priority_test $family
	done
	"$1" shaper "shaper at the port" qos shaper_test
}
