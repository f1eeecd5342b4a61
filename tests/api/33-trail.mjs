// SPDX-License-Identifier: GPL-3.0-or-later
// What changes something and has transactions of its own does it together with its event: where that cannot be written, nothing is changed.
import { totp } from '../totp.mjs'
import { sql } from './shell.mjs'

async function* all({ client }) {
	const call = (as, method, path, body, more = {}) => client.call({ as, method, path, body, ...more })
	const upload = (name, more = {}) => call('admin', 'PUT', `/import/uploads?session=${session}&name=${name}`, undefined, { raw: 'code,name\nA,B\n', headers: { 'Content-Type': 'text/csv' }, ...more })
	const files = async () => (await call('admin', 'GET', `/import/sessions/${session}`)).json.files.map((f) => f.name).sort().join()
	/** Do it while no event of the action can be written, and then as ever: gives both replies. */
	const both = async (action, act) => {
		sql(client.state, `CREATE OR REPLACE TRIGGER no_event BEFORE INSERT ON audit_event FOR EACH ROW SET NEW.user_id = IF(NEW.action = '${action}', NULL, NEW.user_id)`)
		let without
		try {
			without = await act()
		} finally {
			sql(client.state, 'DROP TRIGGER no_event')
		}
		return [without, await act()]
	}
	const told = ([without, with_], ok = 200) => [without.status !== 500 && `without its event: ${without.status} ${without.text}`, with_.status !== ok && `with it: ${with_.status} ${with_.text}`]
	const events = (action) => Number(sql(client.state, `SELECT COUNT(*) FROM audit_event WHERE action = '${action}'`))
	const first = 'a long first word', next = 'a long next word'
	let session, made, secret

	yield { name: 'somebody to change', run: async () => {
		made = (await call('admin', 'POST', '/users', { username: 'trailed', name: 'Tra Iled', scopes: [{ territoryId: null, role: 'analyst' }] })).json
		await client.login('trailed', 'trailed', made.password)
		const r = await call('trailed', 'POST', '/auth/password', { current: made.password, next: first })
		session = (await call('admin', 'POST', '/import/sessions', { name: 'trail' })).json.id
		return r.status !== 200 && r.text
	} }
	yield { name: 'a password', run: async () => {
		let n = 0
		const had = events('PASSWORD_CHANGE'), r = await both('PASSWORD_CHANGE', () => call('trailed', 'POST', '/auth/password', { current: first, next: `${next} ${n++}` }))
		return [told(r), events('PASSWORD_CHANGE') !== had + 1 && 'not one event']
	} }
	yield { name: 'a sign-in', run: async () => {
		const sessions = () => Number(sql(client.state, `SELECT COUNT(*) FROM auth_session WHERE user_id = ${made.id}`)), had = sessions()
		const r = await both('LOGIN', () => call(null, 'POST', '/auth/login', { username: 'trailed', password: `${next} 1` }))
		return [told(r), sessions() !== had + 1 && `${sessions() - had} sessions`]
	} }
	yield { name: 'tokens for a program', run: async () => {
		const r = await both('TOKEN_GRANT', () => call(null, 'POST', '/auth/token', { username: 'trailed', password: `${next} 1`, name: 'p' })), { items } = (await call('trailed', 'GET', '/auth/tokens')).json
		return [told(r), items.length !== 1 && `${items.length} programs`]
	} }
	yield { name: 'a proof', run: async () => told(await both('PASSWORD_PROOF', () => call('trailed', 'POST', '/auth/proof', { password: `${next} 1` }))) }
	yield { name: 'a second factor', run: async () => {
		secret = (await call('trailed', 'POST', '/auth/second-factor')).json.secret
		return told(await both('FACTOR_ON', () => call('trailed', 'POST', '/auth/second-factor/confirm', { code: totp(secret) })))
	} }
	yield { name: 'given up', run: async () => {
		const [code] = (await client.call({ as: 'trailed', path: '/auth/second-factor' })).json.on ? [totp(secret, 1)] : ['']
		return told(await both('FACTOR_OFF', () => call('trailed', 'POST', '/auth/second-factor/off', { code })))
	} }
	yield { name: 'a file', run: async () => [told(await both('IMPORT_UPLOAD', () => upload('a.csv'))), await files() !== 'a.csv' && await files()] }
	yield { name: 'a file under a key', run: async () => {
		const [without, with_] = await both('IMPORT_UPLOAD', () => upload('k.csv', { headers: { 'Content-Type': 'text/csv', 'Idempotency-Key': 'trail' } })), again = await upload('k.csv', { headers: { 'Content-Type': 'text/csv', 'Idempotency-Key': 'trail' } })
		return [told([without, with_]), again.text !== with_.text && again.text, again.headers.get('idempotency-replayed') !== 'true' && 'made again', await files() !== 'a.csv,k.csv' && await files()]
	} }
	yield { name: 'a file in parts: who asks how far it is ends it', run: async () => {
		const tus = { 'Tus-Resumable': '1.0.0' }, b64 = (s) => Buffer.from(String(s)).toString('base64')
		const begun = await call('admin', 'POST', '/import/transfers', undefined, { headers: { ...tus, 'Upload-Length': '14', 'Upload-Metadata': `session ${b64(session)},filename ${b64('t.csv')}` } })
		const at = begun.headers.get('location')?.replace('/api/v1', ''), had = events('IMPORT_UPLOAD')
		let sent = 0
		const [without, with_] = await both('IMPORT_UPLOAD', () => (sent++ ? call('admin', 'HEAD', at, undefined, { headers: tus })
			: call('admin', 'PATCH', at, undefined, { raw: 'code,name\nA,B\n', headers: { ...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' } })))
		return [told([without, with_]), await files() !== 'a.csv,k.csv,t.csv' && await files(), events('IMPORT_UPLOAD') !== had + 1 && 'not one event']
	} }
	yield { name: 'a file that is removed', run: async () => {
		const { id } = (await call('admin', 'GET', `/import/sessions/${session}`)).json.files.find((f) => f.name === 'a.csv')
		const there = []
		const r = await both('IMPORT_MAP', async () => {
			there.push(await files())
			return call('admin', 'DELETE', `/import/files/${id}`)
		})
		return [told(r), there[1] !== there[0] && `gone: ${there[1]}`, await files() !== 'k.csv,t.csv' && await files()]
	} }
	yield { name: 'boundaries', run: async () => {
		const unit = (await call('admin', 'GET', '/territories?units=1&limit=1')).json.items[0].id
		const square = { type: 'Feature', properties: { name: 'All' }, geometry: { type: 'Polygon', coordinates: [[[-179, -80], [179, -80], [179, 80], [-179, 80], [-179, -80]]] } }
		const designs = () => Number(sql(client.state, 'SELECT COUNT(*) FROM design_scenario')), had = designs()
		const r = await both('BOUNDARIES_TAKE', () => call('admin', 'POST', `/territories/${unit}/boundaries`, { geojson: square, swap: false, keep: true }))
		return [told(r), designs() !== had + 1 && `${designs() - had} scenarios`, (await call('admin', 'DELETE', `/territories/${unit}/designs/${r[1].json?.design}`)).status !== 200 && 'it stays']
	} }
}
export const steps = all
