# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What values of /etc/config/nft-offload may be, and how what is wrong is told.

# shown VALUE: for messages: printable, and not too long
shown() { printf '%.120s' "$(printf '%s' "$1" | LC_ALL=C tr -c ' -~' '?')"; }

# problem TEXT: to the log, and to the file that the page of LuCI shows
problem() {
	printf '%s\n' "$1" >>"$RUN/problems.new"
	logger -t nft-offload -p daemon.err -- "$1"
}

# words VALUE: one a line; a list of UCI is words, too
words() {
	(
		set -f
		# shellcheck disable=SC2086 # it is to be split
		printf '%s\n' $1
	)
}

# one_of VALUE WORD...
one_of() {
	local value=$1 word

	shift
	for word in "$@"; do
		[ "$value" != "$word" ] || return 0
	done
	return 1
}

# is_number VALUE [MAX]: from 1 to MAX, or to what 32 bits hold
is_number() {
	case $1 in
	'' | 0* | *[!0-9]*) return 1 ;;
	esac
	[ ${#1} -le 10 ] && [ "$1" -le "${2:-4294967295}" ]
}

# is_word VALUE: of a mark or mask: 32 bits, decimal or hexadecimal
is_word() {
	local digits

	case $1 in
	0) return 0 ;;
	0x*)
		digits=${1#0x}
		case $digits in
		'' | *[!0-9a-fA-F]*) return 1 ;;
		esac
		[ ${#digits} -le 8 ] ;;
	*) is_number "$1" ;;
	esac
}

# is_mark VALUE: MARK or MARK/MASK
is_mark() {
	case $1 in
	*/*) is_word "${1%%/*}" && is_word "${1#*/}" ;;
	*) is_word "$1" ;;
	esac
}

# is_after VALUE: N packets, N bytes, or a rate
is_after() {
	case $1 in
	'rate '*' packets/second')
		set -- "${1#rate }"
		is_number "${1% packets/second}" ;;
	*' packets') is_number "${1% packets}" ;;
	*' bytes') is_number "${1% bytes}" ;;
	*' kbytes') is_number "${1% kbytes}" ;;
	*' mbytes') is_number "${1% mbytes}" ;;
	*) return 1 ;;
	esac
}

# is_family VALUE: one that has flowtables
is_family() { one_of "$1" ip ip6 inet; }

# is_name VALUE: of a table or flowtable, one that needs no quotes in commands
is_name() {
	case $1 in
	'' | [!A-Za-z0-9_]* | *[!A-Za-z0-9_.-]*) return 1 ;;
	esac
	[ ${#1} -le 255 ]
}

# is_device VALUE
is_device() {
	case $1 in
	'' | . | .. | -* | *[!A-Za-z0-9_.@-]*) return 1 ;;
	esac
	[ ${#1} -le 15 ]
}

# is_host VALUE: a name or an address
is_host() {
	case $1 in
	'' | -* | *[!A-Za-z0-9.:-]*) return 1 ;;
	esac
	[ ${#1} -le 253 ]
}

# is_filter VALUE: words of a filter and nothing that begins another command
is_filter() {
	case $1 in
	*[!A-Za-z0-9' '._/:@{}=!,*-]*) return 1 ;;
	esac
}
