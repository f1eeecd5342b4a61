#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# t_source.sh - rules that a machine keeps: banned calls (source_rules.txt), sizes, licence lines, names.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
. tests/tap.sh

# Sizes beyond these ask for a split; the aim is 600 lines a file and 60 a function.
FILE_MOST=750 FUNCTION_MOST=75

# What belongs to the project: what git would commit, or in a release all but what was built.
files=()
while IFS= read -r f; do [[ -f $f ]] && files+=("$f"); done < <(
	git ls-files --cached --others --exclude-standard 2> /dev/null ||
		find . -type f -not -path './build*' -not -path './www/vendor/*' -not -path './www/gen/*' \
			-not -path './node_modules/*' -printf '%P\n')
grep_files() { printf '%s\n' "${files[@]}" | grep -E "$1" | grep -vE "${2:-^$}"; }

# Lines of C without comments, as file:line:text; other languages as they are.
lines() {
	awk -v OFS=: '
	FNR == 1 { in_c = FILENAME ~ /\.[ch]$/; comment = 0 }
	{
		line = $0
		if (in_c) {
			if (comment) { if (!sub(/^.*\*\//, "", line)) next; comment = 0 }
			gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
			if (sub(/\/\*.*$/, "", line)) comment = 1
		}
		print FILENAME, FNR, line
	}' "$@"
}

rule() {
	local list
	mapfile -t list < <(grep_files "$1" "$3")
	((${#list[@]})) || return 0
	lines "${list[@]}" | grep -aE "^[^:]*:[0-9]+:.*($2)" | cut -c1-160
}
# The pattern must match the text, not the path; an anchored one would otherwise see the path.
rule_text() {
	local list
	mapfile -t list < <(grep_files "$1" "$3")
	((${#list[@]})) || return 0
	lines "${list[@]}" | awk -v pattern="$2" '{ text = $0; sub(/^[^:]*:[0-9]+:/, "", text); if (text ~ pattern) print substr($0, 1, 160) }'
}

while IFS=$'\t' read -r where pattern allowed reason; do
	[[ -z $where || $where == \#* ]] && continue
	[[ $allowed == - ]] && allowed='^$'
	if [[ $pattern == ^* ]]; then
		tap_case "none of ${pattern} in ${where} ($reason)" rule_text "$where" "$pattern" "$allowed"
	else
		tap_case "none of ${pattern} in ${where} ($reason)" rule "$where" "$pattern" "$allowed"
	fi
done < tests/source_rules.txt

licence_lines() {
	local f
	for f in $(grep_files '(\.(c|h|def|js|mjs|css|html|sh|awk|ac|am|in)|^beatplan|^tests/check|/run)$' '^config\.h\.in$'); do
		head -n 3 "$f" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$f: no SPDX-License-Identifier line"
	done
}
tap_case 'every source file names its licence in one line' licence_lines

file_sizes() { wc -l $(grep_files '\.(c|h|js|mjs|css|sh|awk)$') | awk -v most=$FILE_MOST '$1 > most && $2 != "total" { print $2 ": " $1 " lines" }'; }
function_sizes() {
	awk -v most=$FUNCTION_MOST 'FNR == 1 { from = 0 } /^\{/ { from = FNR }
		/^\}/ { if (from && FNR - from > most) print FILENAME ":" from ": a function of " FNR - from " lines"; from = 0 }' $(grep_files '\.c$')
}
tap_case "no file beyond $FILE_MOST lines" file_sizes
tap_case "no C function beyond $FUNCTION_MOST lines" function_sizes

# A public name says which room it is of.
guards() {
	local f
	for f in $(grep_files '\.h$'); do grep -q '^#ifndef [A-Z_]*_H$' "$f" || echo "$f: no include guard"; done
}
tap_case 'every header has an include guard' guards

appended_once() {
	sed -n 's/^ERR([^,]*, *"\([^"]*\)".*/\1/p' lib/base/errors.def | sort | uniq -d
	find sql/schema -name '*.sql' -printf '%f\n' | cut -c1-4 | sort | uniq -d
}
tap_case 'no error code and no patch number is given twice' appended_once

scripts_parse() {
	local f
	for f in beatplan tests/check $(grep_files '\.sh$|/run$'); do bash -n "$f"; done
}
tap_case 'shell scripts parse' scripts_parse
tap_done
