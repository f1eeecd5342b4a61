# SPDX-License-Identifier: GPL-3.0-or-later
# TAP for shell tests: source it, call tap_case for each fact, end with tap_done.
tap_n=0 tap_failed=0

# tap_case NAME COMMAND... : passes when the command prints nothing; what it prints says what is wrong.
tap_case() {
	local name=$1 out
	shift
	out=$("$@" 2>&1)
	tap_n=$((tap_n + 1))
	if [[ -z $out ]]; then
		printf 'ok %d - %s\n' "$tap_n" "$name"
	else
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n' "$tap_n" "$name"
		printf '%s\n' "$out" | sed 's/^/# /'
	fi
}

tap_done() {
	printf '1..%d\n' "$tap_n"
	((tap_failed == 0))
}
