// SPDX-License-Identifier: GPL-3.0-or-later
// What one planner may not do alone: overriding rules, with reasons of a list, and who is told of it, in the product and by mail.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep } from './client.mjs'
import { beatplan } from './shell.mjs'
import { differs, some } from './steps.mjs'

const dateOf = (anchor, day) => new Date(Date.parse(`${anchor}T00:00:00Z`) + day * 86400000).toISOString().slice(0, 10)

async function* all({ client, saved }) {
	const call = (as, method, path, body) => client.call({ as, method, path, body })
	const stamp = Date.now().toString(36), stampUp = stamp.toUpperCase()
	const reason = (r) => r.json.items.find((x) => x.code === `FAIR_${stampUp}`)
	yield { name: 'there are reasons to choose from', as: 'dt', get: '/reasons', json: { items: (i) => i.length >= 9 && i.every((r) => r.code && r.label) } }
	yield { name: 'one is added', as: 'analyst', post: '/reasons', body: { code: `FAIR_${stampUp}`, label: 'A fair', reason: 'a test' }, save: { reasonId: (r) => reason(r)?.id }, check: (r) => differs({ label: 'A fair', retired: false, used: 0 }, reason(r)) }
	yield { name: 'not twice', as: 'admin', post: '/reasons', body: { code: `FAIR_${stampUp}`, label: 'Another fair', reason: 'a test' }, status: 409, code: 'ERR_DATA_004' }
	for (const code of ['fair', 'A FAIR', 'É_X', 'A', 'X'.repeat(25)])
		yield { name: `not as ${code.slice(0, 8)}`, as: 'admin', post: '/reasons', body: { code, label: 'x', reason: 'a test' }, status: 422, fields: ['/code'] }
	yield { name: 'nor without a name', as: 'admin', post: '/reasons', body: { code: 'BLANK', label: '  ', reason: 'a test' }, status: 422, fields: ['/label'] }
	yield { name: 'planners do not keep the list', as: 'planner', post: '/reasons', body: { code: 'MINE', label: 'x', reason: 'a test' }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'it is renamed', as: 'analyst', put: '/reasons/{reasonId}', body: { label: 'Market fair', retired: false, reason: 'a test' }, check: (r) => differs({ label: 'Market fair' }, reason(r)) }
	yield { name: 'not to nothing', as: 'analyst', put: '/reasons/{reasonId}', body: { label: ' ', retired: false, reason: 'a test' }, status: 422, fields: ['/label'] }
	yield { name: 'none is changed that is not there', as: 'admin', put: '/reasons/987654321', body: { label: 'x', retired: true, reason: 'a test' }, status: 404, code: 'ERR_DATA_003' }

	/* --- an override, and who hears of it --- */

	let unit, session, d, other
	const draft = async () => (d = (await call('manager', 'GET', `/planning/sessions/${session}/draft`)).json)
	const off = () => [0, 1, 2, 3, 4, 5, 6].find((w) => !d.cycle.workWeekdays.includes(w + 1))
	const move = async (more, as = 'manager', id = session) => call(as, 'POST', `/planning/sessions/${id}/ops`, { seq: d.seq, ops: [{
		clientId: randomUUID(), kind: 'move', visits: [{ need: d.visits.need[0], date: dateOf(d.cycle.anchor, d.visits.day[0]) }], date: dateOf(d.cycle.anchor, off()), ...more }] })
	const mails = (to) => {
		try {
			return readdirSync(join(client.state, 'mail')).map((f) => readFileSync(join(client.state, 'mail', f), 'utf8')).filter((m) => m.includes(`To: ${to}`))
		} catch {
			return []
		}
	}
	const mailed = async (to, n = 1) => {
		for (let i = 0; i < 450 && mails(to).length < n; i++)
			await sleep(100)
		return mails(to)
	}
	yield {
		name: 'the persons of two seats are users by their mail address', run: async () => {
			unit = (await call('manager', 'GET', '/territories?units=1&channel=GT&limit=500')).json.items.filter((u) => u.unit && u.outlets >= 500 && u.plan && !u.locks.length && u.plan.unserved >= 0).sort((a, b) => a.outlets - b.outlets)[0]
			const lock = await call('manager', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
			session = (await call('manager', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json.id
			await draft()
			other = d.seats.find((s) => s.id !== d.visits.seat[0])
			const folder = mkdtempSync(join(tmpdir(), 'beatplan-seats-')), file = join(folder, `seats ${stamp}.csv`)
			const mine = d.seats.find((s) => s.id === d.visits.seat[0])
			writeFileSync(file, `seat_code,seat_name,person_code,person,email\n${[mine, other].map((s, i) => `${s.code},${s.name},PX${stamp}${i},Person ${i},seat${i}-${stamp}@example.org`).join('\n')}\n`)
			beatplan('import', file, '--state', process.env.BEATPLAN_STATE)
			rmSync(folder, { recursive: true })
			for (const i of [0, 1]) {
				const r = await call('admin', 'POST', '/users', { username: `seat${i}-${stamp}`, name: `Seat Person ${i}`, email: `seat${i}-${stamp}@example.org`, locale: i ? 'fr' : 'en', scopes: [{ territoryId: unit.id, role: 'sales_rep' }] })
				if (r.status !== 200)
					return r.text
				await client.login(`seat${i}`, `seat${i}-${stamp}`, r.json.password)
			}
			return lock.status !== 200 && lock.text
		},
	}
	yield { name: 'a rule is not overridden without a reason', run: async () => differs({ code: 'ERR_PLAN_001', detail: /^[A-Z_]+: .*give a reason/ }, (await move({})).json) }
	yield { name: 'nor with words alone', run: async () => differs({ code: 'ERR_PLAN_001' }, (await move({ reason: 'a fair' })).json) }
	yield { name: 'nor with a code alone', run: async () => differs({ code: 'ERR_PLAN_001' }, (await move({ reasonCode: `FAIR_${stampUp}` })).json) }
	yield { name: 'nor with a code that is not on the list', run: async () => differs({ code: 'ERR_REQ_004', fields: some({ pointer: '/ops/0/reasonCode' }) }, (await move({ reason: 'a fair', reasonCode: 'NO_SUCH' })).json) }
	yield {
		name: 'with both it is done: it stands in the ledger and in the audit trail', run: async () => {
			const r = await move({ reason: 'All shops stand there', reasonCode: `FAIR_${stampUp}` })
			saved.overridden = r.json.seq
			const ledger = (await call('manager', 'GET', `/plans/${(await draft()).planId}/ledger?session=${session}`)).json
			const trail = (await call('admin', 'GET', '/audit?action=PLAN_OPERATION&limit=5')).json
			const event = trail.items?.find((x) => x.sessionId === session || x.session === session) ?? trail.items?.[0]
			return [r.status !== 200 && r.text, differs({ items: some({ override: true, reasonCode: `FAIR_${stampUp}`, reasonLabel: 'Market fair', reason: 'All shops stand there' }), sums: some({ reasonCode: `FAIR_${stampUp}` }) }, ledger),
				differs({ reason: `FAIR_${stampUp}: All shops stand there` }, event)]
		},
	}
	yield { name: 'the reason is counted', as: 'dt', get: '/reasons', check: (r) => differs({ used: 1 }, reason(r)) }
	yield {
		name: 'the person of the seat hears of it, whoever committed last too, the author and others do not', run: async () => {
			const notice = { kind: 'RULE_OVERRIDDEN', text: new RegExp(`^[A-Z_]+, FAIR_${stampUp}: All shops stand there$`), territoryId: unit.id }
			const of = async (as) => (await call(as, 'GET', '/notices?limit=20')).json
			const mine = await of('manager')
			return [differs({ items: some(notice), mail: true }, await of('seat0')), differs({ items: some(notice) }, await of('admin')),
				mine.items.some((n) => notice.text.test(n.text)) && 'the author is told', (await of('seat1')).items.length && 'a seat that is not concerned is told']
		},
	}
	yield { name: 'by mail too', run: async () => {
		const [m, ...more] = await mailed(`seat0-${stamp}@example.org`)
		return [!/Subject: Notices of Beatplan/.test(m) && `no mail: ${m}`, !m?.includes('All shops stand there') && m, more.length && 'twice']
	} }
	yield { name: 'who does not want mails says so', as: 'seat1', put: '/notices/mail', body: { mail: false }, json: { mail: false } }
	yield { name: 'with a word', as: 'seat1', put: '/notices/mail', body: { mail: 'no' }, status: 422, fields: ['/mail'] }
	yield {
		name: 'a visit that goes to another seat concerns both persons; no mail goes out where none is wanted', run: async () => {
			const back = await call('manager', 'POST', `/planning/sessions/${session}/undo`, { seq: saved.overridden })
			await draft()
			const r = await move({ seat: other.id, reason: 'She speaks Gujarati', reasonCode: `FAIR_${stampUp}` })
			await draft()
			const of = async (as) => (await call(as, 'GET', '/notices?limit=20')).json
			const sent = await mailed(`seat0-${stamp}@example.org`, 2)
			return [back.status !== 200 && back.text, r.status !== 200 && r.text, differs({ items: some({ text: /She speaks Gujarati/ }) }, await of('seat0')), differs({ items: some({ text: /She speaks Gujarati/ }) }, await of('seat1')),
				!sent[1]?.includes('Gujarati') && !sent[0]?.includes('Gujarati') && 'the second mail is missing', mails(`seat1-${stamp}@example.org`).length && 'a mail that was not wanted']
		},
	}
	yield { name: 'a reason is retired', as: 'admin', put: '/reasons/{reasonId}', body: { label: 'Market fair', retired: true, reason: 'a test' }, check: (r) => differs({ retired: true, used: 1 }, reason(r)) }
	yield { name: 'then it is not taken any more', run: async () => differs({ fields: some({ pointer: '/ops/0/reasonCode' }) }, (await move({ reason: 'x', reasonCode: `FAIR_${stampUp}` })).json) }
	yield { name: 'the plan is put back and closed', run: async () => {
		const back = await call('manager', 'POST', `/planning/sessions/${session}/undo`, { seq: (await draft()).seq }), r = await call('manager', 'POST', `/planning/sessions/${session}/close`)
		return [back.status !== 200 && back.text, r.status !== 200 && r.text]
	} }
	yield { name: 'whoever may not override is refused, whatever they say', run: async () => {
		await call('planner', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		const s = (await call('planner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json
		d = (await call('planner', 'GET', `/planning/sessions/${s.id}/draft`)).json
		const r = await move({ reason: 'I want to', reasonCode: 'OTHER' }, 'planner', s.id), closed = await call('planner', 'POST', `/planning/sessions/${s.id}/close`)
		return [differs({ code: 'ERR_PLAN_001' }, r.json), /give a reason/.test(r.json.detail) && 'it is asked for a reason in vain', closed.status !== 200 && closed.text]
	} }

	/* --- a seat of another distributor --- */

	const importFiles = (files) => {
		const folder = mkdtempSync(join(tmpdir(), 'beatplan-dt-'))
		const paths = Object.entries(files).map(([name, lines]) => {
			writeFileSync(join(folder, name), lines.join('\n') + '\n')
			return join(folder, name)
		})
		const out = beatplan('import', ...paths, '--state', process.env.BEATPLAN_STATE)
		rmSync(folder, { recursive: true })
		return out
	}
	const seatsOf = (dt) => ({ [`seats dt ${stamp}.csv`]: ['seat_code,seat_name,person_code,person,distributors', `${other.code},${other.name},PX${stamp}1,Person 1,${dt}`] })
	const open = async (as) => {
		await call(as, 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		session = (await call(as, 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json.id
		d = (await call(as, 'GET', `/planning/sessions/${session}/draft`)).json
	}
	const toOther = (as, more = {}, what = 'ops') => call(as, 'POST', `/planning/sessions/${session}/${what}`, { ...(what === 'ops' ? { seq: d.seq } : {}), ops: [{ clientId: randomUUID(), kind: 'move', reach: 'date',
		visits: [{ need: d.visits.need[0], date: dateOf(d.cycle.anchor, d.visits.day[0]) }], seat: other.id, ...more }] })
	yield { name: 'a seat that serves other distributors does not get the outlet without a reason', run: async () => {
		importFiles({ [`distributors ${stamp}.csv`]: ['distributor_code,distributor_name,city', `DT-${stampUp},Elsewhere Traders,Delhi`] })
		importFiles(seatsOf(`DT-${stampUp}`))
		await open('manager')
		const priced = await toOther('manager', {}, 'price'), r = await toOther('manager')
		return [differs({ broken: some({ rule: 'DT_CHANGE', severity: 'block', need: d.visits.need[0], seat: other.id }) }, priced.json), differs({ code: 'ERR_PLAN_001', detail: /^DT_CHANGE: the seat does not work for the outlet's distributor/ }, r.json),
			differs({ seq: d.seq }, (await call('manager', 'GET', `/planning/sessions/${session}/draft`)).json)]
	} }
	yield { name: 'with a reason it does, the ledger names the rule, and the users of distributors hear of it', run: async () => {
		const told = async () => (await call('dt', 'GET', '/notices?limit=20')).json.items.filter((n) => /DT_CHANGE.*the two agreed/.test(n.text)).length
		const before = await told(), r = await toOther('manager', { reason: 'the two agreed', reasonCode: 'DISTRIBUTOR' }), after = await told(), ledger = (await call('manager', 'GET', `/plans/${d.planId}/ledger?session=${session}&limit=1`)).json
		const back = await call('manager', 'POST', `/planning/sessions/${session}/undo`, { seq: r.json.seq })
		await call('manager', 'POST', `/planning/sessions/${session}/close`)
		return [r.status !== 200 && r.text, differs({ items: [{ override: true, rules: (l) => l.includes('DT_CHANGE'), reasonCode: 'DISTRIBUTOR' }] }, ledger), differs([0, 1], [before, after]), back.status !== 200 && back.text]
	} }
	yield { name: 'whoever may not override does not, whatever they say', run: async () => {
		await open('planner')
		const r = await toOther('planner', { reason: 'the two agreed', reasonCode: 'DISTRIBUTOR' })
		await call('planner', 'POST', `/planning/sessions/${session}/close`)
		return [differs({ code: 'ERR_PLAN_001', detail: /^DT_CHANGE/ }, r.json), /give a reason/.test(r.json.detail) && 'it is asked for a reason in vain']
	} }
	yield { name: 'a seat that serves its distributor as well gets it', run: async () => {
		const snap = (await call('manager', 'GET', `/territories/${unit.id}/snapshot`)).json, sums = (list) => {
			let last = 0
			return list.map((x) => (last += x))
		}
		const own = snap.dict.partner[snap.outlets.partner[sums(snap.needs.outlet)[sums(snap.needs.id).indexOf(d.visits.need[0])]]]
		if (!own)
			return 'the outlet has no distributor'
		importFiles(seatsOf(`DT-${stampUp};${own.code}`))
		await open('manager')
		const priced = await toOther('manager', {}, 'price')
		await call('manager', 'POST', `/planning/sessions/${session}/close`)
		return [priced.status !== 200 && priced.text, priced.json.broken?.some((b) => b.rule === 'DT_CHANGE') && 'it is still another distributor\'s']
	} }

	/* --- approval --- */

	let plan, version, mine
	const approval = (on) => call('admin', 'PUT', `/territories/${unit.id}/profile?channel=GT`, { set: { approval: on }, reason: 'a test' })
	const current = async () => (await call('admin', 'GET', `/plans?territory=${unit.id}&channel=GT`)).json.items[0].current
	const begin = async () => {
		await call('planner', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		mine = (await call('planner', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json
		plan = saved.consentPlan = mine.planId
		return mine
	}
	const commit = (more = {}) => call('planner', 'POST', '/planning/commit', { sessionId: mine.id, notes: 'for the season', ...more })
	const decide = (as, what, more = {}) => call(as, 'POST', `/plans/${plan}/submission/${what}`, { versionId: version, ...more })
	yield { name: 'approval is yes or no', run: async () => differs({ code: 'ERR_REQ_004' }, (await approval(2)).json) }
	yield {
		name: 'where approval is asked for, a commit waits: nothing is binding, the lock goes, the draft stays', run: async () => {
			const put = await approval(1), was = await current()
			await begin()
			const r = await commit()
			version = saved.submitted = r.json.id
			const [s, locks] = [(await call('planner', 'GET', `/planning/sessions/${mine.id}`)).json, (await call('planner', 'GET', `/territories/${unit.id}`)).json.locks]
			return [put.status !== 200 && put.text, r.status !== 200 && r.text, differs({ waits: true, committed: false }, r.json), differs({ status: 'CLOSED' }, s), locks.length && 'the lock stays', differs(was, await current())]
		},
	}
	yield { name: 'it is listed with its date and note', as: 'dt', get: '/plans/{consentPlan}/submissions', check: (r) => differs({ items: some({ versionId: version, state: 'WAITING', notes: 'for the season', mine: false, effectiveDate: /^\d{4}-/ }) }, r.json) }
	yield { name: 'and among all that waits', as: 'planner', get: '/submissions', check: (r) => differs({ items: some({ versionId: version, territoryId: unit.id, mine: true }) }, r.json) }
	yield { name: 'who may approve is told', as: 'manager', get: '/notices', check: (r) => differs({ items: some({ kind: 'PLAN_SUBMITTED', from: /Priya/, text: 'for the season', territoryId: unit.id }) }, r.json) }
	yield { name: 'a second one does not wait beside it', run: async () => {
		await begin()
		return [differs({ code: 'ERR_DATA_004' }, (await commit()).json), differs({ code: 'ERR_DATA_004' }, (await call('planner', 'POST', `/plans/${plan}/commit`, { sessionId: mine.id })).json)]
	} }
	yield { name: 'planners do not approve', run: async () => differs({ code: 'ERR_AUTH_002' }, (await decide('planner', 'approve')).json) }
	yield { name: 'what nobody looked at is not approved', run: async () => [differs({ code: 'ERR_DATA_004' }, (await decide('manager', 'approve', { versionId: version - 1 })).json), differs({ code: 'ERR_DATA_004' }, (await decide('manager', 'send-back', { versionId: version - 1, reason: 'x' })).json)] }
	yield { name: 'only its author withdraws it', run: async () => differs({ code: 'ERR_DATA_004' }, (await decide('admin', 'withdraw')).json) }
	yield { name: 'a reason is due', run: async () => differs({ fields: some({ pointer: '/reason' }) }, (await decide('manager', 'send-back')).json) }
	yield { name: 'it is sent back, and the author hears why', run: async () => {
		const r = await decide('manager', 'send-back', { reason: 'Fridays are too full' }), told = (await call('planner', 'GET', '/notices?limit=5')).json
		return [r.status !== 200 && r.text, differs({ items: some({ versionId: version, state: 'SENT_BACK', decider: /Miguel/, reason: 'Fridays are too full' }) }, r.json), differs({ items: some({ kind: 'PLAN_SENT_BACK', text: 'Fridays are too full' }) }, told)]
	} }
	yield { name: 'then nothing waits', run: async () => [differs({ code: 'ERR_DATA_003' }, (await decide('manager', 'approve')).json), differs({ code: 'ERR_DATA_003' }, (await decide('planner', 'withdraw')).json), differs({ code: 'ERR_DATA_003' }, (await decide('manager', 'send-back', { reason: 'x' })).json)] }
	yield { name: 'it is submitted again and withdrawn', run: async () => {
		await begin()
		version = (await commit({ keepLock: true })).json.id
		const r = await decide('planner', 'withdraw')
		return [r.status !== 200 && r.text, differs({ items: some({ versionId: version, state: 'WITHDRAWN' }) }, r.json)]
	} }
	yield { name: 'once more, and approved: it is the plan, and its draft is done', run: async () => {
		version = (await commit()).json.id
		const r = await decide('manager', 'approve'), s = (await call('planner', 'GET', `/planning/sessions/${mine.id}`)).json, told = (await call('planner', 'GET', '/notices?limit=5')).json
		const trail = (await call('admin', 'GET', '/audit?action=PLAN_APPROVE&limit=1')).json
		return [r.status !== 200 && r.text, differs({ id: version, committed: true }, await current()), differs({ status: 'COMMITTED' }, s), differs({ items: some({ kind: 'PLAN_APPROVED', from: /Miguel/ }) }, told), !trail.items?.length && 'no audit event']
	} }
	yield { name: 'nobody approves their own, whatever their rights', run: async () => {
		await call('manager', 'POST', `/territories/${unit.id}/lock`, { channel: 'GT' })
		const s = (await call('manager', 'POST', '/planning/sessions', { territoryId: unit.id, channel: 'GT' })).json
		version = (await call('manager', 'POST', '/planning/commit', { sessionId: s.id })).json.id
		const own = await decide('manager', 'approve')
		/* What was committed since stands in the way of approving, not of sending back. */
		await approval(0)
		await begin()
		const other = await commit(), late = await decide('admin', 'approve'), back = await decide('admin', 'send-back', { reason: 'too late' })
		return [differs({ code: 'ERR_DATA_004', detail: /submitted it yourself/ }, own.json), other.status !== 200 && other.text, differs({ waits: false, committed: true }, other.json), differs({ code: 'ERR_DATA_004', detail: /committed since/ }, late.json), back.status !== 200 && back.text]
	} }
}
export const steps = all
