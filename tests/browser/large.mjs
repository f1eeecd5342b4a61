// SPDX-License-Identifier: GPL-3.0-or-later
// node tests/browser/large.mjs [OUTLETS] [SECONDS] [FOLDER FOR SCREENSHOTS]: the gestures of the workspace on a made-up region of
// OUTLETS (50,000), which is imported once and planned for SECONDS (60).  BASE_URL and BEATPLAN_USER as in lib.mjs.
import { after } from 'node:test'

const outlets = Number(process.argv[2] ?? 50000), seconds = Number(process.argv[3] ?? 60)
process.argv.splice(2, 2) // the folder is now where lib.mjs looks for it
const { stop } = await import('./lib.mjs'), { planned } = await import('./region.mjs'), { gestures } = await import('./gestures.mjs')

gestures(`gestures on ${outlets} outlets`, async (page, context) => (await planned(page, context, outlets, seconds)).unit, (figures) => {
	console.log(JSON.stringify({ bench: 'gestures', outlets, ...figures }))
})
after(stop)
