// SPDX-License-Identifier: GPL-3.0-or-later
// node tests/browser/run.mjs: all browser tests one after the other, in one process, with closing totals.
import { after } from 'node:test'
import { gestures } from './gestures.mjs'
import { plannedUnit, stop } from './lib.mjs'
import { changesUndone } from './undo.mjs'

await import('./journey.mjs')
gestures('the gestures of the workspace', plannedUnit)
changesUndone('changes at random, undone', plannedUnit, 30)
await import('./entities.mjs')
await import('./levels.mjs')
await import('./models.mjs')
await import('./units.mjs')
await import('./messy.mjs')
await import('./roles.mjs')
await import('./access.mjs')
await import('./apidoc.mjs')
await import('./uploads.mjs')
await import('./trust.mjs')
await import('./people.mjs')
await import('./due.mjs')
await import('./consent.mjs')
await import('./details.mjs')
await import('./slide.mjs')
await import('./offline.mjs')
await import('./tabs.mjs')
await import('./stores.mjs')
await import('./background.mjs')
await import('./beats.mjs')
await import('./byhand.mjs')
await import('./bulk.mjs')
await import('./filters.mjs')
await import('./team.mjs')
await import('./health.mjs')
await import('./settings.mjs')
await import('./live.mjs')
await import('./screens.mjs')
after(stop)
