#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# net/netfilter/nft_offload_conformance.sh with ports that it is given, as with
# real hardware: of this namespace, and of a machine that is reached by ssh,
# here a program of that name.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib.sh
source "$(dirname "$0")/flow_table_lib.sh"

CONFORMANCE=$ft_dir/../../../net/netfilter/nft_offload_conformance.sh

# All of it is in one namespace, the hosts' ports too.
ports()
{
	setup_ns ns_r && ft_nsim_create "$ns_r" p1 p2 || return
	ft_nsim_create "$ns_r" a0 && ft_nsim_create "$ns_r" b0 || return
	ft_link "$ns_r" a0 "$ns_r" p1 && ft_link "$ns_r" p2 "$ns_r" b0 &&
	ip -n "$ns_r" link set p1 down && ip -n "$ns_r" link set p2 down &&
	ip -n "$ns_r" link set b0 down mtu 1496
}

# ssh and scp to the machine "peer"
fake_ssh()
{
	cat > "$FT_TMP/ssh" <<-'END'
	#!/bin/bash
	while [ "$1" = -o ]; do shift 2; done
	[ "$1" = root@peer ] && exec sh -c "$2"
	END
	cat > "$FT_TMP/scp" <<-'END'
	#!/bin/bash
	from=${*: -2:1} to=${*: -1}
	[ "${to%%:*}" = root@peer ] && exec cp "$from" "${to#*:}"
	END
	chmod +x "$FT_TMP/ssh" "$FT_TMP/scp"
}

# What must be the same afterwards
state()
{
	local ns=$ns_r

	ip netns exec "$ns" sysctl -a 2>/dev/null |
		grep -E '^net\.(ipv[46]\.(conf|ip_forward|icmp)|netfilter)' |
		grep -vE 'conntrack_count|nf_flow_|stable_secret'
	ip -n "$ns" -o addr show | grep -v ' inet6 fe80'
	ip -n "$ns" route show
	ip -n "$ns" route show table 7790 2>/dev/null
	ip -n "$ns" rule
	ip -6 -n "$ns" rule
	ip -n "$ns" xfrm policy
	ip netns exec "$ns" nft list ruleset
	ip netns list | grep nft-offload
	compgen -G '/tmp/nft-offload*'
	ip -n "$ns" -o link show | awk '{ print $2, $5, $3 ~ /[<,]UP[,>]/ }'
	pgrep -x ft_pppoe
	pgrep -x ft_traffic
}

# Usage: conformance [NAME=VALUE...]: on the router
conformance()
{
	ip netns exec "$ns_r" env PATH="$FT_TMP:$PATH" \
		DEV1=p1 DEV2=p2 PEER1=a0 PEER2=b0 "$@" \
		bash "$CONFORMANCE" >"$FT_TMP/out" 2>&1
}

# Usage: ports_test NAMES COUNT [NAME=VALUE...]: so many behaviours
ports_test()
{
	local names=$1 count=$2 before after
	shift 2

	before=$(state)
	conformance ONLY="$names" JSON="$FT_TMP/json" TEXT="$FT_TMP/text" "$@" ||
		ft_fail "it failed: $(tail -n 20 "$FT_TMP/out")" || return
	after=$(state)
	[ "$before" = "$after" ] || ft_fail "it left something:" \
		"$(diff <(echo "$before") <(echo "$after") | tr '\n' ' ')" ||
		return
	ft_expect "results in JSON" "netdevsim $count yes" "$(jq -r '.driver + " " +
		([.behaviours[] | select(.result == "yes")] | length |
		tostring) + " yes"' "$FT_TMP/json")" ||
		ft_fail "$(grep -v '^  yes' "$FT_TMP/text")" || return
	ft_expect "lines of text" $((count + 1)) "$(wc -l < "$FT_TMP/text")"
}

# Usage: refused_test WORDS NAME=VALUE...
refused_test()
{
	local words=$1 before
	shift

	before=$(state)
	conformance "$@"
	ft_expect "exit status" 2 $? &&
	grep -q "$words" "$FT_TMP/out" || ft_fail "no '$words' in:" \
		"$(<"$FT_TMP/out")" || return
	[ "$before" = "$(state)" ] || ft_fail "it left something"
}

r_link()
{
	ip -n "$ns_r" -o link show | grep -q "$1"
}

# Usage: interrupted_test NAME REGEX: in the middle of that behaviour, once a
# link of the router is like that
interrupted_test()
{
	local before pid

	before=$(state)
	(exec ip netns exec "$ns_r" env PATH="$FT_TMP:$PATH" DEV1=p1 DEV2=p2 \
		PEER1=a0 PEER2=b0 ONLY="udp4 $1" \
		bash "$CONFORMANCE" >"$FT_TMP/out" 2>&1) &
	pid=$!
	busywait 60000 r_link "$2" || ft_fail "no link is '$2':" \
		"$(tail -n 20 "$FT_TMP/out")" || return
	kill -TERM $pid
	wait $pid 2>/dev/null
	! grep -q '^ok 2' "$FT_TMP/out" || ft_fail "it was over" || return
	[ "$before" = "$(state)" ] || ft_fail "it left something:" \
		"$(diff <(echo "$before") <(state) | tr '\n' ' ')"
}

ktap_print_header
ft_require jq
ktap_set_plan 14

if ! ports || ! fake_ssh; then
	ktap_exit_fail_msg "cannot set up the topology"
fi
ft_test "ports of one machine" ports_test "udp4 roam6 mixed" 3
ft_test "ports of two machines" ports_test "tcp6 roam4 ppp" 3 \
	PEER_SSH=root@peer
changes="rule-port4 rule-mark6 ipsec4 forwarding4 route-mtu6 spoofed4"
ft_test "what decides about packets changes" \
	ports_test "$changes bridge-vlan" 7
ft_test "a port is missing" refused_test "PEER2 is not set" PEER2=
ft_test "there is no such port" refused_test "no device p9" DEV1=p9
ft_test "no such port at the peer" refused_test "no device b9 at root@peer" \
	PEER_SSH=root@peer PEER2=b9
for setting in "TABLE=some 'some' is not a number" \
	"BURST=-1 '-1' is not a number" \
	"ONLY=udp4,tcp4 no behaviour 'udp4,tcp4'" \
	"JSON=/nowhere/x cannot write to '/nowhere/x'"; do
	ft_test "nonsense is refused, ${setting%% *}" \
		refused_test "${setting#* }" "${setting%% *}"
done
ft_test "interrupted while the MTU is small" interrupted_test mtu4 \
	" p2[@:].* mtu 1300 "
ft_test "interrupted while there is PPPoE" interrupted_test ppp " ppp[0-9]"
ft_test "interrupted while there is a bridge" interrupted_test bridge-port \
	" nftoffbr"
ft_test "interrupted while there is another port" interrupted_test mixed \
	" nftoff0"

ktap_finished
