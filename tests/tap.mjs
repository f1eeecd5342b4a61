// SPDX-License-Identifier: GPL-3.0-or-later
// TAP for the scripts: check(name, fn) passes when fn gives nothing that complains.

/** Facts in a row. A complaint is a text, false and empty lists are none; a throw is one too. */
export function tap() {
	let n = 0, failed = 0, chain = Promise.resolve()
	/** Say the outcome of a fact; `complaints` empty = it holds. */
	const say = (name, complaints) => {
		n++
		if (complaints.length)
			failed++
		console.log(`${complaints.length ? 'not ok' : 'ok'} ${n} - ${name.replace(/[#\n]/g, ' ')}`)
		for (const c of complaints)
			console.log(String(c).replace(/^/gm, '# '))
	}
	return {
		say,
		skip(name, why) { console.log(`ok ${++n} - ${name} # SKIP ${why}`) },
		/** @param {() => any} fn */
		check(name, fn) {
			chain = chain.then(async () => {
				let out
				try {
					out = await fn()
				} catch (e) {
					out = e.stack ?? String(e)
				}
				say(name, [out].flat(Infinity).filter(Boolean))
			})
			return chain
		},
		/** Print the plan and set the exit status. */
		async done() {
			await chain
			console.log(`1..${n}`)
			process.exitCode = failed ? 1 : 0
		},
	}
}
