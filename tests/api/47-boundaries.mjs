// SPDX-License-Identifier: GPL-3.0-or-later
// Boundaries of territories: checked, kept as lines, drawn, held against where outlets lie, a border of designs, removed and taken back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, through, upload } from './40-import.mjs'
import { sleep } from './client.mjs'
import { beatplan, sql } from './shell.mjs'
import { differs } from './steps.mjs'

/* Two regions: 90 outlets in the west, 30 in the east. */
const rows = Array.from({ length: 120 }, (_, i) => {
	const west = i < 90
	return `BND${i},Bound shop ${i},${(12 + (i % 10) * 0.01).toFixed(4)},${(77 + Math.floor(i / 10) * 0.01).toFixed(4)},BLand,BZone,${west ? 'BWest,BWest town' : 'BEast,BEast town'}`
})

async function* all({ client, saved }) {
	const call = (o) => client.call({ as: 'admin', ...o })
	const square = (w, s, e, n, properties = {}) => ({ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] } })
	const design = async (body) => {
		const r = await call({ method: 'POST', path: `/territories/${saved.bZone}/designs`, body })
		return r.status === 200 ? ended(client, r.json.jobId) : { state: r.text }
	}
	yield { name: 'outlets of two regions', run: async () => {
		const s = await call({ method: 'POST', path: '/import/sessions', body: { name: 'bounds' } }), up = await upload(client, s.json.id, 'outlets.csv', `code,name,lat,lon,country,zone,region,area\n${rows.join('\n')}\n`)
		return [up.status !== 200 && up.text, await through(client, s.json.id, 'validate'), await through(client, s.json.id, 'process')]
	} }
	yield { name: 'their zone', as: 'admin', get: '/territories?q=BZone', save: { bZone: '/items/0/id' } }
	yield { name: 'its units', as: 'admin', get: '/territories/{bZone}/units', json: { outside: null, units: (u) => u.length === 2 }, save: { bUnits: '/units' } }
	/* The list has the work of units and of what lies above them, as the check weighs it; it follows the policy. */
	const weighed = async () => {
		for (let i = 0; i < 100; i++, await sleep(200)) {
			const { items } = (await call({ path: '/territories?q=B&limit=500' })).json, { units } = (await call({ path: `/territories/${saved.bZone}/units` })).json, of = (name) => items.find((x) => x.name === name), sum = units.reduce((n, u) => n + u.hours, 0)
			const town = of('BWest town'), zone = of('BZone'), wrong = [...units.map((u) => !(Math.abs(of(u.name)?.hours - u.hours) < 0.01 && of(u.name).visits === u.visits) && `${u.name}: ${of(u.name)?.hours} and ${u.hours} hours`),
				!(Math.abs(zone?.hours - sum) < 0.01) && `${zone?.hours} of ${sum} hours`, town?.hours !== null && JSON.stringify(town)].filter(Boolean)
			if (!wrong.length || i === 99)
				return { wrong, sum }
		}
	}
	yield { name: 'lists have the work of units', run: async () => {
		const { wrong, sum } = await weighed(), set = await call({ method: 'PUT', path: `/territories/${saved.bZone}/profile?channel=GT`, body: { set: { serviceBronze: 18.5 }, reason: 'a test' } }), after = await weighed()
		return [wrong, set.status >= 300 && set.text, after.wrong, !(after.sum > sum) && 'it is no more', (await call({ method: 'PUT', path: `/territories/${saved.bZone}/profile?channel=GT`, body: { set: { serviceBronze: null }, reason: 'a test' } })).status >= 300 && 'it stays']
	} }
	const boundaries = (geojson, o = {}) => call({ method: 'PUT', path: `/territories/${saved.bZone}/boundaries`, body: { geojson, swap: false, keep: false, ...o } })
	const bound = (what = '') => `/territories/${saved.bZone}/boundaries${what}`
	const of = (...features) => ({ type: 'FeatureCollection', features })
	const west = (e = 77.085, o = {}) => square(76.99, 11.99, e, 12.1, { code: 'BWest', ...o }), east = (w = 77.085, o = {}) => square(w, 11.99, 77.13, 12.1, { code: 'BEast', ...o })
	const listed = async () => (await call({ path: bound() })).json.items.map((b) => b.code).sort().join()
	yield { name: 'boundaries of territories are told before they are kept', run: async () => {
		const r = await boundaries(of(west(), east()), { level: 'REGION' })
		return differs({ faults: 0, outside: 0, swapped: false, id: null, boundaries: (l) => l.map((b) => `${b.territory} ${b.inside} ${b.outside} ${b.replaces}`).join() === 'BWest 90 0 false,BEast 30 0 false' }, r.json)
			.concat([(await listed()) !== '' && 'they are kept'])
	} }
	for (const [what, features, fault, o] of [['a code that nobody has', [west(77.085, { code: 'BNorth' })], 'UNKNOWN'], ['no code', [west(77.085, { code: undefined })], 'UNKNOWN'], ['a code of two levels', [west()], 'SEVERAL', {}],
		['the same territory twice', [west(77.05), square(77.05, 11.99, 77.085, 12.1, { code: 'BWest' })], 'AGAIN'], ['a border that another one shares too much of', [west(77.09), east()], 'OVERLAPS'],
		['the same area twice', [west(), square(76.99, 11.99, 77.085, 12.1, { code: 'BEast' })], 'OVERLAPS'], ['a cross', [square(76.99, 12.04, 77.13, 12.05, { code: 'BWest' }), square(77.05, 11.99, 77.06, 12.1, { code: 'BEast' })], 'OVERLAPS'],
		['a hole elsewhere', [{ ...west(), geometry: { type: 'Polygon', coordinates: [...west().geometry.coordinates, ...square(78, 13, 78.1, 13.1).geometry.coordinates] } }], 'HOLE'],
		['a line', [{ ...west(), geometry: { type: 'Polygon', coordinates: [[[77, 12], [77.1, 12.1], [77.2, 12.2], [77, 12]]] } }], 'SMALL'], ['a few metres', [square(77, 12, 77.00002, 12.00002, { code: 'BWest' })], 'SMALL'],
		['a bow', [{ ...west(), geometry: { type: 'Polygon', coordinates: [[[77, 12], [77.2, 12.2], [77.2, 12], [77, 12.2], [77, 12]]] } }], 'CROSSES']])
		yield { name: `${what} bounds no territory`, run: async () => {
			if (fault === 'SEVERAL')
				sql(client.state, "UPDATE territory SET code = 'BWest' WHERE code = 'BWest town'")
			const r = await boundaries(of(...features), o ?? { level: 'REGION' }), keep = await boundaries(of(...features), { ...(o ?? { level: 'REGION' }), keep: true, reason: 'try it' })
			if (fault === 'SEVERAL')
				sql(client.state, "UPDATE territory SET code = name WHERE name = 'BWest town'")
			return [r.json.boundaries?.at(-1).fault !== fault && r.text, keep.status !== 422 && keep.text, !keep.json.detail?.includes(`(${fault}`) && keep.text, (await listed()) !== '' && 'it is kept']
		} }
	yield { name: 'a little difference between neighbours is no overlap', run: async () => (await boundaries(of(west(77.0851), east(77.0849)), { level: 'REGION' })).json.faults !== 0 && 'it is' }
	yield { name: 'with latitude first they are told to be turned', run: async () => {
		const turned = (f) => ({ ...f, geometry: { ...f.geometry, coordinates: f.geometry.coordinates.map((ring) => ring.map(([x, y]) => [y, x])) } })
		const asIs = await boundaries(of(turned(west())), { level: 'REGION' }), swapped = await boundaries(of(turned(west())), { level: 'REGION', swap: true })
		const far = await boundaries(of({ ...west(), geometry: { type: 'Polygon', coordinates: [[[12, 97], [12.1, 97], [12.1, 77], [12, 97]]] } }), { level: 'REGION' })
		return [asIs.json.swapped !== true && asIs.text, swapped.json.swapped !== false && swapped.text, swapped.json.boundaries?.[0].inside !== 90 && swapped.text, far.json.boundaries?.[0].fault !== 'NO_DEGREES' && far.text]
	} }
	yield { name: 'they are kept only with a reason', run: async () => {
		const r = await boundaries(of(west()), { level: 'REGION', keep: true })
		return [r.status !== 422 && r.text, r.json.fields?.[0].pointer !== '/reason' && r.text]
	} }
	yield { name: 'kept, they are drawn in place of outlines, and outlets outside are listed', run: async () => {
		/* The west ends too early: what lies east of 77.075 is outside, ten outlets and that without coordinates not. */
		const r = await boundaries(of(west(77.075, { id: 7, code: undefined, area: 'BWest' }), east(77.0849, { code: undefined, area: 'BEast' })), { level: 'REGION', named: 'area', keep: true, reason: 'as the land registry has it' })
		saved.bBound = r.json.id
		const check = (await call({ path: `/territories/${saved.bZone}/units` })).json, out = (await call({ path: bound('/outside?limit=4') })).json, rest = (await call({ path: bound(`/outside?after=${out.next}`) })).json
		const drawn = (await call({ path: `/territories/${saved.bZone}/outlines` })).json.features, rough = (await call({ path: `/territories/${saved.bZone}/outlines?zoom=3` })).json.features
		const one = saved.bUnits?.[0].id, lines = await call({ path: `/territories/${one}/lines?zoom=9` }), mine = lines.json.features ?? []
		return [r.status !== 200 && r.text, !(r.json.id > 0) && r.text, check.outside !== 10 && `${check.outside} are outside`, out.items?.length !== 4 && JSON.stringify(out), rest.items?.length !== 6 && JSON.stringify(rest),
			out.items?.some((o) => o.territory !== 'BWest' || !(o.lon > 77.075)) && JSON.stringify(out.items), (await listed()) !== 'BEast,BWest' && 'they are not listed',
			drawn.some((f) => !f.properties.imported) && 'outlines are drawn', drawn.find((f) => f.properties.code === 'BWest')?.geometry.coordinates[0][0].some(([x]) => x > 77.0751) && 'another line',
			rough.flatMap((f) => f.geometry.coordinates.flat(2)).some(([x]) => x === 77.075 || x === 77.0849) && 'at a far zoom they are as fine',
			mine.map((f) => `${f.properties.name} ${f.properties.imported}`).sort().join() !== 'BEast true,BWest town false,BWest true' && lines.text]
	} }
	yield { name: 'one is read as an import takes it, and put back it is the same', run: async () => {
		const id = saved.bUnits.find((u) => u.name.startsWith('BWest')).id, one = async () => (await call({ path: `/territories/${id}/boundary` })).json, was = await one(), zone = await call({ path: `/territories/${saved.bZone}/boundary` })
		const back = await call({ method: 'PUT', path: `/territories/${id}/boundaries`, body: { geojson: was, swap: false, level: was.properties?.level, keep: true, reason: 'as it is' } }), again = await one(), undone = await call({ method: 'POST', path: bound('/undo'), body: { id: back.json.id, reason: 'no need' } })
		return [differs({ type: 'Feature', properties: { code: 'BWest', level: 'REGION' }, geometry: { type: 'MultiPolygon' } }, was), JSON.stringify(was.geometry?.coordinates[0][0][0]) !== '[76.99,11.99]' && JSON.stringify(was), JSON.stringify(again) !== JSON.stringify(was) && JSON.stringify(again),
			zone.status !== 404 && zone.text, !zone.json.detail?.includes('no boundary of its own') && zone.text, undone.status !== 200 && undone.text]
	} }
	yield { name: 'territories are listed beneath one, of a level', run: async () => {
		const list = async (q) => (await call({ path: `/territories?beneath=${saved.bZone}${q}` })).json.items?.map((x) => x.name).sort().join()
		const [whole, regions, west, none] = [await list(''), await list('&level=REGION'), await list('&level=REGION&q=BWe'), await list('&level=COUNTRY')]
		return [whole !== 'BEast,BEast town,BWest,BWest town,BZone' && whole, regions !== 'BEast,BWest' && regions, west !== 'BWest' && west, none !== '' && none]
	} }
	yield { name: 'who sees one unit gets its lines alone, its neighbour is hidden', run: async () => {
		const mine = saved.bUnits.find((u) => u.name.startsWith('BWest')), made = await call({ method: 'POST', path: '/users', body: { username: 'bound-part', name: 'Bea', scopes: [{ territoryId: mine.id, role: 'gt_planner' }] } })
		const login = made.status === 200 && await client.login('boundPart', 'bound-part', made.json.password), lines = (as) => client.call({ as, path: `/territories/${mine.id}/lines?zoom=9` }), names = (r) => (r.json.features ?? []).map((f) => f.properties.name).sort().join()
		const part = await lines('boundPart'), whole = await lines('admin'), other = await client.call({ as: 'boundPart', path: `/territories/${saved.bUnits.find((u) => u.id !== mine.id).id}/lines` })
		return [made.status !== 200 && made.text, login.status !== 200 && 'no sign-in', part.status !== 200 && part.text, names(whole) !== 'BEast,BWest,BWest town' && whole.text, names(part) !== 'BWest,BWest town' && part.text, other.status !== 404 && `its neighbour: ${other.status}`]
	} }
	yield { name: 'designs keep together what lies in one', run: async () => {
		const job = await design({ units: 2, redraw: true, tolerancePct: 25, border: 'BOUNDARY', borderPrice: 1000 }), made = job.result?.scenarios ?? []
		const p = (await call({ path: `/territories/${saved.bZone}/places?design=${made.at(-1)}` })).json, east = new Set(p.lon?.map((x, i) => (x > 7708490 ? p.unit[i] : -1)).filter((u) => u >= 0))
		for (const id of made)
			await call({ method: 'DELETE', path: `/territories/${saved.bZone}/designs/${id}` })
		return [job.state !== 'done' && JSON.stringify(job), east.size !== 1 && `the east is in ${east.size} units`]
	} }
	yield { name: 'what overlaps one that is there is refused, its own is replaced', run: async () => {
		const over = await boundaries(of(west(77.1)), { level: 'REGION' }), again = await boundaries(of(west()), { level: 'REGION', keep: true, reason: 'the right one' }), out = (await call({ path: bound('/outside') })).json
		saved.bAgain = again.json.id
		return [over.json.boundaries?.[0].fault !== 'OVERLAPS' && over.text, over.json.boundaries?.[0].other !== 'BEast' && over.text, again.json.boundaries?.[0].replaces !== true && again.text, out.items?.length !== 0 && JSON.stringify(out)]
	} }
	yield { name: 'taken back it is as before, and once only', run: async () => {
		const undo = (id) => call({ method: 'POST', path: bound('/undo'), body: { id, reason: 'it was right' } })
		const [first, twice, none] = [await undo(saved.bAgain), await undo(saved.bAgain), await undo(987654321)], check = (await call({ path: `/territories/${saved.bZone}/units` })).json, list = (await call({ path: bound('/changes') })).json.items
		const part = await call({ method: 'POST', path: `/territories/${saved.bUnits[0].id}/boundaries/undo`, body: { id: saved.bBound, reason: 'from beneath' } })
		return [differs({ back: 1, kept: 0 }, first.json), twice.status !== 409 && twice.text, none.status !== 404 && none.text, check.outside !== 10 && `${check.outside} are outside`, part.status !== 409 && part.text,
			list?.map((c) => `${c.put} ${c.removed} ${c.undone}`).join() !== '1 0 true,1 0 true,2 0 false' && JSON.stringify(list)]
	} }
	yield { name: 'removed they are gone, and come back', run: async () => {
		const items = (await call({ path: bound() })).json.items, remove = (territories) => call({ method: 'POST', path: bound('/removal'), body: { territories, reason: 'too old' } })
		const none = await remove([]), other = await remove([saved.bZone]), r = await remove(items.map((b) => b.id)), gone = await listed(), back = await call({ method: 'POST', path: bound('/undo'), body: { id: r.json.id, reason: 'not too old' } })
		return [none.json.fields?.[0].pointer !== '/territories' && none.text, other.status !== 404 && other.text, r.status !== 200 && r.text, gone !== '' && gone, differs({ back: 2, kept: 0 }, back.json), (await listed()) !== 'BEast,BWest' && 'they are not back']
	} }
	yield { name: 'the shell has them too', run: async () => {
		const dir = mkdtempSync(join(tmpdir(), 'bound-')), at = join(dir, 'b.geojson'), bow = join(dir, 'bow.geojson')
		writeFileSync(at, JSON.stringify(of(west(), east())))
		writeFileSync(bow, JSON.stringify(of(west(77.085, { code: 'BNorth' }))))
		const go = (...a) => beatplan('design', ...a, '--territory', 'BZone', '--state', client.state)
		let wrong = ''
		try {
			wrong = go('bound', bow, '--reason', 'try it')
		} catch (e) {
			wrong = e.stderr
		}
		const seen = go('bound', at, '--level', 'REGION'), kept = go('bound', at, '--level', 'REGION', '--reason', 'from the shell'), undone = go('unbound', '--change', kept.trim().split(' ')[0], '--reason', 'not so'), removed = go('unbound', '--reason', 'all of them'), left = await listed()
		rmSync(dir, { recursive: true })
		return [!/BWest.*90 outlets in it, 0 outside {2}replaces one/.test(seen) && seen, !/UNKNOWN/.test(wrong) && wrong, !/2 boundaries, 0 outlets/.test(kept) && kept, !/2 boundaries are as before/.test(undone) && undone, !/2 boundaries removed/.test(removed) && removed, left !== '' && left]
	} }
	yield { name: 'designs without any say so', run: async () => {
		const job = await design({ units: 2, redraw: true, border: 'BOUNDARY' })
		return [job.state !== 'failed' && JSON.stringify(job), !job.error?.detail?.includes('no boundary was imported') && JSON.stringify(job.error)]
	} }
	yield { name: 'a planner keeps none', as: 'planner', put: '/territories/{bZone}/boundaries', body: { geojson: {}, swap: false, keep: false }, status: 403, code: 'ERR_AUTH_002' }
	yield { name: 'no GeoJSON bounds nothing', run: async () => (await boundaries({})).json.code === 'ERR_OPT_003' ? [] : 'it does' }
	for (const [method, path, body] of [['get', 'boundaries'], ['put', 'boundaries', { geojson: {}, swap: false, keep: false }], ['post', 'boundaries/removal', { territories: [1], reason: 'none' }], ['post', 'boundaries/undo', { id: 1, reason: 'none' }], ['get', 'boundaries/changes'], ['get', 'boundaries/outside'], ['get', 'boundary'], ['get', 'lines']])
		yield { name: `${method} ${path} of no territory`, as: 'admin', [method]: `/territories/987654321/${path}`, body, status: 404, code: 'ERR_DATA_001' }
}
export const steps = all
