# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For test cases. What they print begins with "ok" or "not ok", all else is a comment.

export FIXTURE=$HERE/fixtures/router

# fixture: one of its own, from standard input, which must not be a pipe
fixture() { FIXTURE=$SCRATCH/fixture; cat >"$FIXTURE"; }

# result CODE NAME
result() { if [ "$1" -eq 0 ]; then echo "ok $2"; else echo "not ok $2"; fi; }

# same NAME WANTED GOT
same() {
	if [ "$2" = "$3" ]; then
		echo "ok ${1//$'\n'/ / }"
		return
	fi
	echo "not ok ${1//$'\n'/ / }"
	diff <(printf '%s\n' "$2") <(printf '%s\n' "$3")
	return 0
}

# check NAME CODE OUT ERR ARGUMENT...: runs the tool; all three have to be as given
check() {
	local name=$1 code=$2 out=$3 err=$4 got
	shift 4
	"$TOOL" "$@" >"$SCRATCH/out" 2>"$SCRATCH/err" </dev/null
	got=$?
	same "$name" "code $code
$out
--
$err" "code $got
$(cat "$SCRATCH/out")
--
$(cat "$SCRATCH/err")"
}

# dump FILE ARGUMENT...: output has to be what dumps/FILE has
dump() {
	local file=$HERE/dumps/$1
	shift
	"$TOOL" "$@" >"$SCRATCH/dump" 2>&1 </dev/null || echo "code $?" >>"$SCRATCH/dump"
	if [ "${GENERATE:-}" = 1 ]; then
		cp "$SCRATCH/dump" "$file"
	fi
	diff -u "$file" "$SCRATCH/dump"
	result $? "$(basename "$file"): $*"
}

service_names() {
	[ "$(getent services https/tcp | tr -s ' ')" = "https 443/tcp" ] &&
		[ "$(getent services ssh/tcp | tr -s ' ')" = "ssh 22/tcp" ]
}
