// SPDX-License-Identifier: GPL-3.0-or-later
// What a planner can do, wherever it is offered (toolbar, menu, key): when it applies, why not, what it is called.
import { t, tn } from '../core/i18n.js'
import { can, isOff } from '../core/session.js'
import { opLabel } from './labels.js'

/** @typedef {import('./store.js').Store} Store */
/**
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} icon
 * @property {(s: Store) => string} label
 * @property {string} keys  shown; `match` tests them
 * @property {(e: KeyboardEvent) => boolean} match
 * @property {(s: Store) => boolean} available  shown at all
 * @property {(s: Store) => string | false} disabled  the reason, or false
 */

/** @param {string} key @param {{ctrl?: boolean, shift?: boolean}} [o] @returns {(e: KeyboardEvent) => boolean} */
const on = (key, o = {}) => (e) => e.key.toLowerCase() === key && (e.ctrlKey || e.metaKey) === !!o.ctrl && (o.shift === undefined || e.shiftKey === o.shift) && !e.altKey

/** @param {Store} s */
const reading = (s) => (s.editable.value ? false : t('Lock the territory first'))
/** Beats and lists are of one territory. @param {Store} s */
const alone = (s) => s.parts.length === 1
/** @param {Store} s */
const oneTour = (s) => s.focus.value.seat !== null && s.focus.value.day !== null
/** @param {Store} s */
const needsSelection = (s) => reading(s) || (s.selectedVisits.value.length ? false : s.selection.value.size && s.days.value.some(s.past) ? t('What is selected has no visit to come: see the next cycle') : t('Select visits first'))
/** @param {Store} s */
const oneTourToCome = (s) => reading(s) || (s.mayEdit(s.focus.value.day) ? false : t('This day is over'))

/** What is done here of a gesture over several territories. @param {string} what @param {string[]} [others] */
const joined = (what, others) => (others?.length ? t('{what} – only here, not in {names}', { what, names: others.join(', ') }) : what)

/** @type {Operation[]} */
export const operations = [
	{
		id: 'undo', icon: 'undo', keys: 'Ctrl Z', match: on('z', { ctrl: true, shift: false }), available: () => true,
		label: (s) => (s.plan.value?.undo ? joined(t('Undo: {what}', { what: opLabel(s.plan.value.undo) }), s.plan.value.undoLeft) : t('Undo')),
		disabled: (s) => reading(s) || (s.plan.value?.undo || s.saving.value === 'saving' ? false : t('Nothing to undo')), // what is being saved is undone after it
	},
	{
		id: 'redo', icon: 'redo', keys: 'Ctrl Y', match: (e) => on('y', { ctrl: true })(e) || on('z', { ctrl: true, shift: true })(e), available: () => true,
		label: (s) => (s.plan.value?.redo ? joined(t('Redo: {what}', { what: opLabel(s.plan.value.redo) }), s.plan.value.redoLeft) : t('Redo')),
		disabled: (s) => reading(s) || (s.plan.value?.redo ? false : t('Nothing to redo')),
	},
	{
		id: 'move', icon: 'move', keys: 'M', match: on('m', { shift: false }), available: () => true,
		label: (s) => (s.selectedVisits.value.length > 1 ? tn('Move {n} visit to…', 'Move {n} visits to…', s.selectedVisits.value.length) : s.selectedVisits.value.length || !s.selectedMissing.value ? t('Move to…') : t('Place…')),
		disabled: (s) => (s.selectedMissing.value ? reading(s) : needsSelection(s)),
	},
	{
		id: 'remove', icon: 'trash', keys: 'Del', match: (e) => e.key === 'Delete', available: () => true,
		label: () => t('Take out of the plan'), disabled: needsSelection,
	},
	{
		id: 'beat', icon: 'swap', keys: 'B', match: on('b', { shift: false }), available: alone,
		label: () => t('Move or hand over a beat…'), disabled: (s) => reading(s) || (s.plan.value?.beats.length ? false : t('This plan has no beats')),
	},
	{
		id: 'join', icon: 'plus', keys: 'Shift B', match: on('b', { shift: true }), available: alone,
		label: () => t('Put into a beat…'), disabled: needsSelection,
	},
	{
		id: 'leave-out', icon: 'close', keys: '', match: () => false, available: (s) => alone(s) && can('MANAGE_TERRITORIES'),
		label: () => t('Leave out of planning…'), disabled: (s) => (s.selection.value.size ? s.selection.value.size > 2000 ? t('At most {n} outlets at once', { n: 2000 }) : false : t('Select outlets first')),
	},
	{
		id: 'pin', icon: 'tack', keys: 'P', match: on('p', { shift: false }), available: () => true,
		label: () => t('Pin or unpin…'), disabled: needsSelection,
	},
	{
		id: 'similar', icon: 'plus', keys: 'S', match: on('s', { shift: false }), available: () => true,
		label: () => t('Select similar…'), disabled: (s) => (s.selection.value.size ? false : t('Select outlets first')),
	},
	{
		id: 'auto', icon: 'sort', keys: '', match: () => false, available: oneTour,
		label: () => t('Best order'), disabled: oneTourToCome,
	},
	{
		id: 'reverse', icon: 'reverse', keys: '', match: () => false, available: oneTour,
		label: () => t('Reverse the order'), disabled: oneTourToCome,
	},
	{
		id: 'optimise', icon: 'bolt', keys: 'O', match: on('o', { shift: false }), available: () => can('OPTIMIZE_ROUTES'),
		label: () => t('Optimise'), disabled: (s) => (isOff('optimizer') ? t('An administrator switched the optimiser off') : reading(s)),
	},
	{
		id: 'cycle', icon: 'history', keys: 'N', match: on('n', { shift: false }), available: () => true,
		label: () => t('New cycle…'), disabled: (s) => reading(s) || (s.plan.value ? false : t('There is no plan yet')),
	},
	{
		id: 'save', icon: 'save', keys: 'Ctrl S', match: on('s', { ctrl: true }), available: () => true,
		label: () => t('Save a version'), disabled: reading,
	},
	{
		id: 'commit', icon: 'commit', keys: '', match: () => false, available: () => true, label: () => t('Commit'),
		disabled: (s) => reading(s) || (can('COMMIT_PLAN') ? false : t('Your role may not commit plans')),
	},
]

/** @param {string} id */
export const operation = (id) => /** @type {Operation} */ (operations.find((o) => o.id === id))

/** The operation of a key press outside form fields, if it may run now. @param {KeyboardEvent} e @param {Store} s */
export function operationOf(e, s) {
	if (e.target instanceof Element && e.target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, dialog, .menu'))
		return null
	const found = operations.find((o) => o.match(e) && o.available(s))
	return found ?? null
}
