# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# shellcheck disable=SC2154 # config_get sets variables
# Sections "policy": commands for the tool.

# All statements of a policy, in the order in which they are printed: the option, what its
# values are (value_KIND below prints them as the statement has them, one a line), the statement.
policy_statements() {
	cat <<-'END'
		never           mark    never ct mark %s
		software        mark    software ct mark %s
		stack           number  stack %s packets
		hardware_after  after   hardware after %s
		budget          budget  budget %s
		shaped          shaped  shaped %s
		carry           carry   carry %s
	END
}

# value_KIND SECTION VALUE: puts into $values what the statement has, one a line, and fails if
# it makes no sense; $wanted then says what would
value_mark() {
	local word

	wanted="a mark, as in 0x80/0x80"
	while read -r word; do
		is_mark "$word" || return
		values="${values:+$values
}$word"
	done <<-END
		$(words "$2")
	END
}

value_number() {
	values=$2 wanted="a number from 1 on"
	is_number "$2"
}

value_after() {
	values=$2 wanted="as in '1 mbytes', '20 packets' or 'rate 30 packets/second'"
	is_after "$2"
}

value_budget() {
	local evict per_device

	wanted="a number from 1 on"
	is_number "$2" || return
	wanted="with option evict 'slowest' or 'none'"
	config_get evict "$1" evict slowest
	one_of "$evict" slowest none || return
	config_get_bool per_device "$1" per_device 0
	if [ "$per_device" -eq 1 ]; then
		values="$2 per device, evict $evict"
	else
		values="$2 evict $evict"
	fi
}

value_shaped() {
	values=$2 wanted="software or ignore"
	one_of "$2" software ignore
}

value_carry() {
	local mark mode word list='' have=''

	wanted="with option carry_mode 'optional' or 'required'"
	config_get mode "$1" carry_mode optional
	one_of "$mode" optional required || return
	wanted="priority or dscp, each once"
	while read -r word; do
		one_of "$word" priority dscp || return
		case $have in
		*"$word"*) return 1 ;;
		esac
		have="$have $word"
		wanted="with option ${word}_mark as in 0xfc00/0x10000"
		config_get mark "$1" "${word}_mark"
		[ -z "$mark" ] || is_mark "$mark" || return
		wanted="priority or dscp, each once"
		list="$list$word${mark:+ from ct mark $mark}, "
	done <<-END
		$(words "$2")
	END
	values="${list%, } $mode"
}

# policy_body SECTION: its statements; fails if one of them makes no sense
policy_body() {
	local option kind text value values wanted

	while read -r option kind text; do
		config_get value "$1" "$option"
		[ -n "$value" ] || continue
		values=''
		"value_$kind" "$1" "$value" || {
			problem "policy $1: $option '$(shown "$value")': should be $wanted; the policy is left out"
			return 1
		}
		while read -r value; do
			# shellcheck disable=SC2059 # of the table above
			printf "\t$text\n" "$value"
		done <<-END
			$values
		END
	done <<-END
		$(policy_statements)
	END
}

# flowtable_of SECTION KIND: sets $family, $table and $flowtable
flowtable_of() {
	config_get family "$1" family inet
	config_get table "$1" table fw4
	config_get flowtable "$1" flowtable ft
	is_family "$family" || {
		problem "$2 $1: family '$(shown "$family")': should be ip, ip6 or inet; it is left out"
		return 1
	}
	is_name "$table" || {
		problem "$2 $1: table '$(shown "$table")' is no name of a table; it is left out"
		return 1
	}
	is_name "$flowtable" || {
		problem "$2 $1: flowtable '$(shown "$flowtable")' is no name of a flowtable; it is left out"
		return 1
	}
}

# has_line FILE LINE
has_line() { [ -e "$1" ] && grep -qxF -- "$2" "$1"; }

# policy SECTION: a command in a file of its own, so that one that is refused keeps no other
# one out. What somebody else has added is not replaced; what the service has added before is set
# again, whether it is still there or not.
policy() {
	local enabled family table flowtable body verb=add

	config_get_bool enabled "$1" enabled 1
	[ "$enabled" -eq 1 ] || return 0
	flowtable_of "$1" policy || return 0
	if has_line "$RUN/policies.new" "$family $table $flowtable"; then
		problem "policy $1: $family $table $flowtable has another policy already; it is left out"
		return 0
	fi
	body=$(policy_body "$1") || return 0
	[ -n "$body" ] || {
		problem "policy $1: it has no statement; it is left out"
		return 0
	}
	! has_line "$RUN/policies" "$family $table $flowtable" || verb='set'
	printf '%s policy %s %s %s {\n%s\n}\n' "$verb" "$family" "$table" "$flowtable" "$body" >"$RUN/policy-$1"
	tell_tool "policy $1" "$RUN/policy-$1" || return 0
	printf '%s %s %s\n' "$family" "$table" "$flowtable" >>"$RUN/policies.new"
}

# policies: all of them; what was added before and is not there any more is deleted
policies() {
	local line

	: >"$RUN/policies.new"
	rm -f "$RUN"/policy-*
	config_foreach policy policy
	if [ -e "$RUN/policies" ]; then
		while read -r line; do
			has_line "$RUN/policies.new" "$line" || nft-offload "delete policy $line" ||
				problem "the policy of $line could not be deleted"
		done <"$RUN/policies"
	fi
	mv "$RUN/policies.new" "$RUN/policies"
}
