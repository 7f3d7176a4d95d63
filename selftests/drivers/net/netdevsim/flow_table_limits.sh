#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A table that is full, slow or failing: what the ft_flow_hw does not take stays
# in software, with no packet lost and all data intact.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317 # ft_test calls these functions
# shellcheck disable=SC2119 # without arguments

source "$(dirname "$0")/flow_table_lib_flows.sh"

masquerade="chain post {
	type nat hook postrouting priority 100
	oifname p2 masquerade
}"

# Usage: knob FILE VALUE
knob()
{
	echo "$2" > "$FT_DEBUGFS/$1"
}

# Usage: setup [SIZE]: topology, with a table of that size
setup()
{
	ft_topology_cleanup
	ft_topology_create || return
	[ $# -eq 0 ] || ft_table_size "$1" || return
	ft_addresses && ft_servers && ft_ruleset
}

# Size

occupancy()
{
	devlink -N "$ns_r" -j resource show "netdevsim/$(basename \
			"${FT_DEBUGFS%/*}")" |
		jq '.resources[][] | select(.name == "flow_table") | .occ'
}

full_test()
{
	ft_flow_hw one udp $FT_B4 && ft_flow_hw two udp $FT_B6 &&
	ft_flow three tcp $FT_B4 && ft_flow_sw three &&
	ft_flow_cmd three stream 1000003 &&
	ft_expect "rules" 4 "$(ft_entries | wc -l)"
}

occupancy_test()
{
	local n

	ft_ruleset
	ft_expect "occupancy without flow" 0 "$(occupancy)" || return
	for n in 2 4; do
		ft_flow_hw $n udp $FT_B4 &&
			ft_expect occupancy $n "$(occupancy)" || return
	done
	ft_flow more udp $FT_B6 && ft_flow_sw more &&
		ft_expect "occupancy, full" 4 "$(occupancy)"
}

room_test()
{
	ft_ruleset
	ft_flow_hw one udp $FT_B4 && ft_flow_hw two udp $FT_B6 &&
	ft_flow three tcp $FT_B4 && ft_flow_sw three || return
	ip netns exec "$ns_r" conntrack -D -f ipv6 -p udp >/dev/null 2>&1
	# the one that was refused is offered again when it has packets
	busywait 10000 ft_flow_cmd_then_hw three ||
		ft_fail "the flow that waited is not in hardware" || return
	ft_hw 0 ipv6 || ft_fail "rules of the deleted flow"
}

ft_flow_cmd_then_hw()
{
	ft_flow_cmd "$1" run 4 64 >/dev/null && ft_hw 2 " tcp "
}

half_test()
{
	ft_flow_hw one udp $FT_B4 && ft_flow two tcp $FT_B6 &&
	ft_flow_cmd two stream 1000003 && ft_flow_cmd two run 100 1000 || return
	ft_flow_sw two && ft_expect rules 2 "$(ft_entries | wc -l)"
}

none_test()
{
	ft_flow one udp $FT_B4 && ft_flow two tcp $FT_B6 && ft_flow_sw one &&
		ft_flow_sw two && ft_empty
}

# Faults

# Usage: fail_test ERRNO
fail_test()
{
	local name

	knob fail_add "$1" && ft_ruleset "$masquerade" || return
	for name in udp tcp; do
		ft_flow $name $name $FT_B4 && ft_flow_sw $name || return
	done
	ft_flow_cmd tcp stream 1000003 &&
	ft_empty &&
	! ft_conntrack_hw || ft_fail "conntrack says HW_OFFLOAD" || return
	knob fail_add 0 && ft_flow_hw later udp $FT_B4
}

# Half a flow is none: the direction that got in is taken out again.
fail_every_test()
{
	ft_ruleset "$masquerade" && knob fail_every 2 && knob fail_add 12 &&
	ft_flow half tcp $FT_B6 && ft_flow_cmd half stream 1000003 &&
	ft_flow_sw half && ft_empty || return
	knob fail_add 0 && knob fail_every 1
	busywait 10000 ft_flow_cmd_then_hw half ||
		ft_fail "it was not offered again"
}

delay_test()
{
	local cpu hits

	knob add_delay_us 2000000 && ft_ruleset "$masquerade" || return
	cpu=$(ft_cpu p1)
	hits=$(ft_stat p1 hit)
	ft_flow slow udp $FT_B4 && ft_flow_cmd slow run 96 1000 &&
	ft_empty &&
	[ "$(ft_cpu p1)" -ge $((cpu + 100)) ] &&
	ft_expect "hits" "$hits" "$(ft_stat p1 hit)" &&
	ft_wait_rules 2 && ft_flow_cmd slow run 100 1000 &&
	ft_expect "hits" $((hits + 100)) "$(ft_stat p1 hit)" || return
	knob add_delay_us 0
}

ktap_print_header
ft_require devlink jq
ktap_set_plan 9

setup 4 || ktap_exit_fail_msg "cannot set up the topology"
ft_flow_test "flow that does not fit stays in software" full_test
ft_flow_test "occupancy is the number of rules" occupancy_test
ft_flow_test "room that gets free is used" room_test
setup 3
ft_flow_test "flow of which one rule fits" half_test
setup 0
ft_flow_test "table of size 0" none_test

setup
ft_flow_test "additions fail with ENOMEM" fail_test 12
ft_flow_test "additions fail with ENOSPC" fail_test 28
ft_flow_test "each second addition fails" fail_every_test
ft_flow_test "additions take time" delay_test

ktap_finished
