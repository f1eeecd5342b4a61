// SPDX-License-Identifier: GPL-3.0-or-later
// When the people of seats are away.  Pure; the server's plan/absence.c says the same.

/** When the person of a seat is away on this date, and whether somebody stands in. @param {import('../core/api.js').Seat} seat @param {string} on */
export const awayOn = (seat, on) => seat.absences?.find((a) => a.from <= on && (a.to === null || a.to >= on))

/** Is nobody there for the seat's visits on this date? @param {import('../core/api.js').Seat} seat @param {string} on */
export const nobodyOn = (seat, on) => awayOn(seat, on)?.relief === ''
