#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# t_layers.sh - who includes whom, against layers.txt.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
. tests/tap.sh

# "from to file:line" for every include of a room; files of lib/X and the headers lib/X/... are room X.
includes() {
	grep -rnE '^#include ["<]' --include='*.[ch]' lib cgi daemon tests | awk -F: '
	{
		from = $1; sub(/^lib\//, "", from); sub(/\/.*/, "", from)
		to = $3; sub(/^#include ["<]/, "", to); sub(/[">].*/, "", to)
		if (to == "queries.h" || to ~ /^mysql/) to = "db"
		else if (to ~ /^(fcgi|fcgiapp)/) to = "cgi"
		else if (to ~ /\//) { sub(/^lib\//, "", to); sub(/\/.*/, "", to) }
		else next
		print from, to, $1 ":" $2
	}'
}

breaches() {
	includes | awk '
	FNR == NR {
		sub(/#.*/, "")
		if (/^except /) next
		if (split($0, part, ":") < 2) next
		split(part[1], name, " ")
		known[name[1]] = 1
		n = split(part[2], to, " ")
		for (i = 1; i <= n; i++) may[name[1], to[i]] = 1
		next
	}
	$2 == "sys" || $2 == "arpa" || $2 == "netinet" || $2 == "libxml" || $1 == $2 { if (!($1 in known)) unlisted[$1] = 1; next }
	!($1 in known) { unlisted[$1] = 1; next }
	!($2 in known) { next }
	($1 == "cgi" && $2 == "daemon") || ($1 == "daemon" && $2 == "cgi") { print $3 ": one edge includes the other"; next }
	!(($1, $2) in may) && !(($1, "*") in may) { print $3 ": " $1 " may not include " $2 }
	END { for (r in unlisted) print "room " r " is not in tests/layers.txt" }' tests/layers.txt -
}
tap_case 'rooms include only what stands below them' breaches

folders() {
	local d
	for d in lib/*/; do
		d=${d#lib/}
		grep -qE "^${d%/}( pure)?:" tests/layers.txt || echo "room ${d%/} is not in tests/layers.txt"
	done
}
tap_case 'every room stands in layers.txt' folders

impure() {
	local room allowed
	allowed=$(sed -n 's/^except \([^:]*\):.*/^\1:/p' tests/layers.txt)
	for room in $(sed -n 's/^\([a-z]*\) pure:.*/\1/p' tests/layers.txt); do
		grep -rnE '\b(getenv|time|clock_gettime|gettimeofday|bp_now|open|fopen|socket|fork|randombytes_[a-z]*)\(' \
			--include='*.[ch]' "lib/$room" | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)' |
			grep -vE "${allowed:-^$}"
	done
}
tap_case 'pure rooms know no clock, no environment, no file' impure
tap_done
