#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What policies of nft_offload do: which connections get into the flowtable, which
# flows into hardware, and when. They change under traffic, as do marks, and no
# packet is lost.
#
# For the topology see flow_table_lib_flows.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$(dirname "$0")/flow_table_lib_ynl.sh"
# shellcheck source=flow_table_lib_policy.sh
source "$(dirname "$0")/flow_table_lib_policy.sh"

FLAGS="flags offload;" COUNTER=

# Usage: load: the flowtable, and a chain before its rule that counts what takes the
# slow path, by server's port; without a policy
load()
{
	ft_flow_stop
	ft_policy_del >/dev/null 2>&1
	ip netns exec "$ns_r" nft -f - <<-END || return
	table inet t { }
	delete table inet t
	table inet t {
		counter seen { }
		flowtable f {
			hook ingress priority 0
			devices = { p1, p2 }
			$FLAGS $COUNTER
		}
		chain before {
			type filter hook forward priority -10
			meta l4proto { tcp, udp } counter name seen
		}
		chain forward {
			type filter hook forward priority 0
			meta l4proto { tcp, udp } flow add @f
		}
	}
	END
	ip netns exec "$ns_r" conntrack -F >/dev/null 2>&1
	ft_empty
}

# Usage: seen: packets that took the slow path
seen()
{
	ip netns exec "$ns_r" nft list counter inet t seen |
		awk '$1 == "packets" { print $2 }'
}

# Usage: mark VALUE: of all connections of host A
mark()
{
	local proto

	for proto in udp tcp; do
		ip netns exec "$ns_r" conntrack -U -p $proto -s $FT_A4 \
			--mark "$1" >/dev/null 2>&1
		ip netns exec "$ns_r" conntrack -U -p $proto -s $FT_A6 \
			--mark "$1" >/dev/null 2>&1
	done
	[[ $(ft_conntrack) = *"mark=$(($1)) "* ]] || ft_fail "no mark was set"
}

# Usage: all_slow NAME: all packets of this flow take the slow path. Acknowledgments of
# others may be late.
all_slow()
{
	local before

	ft_nap 0.3
	before=$(seen)
	ft_flow_cmd "$1" run 50 1000 &&
	ft_expect "packets in the slow path" $((before + 100)) "$(seen)"
}

# Usage: none_slow NAME: none of this one does
none_slow()
{
	local before

	before=$(seen)
	ft_flow_cmd "$1" run 50 1000 &&
	ft_expect "packets in the slow path" "$before" "$(seen)"
}

# Usage: explained: layer and reason of a UDP connection of IPv4
explained()
{
	local id

	id=$(ft_conntrack -p udp -o id | sed -n 's/.* id=\([0-9]*\).*/\1/p' |
		head -n 1)
	ft_ynl --do explain --json "{\"filter\": {\"ct-id\": ${id:-0}}}" |
		jq -r '"\(.layer) \(.reason)"'
}

# Usage: soon WHAT COMMAND...: within two seconds, and what a loaded machine needs
soon()
{
	slowwait 4 "${@:2}" || ft_fail "not $1"
}

no_flows()
{
	[ -z "$(ft_state)" ]
}

# Marks

# Never in the flowtable, from its first packet on
never_test()
{
	load && ft_policy_is "\"mark\": [$(ft_mark never 128 128)]" || return
	ip netns exec "$ns_r" nft add rule inet t before ct mark set 0x81
	ft_flow udp udp $FT_B4 && ft_flow tcp tcp $FT_B6 &&
	all_slow udp && ft_empty &&
	ft_expect "flows" "" "$(ft_state)" &&
	ft_expect "explained" "classic policy" "$(explained)" &&
		ft_reason_is_there policy || return
	# a bit that the policy does not look at
	load && ft_policy_is "\"mark\": [$(ft_mark never 128 128)]" || return
	ip netns exec "$ns_r" nft add rule inet t before ct mark set 0x7f
	ft_flow_hw udp udp $FT_B4 && none_slow udp
}

# A connection in hardware gets the mark, and loses it
never_hw_test()
{
	load && ft_policy_is "\"mark\": [$(ft_mark never 128 128)]" &&
	ft_flow_hw udp udp $FT_B4 && ft_flow_hw tcp tcp $FT_B6 &&
	ft_flow_busy udp run 20 1000 && ft_flow_busy tcp run 20 1000 || return
	mark 128 &&
	soon "out of hardware" ft_hw 0 ^ && ft_flow_goes_on udp &&
		ft_flow_goes_on tcp || return
	ft_flow_stop tcp udp
	ft_flow again udp $FT_B6 && mark 128 && soon "out" ft_hw 0 ^ &&
		all_slow again && mark 0 &&
	ft_flow_cmd again run 4 64 && soon "in hardware again" ft_hw 2 ^ &&
		none_slow again
}

# The same in the flowtable without hardware: the next packet finds out
never_sw_test()
{
	local FLAGS=

	load && ft_policy_is "\"mark\": [$(ft_mark never 128 128)]" &&
	ft_flow udp udp $FT_B4 && ft_flow tcp tcp $FT_B6 &&
	none_slow udp && mark 128 && all_slow udp &&
	ft_flow_cmd tcp stream 100000 && all_slow udp &&
	soon "without flows" no_flows && mark 0 &&
	ft_flow_cmd udp run 4 64 && none_slow udp
}

# In the flowtable, and not in hardware
software_test()
{
	load && ft_policy_is "\"mark\": [$(ft_mark software 64 192)]" || return
	ip netns exec "$ns_r" nft add rule inet t before ct mark set 0x40
	ft_flow udp udp $FT_B4 && ft_flow tcp tcp $FT_B6 && ft_flow_sw udp &&
	none_slow udp && ft_flow_cmd tcp stream 100000 && ft_empty &&
	ft_expect "flows" "software policy;software policy;" "$(ft_state)" &&
	ft_expect "explained" "software policy" "$(explained)" &&
		ft_reason_is_there policy || return
	# now one that matches no more
	mark 192 && ft_flow_cmd udp run 4 64 || return
	ft_nap 1.1
	ft_flow_cmd udp run 4 64 && soon "in hardware" ft_hw 2 udp
}

# Connections in hardware get the mark
software_hw_test()
{
	load && ft_policy_is "\"mark\": [$(ft_mark software 64 64)]" &&
	ft_flow_hw udp udp $FT_B4 && ft_flow_hw tcp tcp $FT_B6 &&
	ft_flow_busy udp run 20 1000 && ft_flow_busy tcp run 20 1000 || return
	mark 64 &&
	soon "out of hardware" ft_hw 0 ^ && ft_flow_goes_on udp &&
	ft_flow_goes_on tcp && ft_empty && ft_flow_stop || return
	ft_expect "flows" "software policy;software policy;" "$(ft_state)"
}

# A policy comes, changes and goes
change_test()
{
	load && ft_flow_hw udp udp $FT_B4 && ft_flow_hw tcp tcp $FT_B6 &&
	mark 3 && ft_flow_busy udp run 20 1000 && ft_flow_busy tcp run 20 1000 &&
	ft_policy_is "\"mark\": [$(ft_mark software 1 1)]" &&
	soon "out of hardware" ft_hw 0 ^ &&
	ft_flow_goes_on udp && ft_flow_goes_on tcp && ft_empty &&
	ft_policy_is "\"mark\": [$(ft_mark never 4 4)]" &&
	soon "in hardware again" ft_hw 4 ^ &&
	ft_policy_is "\"mark\": [$(ft_mark never 2 2)]" &&
	soon "out of hardware" ft_hw 0 ^ &&
	ft_flow_goes_on udp && ft_flow_goes_on tcp &&
	ft_policy_del >/dev/null && soon "in hardware again" ft_hw 4 ^ &&
	ft_flow_goes_on udp && ft_flow_goes_on tcp
}

# It is there before the flowtable, and stays when the ruleset goes
reload_test()
{
	local try

	ip netns exec "$ns_r" nft flush ruleset
	load && ft_policy_is "\"mark\": [$(ft_mark software 0 1)]" || return
	for try in 1 2; do
		ft_flow flow$try udp $FT_B4 && ft_flow_sw flow$try &&
			ft_empty || return
		ft_flow_stop
		ip netns exec "$ns_r" nft flush ruleset
		ip netns exec "$ns_r" nft -f - <<-END || return
		table inet t {
			flowtable f {
				hook ingress priority 0
				devices = { p1, p2 }
				flags offload
			}
			chain forward {
				type filter hook forward priority 0
				meta l4proto { tcp, udp } flow add @f
			}
		}
		END
	done
	ft_policy_del >/dev/null
}

# The first packets

# Usage: stack_hw: 20 packets of a connection, of both directions, see all rules
stack_test()
{
	load && ft_policy_is '"stack": 20' || return
	ft_flow_start udp "$ns_a" udp $FT_B4 $FT_PORT &&
	ft_flow_cmd udp run 9 100 && ft_empty &&
	ft_expect "slow" 18 "$(seen)" && ft_expect "flows" "" "$(ft_state)" &&
	ft_expect "explained" "classic too-early" "$(explained)" &&
	ft_flow_cmd udp run 1 100 && soon "in hardware" ft_hw 2 ^ &&
	ft_expect "slow" 20 "$(seen)" && none_slow udp &&
	ft_reason_is_there too-early
}

# Accounting is switched on; of connections from before, the packets count that come
# from now on
stack_old_test()
{
	load || return
	ip netns exec "$ns_r" sysctl -qw net.netfilter.nf_conntrack_acct=0
	ip netns exec "$ns_r" nft flush chain inet t forward
	ft_flow old udp $FT_B4 && ft_flow_cmd old run 50 100 &&
	ft_policy_is '"stack": 20' &&
	ft_expect "accounting" 1 "$(ip netns exec "$ns_r" sysctl -n \
		net.netfilter.nf_conntrack_acct)" || return
	ip netns exec "$ns_r" nft add rule inet t forward meta l4proto udp \
		flow add @f
	ft_flow_cmd old run 9 100 && ft_empty && ft_expect "flows" "" \
		"$(ft_state)" && ft_flow_cmd old run 1 100 &&
		soon "in hardware" ft_hw 2 ^ && none_slow old || return
	# a new one has counters
	ft_flow_start new "$ns_a" udp $FT_B6 $FT_PORT &&
	ft_flow_cmd new run 9 100 && ft_hw 0 ipv6 &&
	ft_flow_cmd new run 1 100 && soon "in hardware" ft_hw 2 ipv6
}

# Hardware after some traffic

# Usage: after_test MEMBERS LITTLE MORE: a flow is in hardware once it has had more
# than LITTLE, twice 50 packets a time, which is MORE
after_test()
{
	load && ft_policy_is "$1" && ft_flow_start udp "$ns_a" udp $FT_B4 $FT_PORT &&
	ft_flow_cmd udp run "$2" 1000 || return
	ft_nap 1.1
	ft_flow_cmd udp run 2 100 && ft_nap 1.1 && ft_empty &&
	ft_expect "flows" "software too-slow;" "$(ft_state)" &&
	ft_expect "explained" "software too-slow" "$(explained)" &&
	ft_flow_cmd udp run "$3" 1000 && ft_nap 1.1 &&
	ft_flow_cmd udp run 2 100 && soon "in hardware" ft_hw 2 ^ &&
	none_slow udp && ft_reason_is_there too-slow
}

# In a flowtable with "counter" conntrack has counted all of it
after_counter_test()
{
	local COUNTER="counter;"

	after_test '"after-packets": 200' 40 60
}

# One packet each 100 ms is too slow, one each 5 ms is not
after_rate_test()
{
	load && ft_policy_is '"after-rate": 100' &&
	ft_flow_start slow "$ns_a" udp $FT_B4 $FT_PORT &&
	ft_flow_start fast "$ns_a" udp $FT_B6 $FT_PORT || return
	echo "steady 6000 100000" >&"${FT_FLOW_IN[slow]}"
	echo "steady 6000 5000" >&"${FT_FLOW_IN[fast]}"
	slowwait 6 ft_hw 2 ipv6 || ft_fail "the fast flow is not there" || return
	ft_hw 0 ipv4 || ft_fail "the slow flow is there" || return
	ft_flow_answer slow steady && ft_flow_answer fast steady &&
	ft_hw 0 ipv4 || ft_fail "the slow flow is there"
}

# Flows in hardware that have not had what a policy wants leave it
after_change_test()
{
	load && ft_flow_hw udp udp $FT_B4 && ft_flow_busy udp run 20 1000 &&
	ft_policy_is '"after-bytes": 1000000000' &&
	soon "out of hardware" ft_hw 0 ^ && ft_flow_goes_on udp && ft_empty &&
	ft_policy_del >/dev/null && soon "in hardware" ft_hw 2 ^ &&
	ft_flow_goes_on udp
}

# Budget

# Usage: client N: a flow of its own, each time
client()
{
	ft_flow "$1" udp $FT_B4
}

budget_test()
{
	local n

	load && ft_policy_is '"budget": 3' || return
	for n in 1 2 3 4 5; do
		client $n || return
	done
	soon "in hardware" ft_hw 6 ^ && ft_nap 1.2 || return
	for n in 1 2 3 4 5; do
		ft_flow_cmd $n run 20 1000 && none_slow $n || return
	done
	ft_nap 0.5
	ft_hw 6 ^ || ft_fail "rules: ${#FT_ENTRIES[@]}" || return
	ft_expect "flows" "hardware -;hardware -;hardware -;software budget;software budget;" \
		"$(ft_state)" && ft_reason_is_there budget || return
	# one ends: another one gets its place
	ip netns exec "$ns_r" conntrack -D -p udp --orig-port-src \
		"$(first_port)" >/dev/null 2>&1
	soon "out of hardware" ft_hw 4 ^ || return
	for n in 1 2 3 4 5; do
		ft_flow_cmd $n run 4 64
	done
	soon "in hardware" ft_hw 6 ^
}

# Source port of a flow in hardware
first_port()
{
	ft_ynl --dump flow-get | jq -r 'first(.[] |
		select(.state == "hardware").original.sport)'
}

# A smaller one, a larger one, none
budget_change_test()
{
	local n

	load && client 1 && client 2 && client 3 && client 4 &&
	soon "in hardware" ft_hw 8 ^ || return
	for n in 1 2 3 4; do
		ft_flow_busy $n run 10 1000 || return
	done
	ft_policy_is '"budget": 1' && soon "within the budget" ft_hw 2 ^ &&
	ft_policy_is '"budget": 3' && soon "three there" ft_hw 6 ^ &&
	ft_policy_del >/dev/null && soon "all there" ft_hw 8 ^ || return
	for n in 1 2 3 4; do
		ft_flow_goes_on $n || return
	done
}

# Usage: per_device_test: flows of A and B have places of their own
per_device_test()
{
	local n

	load && ft_server "$ns_a" udp $FT_A4 &&
	ft_policy_is '"budget": 1, "budget-per-device": 1' || return
	for n in 1 2; do
		client a$n && ft_flow_start b$n "$ns_b" udp $FT_A4 $FT_PORT &&
			ft_flow_cmd b$n run 4 64 || return
	done
	soon "in hardware" ft_hw 4 ^ && ft_nap 1.2 || return
	for n in a1 a2 b1 b2; do
		ft_flow_cmd $n run 4 64 || return
	done
	ft_nap 0.5
	ft_hw 4 ^ || ft_fail "rules: ${#FT_ENTRIES[@]}" || return
	ft_expect "flows" "hardware -;hardware -;software budget;software budget;" \
		"$(ft_state)" || return
	ft_hw 2 "in=p1 .*dport=$FT_PORT" || ft_hw 2 "in=p2" ||
		ft_fail "not one of each"
}

# Usage: pace NAME MS US: a packet each US, in the background
pace()
{
	echo "steady $2 $3" >&"${FT_FLOW_IN[$1]}"
}

# Usage: fast_displace_slow: f1 and f2, of IPv6, get the places of s1 and s2, of IPv4
fast_displace_slow()
{
	local n

	for n in s1 s2; do
		client $n && pace $n 40000 100000 || return
	done
	soon "in hardware" ft_hw 4 ipv4 || return
	for n in f1 f2; do
		ft_flow $n udp $FT_B6 && pace $n 25000 8000 || return
	done
	slowwait 15 ft_hw 4 ipv6 ||
		ft_fail "the fast flows are not in hardware" || return
	ft_hw 0 ipv4 || ft_fail "slow flows have stayed"
}

# Fast flows take the places of slow ones; flows as fast as each other do not, and
# their packets stay in hardware
slowest_test()
{
	local adds

	load && ft_policy_is '"budget": 2, "evict": "slowest"' || return
	fast_displace_slow || return
	ft_reason_is_there budget || return
	# slower by less than half
	ft_flow f3 udp $FT_B6 && pace f3 12000 6000 || return
	adds=$(ft_ynl --dump table-get | jq '.[0]."hw-adds"')
	ft_flow_answer f3 steady &&
	ft_expect "flows that came" "$adds" \
		"$(ft_ynl --dump table-get | jq '.[0]."hw-adds"')" &&
	ft_hw 4 ipv6 || ft_fail "the fast flows have left" || return
	# when the fast ones have ended, the slow ones come again
	ft_flow_answer f1 steady && ft_flow_answer f2 steady &&
	ft_flow_stop f1 f2 f3 && slowwait 20 ft_hw 4 ipv4 ||
		ft_fail "the slow flows did not come again"
}

# The same for flows of a device: those of another one keep their place
device_slowest_test()
{
	load && ft_server "$ns_a" udp $FT_A6 && ft_policy_is \
		'"budget": 1, "budget-per-device": 1, "evict": "slowest"' &&
	client s1 && pace s1 25000 100000 &&
	ft_flow_start b1 "$ns_b" udp $FT_A6 $FT_PORT && pace b1 25000 100000 &&
	soon "in hardware" ft_hw 4 ^ || return
	ft_flow f1 udp $FT_B6 && pace f1 20000 8000 || return
	slowwait 10 ft_hw 0 ipv4 || ft_fail "the slow flow has stayed" || return
	slowwait 4 ft_hw 2 "in=p1 ipv6" ||
		ft_fail "the fast flow is not in hardware" || return
	ft_hw 2 "src=$FT_A6 .*sport=$FT_PORT|dst=$FT_A6 .*dport=$FT_PORT" ||
		ft_fail "the flow of the other device has left"
}

# Without a budget, when hardware has no room
full_test()
{
	ft_topology_cleanup
	ft_topology_create && ft_table_size 4 && ft_addresses && ft_servers &&
	ft_acct 1 && load && ft_policy_is '"evict": "slowest"' || return
	fast_displace_slow || return
	ft_reason_is_there table-full && ft_reason_is_there budget
}

# No flow changes places if none may, or if drivers may take no time for it
bounded_test()
{
	local name was param=/sys/module/nf_flow_table/parameters

	load && ft_policy_is '"budget": 1, "evict": "slowest"' || return
	client slow && pace slow 60000 100000 &&
	soon "in hardware" ft_hw 2 ipv4 || return
	ft_flow fast udp $FT_B6 && pace fast 40000 8000 || return
	for name in replacements replacing; do
		was=$(cat $param/offload_$name)
		echo 0 >$param/offload_$name
		ft_nap 6
		ft_hw 2 ipv4 && ft_hw 0 ipv6 ||
			ft_fail "they have changed places without offload_$name"
		set -- $?
		echo "$was" >$param/offload_$name
		[ "$1" -eq 0 ] || return
	done
	slowwait 10 ft_hw 2 ipv6 || ft_fail "the fast flow is not in hardware"
}

# What a driver refuses takes no place
refused_test()
{
	load && ft_policy_is '"budget": 1' || return
	echo 28 >"$FT_DEBUGFS/fail_add"
	client 1
	ft_nap 0.5
	ft_empty
	echo 0 >"$FT_DEBUGFS/fail_add"
	client 2 && soon "in hardware" ft_hw 2 ^
}

# A namespace goes that has policies, with traffic
netns_test()
{
	load && ft_policy_is "\"budget\": 1, \"stack\": 2, \"after-packets\": 4,
		\"mark\": [$(ft_mark never 128 128)]" &&
	client 1 && client 2 && ft_flow_busy 1 run 10 1000 || return
	ft_topology_cleanup
	ft_silent_test
}

ktap_print_header
ft_require jq
modprobe nft_offload 2>/dev/null
ktap_set_plan 24

ft_setup
ft_acct 1
ft_flow_test "never: connections with a mark stay in the slow path" never_test
ft_flow_test "never: connections in hardware get the mark" never_hw_test
ft_flow_test "never: connections in the flowtable get the mark" never_sw_test
ft_flow_test "software: connections with a mark are not in hardware" software_test
ft_flow_test "software: connections in hardware get the mark" software_hw_test
ft_flow_test "a policy comes, changes and goes, under traffic" change_test
ft_flow_test "a policy outlives the ruleset" reload_test
ft_flow_test "stack: the first packets take the slow path" stack_test
ft_flow_test "stack: a connection from before" stack_old_test
ft_flow_test "hardware after some bytes" after_test '"after-bytes": 150000' 40 60
ft_flow_test "hardware after some packets" after_test '"after-packets": 200' 40 60
ft_flow_test "hardware after some packets, with counter" after_counter_test
ft_flow_test "hardware after a rate" after_rate_test
ft_flow_test "hardware after some bytes: flows that are there" after_change_test
ft_flow_test "budget: no more flows are in hardware" budget_test
ft_flow_test "budget: it changes, under traffic" budget_change_test
ft_flow_test "budget: of each device" per_device_test
ft_flow_test "budget: the slowest leave" slowest_test
ft_flow_test "budget: the slowest leave, of each device" device_slowest_test
ft_flow_test "budget: changes of places are limited" bounded_test
ft_flow_test "budget: what drivers refuse takes no place" refused_test
ft_flow_test "evict: hardware is full" full_test
ft_flow_test "the namespace goes" netns_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
