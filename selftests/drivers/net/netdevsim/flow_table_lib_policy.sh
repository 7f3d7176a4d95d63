#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On top of flow_table_lib_ynl.sh: policies of flowtables.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns

# Usage: ft_policy MEMBERS [TABLE NAME]: give inet t f, or another flowtable, a policy
# with these members of a JSON object
ft_policy()
{
	ft_ynl --do policy-new --json "{\"family\": \"inet\", \"table\":
		\"${2-t}\", \"name\": \"${3-f}\"${1:+, $1}}"
}

# Usage: ft_policy_is MEMBERS: the same, and it has to work
ft_policy_is()
{
	local said

	said=$(ft_policy "$@" 2>&1) || ft_fail "policy $1: $said"
}

# Usage: ft_policy_del [TABLE NAME]
ft_policy_del()
{
	ft_ynl --do policy-del --json "{\"family\": \"inet\", \"table\":
		\"${1:-t}\", \"name\": \"${2:-f}\"}"
}

# Usage: ft_mark never|software VALUE MASK: for "mark": [...]
ft_mark()
{
	echo "{\"action\": \"$1\", \"value\": $2, \"mask\": $3}"
}

# Usage: ft_reason NAME: how often inet t f had this reason
ft_reason()
{
	ft_ynl --dump table-get | jq "[.[] | select(.name == \"f\").reasons
		.reason[]? | select(.name == \"$1\").count] | add // 0"
}

# Usage: ft_reason_is_there NAME
ft_reason_is_there()
{
	[ "$(ft_reason "$1")" -gt 0 ] || ft_fail "no reason $1 was counted"
}

# Usage: ft_state [FILTER]: states of flows, with the reason if there is one
ft_state()
{
	ft_ynl --dump flow-get ${1:+--json "{\"filter\": {$1}}"} |
		jq -r '.[] | "\(.state) \(.original.reason // "-")"' | sort |
		tr '\n' ';'
}
