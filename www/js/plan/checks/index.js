// SPDX-License-Identifier: GPL-3.0-or-later
// The rules a change may break, one a file, with the codes of the server's rules.  They answer while the pointer still
// moves; the server's own list replaces theirs as soon as it comes.
import { away } from './away.js'
import { calls } from './calls.js'
import { closedDay } from './closed_day.js'
import { fewCalls } from './few_calls.js'
import { gap } from './gap.js'
import { pinned } from './pinned.js'
import { shift } from './shift.js'
import { twice } from './twice.js'

/** @typedef {import('../model.js').Sums} Sums */
/**
 * @typedef {object} Touched  one tour before and after
 * @property {import('../../core/api.js').Seat} seat
 * @property {number} day
 * @property {string} date
 * @property {import('../model.js').Stop[]} stops after
 * @property {Sums} before
 * @property {Sums} after
 * @property {boolean} closed
 */
/**
 * @typedef {object} Situation
 * @property {Touched[]} tours
 * @property {(need: number) => number[]} daysOf  days of the need's visits after the change
 * @property {(need: number, after: boolean) => {seat: number, day: number}[]} visitsOf
 * @property {(need: number) => number} pinOf  what is pinned: 1 = the person, 2 = the days
 * @property {Set<number>} needs  moved
 * @property {(need: number) => number} gapOf  smallest distance in days
 * @property {number} cycleDays
 * @property {boolean} dated  the change is of single dates
 * @property {number} leastCalls  of a day with work, 0 where fewer have no price
 */
/** @typedef {import('../../core/api.js').Broken} Broken */
/** @typedef {(s: Situation) => Broken[]} Check */

/** @type {Check[]} */
const checks = [calls, fewCalls, shift, closedDay, away, pinned, gap, twice]

/** @param {Situation} s */
export const runChecks = (s) => checks.flatMap((c) => c(s))
