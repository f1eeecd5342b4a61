// SPDX-License-Identifier: GPL-3.0-or-later
// What can be imported beside outlets, distributors, seats, mappings and plans: each kind as it should be, once more with changes,
// with rows that must not go in, and empty; then where it is to be seen.
import { through, upload } from './40-import.mjs'
import { beatplan } from './shell.mjs'
import { differs, some } from './steps.mjs'

const outlets = 'code,name,region,area,postcode,phone,GSTIN,class,chain\nE-1,Corner Shop,E-Region,E-Area,70001,+91 22 1234 5678,27EEEEE,A,EMEGA\nE-2,Bay Market,E-Region,E-Area,70002,,27FFFFF,B,\n' +
	'E-3,Hill Store,E-Region,E-Hill,70003,,,C,\n'
const seats = 'seat_code,seat_name,person,territory\nE-S1,Seat one,Ann,E-Region\nE-S2,Seat two,Bob,E-Region\n'
const HEAD = 'invoice no,invoice date,customer code,customer name,gstin,phone,postcode,sku,product name,qty,unit price,net amount,tax amount\n'

/** [entity, file, first, counts of it, the second time, counts of it, a head alone]; counts are new, changed, unchanged, rejected, duplicate. */
const kinds = [
	['accounts', 'accounts.csv', 'account code,account name,parent\nEMEGA,Mega E,EGROUP\nEGROUP,Group E,\n', [1, 1, 0, 0, 0],
		'account code,account name,parent\nEMEGA,Mega E,EGROUP\nEGROUP,Group Two,\nEGROUP,Again,\nEX,Lost,NOBODY\nES,Self,ES\n,None,\n', [0, 1, 1, 3, 1]],
	['tiers', 'tiers.csv', 'rank,name,aliases\n1,Gold,Royal\n2,Silver,\n', [0, 1, 1, 0, 0], 'rank,name,aliases\n1,Gold,Royal;Crown\n1,Twice,\n2,Silver,\n3,Bronze,\n9,Lead,\n', [0, 1, 2, 1, 1]],
	['needs', 'needs.csv', 'outlet code,sales line,frequency,service time,seat,value,mandatory\nE-1,ALL,weekly,15,E-S1,90,yes\nE-1,EICE,2,,,,no\n', [1, 1, 0, 0, 0],
		'outlet code,sales line,frequency,service time,seat,value,mandatory\nE-1,ALL,weekly,15,E-S1,90,yes\nE-1,EICE,3,,,,\nE-1,EICE,1,,,,\nNOBODY,ALL,1,,,,\nE-2,ALL,1,,NO-SEAT,,\n', [0, 1, 1, 2, 1]],
	['windows', 'windows.csv', 'outlet code,weekday,opens,closes,hard\nE-1,Mon-Fri,09:00,12:00,yes\nE-2,,8:00,10:00,no\n', [2, 0, 0, 0, 0],
		'outlet code,weekday,opens,closes,hard\nE-1,Mon-Fri,09:00,12:30,yes\nE-2,,8:00,10:00,no\nE-2,,8:00,11:00,no\nE-3,,12:00,11:00,\nNOBODY,,8:00,9:00,\n', [0, 1, 1, 2, 1]],
	['closed_days', 'closed days.csv', 'outlet code,closed days\nE-1,Sun\nE-2,Sat\n', [2, 0, 0, 0, 0], 'outlet code,closed days\nE-1,Sun\nE-2,Sun\nE-2,Sun\nNOBODY,Sun\nE-3,never\n', [0, 1, 1, 2, 1]],
	['holidays', 'holidays.csv', 'territory,date,name\nE-Region,2098-01-26,Republic Day\n', [1, 0, 0, 0, 0],
		'territory,date,name\nE-Region,2098-01-26,Republic day\nE-Region,2098-08-15,Independence Day\nE-Region,2098-08-15,Twice\nAtlantis,2098-01-01,X\nE-Region,someday,Y\n', [1, 1, 0, 2, 1]],
	['policies', 'visit policies.csv', 'territory,channel,tier,visits in 4 weeks,minutes,gap\nE-Region,GT,Gold,8,20,3\nE-Region,WS,Silver,3,,9\n', [2, 0, 0, 0, 0],
		'territory,channel,tier,visits in 4 weeks,minutes,gap\nE-Region,GT,Gold,6,20,3\nE-Region,WS,Silver,3,,9\nE-Region,WS,Silver,1,,\nAtlantis,GT,Gold,1,,\nE-Region,GT,Dragon,1,,\n', [0, 1, 1, 2, 1]],
	['lists', 'blacklist.csv', 'outlet code,list,seat,territory,from,to,reason\nE-1,blacklist,E-S2,,2026-01-01,2099-12-31,quarrel\nE-2,white,,,,,flagship\n', [2, 0, 0, 0, 0],
		'outlet code,list,seat,territory,from,to,reason\nE-1,blacklist,E-S2,,2026-01-01,2099-12-31,settled soon\nE-2,white,,,,,flagship\nE-2,white,,,,,\nNOBODY,black,,,,,\nE-2,black,NO-SEAT,,,,\nE-2,black,,Atlantis,,,\nE-2,grey,,,,,\nE-3,black,,,2026-02-01,2026-01-01,\n', [0, 1, 1, 5, 1]],
	['chain_rules', 'chain rules.csv', 'account code,weekdays,most per day,gap days,least minutes,window days,opens,closes,hard,closed from,closed to,closed for\nEMEGA,Mon-Thu,2,,45,Mon,09:00,12:00,,,,\nEGROUP,,,,,,,,,2098-12-14,2099-01-04,Christmas trade\n', [2, 0, 0, 0, 0],
		'account code,weekdays,most per day,gap days,least minutes,window days,opens,closes,hard,closed from,closed to,closed for\nEMEGA,Mon-Thu,3,,45,Mon,09:00,12:00,,,,\nEGROUP,,,,,,,,,2098-12-14,2099-01-04,Christmas trade\nEGROUP,,,,,,,,,2098-12-14,2099-01-04,Christmas trade\nNOBODY,Mon,,,,,,,,,,\nEMEGA,,,,,Sat,09:00,12:00,,,,\nEMEGA,,,,,,,,,,,\n', [0, 1, 1, 3, 1]],
	['absences', 'absences.csv', 'seat,from,to,kind,relief,note\nE-S1,2098-03-02,2098-03-06,leave,,wedding\nE-S2,2098-03-02,,vacant,,\n', [2, 0, 0, 0, 0],
		'seat,from,to,kind,relief,note\nE-S1,2098-03-02,2098-03-09,leave,Bob,wedding\nE-S2,2098-03-02,,vacant,,\nE-S2,2098-03-02,,sick,,\nNO-SEAT,2098-03-02,,leave,,\nE-S1,2098-04-02,2098-04-01,leave,,\n', [0, 1, 1, 2, 1]],
	['sales', 'sales.csv', 'outlet code,month,amount,qty\nE-1,2026-01,100,5\nE-1,2026-02,50,2\n', [2, 0, 0, 0, 0],
		'outlet code,month,amount,qty\nE-1,2026-01,100,5\nE-1,2026-02,60,2\nE-1,2026-03,-10,\nE-1,2026-03,-11,\nNOBODY,2026-01,1,\nE-1,whenever,1,\n', [1, 1, 1, 2, 1]],
	['invoices', 'invoices march .csv', `${HEAD}EI-1,2026-03-01,E-3,,,,,TEA,Tea,2,10,20,3.6\nEI-1,2026-03-01,E-3,,,,,ICE,Ice,1,5.5,,\nEI-2,2026-03-02,OLD-1,,27-eeeee,,,TEA,,1,10,10,\n` +
		'EI-3,2026-03-02,,bay market,,,70002,TEA,,1,10,10,\nEI-4,2026-03-02,GONE,Gone,,,,TEA,,-1,10,-10,\n', [5, 0, 0, 0, 0],
	`${HEAD}EI-1,2026-03-01,E-3,,,,,TEA,Tea,2,10,20,3.6\nEI-1,2026-03-01,E-3,,,,,NUT,Nut,1,4,4,\nEI-1,2026-03-01,E-3,,,,,NUT,Nut,2,4,8,\nEI-1,2026-03-01,E-3,,,,,ICE,Ice,9,5.5,99,\nEI-5,soon,E-3,,,,,ICE,Ice,9,5.5,99,\n,2026-03-01,E-3,,,,,ICE,,1,1,1,\n`, [1, 0, 1, 3, 1]],
]

async function* all({ client, saved }) {
	/** A session of these files, checked and published; its counts. */
	const take = async (...files) => {
		const session = (await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: files[0][0] } })).json.id
		for (const [name, text] of files) {
			const r = await upload(client, session, encodeURIComponent(name), text)
			if (r.status !== 200)
				return { wrong: r.text }
		}
		for (const what of ['validate', 'process']) {
			const wrong = await through(client, session, what)
			if (wrong.length)
				return { wrong }
		}
		return { ...(await client.call({ as: 'admin', path: `/import/sessions/${session}` })).json, wrong: [] }
	}
	const wants = ([inserted, updated, unchanged, rejected, duplicate]) => ({ inserted, updated, unchanged, rejected, duplicate })

	yield { name: 'outlets and seats to speak of', run: async () => (await take(['outlets.csv', outlets], ['seats.csv', seats])).wrong }
	const e4 = (said) => ({ as: 'admin', get: '/seats?q=E-S4', json: { items: [said] } })
	yield {
		name: 'a seat with a person and a distributor', run: async () => (await take(['distributors.csv', 'distributor code,distributor name\nE-DT,Distributor E\n'],
			['seats.csv', 'seat_code,person,distributors,territory,from_date\nE-S4,Cleo,E-DT,E-Region,2026-01-05\n'])).wrong,
	}
	yield { name: 'has them', ...e4({ person: 'Cleo', partners: ['E-DT'] }) }
	yield { name: 'a file without those columns', run: async () => (await take(['seats.csv', 'seat_code,seat_name\nE-S4,Seat four\n'])).wrong }
	yield { name: 'leaves them', ...e4({ name: 'Seat four', person: 'Cleo', partners: ['E-DT'] }) }
	yield { name: 'a file that leaves them empty', run: async () => (await take(['seats.csv', 'seat_code,person,distributors\nE-S4,,\nE-S1,Ann,\n'])).wrong }
	yield { name: 'makes it vacant and free for all distributors', ...e4({ person: null, partners: [] }) }
	yield { name: 'an outlet', as: 'admin', get: '/outlets?q=E-1', save: { e1: (r) => r.json.items.find((o) => o.code === 'E-1')?.id } }
	yield { name: 'and another', as: 'admin', get: '/outlets?q=E-2', save: { e2: (r) => r.json.items.find((o) => o.code === 'E-2')?.id } }
	yield { name: 'and the third', as: 'admin', get: '/outlets?q=E-3', save: { e3: (r) => r.json.items.find((o) => o.code === 'E-3')?.id } }
	yield { name: 'every kind is offered', as: 'dt', get: '/import/entities', json: { items: (i) => kinds.every(([entity]) => i.some((x) => x.entity === entity && x.columns.some((c) => c.key))) } }
	for (const [entity, file, good, first, again, second] of kinds) {
		yield { name: `a template of ${entity}`, as: 'dt', get: `/import/templates/${entity}`, header: { 'content-type': '^text/csv' } }
		yield {
			name: `${entity}: a file as it should be`, run: async () => {
				const s = await take([file, good])
				return [s.wrong, s.files && differs({ entity }, s.files[0]), s.counts && differs(wants(first), s.counts)].flat()
			},
		}
		yield {
			name: `${entity}: once more changes nothing`, run: async () => {
				const s = await take([file, good])
				return [s.wrong, s.counts && differs({ inserted: 0, updated: 0, rejected: 0, duplicate: 0 }, s.counts)].flat()
			},
		}
		yield {
			name: `${entity}: a change, and what must not go in`, run: async () => {
				const s = await take([file, again])
				return [s.wrong, s.counts && differs(wants(second), s.counts)].flat()
			},
		}
		yield {
			name: `${entity}: a head without rows`, run: async () => {
				const session = (await client.call({ as: 'admin', method: 'POST', path: '/import/sessions', body: { name: 'empty' } })).json.id
				const r = await upload(client, session, encodeURIComponent(file), `${good.split('\n')[0]}\n`)
				return r.status === 400 && r.json.code === 'ERR_IMPORT_001' ? [] : r.text
			},
		}
	}

	const head = 'account code,account name,parent\n'
	for (const [name, text, counts] of [
		['accounts one below the other', 'LA,Loop A,LB\nLB,Loop B,LC\nLC,Loop C,\n', [3, 0, 0, 0, 0]],
		['a circle that closes over stored ones', 'LC,Loop C,LA\n', [0, 0, 0, 1, 0]],
		['no circle where the file takes the stored link away', 'LC,Loop C,LA\nLA,Loop A,\n', [0, 2, 0, 0, 0]],
		['a circle of three in a file, and one beneath it', 'LX,Loop X,LY\nLY,Loop Y,LZ\nLZ,Loop Z,LX\nLW,Loop W,LX\nLV,Loop V,LA\n', [1, 0, 0, 4, 0]],
	])
		yield { name, run: async () => { const s = await take(['accounts.csv', head + text]); return [s.wrong, s.counts && differs(wants(counts), s.counts)].flat() } }
	yield { name: 'accounts', as: 'admin', get: '/accounts?q=EMEGA', json: { items: [{ code: 'EMEGA', name: 'Mega E', parent: 'EGROUP', parentName: 'Group Two', outlets: 1 }], next: null } }
	yield { name: 'what a file said of a chain', as: 'admin', get: '/accounts?q=EMEGA', save: { emega: '/items/0/id' } }
	yield { name: 'holds for its stores', as: 'admin', get: '/accounts/{emega}/rules', json: { own: { weekdays: [1, 2, 3, 4], mostPerDay: 3, leastMinutes: 45, windows: [{ weekday: 1, opens: 540, closes: 720, hard: true }] }, above: { blackouts: [{ from: '2098-12-14' }] } } }
	yield { name: 'the shell writes the rules as an import takes them, which then changes nothing', run: async () => {
		const text = beatplan('export', 'chain_rules', '--state', client.state), s = await take(['chain rules.csv', text])
		return [!/^EMEGA,Mon Tue Wed Thu,3,,,45,/m.test(text) && text, !/^EMEGA,,,,,,Mon,09:00,12:00,yes,/m.test(text) && text, s.wrong, s.files && differs({ entity: 'chain_rules' }, s.files[0]),
			s.counts && differs({ inserted: 0, updated: 0, rejected: 0, duplicate: 0, warnings: 0, unchanged: (n) => n >= 3 }, s.counts)].flat()
	} }
	yield { name: 'accounts of nobody', as: 'admin', get: '/accounts?q=no-such-account', json: { items: [] } }
	yield { name: 'accounts page by page', as: 'admin', get: '/accounts?limit=1', json: { next: /^\d+$/ } }
	yield { name: 'a page that is too long', as: 'admin', get: '/accounts?limit=501', status: 422, fields: ['/limit'] }
	yield { name: 'tiers', as: 'dt', get: '/tiers', json: { items: [{ rank: 1, name: 'Gold', aliases: 'Royal;Crown' }, { rank: 2 }, { rank: 3 }] } }
	yield {
		name: 'what holds for an outlet', as: 'admin', get: '/outlets/{e1}',
		json: { closedDays: 64, windows: (w) => w.length === 5 && w[0].weekday === 1 && w[0].closes === 750 && w[0].hard, needs: some({ line: 'EICE', visitsPer4Weeks: 3, mandatory: false }), volumeFromSales: true, salesVolume: 150 },
	}
	yield { name: 'which its history tells', as: 'admin', get: '/outlets/{e1}', json: { changes: some({ field: 'time windows', new: /Mon 09:00-12:30/ }) } }
	yield { name: 'what it bought, by month', as: 'admin', get: '/outlets/{e1}/sales', json: { items: [{ month: '2026-03-01', amount: -10, invoices: 1, invoiced: 10 }, { month: '2026-02-01', amount: 60 }, { month: '2026-01-01', amount: 100, quantity: 5, invoiced: null }] } }
	yield { name: 'of no outlet', as: 'admin', get: '/outlets/987654321/sales', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'invoices of one that has no figures make its volume', as: 'admin', get: '/outlets/{e3}', json: { salesVolume: 29.5, volumeFromSales: true } }
	yield { name: 'its invoices', as: 'admin', get: '/invoices?outlet={e3}', json: { items: [{ number: 'EI-1', storeBy: 'CODE', lines: 3, net: 29.5, tax: 3.6, outlet: 'Hill Store' }] }, save: { invoice: '/items/0/id' } }
	yield { name: 'with their lines', as: 'admin', get: '/invoices/{invoice}/lines', json: { items: some({ product: 'TEA', name: 'Tea', quantity: 2, net: 20, gross: 23.6, line: null }) } }
	yield { name: 'found by tax number', as: 'admin', get: '/invoices?q=EI-2', json: { items: [{ outletId: '{e1}', storeBy: 'TAX' }] } }
	yield { name: 'found by name and postcode', as: 'admin', get: '/invoices?q=EI-3', json: { items: [{ outletId: '{e2}', storeBy: 'NAME' }] } }
	yield { name: 'kept without an outlet', as: 'admin', get: '/invoices?store=lost&q=EI-', json: { items: [{ number: 'EI-4', outletId: null, storeBy: 'UNKNOWN', outletName: 'Gone', net: -10 }] }, save: { lost: '/items/0/id' } }
	yield { name: 'lines of no invoice', as: 'admin', get: '/invoices/987654321/lines', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'the outlet comes later, the invoice finds it', run: async () => (await take(['outlets.csv', 'code,name,region,area\nGONE,Gone,E-Region,E-Area\n'])).wrong }
	yield { name: 'so that none is lost', as: 'admin', get: '/invoices?store=lost&q=EI-', json: { items: [] } }

	yield { name: 'whitelist and blacklist', as: 'admin', get: '/outlet-lists?outlet={e1}', json: { items: [{ list: 'BLACK', seat: 'E-S2', territory: null, from: '2026-01-01', to: '2099-12-31', reason: 'settled soon', outletCode: 'E-1' }] }, save: { entry: '/items/0/id' } }
	yield { name: 'one of them', as: 'admin', get: '/outlet-lists?list=WHITE&q=E-2', json: { items: [{ list: 'WHITE', seat: null, reason: 'flagship' }] }, save: { white: '/items/0/id' } }
	yield { name: 'an entry of another outlet', as: 'admin', delete: '/outlets/{e1}/lists?entry={white}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'is taken back', as: 'admin', delete: '/outlets/{e1}/lists?entry={entry}' }
	yield { name: 'once', as: 'admin', delete: '/outlets/{e1}/lists?entry={entry}', status: 404, code: 'ERR_DATA_003' }
	yield { name: 'no list of that kind', as: 'admin', get: '/outlet-lists?list=GREY', status: 422, fields: ['/list'] }
	yield { name: 'the trail knows', as: 'admin', get: '/audit?action=LIST_DROP', json: { items: some({ resourceId: '{e1}' }) } }

	yield { name: 'who is away', as: 'admin', get: '/absences?from=2098-03-02&limit=500', json: { items: some({ seatCode: 'E-S1', person: 'Ann', from: '2098-03-02', to: '2098-03-09', kind: 'LEAVE', relief: 'Bob', note: 'wedding' }) } }
	yield { name: 'and until further notice', as: 'admin', get: '/absences?from=2098-03-02&limit=500', json: { items: some({ seatCode: 'E-S2', from: '2098-03-02', to: null, kind: 'VACANT' }) } }
	yield { name: 'how the volume is counted', as: 'dt', get: '/sales/rule', json: { months: 12, wins: 'SALES', newest: '2026-03-01' } }
	yield { name: 'over two months', as: 'admin', put: '/sales/rule', body: { months: 2, wins: 'SALES', reason: 'a test' }, json: { months: 2 } }
	yield { name: 'counts anew', as: 'admin', get: '/outlets/{e1}', json: { salesVolume: 50 } }
	yield { name: 'not for ever', as: 'admin', put: '/sales/rule', body: { months: 61, wins: 'NOBODY', reason: 'a test' }, status: 422, fields: ['/months', '/wins'] }
	yield { name: 'back to a year', as: 'admin', put: '/sales/rule', body: { months: 12, wins: 'SALES', reason: 'a test' }, json: { months: 12 } }
	yield { name: 'which the trail knows', as: 'admin', get: '/audit?action=SALES_RULE', json: { items: some({ changes: some({ field: 'months', old: '12', new: '2' }) }) } }
	yield {
		name: 'a policy is a parameter of its territory', run: async () => {
			const place = (await client.call({ as: 'admin', path: `/outlets/${saved.e1}` })).json.territoryId
			const { json } = await client.call({ as: 'admin', path: `/territories/${place}/profile?channel=GT` })
			const value = (name) => json.params.find((p) => p.name === name)?.value
			return [value('frequencyGold') !== 6 && `frequencyGold ${value('frequencyGold')}`, value('gapGold') !== 3 && 'gapGold', value('serviceGold') !== 20 && 'serviceGold', value('frequencyWsSilver') !== 3 && 'frequencyWsSilver']
		},
	}
	yield {
		name: 'holidays of the territory', run: async () => {
			const place = (await client.call({ as: 'admin', path: `/outlets/${saved.e1}` })).json.territoryId
			return differs({ items: some({ day: '2098-08-15', name: 'Independence Day' }) }, (await client.call({ as: 'admin', path: `/territories/${place}/holidays` })).json)
		},
	}
	yield {
		name: 'ten uploads of invoices at once', run: async () => {
			const file = (k) => ['invoices.csv', HEAD + Array.from({ length: 400 }, (_, i) => `EU-${k}-${Math.floor(i / 4)},2026-03-0${1 + i % 4 % 1},E-1,,,,,P${i % 4},Product ${i % 4},1,2,2,0\n`).join('')]
			const all = await Promise.all(Array.from({ length: 10 }, (_, k) => take(file(k))))
			return all.flatMap((s, k) => [s.wrong, s.counts?.inserted !== 400 && `${k}: ${JSON.stringify(s.counts)}`].flat())
		},
	}
}
export const steps = all
