#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What `inside` and `booted` share.
# Say nothing when all is well; else what was printed.
quiet() { "$@" > /tmp/said 2>&1 || { printf '%s gave %d\n' "$*" $?; tail -n 15 /tmp/said; }; }
expect() { [[ $2 == $3 ]] || printf '%s is %s, not %s\n' "$1" "$2" "$3"; }
status_of_http() {
	exec 7<> /dev/tcp/127.0.0.1/8080 && printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&7 && head -n 1 <&7 | tr -d '\r' | cut -d' ' -f2
	exec 7>&-
}
owners() {
	local p
	for p in /proc/[0-9]*; do
		case $(cat "$p/comm" 2> /dev/null) in
		mariadbd | nginx | beatplan*) stat -c %U "$p" ;;
		esac
	done | sort -u
}
