// SPDX-License-Identifier: GPL-3.0-or-later
// node tests/browser/run.mjs [planning | screens]: the browser tests one after the other, in one process, with closing totals; half of
// them, or all.  The halves need nothing of each other: each runs on a server of its own.
import { after } from 'node:test'
import { gestures } from './gestures.mjs'
import { plannedUnit, stop } from './lib.mjs'
import { changesUndone } from './undo.mjs'

const half = process.argv[2]
if (half !== 'screens') {
	await import('./journey.mjs')
	gestures('the gestures of the workspace', plannedUnit)
	changesUndone('changes at random, undone', plannedUnit, 30)
	await import('./trust.mjs')
	await import('./replay.mjs')
	await import('./compare.mjs')
	await import('./people.mjs')
	await import('./cycle.mjs')
	await import('./due.mjs')
	await import('./consent.mjs')
	await import('./stores.mjs')
	await import('./together.mjs')
	await import('./beats.mjs')
	await import('./byhand.mjs')
	await import('./bulk.mjs')
	await import('./filters.mjs')
	await import('./prices.mjs')
}
if (half !== 'planning') {
	await import('./entities.mjs')
	await import('./levels.mjs')
	await import('./modellevels.mjs')
	await import('./models.mjs')
	await import('./units.mjs')
	await import('./boundaries.mjs')
	await import('./messy.mjs')
	await import('./roles.mjs')
	await import('./access.mjs')
	await import('./audit.mjs')
	await import('./apidoc.mjs')
	await import('./uploads.mjs')
	await import('./details.mjs')
	await import('./slide.mjs')
	await import('./offline.mjs')
	await import('./tabs.mjs')
	await import('./background.mjs')
	await import('./team.mjs')
	await import('./health.mjs')
	await import('./settings.mjs')
	await import('./live.mjs')
	await import('./screens.mjs')
}
after(stop)
