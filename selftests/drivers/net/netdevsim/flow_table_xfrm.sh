#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows in the flowtable, in hardware or not, and what may forbid them later:
# an IPsec policy, and forwarding that is switched off. No packet goes on as
# before; when the obstacle is gone, packets do, in hardware again. Flows that
# it does not concern stay there.
#
# For the topology see flow_table_lib.sh. ESP of the router ends at host B.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2317,SC2329 # ft_test calls, by name

# shellcheck source=flow_table_lib_change.sh
source "$(dirname "$0")/flow_table_lib_change.sh"

PORT=7778 # what is said of UDP to this port does not concern other flows

# Usage: xfrm COMMAND...: of the router
xfrm()
{
	ip -n "$ns_r" xfrm "$@"
}

# Usage: tunnel NETNS SRC DST: a security association
tunnel()
{
	ip -n "$1" xfrm state add src "$2" dst "$3" proto esp spi 4096 \
		mode tunnel enc 'ecb(cipher_null)' '' auth digest_null ''
}

setup()
{
	local ns family

	ft_topology_create && ft_addresses && ft_servers || return
	for family in 4 6; do
		ft_server "$ns_b" udp "$(ft_address $family B)" $PORT || return
		for ns in "$ns_r" "$ns_b"; do
			tunnel "$ns" "$(router $family)" \
				"$(ft_address $family B)" || return
		done
		# in clear or not
		ip -n "$ns_b" xfrm policy add dst "$(ft_address $family B)" \
			dir in tmpl src "$(router $family)" \
			dst "$(ft_address $family B)" proto esp mode tunnel \
			level use || return
	done
}

# Usage: router FAMILY: the router's address of that end of the tunnel
router()
{
	local var=FT_ROUTER$1_B

	echo "${!var}"
}

# Usage: policy FAMILY KIND PRIORITY: a policy for the port
policy()
{
	local dir=out what=() from=()

	case $2 in
	in-block) dir=fwd what=(action block) ;;
	out-block) what=(action block) ;;
	allow) what=(action allow) from=(src "$(ft_address "$1" A)") ;;
	esp) what=(tmpl src "$(router "$1")" dst "$(ft_address "$1" B)"
		   proto esp mode tunnel) ;;
	esac
	xfrm policy add "${from[@]}" dst "$(ft_address "$1" B)" proto udp \
		dport $PORT dir $dir priority "$3" "${what[@]}"
}

# Usage: policies KIND PRIORITY: for IPv4 and for IPv6
policies()
{
	policy 4 "$@" && policy 6 "$@"
}

# Usage: flows LAYER: two that may be concerned, of two families, and two others
flows()
{
	local family b

	ft_layer "$1" '' p1 p2 || return
	for family in 4 6; do
		b=$(ft_address $family B)
		ft_add flow$family "$ns_a" udp "$b" $PORT &&
		ft_add other$family "$ns_a" udp "$b" $FT_PORT || return
	done
	# in clear, and not what has come out of the tunnel
	ft_wire "$ns_b" b0 "meta secpath missing udp dport $PORT"
}

# Usage: goes NAME...: answered, and to host B in clear
goes()
{
	local name before

	for name in "$@"; do
		before=$(ft_wired "$ns_b")
		ft_flow_cmd "$name" run 20 400 || return
		[[ $name = other* ]] ||
			ft_expect "packets of $name in clear" 20 \
				$(($(ft_wired "$ns_b") - before)) || return
	done
}

# Usage: stopped NAME...: not answered, and host B has seen none of them
stopped()
{
	local name before

	for name in "$@"; do
		before=$(ft_wired "$ns_b")
		ft_steady "$name" 200 10000 &&
		ft_expect "packets of $name to B, answers" "0 0" \
			"$(($(ft_wired "$ns_b") - before)) $FT_BACK" || return
	done
}

# Usage: encrypted NAME...: answered, none of them in clear
encrypted()
{
	local name before

	for name in "$@"; do
		before=$(ft_wired "$ns_b")
		ft_flow_cmd "$name" run 20 400 &&
		ft_expect "packets of $name in clear" 0 \
			$(($(ft_wired "$ns_b") - before)) || return
	done
}

# Usage: in_hardware NAME COUNT: so many of its rules, in layer hw
in_hardware()
{
	[ "$FT_LAYER" != hw ] || ft_rules "$@" ||
		ft_fail "rules of $1 in hardware: want $2"
}

# Usage: others_stay DESTROYED: and the rest is destroyed
others_stay()
{
	goes other4 other6 && in_hardware other4 2 && in_hardware other6 2 &&
	ft_expect_destroyed "$1"
}

# Usage: block_test KIND LAYER: a policy is added, and deleted
block_test()
{
	flows "$2" && goes flow4 flow6 && ft_count_destroyed || return
	policies "$1" 100 || return
	ft_settle
	stopped flow4 flow6 || return
	others_stay 4 || return
	xfrm policy flush
	ft_settle
	goes flow4 flow6 && ft_wait_layer flow4 && ft_wait_layer flow6
}

# Usage: esp_test LAYER
esp_test()
{
	flows "$1" && goes flow4 flow6 && ft_count_destroyed || return
	policies esp 100 || return
	ft_settle
	others_stay 4 && encrypted flow4 flow6 || return
	sleep 1.5 # in the flowtable again, but not in hardware
	encrypted flow4 flow6 && in_hardware flow4 0 && in_hardware flow6 0 ||
		return
	xfrm policy flush
	ft_settle
	goes flow4 flow6 && ft_wait_layer flow4 && ft_wait_layer flow6 &&
	goes flow4 flow6
}

# Usage: bypass_test LAYER: the policy that was an exception is deleted
bypass_test()
{
	local family

	policies esp 100 && policies allow 10 && flows "$1" &&
	goes flow4 flow6 || return
	for family in 4 6; do
		xfrm policy delete src "$(ft_address $family A)" \
			dst "$(ft_address $family B)" proto udp dport $PORT \
			dir out || return
	done
	ft_settle
	encrypted flow4 flow6
}

# Usage: with_policies TEST...
with_policies()
{
	local ret

	"$@"
	ret=$?
	xfrm policy flush
	return $ret
}

# Usage: sysctl_flows LAYER NAME FAMILY: this switch is for flows of the family
sysctl_flows()
{
	local concerned="flow$3 other$3"
	local rest="flow$((10 - $3)) other$((10 - $3))"

	flows "$1" && goes flow4 flow6 other4 other6 &&
	ip netns exec "$ns_r" sysctl -qw "$2=0" || return
	ft_settle
	# shellcheck disable=SC2086
	stopped $concerned && goes $rest || return
	in_hardware "flow$3" 0 && in_hardware "other$3" 0 || return
	in_hardware "flow$((10 - $3))" 2 || return
	ip netns exec "$ns_r" sysctl -qw "$2=1"
	ft_settle
	goes "flow$3" "other$3" && ft_wait_layer "flow$3" &&
	ft_wait_layer "other$3"
}

# Usage: sysctl_test LAYER NAME FAMILY
sysctl_test()
{
	local ret

	sysctl_flows "$@"
	ret=$?
	ip netns exec "$ns_r" sysctl -qw "$2=1"
	return $ret
}

ktap_print_header
ft_require
for module in xfrm_user esp4 esp6 crypto_null; do
	modprobe $module 2>/dev/null
done
ktap_set_plan 15

setup || ktap_exit_fail_msg "cannot set up the topology"
for layer in hw sw; do
	ft_flow_test "policy that blocks what comes in, $layer" \
		with_policies block_test in-block $layer
	ft_flow_test "policy that blocks what goes out, $layer" \
		with_policies block_test out-block $layer
	ft_flow_test "policy that wants ESP, $layer" \
		with_policies esp_test $layer
	ft_flow_test "policy that was an exception goes, $layer" \
		with_policies bypass_test $layer
	ft_flow_test "no IPv4 forwarding, $layer" \
		sysctl_test $layer net.ipv4.ip_forward 4
	ft_flow_test "no IPv4 forwarding by a device, $layer" \
		sysctl_test $layer net.ipv4.conf.p1.forwarding 4
	ft_flow_test "no IPv6 forwarding, $layer" \
		sysctl_test $layer net.ipv6.conf.all.forwarding 6
done
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
