// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an operation by its name: the toolbar, the menus and the keys all come here.
import { signed, t } from '../core/i18n.js'
import { opLabel } from '../plan/labels.js'
import { operation } from '../plan/operations.js'
import { withReason } from '../components/override.js'
import { toast, toastProblem } from '../components/ui.js'
import { commitAllDialog, commitDialog, saveDialog } from './commit.js'
import { beatDialog, joinDialog } from './beats.js'
import { cycleDialog } from './cycle.js'
import { moveDialog } from './move.js'
import { signedTime } from './ops.js'
import { optimiseDialog } from './optimise.js'
import { pinMenu } from './pins.js'
import { similarMenu } from './similar.js'
import { ofOne } from './parts.js'
import { takeOutDialog } from './takeout.js'
import { leaveOutDialog } from './unplanned.js'
import { stored } from '../core/session.js'

/** @typedef {import('../plan/store.js').Store} Store */

/** What a re-ordering applies to, as chosen above the list. */
export const reach = () => /** @type {'date' | 'onward' | 'standing'} */ (stored('bp.order-reach') ?? 'standing')

/** @param {Store} s @param {Record<string, unknown>[]} ops */
export async function sendOrTell(s, ops) {
	const [, failed] = await withReason(async (why) => [null, /** @type {any} */ (await s.send(ops.map((o) => ({ ...o, ...why }))))], t('Do it'))
	if (failed)
		toastProblem(failed)
	return !failed
}

/** A new order of the day in focus; what it costs is told with a way back. @param {Store} s @param {object} how */
export async function reorder(s, how) {
	if (!await sendOrTell(s, [sequence(s, how)]))
		return
	const x = s.impact.peek()
	toast([opLabel(s.plan.peek()?.undo), x && `${signedTime(x.minutes)}, ${signed(x.km, 1)} km`, x?.price && Math.abs(x.price.total - x.minutes) >= 0.05 && t('price {time}', { time: signedTime(x.price.total) })].filter(Boolean).join(' · '),
		{ action: { label: t('Undo'), run: () => void s.step('undo') } })
}

/** @type {Record<string, (s: Store) => unknown>} */
const run = {
	undo: async (s) => tell(await s.step('undo')),
	redo: async (s) => tell(await s.step('redo')),
	move(s) {
		const visits = s.selectedVisits.peek(), need = s.selectedMissing.peek()
		moveDialog(s, visits.length || need === null ? { kind: 'move', visits } : { kind: 'place', need }, null)
	},
	beat: (s) => beatDialog(s),
	'leave-out': (s) => leaveOutDialog(s),
	join: (s) => joinDialog(s, s.selectedVisits.peek()),
	similar: (s) => similarMenu(s, document.getElementById('similar') ?? document.getElementById('tab-sel') ?? { x: 80, y: 80 }),
	pin: (s) => pinMenu(s, document.getElementById('pin') ?? document.getElementById('tab-sel') ?? { x: 80, y: 80 }, s.selectedVisits.peek().map((x) => x.need)),
	auto: (s) => reorder(s, { auto: true }),
	reverse: (s) => reorder(s, { reverse: true }),
	optimise: (s) => ofOne(s, optimiseDialog, { changes: true }),
	save: (s) => saveDialog(s),
	commit: (s) => (s.parts.length > 1 ? commitAllDialog(s) : commitDialog(s)),
	cycle: (s) => ofOne(s, cycleDialog, { changes: true }),
	remove: (s) => takeOutDialog(s, (ops) => sendOrTell(s, ops)),
}
/** @param {import('../core/http.js').Problem | null} p */
const tell = (p) => {
	if (p)
		toastProblem(p)
}

/** @param {Store} s @param {object} how */
export function sequence(s, how) {
	const { seat, day } = s.focus.peek()
	return { kind: 'sequence', seat, date: s.dateOfDay(/** @type {number} */ (day)), reach: reach(), ...how }
}

/** @param {Store} s @param {string} id */
export function runOperation(s, id) {
	const why = operation(id).disabled(s)
	if (why)
		toast(why)
	else
		void run[id](s)
}
