// SPDX-License-Identifier: GPL-3.0-or-later
// Drop folders: what other systems leave there is imported by the clock, on demand and from the shell; once, whatever happens.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ended } from './40-import.mjs'
import { sleep } from './client.mjs'
import { differs, some } from './steps.mjs'

const rows = (n, prefix, spoil = 0) => `Kundennr;Name des Ladens;Breite;Laenge;Land;Gebiet;Kanal;Klasse\r\n${Array.from({ length: n }, (_, i) =>
	`${prefix}-${i};${i < spoil ? '' : `Laden ${i}`};12,${1000 + i};77,${2000 + i};TCountry;TWatch;GT;C\r\n`).join('')}`
const mapping = [['Kundennr', 'code'], ['Name des Ladens', 'name'], ['Breite', 'lat'], ['Laenge', 'lon'], ['Land', 'country'], ['Gebiet', 'zone'], ['Kanal', 'channel'], ['Klasse', 'tier']]

async function* all({ client, saved }) {
	const drop = join(client.state, 'drop'), folder = join(drop, 'erp', 'outlets')
	const call = (o) => client.call({ as: 'admin', ...o })
	const body = (more = {}) => ({ name: 'ERP outlets', folder: 'erp/outlets', pattern: '*.[ct]s[!a-u]', entity: 'outlets', mapping: 'watched', publish: true, everyMinutes: 60, stopPercent: 20, active: false, ...more })
	/* What other systems leave belongs to them; here it must only be readable and movable. */
	const leave = (name, text, into = folder) => {
		writeFileSync(join(into, `.${name}`), text)
		chmodSync(join(into, `.${name}`), 0o666)
		renameSync(join(into, `.${name}`), join(into, name))
	}
	const found = async () => (await call({ path: `/import/watches/${saved.watch}/files` })).json.items
	const run = async () => ended(client, (await call({ method: 'POST', path: `/import/watches/${saved.watch}/run`, raw: '' })).json.jobId)
	/** Look until the newest file of that name has one of the states. */
	const until = async (name, states, look = run) => {
		for (let i = 0; i < 30; i++) {
			const f = (await found()).find((x) => x.name === name)
			if (f && states.includes(f.state))
				return f
			if (!f)
				await look()
			await sleep(500)
		}
		return (await found()).find((x) => x.name === name) ?? { state: 'not found' }
	}

	yield { name: 'there are none yet', as: 'admin', get: '/import/watches', json: { items: [], root: (r) => r === drop } }
	yield { name: 'a mapping to use', as: 'admin', post: '/import/schemas', body: { name: 'watched', entity: 'outlets', mapping: mapping.map(([source, target]) => ({ source, target })) }, save: { watchSchema: '/id' } }
	for (const bad of ['..', '../x', '/etc', 'a//b', '.hidden', 'processed', 'a/refused', 'a/../b', ''])
		yield { name: `no folder "${bad}"`, as: 'admin', post: '/import/watches', body: body({ folder: bad }), status: 422, code: 'ERR_REQ_004', fields: ['/folder'] }
	yield { name: 'no mapping that is not kept', as: 'admin', post: '/import/watches', body: body({ mapping: 'nothing' }), status: 422, code: 'ERR_REQ_004', fields: ['/mapping'] }
	yield { name: 'set one up', as: 'admin', post: '/import/watches', body: body(), json: { name: 'ERP outlets', active: false, lastAt: null }, save: { watch: '/id' } }
	yield { name: 'a name once', as: 'admin', post: '/import/watches', body: body(), status: 422, code: 'ERR_REQ_004', fields: ['/name'] }
	yield { name: 'read it', as: 'admin', get: '/import/watches/{watch}', json: { folder: 'erp/outlets', mapping: 'watched', publish: true } }
	yield { name: 'change it', as: 'admin', put: '/import/watches/{watch}', body: body({ name: 'ERP shops', everyMinutes: 5 }), json: { name: 'ERP shops', everyMinutes: 5 } }
	yield { name: 'none that is not there', as: 'admin', put: '/import/watches/987654321', body: body(), status: 404, code: 'ERR_DATA_003' }
	yield { name: 'a folder that is not there is told', run: async () => { const job = await run(); return [job.state !== 'failed' && JSON.stringify(job), differs({ lastProblem: /no folder erp\/outlets/ }, (await call({ path: `/import/watches/${saved.watch}` })).json)] } }
	yield { name: 'one that leads out is not followed', run: async () => {
		symlinkSync('/etc', join(drop, 'out'))
		await call({ method: 'PUT', path: `/import/watches/${saved.watch}`, body: body({ folder: 'out' }) })
		const job = await run()
		await call({ method: 'PUT', path: `/import/watches/${saved.watch}`, body: body() })
		mkdirSync(folder, { recursive: true })
		chmodSync(join(drop, 'erp'), 0o777)
		chmodSync(folder, 0o777)
		return [job.state !== 'failed' && JSON.stringify(job), !/leads out/.test(job.error?.detail) && JSON.stringify(job.error)]
	} }
	yield {
		name: 'a file that still grows is left alone', run: async () => {
			leave('first.csv', rows(40, 'W1'))
			leave('notes.txt', 'not for us')
			const job = await run()
			return [differs({ state: 'done', result: { taken: 0 } }, job), !existsSync(join(folder, 'first.csv')) && 'it was taken']
		},
	}
	yield {
		name: 'one that has settled is published by its mapping', run: async () => {
			await sleep(2500)
			const f = await until('first.csv', ['PUBLISHED', 'REFUSED']), s = (await call({ path: `/import/sessions/${f.session}` })).json
			const outlet = (await call({ path: '/outlets?q=W1-7' })).json.items[0]
			return [differs({ state: 'PUBLISHED', sha256: createHash('sha256').update(rows(40, 'W1')).digest('hex'), problem: null }, f), differs({ status: 'COMPLETED', name: /^ERP outlets: first\.csv/, counts: { inserted: 40 } }, s), differs({ code: 'W1-7', name: 'Laden 7' }, outlet),
				f.movedTo !== `processed/${new Date().toISOString().slice(0, 10)}/${f.session}/first.csv` && f.movedTo, !existsSync(join(folder, f.movedTo)) && 'it does not lie there', existsSync(join(folder, 'first.csv')) && 'it still lies here', !existsSync(join(folder, 'notes.txt')) && 'what does not match is gone']
		},
	}
	yield {
		name: 'one with too many bad rows is refused, with the reason beside it', run: async () => {
			leave('bad.csv', rows(40, 'W2', 20))
			await sleep(3000)
			const f = await until('bad.csv', ['PUBLISHED', 'REFUSED'])
			return [differs({ state: 'REFUSED', problem: /20 of the first 40 rows of bad\.csv are rejected/ }, f), !/^refused\//.test(f.movedTo) && f.movedTo, !/20 of the first 40/.test(readFileSync(join(folder, `${f.movedTo}.reason.txt`), 'utf8')) && 'no reason beside it']
		},
	}
	yield {
		name: 'one that cannot be read is refused at once', run: async () => {
			leave('broken.csv', 'PK\x03\x04')
			await sleep(3000)
			const f = await until('broken.csv', ['REFUSED'])
			return [differs({ state: 'REFUSED', session: null, problem: /./ }, f), !existsSync(join(folder, f.movedTo)) && 'it does not lie there']
		},
	}
	yield {
		name: 'a link in the place of its folders is not followed', run: async () => {
			const elsewhere = join(client.state, 'drop', 'elsewhere'), refused = join(folder, 'refused')
			mkdirSync(elsewhere)
			chmodSync(elsewhere, 0o777)
			renameSync(refused, `${refused}.was`)
			symlinkSync(elsewhere, refused)
			leave('broken2.csv', 'PK\x03\x04')
			await sleep(3000)
			const job = await run(), told = readdirSync(elsewhere), still = existsSync(join(folder, 'broken2.csv'))
			rmSync(refused)
			renameSync(`${refused}.was`, refused)
			await run()
			const f = await until('broken2.csv', ['REFUSED'])
			return [job.state !== 'failed' && JSON.stringify(job), told.join(), !still && 'it is gone', !existsSync(join(folder, f.movedTo)) && 'it does not lie there once the folder is one again']
		},
	}
	yield {
		name: 'with review it waits for a person; from the shell as well', run: async () => {
			await call({ method: 'PUT', path: `/import/watches/${saved.watch}`, body: body({ publish: false, stopPercent: 0 }) })
			leave('second.csv', rows(10, 'W3'))
			await sleep(3000)
			const out = execFileSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), ['import', '--watch', 'ERP outlets', '--state', client.state], { encoding: 'utf8' })
			const f = await until('second.csv', ['WAITING', 'REFUSED'], async () => {})
			const started = await call({ method: 'POST', path: `/import/sessions/${f.session}/process`, body: {} })
			await ended(client, started.json?.jobId)
			return [!/ERP outlets +1 taken/.test(out) && out, differs({ state: 'WAITING' }, f), differs({ state: 'PUBLISHED' }, await until('second.csv', ['PUBLISHED']))]
		},
	}
	yield { name: 'the shell knows no other', run: () => {
		try {
			execFileSync(join(process.env.BEATPLAN_BUILD, 'beatplan-cli'), ['import', '--watch', 'nobody', '--state', client.state], { encoding: 'utf8', stdio: 'pipe' })
		} catch (e) {
			return e.status === 1 && /no drop folder called nobody/.test(e.stderr) ? [] : `${e.status} ${e.stderr}`
		}
		return 'it does'
	} }
	yield {
		name: 'by the clock', run: async () => {
			leave('third.csv', rows(5, 'W4'))
			await sleep(2500)
			await call({ method: 'PUT', path: `/import/watches/${saved.watch}`, body: body({ active: true, everyMinutes: 1 }) })
			for (let i = 0; i < 90 && !(await found()).some((f) => f.name === 'third.csv'); i++)
				await sleep(1000)
			return differs({ state: 'PUBLISHED' }, await until('third.csv', ['PUBLISHED', 'REFUSED'], async () => {}))
		},
	}
	yield { name: 'the same file again is another one, and is told to be the same', run: async () => {
		leave('third.csv', rows(5, 'W4'))
		await sleep(3000)
		const before = (await found()).length
		await run()
		const list = await found(), file = (await call({ path: `/import/sessions/${list[0].session}` })).json.files[0]
		return [list.length !== before + 1 && `${list.length} of ${before}`, differs({ name: 'third.csv', sameAs: { name: 'third.csv' } }, file)]
	} }
	yield { name: 'a page of them', as: 'admin', get: '/import/watches/{watch}/files?limit=2', json: { items: (i) => i.length === 2, next: /./ } }
	yield { name: 'no files of nowhere', as: 'admin', get: '/import/watches/987654321/files', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'another one, to remove', as: 'admin', post: '/import/watches', body: body({ name: 'gone' }), save: { gone: '/id' } }
	yield { name: 'a name of another', as: 'admin', put: '/import/watches/{gone}', body: body(), status: 422, code: 'ERR_REQ_004', fields: ['/name'] }
	yield { name: 'removed', as: 'admin', delete: '/import/watches/{gone}' }
	yield { name: 'it is gone', as: 'admin', get: '/import/watches/{gone}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the trail knows', as: 'admin', get: '/audit?resourceType=import_watch', json: { items: some({ action: 'WATCH_REMOVE' }) } }
	yield { name: 'nothing is left in between', run: () => readdirSync(folder).filter((f) => f.endsWith('.csv')) }
}
export const steps = all
