# shellcheck shell=bash
# Tests that must fail without a patch. To be sourced, not run.
#
# kernel/series.d/PATCH/test has lines "TEST-FILE REGEX": a test whose name matches the
# regular expression (grep -E) must fail in a kernel without PATCH. test.slow is the same,
# for tests that take minutes.

# has_emulation INDEX: is all of netdevsim's flow table, which the tests need, in the first
# INDEX patches of COMMITS?
has_emulation() {
	local i
	for i in "${!COMMITS[@]}"; do
		if [ "$i" -ge "$1" ] && grep -qs '^drivers/net/netdevsim/' "$ROOT/kernel/series.d/${COMMITS[i]#* }/files"; then
			return 1
		fi
	done
}

# leave_out COMMIT FOLDER: build the series up to COMMIT in the private tree, but without the
# patch FOLDER.
leave_out() {
	# shellcheck disable=SC2034 # private_tree_at's: a patch that is taken back may leave files
	PRIVATE_CLEAN=''
	private_tree_at "$1" || return 1
	git -C "$PRIVATE_TREE" apply -R "$ROOT/kernel/series.d/$2/hooks.$BASE.diff" || die "$2: later patches build on it: cannot leave it out"
	"$SCRIPTS/build-kernel" --force --tree "$PRIVATE_TREE" --out "$PRIVATE_OUT" "$BASE" uml || die "without $2: the kernel does not build"
}

# fails_without PATCH KERNEL LIST: run the tests of LIST, a file as above, in the kernel built
# in KERNEL. Prints KTAP lines without numbers, each with the test's output if it is wrong.
# Needs TIP_TREE.
fails_without() {
	local test regex log bad=0 ran=' ' cpus
	while read -r test regex; do
		log=$BUILD/results/without/$1-$test.log
		mkdir -p "${log%/*}"
		cpus=()
		! wants_cpus "$test" || cpus=(--cpus 2)
		[[ $ran == *" $test "* ]] || "$SCRIPTS/vm-run" --kernel "$2" "${cpus[@]}" --timeout 450 \
			"$TIP_TREE/tools/testing/selftests/drivers/net/netdevsim/$test.sh" >"$log" 2>&1 </dev/null || :
		ran+="$test "
		if grep -aqE "^not ok [0-9]+.*($regex)" "$log"; then
			echo "ok - without $1, $test fails: $regex"
		else
			bad=1
			tail -n 40 "$log" | sed 's/^/# /'
			echo "not ok - without $1, $test should fail: $regex"
		fi
	done <"$3"
	return $bad
}
