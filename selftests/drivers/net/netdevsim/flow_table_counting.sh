#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who has the flows of a network namespace counted, for how long, and what becomes of
# flows that are not: they are forwarded, offloaded, listed and ended like others.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$ft_dir/flow_table_lib_ynl.sh"

LISTENERS=()

# Usage: router 1|2: whose network namespaces the library works with
router()
{
	local var ns

	for var in ns_a ns_r ns_b FT_DEBUGFS; do
		ns=${var}_$1
		printf -v $var %s "${!ns}"
	done
}

two_routers_create()
{
	local i

	for i in 1 2; do
		ns_a='' ns_r='' ns_b=''
		ft_topology_create && ft_addresses && ft_servers &&
			ip netns exec "$ns_r" sysctl -qw \
				net.netfilter.nf_flowtable_udp_timeout=600 \
				net.netfilter.nf_conntrack_udp_timeout=600 \
				net.netfilter.nf_conntrack_udp_timeout_stream=600 ||
			return
		printf -v ns_a_$i %s "$ns_a"
		printf -v ns_r_$i %s "$ns_r"
		printf -v ns_b_$i %s "$ns_b"
		printf -v FT_DEBUGFS_$i %s "$FT_DEBUGFS"
	done
}

# Usage: acct NAME [VALUE]: read or write net.netfilter.nf_flow_acctNAME
acct()
{
	if [ $# -eq 1 ]; then
		ip netns exec "$ns_r" sysctl -n "net.netfilter.nf_flow_acct$1"
	else
		ip netns exec "$ns_r" sysctl -qw \
			"net.netfilter.nf_flow_acct$1=$2"
	fi
}

# Usage: counted N: are so many flows counted? No list asks, for that would count.
counted()
{
	[ "$(acct _count)" -eq "$1" ]
}

# Usage: expect_counted N
expect_counted()
{
	slowwait 10 counted "$1" || ft_expect "flows counted" "$1" \
		"$(acct _count)"
}

# Usage: listed JQ: what it says of all flows
listed()
{
	ft_ynl --dump flow-get --json '{"filter": {}}' | jq -cr "$1"
}

# Usage: burst N: so many connections, that make flows
burst()
{
	local out

	out=$(ip netns exec "$ns_a" "$FT_TRAFFIC" burst udp $FT_B4 $FT_PORT \
		"$1" 2>&1) || ft_fail "burst: $out"
}

# Usage: load N: N flows, in software, and no others
load()
{
	FT_FLAGS='' ft_ruleset && burst "$1"
}

# Nothing but a request counts.
loaded_test()
{
	modprobe nft_offload && load 5 && expect_counted 0 && burst 5 &&
		expect_counted 0
}

# Flows that were there, and those that come; of one namespace.
sysctl_test()
{
	router 2
	load 7 || return
	router 1
	load 5 && acct "" 1 && expect_counted 5 && burst 3 &&
		expect_counted 8 || return
	router 2
	expect_counted 0 || return
	router 1
	acct "" 0 && expect_counted 0 && burst 3 && expect_counted 0
}

# Usage: listen: one more listener
listen()
{
	ft_exec "$ns_r" python3 -u "$FT_YNL" --spec "$FT_SPEC" --output-json \
		--subscribe events --duration 600 >"$FT_TMP/events" 2>&1 &
	LISTENERS+=($!)
	FT_PIDS+=($!)
}

listen_no_more()
{
	kill "${LISTENERS[-1]}"
	wait "${LISTENERS[-1]}" 2>/dev/null
	unset 'LISTENERS[-1]'
}

# The last listener ends it, soon.
listeners_test()
{
	router 2
	load 4 || return
	router 1
	load 5 && listen && slowwait 20 counted 5 ||
		ft_expect "with a listener" 5 "$(acct _count)" || return
	listen && ft_nap 3 && listen_no_more && ft_nap 3 &&
		ft_expect "one has gone" 5 "$(acct _count)" || return
	router 2
	ft_expect "elsewhere" 0 "$(acct _count)" || return
	router 1
	listen_no_more
	expect_counted 0 && burst 1 && expect_counted 0
}

# Usage: sets PATH: how many of the flows in the list have it
sets()
{
	listed "map(select($1 != null)) | length"
}

# Flows beyond the limit are listed without what is not known.
limit_test()
{
	local status

	acct _max 3
	load 8 && ft_expect "listed" 8 "$(listed length)" &&
		expect_counted 3 &&
		ft_expect "with a number" 3 "$(sets .id)" &&
		ft_expect "with an age" 3 "$(sets .age)" &&
		ft_expect "counted" 3 "$(sets '.original."sw-packets"')" &&
		ft_expect "counted in hardware" 3 \
			"$(sets '.reply."hw-bytes"')" &&
		ft_expect "different flows" 8 \
			"$(listed 'map(.original.sport) | unique | length')" &&
		acct _max 6 && ft_expect "listed again" 8 "$(listed length)" &&
		expect_counted 6
	status=$?
	acct _max 1048576
	return $status
}

# Usage: uncounted: a flow that is not counted is offloaded, listed and ended.
uncounted()
{
	ft_ruleset && ft_connect_hw udp $FT_B4 $FT_PORT &&
	ft_assert_hw udp run 100 100 && expect_counted 0 &&
	ft_expect "listed" "hardware null" \
		"$(listed '.[] | "\(.state) \(.original."hw-packets")"')" ||
		return
	ft_ynl --do flow-del --json '{"filter": {}}' >/dev/null
	ft_read_entries
	ft_expect "rules in hardware" 0 ${#FT_ENTRIES[@]}
}

no_room_test()
{
	local status

	acct _max 0
	uncounted
	status=$?
	acct _max 1048576
	return $status
}

# Usage: fail_alloc 0|100: percent of all watches
fail_alloc()
{
	echo $(($1 > 0)) >/sys/kernel/slab/nf_flow_acct/failslab
	echo 1 >$FAILSLAB/cache-filter
	echo N >$FAILSLAB/ignore-gfp-wait
	echo 0 >$FAILSLAB/verbose
	echo -1 >$FAILSLAB/times
	echo "$1" >$FAILSLAB/probability
}

no_memory_test()
{
	local status

	acct "" 1
	fail_alloc 100
	uncounted
	status=$?
	fail_alloc 0
	ft_connect_hw udp $FT_B4 $FT_PORT && expect_counted 1 || status=1
	acct "" 0
	return $status
}

# With CONFIG_DEBUG_NET the first ones take 32 bits, and the last ones more.
numbers_test()
{
	local ids

	load 30 && ids=$(listed 'map(.id)') &&
	ft_expect "numbers" 30 "$(jq length <<<"$ids")" &&
	ft_expect "rising" true "$(jq '. == (sort | unique)' <<<"$ids")" &&
	ft_expect "one each" 29 "$(jq '.[-1] - .[0]' <<<"$ids")"
}

# Who owns a namespace counts in it, within a limit that is not its own.
owner_test()
{
	local said

	said=$(unshare -Urn bash -c 'cd /proc/sys/net/netfilter &&
		echo 1 >nf_flow_acct && echo 0 >nf_flow_acct &&
		echo 5 >nf_flow_acct_max' 2>&1)
	[[ $said = *nf_flow_acct_max:* ]] || ft_fail "the limit: '$said'"
}

# After a list flows are counted for a minute.
linger_test()
{
	local left

	router 2
	left=$((LISTED + 55 - SECONDS))
	[ $left -le 0 ] || ft_expect "for a minute" 4 "$(acct _count)" ||
		return
	slowwait 70 counted 0 || ft_fail "it goes on" || return
	[ $((SECONDS - LISTED)) -ge 58 ] || ft_fail "it ends early"
}

# Usage: in_cgroup NAME COMMAND...
in_cgroup()
{
	local group=$CGROUP/$1

	shift
	# shellcheck disable=SC2016 # for the shell that moves itself
	bash -c 'echo $$ >"$0"/cgroup.procs && exec "$@"' "$group" "$@"
}

# Usage: paid NAME: bytes of slabs that this cgroup pays for
paid()
{
	awk '$1 == "slab" { print $2 }' "$CGROUP/$1/memory.stat"
}

# The cgroup of the first user is charged, within its limit; beyond it flows have no
# records.
cgroup_test()
{
	local before flows got

	CGROUP=$FT_TMP/cgroup
	mkdir "$CGROUP" && mount -t cgroup2 none "$CGROUP" &&
		echo +memory >"$CGROUP/cgroup.subtree_control" &&
		mkdir "$CGROUP/asks" || ft_fail "no cgroup" || return
	before=$(paid asks)
	in_cgroup asks ip netns exec "$ns_r" sysctl -qw \
		net.netfilter.nf_flow_acct=1 && load 3000 &&
		expect_counted 3000 || return
	got=$(($(paid asks) - before))
	[ $got -ge $((3000 * 192)) ] ||
		ft_fail "3000 records cost the cgroup $got bytes" || return

	echo $(($(cat "$CGROUP/asks/memory.current") + 65536)) \
		>"$CGROUP/asks/memory.max" && burst 3000 || return
	got=$(acct _count)
	[ "$got" -ge 3000 ] && [ "$got" -lt 4500 ] ||
		ft_fail "beyond its limit: $got records" || return
	grep -q '^oom_kill 0' "$CGROUP/asks/memory.events" ||
		ft_fail "something was killed" || return
	flows=$(ip netns exec "$ns_r" conntrack -L 2>/dev/null | grep -c OFFLOAD)
	[ "$flows" -gt 5000 ] || ft_fail "$flows flows, $got records"
}

cgroup_gone()
{
	[ -n "${CGROUP:-}" ] || return
	acct "" 0
	umount "$CGROUP"
}

ktap_print_header
ft_require jq python3
modprobe -q nf_flow_table
FAILSLAB=/sys/kernel/debug/failslab
TESTS=11
[ -d $FAILSLAB ] || ((TESTS--))
CGROUPS=$(grep -c 'cgroup2$' /proc/filesystems)
[ "$CGROUPS" -gt 0 ] || ((TESTS--))
ktap_set_plan $TESTS

two_routers_create || ktap_exit_fail_msg "cannot set up two routers"
router 1
ft_test "module is loaded" loaded_test
ft_test "sysctl" sysctl_test
# before a list: the cgroup of its program is charged for a minute
[ "$CGROUPS" -eq 0 ] || ft_test "cgroup pays" cgroup_test
cgroup_gone
ft_test "listeners" listeners_test
router 2
ft_test "numbers" numbers_test
load 4
LISTED=$SECONDS
[ "$(listed length)" -eq 4 ] || ktap_print_msg "no flows to wait for"
router 1
ft_test "limit" limit_test
ft_test "limit of 0" no_room_test
[ ! -d $FAILSLAB ] || ft_test "no memory" no_memory_test
ft_test "owner of another user namespace" owner_test
ft_test "a list counts for a while" linger_test
ft_test "kernel has no complaints" ft_silent_test

ktap_finished
