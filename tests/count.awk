# SPDX-License-Identifier: GPL-3.0-or-later
# count.awk - the totals of a log of TAP, or those that automake and node's runner print: "passed failed skipped".
# Automake prints its summary a second time when something failed: the last one counts.
/^# TOTAL:/ { make = 1; ap = af = as = 0 }
/^# (PASS|XFAIL):/ { ap += $3 }
/^# (FAIL|XPASS|ERROR):/ { af += $3 }
/^# SKIP:/ { as += $3 }
/^# pass [0-9]/ { own = 1; p += $3 }
/^# (fail|cancelled) [0-9]/ { f += $3 }
/^# (skipped|todo) [0-9]/ { s += $3 }
/^1\.\.[0-9]+/ { plan += substr($1, 4) }
/^(not )?ok( |$)/ { if (/# *(SKIP|skip)/) ts++; else if (/^ok/) tp++; else tf++ }
END {
	# A program that died before its last case has failed the ones that are missing.
	if (make) { p = ap; f = af; s = as }
	else if (!own) { p += tp; f += tf; s += ts; if (plan > tp + tf + ts) f += plan - tp - tf - ts }
	print p + 0, f + 0, s + 0
}
