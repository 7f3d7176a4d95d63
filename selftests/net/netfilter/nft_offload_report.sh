#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For nft_offload_conformance.sh: run the tests, each with a name, and report
# what they found, as KTAP, as text and as JSON.
#
# shellcheck disable=SC2034 # the test uses what is not used here

REPORT=() # lines "result|name|title|note"

# Usage: note WORDS...: into the report
note()
{
	NOTE="$*"
}

# Usage: skip REASON
skip()
{
	SKIP="$*"
	return 1
}

# Usage: wanted NAME: $ONLY may name those to try.
wanted()
{
	[ -z "$ONLY" ] || [[ " $ONLY " = *" $1 "* ]]
}

PLAN=0 NAMES=' '
behaviour_counts()
{
	NAMES+="$1 "
	! wanted "$1" || PLAN=$((PLAN + 1))
}

# Usage: wrong_settings: a line for each that makes no sense, once behaviours
# are counted
wrong_settings()
{
	local name

	for name in TABLE BURST; do
		[[ ${!name} =~ ^([1-9][0-9]{0,6})?$ ]] ||
			echo "$name: '${!name}' is not a number of flows"
	done
	for name in $ONLY; do
		[[ $NAMES = *" $name "* ]] ||
			echo "ONLY: there is no behaviour '$name'; there are:$NAMES"
	done
	for name in TEXT JSON; do
		[ -z "${!name}" ] || can_write "${!name}" ||
			echo "$name: cannot write to '${!name}'"
	done
}

# Usage: can_write FILE: which may be new
can_write()
{
	if [ -e "$1" ]; then
		[ ! -d "$1" ] && [ -w "$1" ]
	else
		[ -d "$(dirname "$1")" ] && [ -w "$(dirname "$1")" ]
	fi
}

# Usage: behaviour NAME TITLE COMMAND...: a test of that title
behaviour()
{
	local name=$1 title=$2 holds=yes
	shift 2

	wanted "$name" || return 0
	NOTE='' SKIP=''
	forget
	if "$@"; then
		ktap_test_pass "$title"
	elif [ -n "$SKIP" ]; then
		holds=untried NOTE=$SKIP
		ktap_test_skip "$title"
	else
		holds=no
		ft_entries | sed 's/^/# in hardware: /'
		ft_conntrack | sed 's/^/# conntrack: /'
		ktap_test_fail "$title"
	fi
	REPORT+=("$holds|$name|$title|$NOTE")
	ft_flow_stop
	addresses
}

# Usage: json STRING: quoted
json()
{
	local s=${1//\\/\\\\}

	printf '"%s"' "${s//\"/\\\"}"
}

driver()
{
	router ethtool -i "$1" 2>/dev/null | sed -n "s/^$2: //p"
}

report_text()
{
	local line result title note

	echo "Flow offload of $DEV1, $DEV2 ($(driver "$DEV1" driver)," \
		"firmware '$(driver "$DEV1" firmware-version)')," \
		"kernel $(uname -r)"
	for line in "${REPORT[@]}"; do
		IFS='|' read -r result _ title note <<< "$line"
		printf '  %-8s %-48s %s\n' "$result" "$title" "$note"
	done
}

report_json()
{
	local line result name title note comma=

	printf '{\n  "kernel": %s,\n  "driver": %s,\n  "firmware": %s,\n' \
		"$(json "$(uname -r)")" "$(json "$(driver "$DEV1" driver)")" \
		"$(json "$(driver "$DEV1" firmware-version)")"
	printf '  "devices": [ %s, %s ],\n  "behaviours": [' \
		"$(json "$DEV1")" "$(json "$DEV2")"
	for line in "${REPORT[@]}"; do
		IFS='|' read -r result name title note <<< "$line"
		printf '%s\n    { "name": %s, "result": %s, "title": %s, "note": %s }' \
			"$comma" "$(json "$name")" "$(json "$result")" \
			"$(json "$title")" "$(json "$note")"
		comma=,
	done
	printf '\n  ]\n}\n'
}

report()
{
	report_text | sed 's/^/# /'
	[ -z "$TEXT" ] || report_text >"$TEXT"
	[ -z "$JSON" ] || report_json >"$JSON"
}
