# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # the variables are vm-run's
# How vm-run starts User Mode Linux. To be sourced by vm-run.

# seat: a processor for a guest that has one, the one with the fewest such guests. Kernel and
# processes of the guest take turns; on different processors each turn wakes the other one,
# which takes longer than most turns. The lock is held until we end.
seat() {
	local n range fd mine=() ranges
	IFS=, read -ra ranges < <(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
	for range in "${ranges[@]}"; do
		for ((n = ${range%-*}; n <= ${range#*-}; n++)); do mine+=("$n"); done
	done
	mkdir -p "$build/seats"
	for ((n = 0; n < 64; n++)); do
		for cpu in "${mine[@]}"; do
			exec {fd}>"$build/seats/$cpu.$n"
			! flock -n "$fd" || return 0
			exec {fd}>&-
		done
	done
}

start_guest() {
	local cpu pin=() params channels=(ssl0=null,fd:3) err=/dev/null
	args+=(VM_OUT=/dev/ttyS0)
	if [ -n "$two" ]; then
		args+=(VM_ERR=/dev/ttyS1)
		channels+=(ssl1=null,fd:4)
		err=$tmp/err
	fi
	# More than one processor needs the seccomp way of running processes, which is also faster.
	if grep -q '^CONFIG_SMP=y' "$kernel/.config" && [ "$cpus" -gt 1 ]; then
		params=(seccomp=on "ncpus=$cpus")
	else
		params=(seccomp=auto)
		seat
		pin=(taskset -c "$cpu")
	fi
	# Not where each object was allocated and freed, which takes as long as all other checks:
	# --append slab_debug=FZPU says it.
	! grep -q '^CONFIG_SLUB_DEBUG_ON=y' "$kernel/.config" || params+=(slab_debug=FZP)
	(
		unset TMPDIR TMP TEMP # the memory file goes to /dev/shm, deleted as soon as it is open
		cd /
		exec setsid "${die_with_us[@]}" chrt -o 0 "${pin[@]}" "$image" "mem=${mem}M" "${params[@]}" root=/dev/root rootfstype=hostfs \
			rootflags=/ ro "uml_dir=$tmp/" umid=uml con=null con0=null,fd:1 ssl=null "${channels[@]}" \
			"${args[@]}" </dev/null >"$log" 2>&1 3>"$tmp/out" 4>"$err"
	) &
	guest=$!
}
