// SPDX-License-Identifier: GPL-3.0-or-later
// An authenticator (RFC 6238), for the tests that sign in with one.
import { createHmac } from 'node:crypto'

const STEP = 30
/** The bytes of a base32 text. @param {string} text */
function bytes(text) {
	let bits = ''
	for (const c of text)
		bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')
	return Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
}
/** The six digits now, or `steps` half minutes later. @param {string} secret base32 */
export function totp(secret, steps = 0) {
	const counter = Buffer.alloc(8)
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP) + steps))
	const mac = createHmac('sha1', bytes(secret)).update(counter).digest(), at = mac[19] & 15
	return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0')
}
