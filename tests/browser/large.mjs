// SPDX-License-Identifier: GPL-3.0-or-later
// node tests/browser/large.mjs [OUTLETS] [SECONDS]: the gestures of the workspace on a made-up region of OUTLETS (50,000), which is
// imported once and planned for SECONDS (60).  BASE_URL, BEATPLAN_USER and SCREENSHOTS as in lib.mjs.  Prints how long drags keep a planner
// waiting for their numbers, beside the goal; the last line of figures is one JSON object.
import { after } from 'node:test'
import { gestures } from './gestures.mjs'
import { stop } from './lib.mjs'
import { planned } from './region.mjs'

/** The goal for a movement over a day, in milliseconds of script. */
const DRAG_MS = 100
const outlets = Number(process.argv[2] ?? 50000), seconds = Number(process.argv[3] ?? 60)

gestures(`gestures on ${outlets} outlets`, async (page, context) => (await planned(page, context, outlets, seconds)).unit, (figures) => {
	for (const [what, ms] of Object.entries(figures).filter(([what]) => /^drag .* script, median$/.test(what)))
		console.log(`${what.padEnd(52)} ${String(ms).padStart(8)} ms goal ${DRAG_MS} ${ms <= DRAG_MS ? '' : '  MISSED'}`)
	console.log(JSON.stringify({ bench: 'gestures', outlets, ...figures }))
})
after(stop)
