// SPDX-License-Identifier: GPL-3.0-or-later
// Who decides where an outlet lies: a person, then the whitelist, then the column of the file; contradictions and locked units wait for a person.
import { through, upload } from './40-import.mjs'
import { differs } from './steps.mjs'

const place = (side) => `LisLand,LisZone,Lis${side},Lis${side} town`
const outlet = (n, side) => `LIS${n},List shop ${n},${(14 + n * 0.01).toFixed(4)},79.0${n},${place(side)}`
const file = `code,name,lat,lon,country,zone,region,area\n${[1, 3, 4, 5].map((n) => outlet(n, 'West')).join('\n')}\n${[2, 7].map((n) => outlet(n, 'East')).join('\n')}\n`
const lists = `outlet code,list,territory,reason\n${['LIS1,white,LisEast', 'LIS2,white,LisEast', 'LIS3,white,LisWest', 'LIS3,white,LisEast', 'LIS4,white,LisEast', 'LIS4,black,LisEast'].map((r) => `${r},agreed`).join('\n')}\n`

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const imported = (name, raw, entity) => async () => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name } }), up = await upload(client, s.json.id, `${name}.csv`, raw, entity ? `&entity=${entity}` : '')
		return [up.status !== 200 && up.text, await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process')]
	}
	const territory = async (name) => (await call({ path: `/territories?q=${name}` })).json.items.find((x) => x.name === name)?.id
	const where = async () => {
		const at = {}
		for (const o of (await call({ path: `/outlets?territory=${saved.lisZone}&limit=100` })).json.items)
			at[o.code] = o.territory.slice(3, 7)
		return at
	}
	const told = async () => {
		const v = {}
		for (const cause of ['LISTED_ELSEWHERE', 'LISTED_TWICE', 'LISTS_CONTRADICT'])
			v[cause] = (await call({ path: `/territories/${saved.lisZone}/conflicts?cause=${cause}` })).json.items.map((c) => c.outletCode).join()
		return v
	}
	const lock = (method) => call(method === 'POST' ? { method, path: `/territories/${saved.lisEast}/lock`, body: { channel: 'GT' } } : { method, path: `/territories/${saved.lisEast}/lock?channel=GT` })

	yield { name: 'outlets of two regions', run: imported('listed', file) }
	yield { name: 'one is put elsewhere by a person', run: async () => {
		for (const [word, name] of [['lisZone', 'LisZone'], ['lisWest', 'LisWest'], ['lisEast', 'LisEast']])
			saved[word] = await territory(name)
		const { id } = (await call({ path: '/outlets?q=LIS2' })).json.items[0], r = await call({ method: 'POST', path: `/territories/${saved.lisWest}/placings`, body: { outlets: [id], reason: 'agreed with both' } })
		return r.status !== 200 && r.text
	} }
	yield { name: 'somebody plans the region that lists name', run: async () => (await lock('POST')).status !== 200 && 'no lock' }
	yield { name: 'lists are imported meanwhile', run: imported('lists', lists, 'lists') }
	yield { name: 'nobody moves into what is planned, and that is told', run: async () => [differs({ LIS1: 'West', LIS2: 'West', LIS3: 'West', LIS4: 'West', LIS5: 'West', LIS7: 'East' }, await where()),
		differs({ LISTED_ELSEWHERE: 'LIS1,LIS3,LIS4', LISTED_TWICE: 'LIS3', LISTS_CONTRADICT: 'LIS4' }, await told())] }
	yield { name: 'once it is given back, the next import takes one there', run: async () => [(await lock('DELETE')).status >= 300 && 'still locked', ...await imported('listed again', file)()] }
	yield { name: 'not the one of a person, nor one that is listed twice, nor one that the blacklist bars', run: async () => [
		differs({ LIS1: 'East', LIS2: 'West', LIS3: 'West', LIS4: 'West', LIS5: 'West', LIS7: 'East' }, await where()), differs({ LISTED_ELSEWHERE: 'LIS3,LIS4' }, await told())] }
}
export const steps = all
