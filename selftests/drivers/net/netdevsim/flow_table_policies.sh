#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Policies of nft_offload: kept by name, replaced in whole, limited, and refused with
# the reason and the place if they make no sense. What they do to flows is in
# flow_table_admit.sh.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119,SC2317 # arguments are optional; ft_test calls

# shellcheck source=flow_table_lib_flows.sh
source "$(dirname "$0")/flow_table_lib_flows.sh"
# shellcheck source=flow_table_lib_ynl.sh
source "$(dirname "$0")/flow_table_lib_ynl.sh"
# shellcheck source=flow_table_lib_policy.sh
source "$(dirname "$0")/flow_table_lib_policy.sh"

# Usage: policies: as "TABLE NAME STACK;" each
policies()
{
	ft_ynl --dump policy-get |
		jq -r '.[] | "\(.table) \(.name) \(.stack);"' | tr '\n' ' '
}

# Usage: policy_get: that of inet t f, sorted, without spaces
policy_get()
{
	ft_ynl --do policy-get --json \
		'{"family": "inet", "table": "t", "name": "f"}' | jq -cS .
}

# All that there is, as it was given
keep_test()
{
	local all marks

	marks="$(ft_mark never 128 128), $(ft_mark software 64 64),
		$(ft_mark software 4294967167 4294967295)"
	all="\"mark\": [$marks], \"stack\": 1000000, \"after-bytes\":
		1125899906842624, \"budget\": 16777216, \"budget-per-device\":
		1, \"evict\": \"none\""
	ft_policy_is "$all" && ft_expect "policy" \
		"$(jq -cS . <<<"{\"family\": \"inet\", \"table\": \"t\", \"name\": \"f\", $all}")" \
		"$(policy_get)" || return
	ft_policy_is '"after-packets": 1099511627776' &&
	ft_expect "policy" \
		'{"after-packets":1099511627776,"family":"inet","name":"f","table":"t"}' \
		"$(policy_get)" || return
	ft_policy_is '"after-rate": 1000000000, "budget": 1, "evict": "slowest"' &&
	ft_expect "policy" "1000000000 1 0 slowest" "$(policy_get | jq -r \
		'"\(."after-rate") \(.budget) \(."budget-per-device") \(.evict)"')" ||
		return
	ft_policy_is '"evict": "slowest"' && ft_expect "policy" \
		'{"evict":"slowest","family":"inet","name":"f","table":"t"}' \
		"$(policy_get)" || return
	ft_policy_is '"budget": 2, "budget-per-device": 1, "evict": "slowest"' &&
	ft_expect "policy" "2 1 slowest" "$(policy_get | jq -r \
		'"\(.budget) \(."budget-per-device") \(.evict)"')" || return
	# without a mask, all bits count
	ft_policy_is '"mark": [{"action": "never", "value": 5}], "budget": 1' &&
	ft_expect "policy" '4294967295 0 none' "$(policy_get |
		jq -r '"\(.mark[0].mask) \(."budget-per-device") \(.evict)"')" &&
	ft_policy_del >/dev/null && ft_expect "policies" "" "$(policies)"
}

# Usage: refuses WORDS COMMAND...
refuses()
{
	local said

	! said=$("${@:2}" 2>&1) || ft_fail "'${*:2}' was taken" || return
	[[ $said = *"$1"* ]] || ft_fail "'${*:2}': no '$1' in: $said"
}

mode_test()
{
	refuses "this flowtable has no policy" \
		ft_policy '"mode": "replace", "stack": 1' &&
	ft_policy_is '"mode": "add", "stack": 2' &&
	refuses "has a policy already" ft_policy '"mode": "add", "stack": 3' &&
	ft_expect "policies" "t f 2; " "$(policies)" &&
	ft_policy_is '"stack": 4' u g && ft_policy_is '"stack": 5' t g &&
	ft_policy_is '"mode": "replace", "stack": 6' &&
	ft_policy_is '"mode": "set", "stack": 7' u g &&
	ft_expect "policies" "t f 6; u g 7; t g 5; " "$(policies)" &&
	ft_policy_del u g >/dev/null &&
	refuses "this flowtable has no policy" ft_policy_del u g &&
	ft_policy_del >/dev/null &&
	refuses "this flowtable has no policy" ft_ynl --do policy-get --json \
		'{"family": "inet", "table": "t", "name": "f"}' && ft_policy_del t g >/dev/null &&
	ft_expect "policies" "" "$(policies)"
}

# Usage: bad WORDS MEMBERS: they are refused, and the policy stays
bad()
{
	refuses "$1" ft_policy "$2"
}

badinput_test()
{
	local long n marks

	long=$(printf 'x%.0s' {1..256})
	ft_policy_is '"stack": 9' || return
	bad "the policy says nothing" "" &&
	bad "stack 0 makes no sense" '"stack": 0' &&
	bad "stack 1000001 is too much: 1000000 at most" '"stack": 1000001' &&
	bad "after bytes 0 makes no sense" '"after-bytes": 0' &&
	bad "after bytes 1125899906842625 is too much" \
		'"after-bytes": 1125899906842625' &&
	bad "after packets 0 makes" '"after-packets": 0' &&
	bad "after packets 18446744073709551615 is" \
		'"after-packets": 18446744073709551615' &&
	bad "after rate 0 makes" '"after-rate": 0' &&
	bad "after rate 1000000001 is" '"after-rate": 1000000001' &&
	bad "one of bytes, packets and rate" \
		'"after-rate": 1, "after-bytes": 1' &&
	bad "one of bytes, packets and rate" \
		'"after-packets": 1, "after-bytes": 1' &&
	bad "budget 0 makes no sense" '"budget": 0' &&
	bad "budget 16777217 is too much" '"budget": 16777217' &&
	bad "about a budget, and there is none" \
		'"stack": 1, "evict": "none"' &&
	bad "about a budget, and there is none" \
		'"stack": 1, "budget-per-device": 0' &&
	bad "about a budget, and there is none" \
		'"evict": "slowest", "budget-per-device": 1' &&
	bad "integer out of range" '"budget": 1, "budget-per-device": 2' &&
	bad "integer out of range" '"budget": 1, "evict": 2' &&
	bad "integer out of range" '"stack": 1, "mode": 3' || return
	bad "the mask of a mark is 0" "\"mark\": [$(ft_mark never 0 0)]" &&
	bad "ct mark 0x81/0x80 matches nothing" \
		"\"mark\": [$(ft_mark never 129 128)]" &&
	bad "never ct mark 0x1/0x1 is there twice" \
		"\"mark\": [$(ft_mark never 1 1), $(ft_mark never 1 1)]" &&
	bad "ct mark 0x1/0x3 cannot be both never and software" \
		"\"mark\": [$(ft_mark software 1 3), $(ft_mark never 1 3)]" &&
	bad "software 0x3/0x3 has no effect: never 0x1/0x1 is before it" \
		"\"mark\": [$(ft_mark software 3 3), $(ft_mark never 1 1)]" &&
	bad "a mark needs an action and a value" \
		'"mark": [{"value": 1, "mask": 1}]' &&
	bad "a mark needs an action and a value" \
		'"mark": [{"action": "never", "mask": 1}]' &&
	bad "integer out of range" \
		'"mark": [{"action": 2, "value": 1, "mask": 1}]' || return
	marks=$(for n in {1..17}; do ft_mark never "$n" 4294967295; done |
		paste -sd ,)
	bad "no more than 16 marks" "\"mark\": [$marks]" || return

	refuses "the name of the table is empty" ft_policy '"stack": 1' "" f &&
	refuses "the name of the table has 256 bytes, and may have 255" \
		ft_policy '"stack": 1' "$long" f &&
	refuses "the name of the flowtable has 256 bytes" \
		ft_policy '"stack": 1' t "$long" &&
	refuses "family, table and flowtable are needed" ft_ynl --do policy-new \
		--json '{"family": "inet", "name": "f", "stack": 1}' &&
	refuses "family, table and flowtable are needed" ft_ynl --do policy-del \
		--json '{"family": "inet", "name": "f"}' &&
	refuses "invalid enum value" ft_ynl --do policy-new --json \
		'{"family": 4, "table": "t", "name": "f", "stack": 1}' || return
	# a name of 255 bytes is none too long
	ft_policy_is '"stack": 1' "${long%x}" f &&
	ft_policy_del "${long%x}" f >/dev/null &&
	ft_expect "policies" "t f 9; " "$(policies)" && ft_policy_del >/dev/null
}

# As many as there may be, in one list, in their order
many_test()
{
	ip netns exec "$ns_r" "$ft_dir/ft_policies.py" "$FT_SPEC" 1024 \
		>"$FT_TMP/many" 2>&1 ||
		ft_fail "$(tail -n 3 "$FT_TMP/many")" || return
	ft_expect "policies left" 0 "$(ft_ynl --dump policy-get | jq length)"
}

# Namespaces have policies of their own, which go with them
netns_test()
{
	ft_policy_is '"stack": 9' || return
	ft_expect "policies elsewhere" 0 "$(ip netns exec "$ns_b" python3 \
		"$FT_YNL" --spec "$FT_SPEC" --output-json --dump policy-get |
		jq length)" || return
	setup_ns ns_x &&
	ip netns exec "$ns_x" python3 "$FT_YNL" --spec "$FT_SPEC" --do policy-new \
		--json '{"family": "inet", "table": "t", "name": "f", "stack": 1,
			 "after-rate": 1, "budget": 1}' >/dev/null &&
	ip netns exec "$ns_x" nft -f - <<-END && cleanup_ns "$ns_x" || return
	table inet t {
		flowtable f {
			hook ingress priority 0
			devices = { lo }
		}
	}
	END
	ft_expect "policies" "t f 9; " "$(policies)" && ft_policy_del >/dev/null
}

ktap_print_header
ft_require jq
modprobe nft_offload 2>/dev/null
ktap_set_plan 6

ft_setup
ft_flow_test "a policy is kept as it was given" keep_test
ft_flow_test "add, replace and delete" mode_test
ft_flow_test "what makes no sense is refused, and changes nothing" badinput_test
ft_flow_test "as many policies as there may be" many_test
ft_flow_test "policies of other namespaces" netns_test
ft_flow_test "kernel has no complaints" ft_silent_test

ktap_finished
