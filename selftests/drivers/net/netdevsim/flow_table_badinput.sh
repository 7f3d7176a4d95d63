#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the files of the netdevsim flow table refuse: each write of nonsense
# answers with an error, leaves the value as it was, and leaves a line in the
# kernel log that names the file and what was written. The same goes for the
# devlink resource (whose errors are for the caller, not for the log) and for
# what links ports.
#
# For the topology see flow_table_lib.sh.
#
# shellcheck disable=SC2154 # assigned in flow_table_lib.sh or by setup_ns
# shellcheck disable=SC2119 # without arguments
# shellcheck disable=SC2317 # ft_test calls these functions

source "$(dirname "$0")/flow_table_lib.sh"

# Each number's default, and values that are out of its range
declare -A default=([add_delay_us]=0 [del_delay_us]=0 [fail_add]=0
		    [fail_every]=1 [miss_every]=0 [stats_delay_ms]=0)
declare -A beyond=([add_delay_us]=10000001 [del_delay_us]=10000001
		   [fail_add]=4096 [fail_every]=0 [miss_every]=4294967296
		   [stats_delay_ms]=3600001)
declare -A largest=([add_delay_us]=10000000 [del_delay_us]=10000000
		    [fail_add]=4095 [fail_every]=4294967295
		    [miss_every]=4294967295 [stats_delay_ms]=3600000)
nonsense=(text -1 +-1 4294967296 99999999999999999999 5x "5 5" 5.0 1e3 0x
	  0xfg "" " " "5;" $'5\n6' '%s%s%n')

# Usage: log_mark: what log_since shows from now on comes later
log_mark()
{
	mark="flow_table_badinput $$ $((++marks))"
	echo "$mark" > /dev/kmsg
}

log_since()
{
	dmesg | sed "1,/$mark\$/d"
}

# Usage: put FILE TEXT: in one write, which has to be refused
put()
{
	! printf '%s' "$2" |
		dd of="$1" bs=16384 iflag=fullblock conv=notrunc status=none \
			2>/dev/null
}

# Usage: refused FILE TEXT [WORD]: the log names WORD, if only that is wrong
refused()
{
	local file=$FT_DEBUGFS/$1 word=${3-$2} before

	before=$(cat "$file")
	word=${word#"${word%%[![:space:]]*}"}
	word=${word%"${word##*[![:space:]]}"}
	log_mark
	# an empty write needs a character
	put "$file" "${2:-$'\n'}" || ft_fail "$1 took '$2'" || return
	ft_expect "$1 after '$2'" "$before" "$(cat "$file")" || return
	log_since | grep -qF "flow_table/$1: \"${word%%$'\n'*}" ||
		ft_fail "the log does not name $1 and '$word'"
}

# Usage: number_test FILE
number_test()
{
	local text

	ft_expect "default" "${default[$1]}" "$(cat "$FT_DEBUGFS/$1")" || return
	echo "${largest[$1]}" > "$FT_DEBUGFS/$1" || return
	ft_expect "largest" "${largest[$1]}" "$(cat "$FT_DEBUGFS/$1")" || return
	for text in "${nonsense[@]}" "${beyond[$1]}"; do
		refused "$1" "$text" || return
	done
	echo "${default[$1]}" > "$FT_DEBUGFS/$1"
}

# Where the C library's strings would end
nul_test()
{
	local file=$FT_DEBUGFS/$1 before

	before=$(cat "$file")
	! printf '%s\0junk' "$before" 2>/dev/null > "$file" ||
		ft_fail "$1 took a NUL and what follows" || return
	ft_expect "$1 after NUL" "$before" "$(cat "$file")"
}

# More than anybody would look at
long_test()
{
	local file=$FT_DEBUGFS/$1 before

	before=$(cat "$file")
	log_mark
	put "$file" "$(printf '%05000d' 1)" ||
		ft_fail "$1 took 5000 bytes" || return
	ft_expect "$1 after 5000 bytes" "$before" "$(cat "$file")" || return
	log_since | grep -qF "flow_table/$1: " ||
		ft_fail "the log does not name $1"
}

caps_test()
{
	echo "ipv4 udp" > "$FT_DEBUGFS/caps" || return
	ft_expect caps "ipv4 udp" "$(cat "$FT_DEBUGFS/caps")" &&
	refused caps "" &&
	refused caps " " &&
	refused caps text &&
	refused caps IPv4 &&
	refused caps ipv4,udp &&
	refused caps - &&
	refused caps + &&
	refused caps -+udp &&
	refused caps --udp &&
	refused caps -all &&
	refused caps 0x3 || return
	echo all > "$FT_DEBUGFS/caps"
}

# The good half must not be taken.
caps_half_test()
{
	echo "ipv4 udp" > "$FT_DEBUGFS/caps" || return
	refused caps "ipv6 text" text &&
	refused caps "text ipv6" text &&
	refused caps "all text" text &&
	refused caps "-ipv4 -text" -text &&
	refused caps "+tcp +text" +text || return
	echo all > "$FT_DEBUGFS/caps"
}

profile_test()
{
	local text

	echo mtk_ppe > "$FT_DEBUGFS/profile" || return
	for text in text "" " " mtk mtk_ppe2 MTK_PPE "mtk_ppe mlx5" 0; do
		refused profile "$text" || return
		ft_expect "size" 16384 "$(cat "$FT_DEBUGFS/size")" || return
	done
	echo default > "$FT_DEBUGFS/profile"
}

# Usage: read_only_test FILE
read_only_test()
{
	local before text

	before=$(cat "$FT_DEBUGFS/$1")
	for text in 1 text; do
		put "$FT_DEBUGFS/$1" "$text" || ft_fail "$1 took '$text'" ||
			return
	done
	ft_expect "$1" "$before" "$(cat "$FT_DEBUGFS/$1")"
}

read_test()
{
	local file

	for file in "$FT_DEBUGFS"/*; do
		cat "$file" > /dev/null || ft_fail "cannot read $file" || return
		# in pieces of a byte, and from behind the end
		cmp -s <(dd if="$file" bs=1 status=none) "$file" ||
			ft_fail "$file differs when read in pieces" || return
		ft_expect "$file behind its end" "" \
			"$(dd if="$file" bs=1M skip=1 status=none 2>/dev/null)" ||
			return
	done
}

resource()
{
	devlink -N "$ns_r" -j resource show "$FT_DEVLINK" |
		jq -c '.resources[][] | select(.name == "flow_table") |
		       [.size, .size_new]'
}

resource_test()
{
	local text said

	ft_expect "resource" "[65536,null]" "$(resource)" || return
	for text in text -- "" 1048577 4294967295 4294967296 \
		    18446744073709551615 99999999999999999999 4x; do
		said=$(devlink -N "$ns_r" resource set "$FT_DEVLINK" \
			path flow_table size "$text" 2>&1) &&
			{ ft_fail "resource took '$text'"; return; }
		[ -n "$said" ] || ft_fail "'$text': no word of why" || return
		ft_expect "resource after '$text'" "[65536,null]" \
			"$(resource)" || return
	done
}

# Usage: link_refused TEXT LOG
link_refused()
{
	log_mark
	{ ! echo "$1" > "$FT_SYS/link_device"; } 2>/dev/null ||
		ft_fail "link_device took '$1'" || return
	log_since | grep -qF "$2" ||
		ft_fail "link_device: '$1' without '$2' in the log"
}

link_test()
{
	local r a i_p1 i_a0 i_lo=1 format="Format for linking two devices is"

	exec {r}<"/var/run/netns/$ns_r" {a}<"/var/run/netns/$ns_a"
	i_p1=$(ip netns exec "$ns_r" cat /sys/class/net/p1/ifindex)
	i_a0=$(ip netns exec "$ns_a" cat /sys/class/net/a0/ifindex)

	link_refused "" "$format" &&
	link_refused text "$format" &&
	link_refused "$r:$i_p1" "$format" &&
	link_refused "$r:$i_p1 $a" "$format" &&
	link_refused "$r:$i_p1 $a:" "$format" &&
	link_refused "$r:$i_p1 -1:$i_a0" "find netns with fd: -1" &&
	link_refused "9999:$i_p1 $a:$i_a0" "find netns with fd: 9999" &&
	link_refused "$r:$i_p1 $a:4294967295" "ifindex 4294967295" &&
	link_refused "$r:0 $a:$i_a0" "ifindex 0" &&
	link_refused "$r:$i_lo $a:$i_a0" "ifindex $i_lo in netnsfd $r is not" &&
	link_refused "$r:$i_p1 $r:$i_p1" "to itself" &&
	link_refused "$r:$i_p1 $a:$i_a0" "$r:$i_p1 is already linked" || return
	exec {r}<&- {a}<&-
}

# The same switch, after all that
works_test()
{
	ft_ruleset && ft_client_start udp $FT_B4 $FT_PORT && ft_cmd run 4 64 &&
		ft_wait_hw && ft_cmd run 100 1000
}

ktap_print_header
ft_require devlink jq dd
ktap_set_plan $((${#default[@]} * 3 + 4 + 9))

if ! ft_topology_create || ! ft_addresses || ! ft_server "$ns_b" udp $FT_B4; then
	ktap_exit_fail_msg "cannot set up the topology"
fi
FT_DEVLINK=netdevsim/$(basename "$(dirname "$FT_DEBUGFS")")

ft_test "each file can be read" read_test
for file in "${!default[@]}"; do
	ft_test "$file refuses what is no such number" number_test "$file"
done
for file in "${!default[@]}" caps profile; do
	ft_test "$file refuses what follows a NUL" nul_test "$file"
	ft_test "$file refuses 5000 bytes" long_test "$file"
done
ft_test "caps refuses unknown names" caps_test
ft_test "caps takes all names or none" caps_half_test
ft_test "profile refuses unknown names" profile_test
ft_test "entries cannot be written" read_only_test entries
ft_test "size cannot be written" read_only_test size
ft_test "devlink resource refuses what is no size" resource_test
ft_test "link_device refuses what are no two ports" link_test
ft_test "flows still go to hardware" works_test

ktap_finished
