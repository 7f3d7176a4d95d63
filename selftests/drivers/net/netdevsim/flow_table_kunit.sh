#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# KUnit tests of the netdevsim flow table, each case as a test of this script.
# A suite that did not run, or not to its end, is a failure.

source "$(dirname "$(readlink -e "$0")")/../../../kselftest/ktap_helpers.sh"

module=netdevsim_flow_table_test
debugfs=/sys/kernel/debug/kunit
suites=(netdevsim_flow_table_pkt netdevsim_flow_table_rule)

# shellcheck disable=SC2317 # runs on exit
cleanup()
{
	[ -z "$loaded" ] || modprobe -r "$module"
}

# Usage: run SUITE: anew, even if it ran when the module was loaded; its
# results go to the standard output
run()
{
	if [ -w "$debugfs/$1/run" ]; then
		echo 1 > "$debugfs/$1/run" || return
	fi
	cat "$debugfs/$1/results"
}

# Usage: planned RESULTS: number of cases in the suite
planned()
{
	sed -n 's/^    1\.\.\([0-9]*\)$/\1/p' <<< "$1"
}

# Usage: report SUITE RESULTS: what is deeper than a case is a parameter of it
report()
{
	local suite=$1 count=0 line
	local -a notes=()

	while IFS= read -r line; do
		case $line in
		"    ok "*" # SKIP"*)
			line=${line#    ok * }
			ktap_test_skip "$suite.${line%% *}"
			;;
		"    ok "*)
			ktap_test_pass "$suite.${line#    ok * }"
			;;
		"    not ok "*)
			[ ${#notes[@]} -eq 0 ] || printf '# %s\n' "${notes[@]}"
			ktap_test_fail "$suite.${line#    not ok * }"
			;;
		*)
			notes+=("$line")
			continue
			;;
		esac
		notes=()
		count=$((count + 1))
	done < <(grep '^    ' <<< "$2")

	for ((; count < $(planned "$2"); count++)); do
		ktap_test_fail "$suite: a case has no result"
	done
}

ktap_print_header
trap cleanup EXIT

if [ "$(id -u)" -ne 0 ]; then
	ktap_skip_all "root is needed"
	exit "$KSFT_SKIP"
fi
if ! modinfo $module > /dev/null 2>&1 && [ ! -d "$debugfs/${suites[0]}" ]; then
	ktap_skip_all "no $module: CONFIG_NETDEVSIM_FLOW_TABLE_KUNIT_TEST"
	exit "$KSFT_SKIP"
fi
if [ ! -d "$debugfs/${suites[0]}" ]; then
	modprobe $module || ktap_exit_fail_msg "cannot load $module"
	loaded=yes
fi

plan=0
results=()
for suite in "${suites[@]}"; do
	results+=("$(run "$suite")")
	count=$(planned "${results[-1]}")
	[ "${count:-0}" -gt 0 ] ||
		ktap_exit_fail_msg "suite $suite is not there, or empty"
	plan=$((plan + count))
done

ktap_set_plan $plan
for i in "${!suites[@]}"; do
	report "${suites[i]}" "${results[i]}"
done
ktap_finished
