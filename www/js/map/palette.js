// SPDX-License-Identifier: GPL-3.0-or-later
// Twelve colours and four shapes: 48 seats differ without a label, and no two neighbours by colour alone.

/** As the tokens --p0 … --p11. */
export const colours = ['#2f6fde', '#e07b1a', '#1f9d6b', '#c2397f', '#7a5bd6', '#b3890a', '#0f95a8', '#d0463b', '#6b8e23', '#8a5a3c', '#5470a8', '#b05cc0']
/** The same, lighter, for a dark map. */
const onDark = ['#6b9cf0', '#f0a056', '#4fc494', '#e572ac', '#a48bea', '#d4ad3a', '#46bccb', '#ec7a70', '#97bd55', '#bb8b6b', '#86a0d2', '#cf8ddc']
/** @param {boolean} isDark */
export const paletteOf = (isDark) => (isDark ? onDark : colours)
/** @param {number} i */
export const colourVar = (i) => `var(--p${((i % 12) + 12) % 12})`
/** 0 circle, 1 square, 2 diamond, 3 triangle. @param {number} i */
export const shapeOf = (i) => (i + Math.floor(i / 12)) % 4
/** @param {string} hex @returns {[number, number, number]} */
export const rgb = (hex) => [parseInt(hex.slice(1, 3), 16), parseInt(hex.slice(3, 5), 16), parseInt(hex.slice(5, 7), 16)]
export const grey = '#8a949a'
/** Tiers by rank: gold, silver, bronze and two more, as places in the palette. */
export const tierColours = [5, 10, 9, 2, 3]
/** By what a pin holds: nothing, the person, the days, both. */
export const pinColours = [0, 1, 0, 3]
/** Low to high, for a score of 0..100; reads in both schemes. @param {number} share 0..1 @returns {[number, number, number]} */
export const ramp = (share) => {
	const stops = [[47, 111, 222], [31, 157, 107], [224, 163, 26], [208, 70, 59]]
	const x = Math.max(0, Math.min(0.999, share)) * 3
	const i = Math.floor(x)
	return /** @type {[number, number, number]} */ ([0, 1, 2].map((k) => Math.round(stops[i][k] + (stops[i + 1][k] - stops[i][k]) * (x - i))))
}
