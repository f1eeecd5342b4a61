// SPDX-License-Identifier: GPL-3.0-or-later
// Things to ask for: an id for each kind of path, taken from the lists of the interface itself.

/** kind of path -> where ids of it are listed */
const lists = {
	users: '/users', jobs: '/jobs', territories: '/territories?units=1', outlets: '/outlets', plans: '/plans',
	'planning/sessions': '/planning/sessions', 'import/sessions': '/import/sessions', 'import/schemas': '/import/schemas', 'import/watches': '/import/watches', partners: '/partners', invoices: '/invoices', seats: '/seats', reasons: '/reasons', accounts: '/accounts', 'territory-models': '/territory-models', 'programs/keys': '/programs/keys', 'programs/tokens': '/programs/tokens',
}

/** {"users": 3, ...} of what there is; the first of each list that `choose` takes. */
export async function sampleIds(client, as = 'admin', choose = () => true) {
	const ids = {}
	for (const [kind, path] of Object.entries(lists)) {
		if (!client.find('get', path))
			continue
		const reply = await client.call({ as, path })
		const item = reply.json?.items?.find((i) => choose(kind, i))
		if (item)
			ids[kind] = item.id
		if (kind === 'import/sessions' && item) {
			const session = await client.call({ as, path: `/import/sessions/${item.id}` })
			if (session.json?.files?.[0])
				ids['import/files'] = session.json.files[0].id
		}
	}
	if (ids.territories) {
		const designs = await client.call({ as, path: `/territories/${ids.territories}/designs` })
		if (designs.json?.items?.[0])
			ids.design = designs.json.items[0].id
	}
	ids.absence = client.find('get', '/absences') && (await client.call({ as, path: '/absences' })).json?.items?.[0]?.id || 987654321
	if (ids.plans)
		ids.beat = (await client.call({ as, path: `/plans/${ids.plans}/draft` })).json?.beats?.[0]?.id || 987654321
	if (ids.outlets)
		ids.clients = ids.outlets
	if (ids.jobs)
		ids.optimize = ids.jobs
	ids['import/templates'] = 'outlets'
	ids['import/rules'] = 'UNKNOWN_WORD'
	ids['import/policies'] = 'phone'
	ids.settings = 'session_hours'
	ids.schedules = 'SWEEP'
	return ids
}

/** The path with an id that exists; untouched where none is known. */
export const withIds = (path, ids) => path.replace(/^\/(.+?)\/\{\w+\}/, (all, kind) => kind in ids ? `/${kind}/${ids[kind]}` : all)
	.replace('/{design}', (all) => 'design' in ids ? `/${ids.design}` : all).replace('/{beat}', (all) => 'beat' in ids ? `/${ids.beat}` : all).replace('/{absence}', (all) => 'absence' in ids ? `/${ids.absence}` : all)
