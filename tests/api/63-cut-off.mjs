// SPDX-License-Identifier: GPL-3.0-or-later
// A full extract, then the same one cut off at 60 %: no outlet is retired, and what happened and what to do is said.
import { through, upload } from './40-import.mjs'
import { country } from './data.mjs'
import { differs, some } from './steps.mjs'

const ROWS = 400

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	/* A country of its own: a list is complete for the territories that it names. */
	const whole = country({ rows: ROWS, areas: 2, seed: 61, prefix: 'CUT' }).outlets.replaceAll('Testland', 'Cutland')
	/* Two thirds of the columns of a row, and one within the quotes of its name. */
	const row = whole.slice(0, whole.length * 0.6).lastIndexOf('\r\n') + 2, line = whole.slice(0, row).split('\n').length
	const at = (text) => row + whole.slice(row).indexOf(text)
	/** Outlets of the extract by their status. */
	const statuses = async () => {
		const out = {}
		for (let after = ''; after !== null;) {
			const { json } = await call({ path: `/outlets?q=CUT0&limit=500${after && `&after=${after}`}` })
			for (const o of json.items)
				out[o.status] = (out[o.status] ?? 0) + 1
			after = json.next
		}
		return out
	}
	const allActive = async () => differs({ active: ROWS }, await statuses()).concat(Object.keys(await statuses()).length > 1 ? JSON.stringify(await statuses()) : [])
	const session = async (name) => (await call({ method: 'POST', path: '/import/sessions', body: { name } })).json.id
	const send = async (name, raw, complete) => {
		const id = await session(name), up = await upload(client, id, 'outlets.csv', raw, '&entity=outlets')
		const meets = await call({ method: 'PUT', path: `/import/files/${up.json?.id}/delta`, body: { mode: 'UPSERT', complete } })
		return { id, wrong: [up.status !== 200 && up.text, meets.status !== 200 && meets.text, await through(client, id, 'validate')] }
	}

	yield { name: 'the full extract', run: async () => {
		const { id, wrong } = await send('full', whole, true)
		return [wrong, await through(client, id, 'process'), await allActive()]
	} }
	for (const [where, until, says] of [['between two cells', at(',Cutland'), /in line (\d+) \(7 of 15 columns\): it was cut off, send it again/], ['within quotes', at('Shop') + 3, /in line (\d+) \(2 of 15 columns\): it was cut off, send it again/]])
		yield { name: `cut off ${where} it is refused, by its line and what to do`, run: async () => {
			const id = await session(where), r = await upload(client, id, 'outlets.csv', whole.slice(0, until), '&entity=outlets')
			const then = await call({ method: 'POST', path: `/import/sessions/${id}/process`, body: {} }), files = (await call({ path: `/import/sessions/${id}` })).json.files
			return [r.status !== 400 && r.text, differs({ code: 'ERR_IMPORT_001', detail: says }, r.json), Number(says.exec(r.json.detail)?.[1]) !== line && `not line ${line}`,
				then.status !== 409 && then.text, files.length && 'a file was kept', await allActive()]
		} }
	yield { name: 'cut off between two rows it is asked about, and not published', run: async () => {
		const { id, wrong } = await send('cut between rows', whole.slice(0, row), true), gone = ROWS + 2 - line
		const delta = (await call({ path: `/import/sessions/${id}/delta` })).json, r = await call({ method: 'POST', path: `/import/sessions/${id}/process`, body: {} })
		saved.cutOff = id
		return [wrong, gone < ROWS * 0.35 && `only ${gone} are missing`, differs({ vanished: gone, action: 'ASK', samples: some({ kind: 'vanished', code: /^CUT0/ }) }, delta), r.status !== 409 && r.text,
			differs({ code: 'ERR_IMPORT_004', detail: new RegExp(`^${gone} outlets are not in the complete list, CUT0\\d+ \\(Shop .*\\) among them: if its file was cut off, take it out and send it whole; otherwise say`) }, r.json), await allActive()]
	} }
	yield { name: 'taken out and sent whole it goes through', run: async () => {
		const files = (await call({ path: `/import/sessions/${saved.cutOff}` })).json.files
		const out = await call({ method: 'DELETE', path: `/import/files/${files[0].id}` })
		const up = await upload(client, saved.cutOff, 'outlets.csv', whole, '&entity=outlets')
		await call({ method: 'PUT', path: `/import/files/${up.json?.id}/delta`, body: { mode: 'UPSERT', complete: true } })
		return [out.status !== 200 && out.text, up.status !== 200 && up.text, await through(client, saved.cutOff, 'validate'), differs({ vanished: 0 }, (await call({ path: `/import/sessions/${saved.cutOff}/delta` })).json),
			await through(client, saved.cutOff, 'process'), await allActive()]
	} }
	yield { name: 'cut off and said to be a part, nothing is retired either', run: async () => {
		const { id, wrong } = await send('a part', whole.slice(0, row), false)
		return [wrong, differs({ vanished: 0 }, (await call({ path: `/import/sessions/${id}/delta` })).json), await through(client, id, 'process'), await allActive()]
	} }
	yield { name: 'nor when somebody says to keep what it lacks', run: async () => {
		const { id, wrong } = await send('kept', whole.slice(0, row), true)
		await call({ method: 'PUT', path: `/import/sessions/${id}/vanished`, body: { action: 'KEEP' } })
		return [wrong, await through(client, id, 'process'), await allActive()]
	} }
}
export const steps = all
