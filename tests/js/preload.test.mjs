// SPDX-License-Identifier: GPL-3.0-or-later
// index.html names all modules that the first script needs, so that they are fetched at once and not level by level.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { test } from 'node:test'

const www = new URL('../../www', import.meta.url).pathname
/** Modules that one imports when it is loaded. @param {string} path */
const imports = (path) => [...readFileSync(www + path, 'utf8').matchAll(/^(?:import|export)\b[^'"()]*?['"](\.{1,2}\/[^'"]+)['"]/gm)].map((m) => posix.join(posix.dirname(path), m[1]))

test('what main.js needs at once is preloaded, and nothing else of ours', () => {
	const needed = new Set(['/js/main.js'])
	for (const path of needed)
		if (existsSync(www + path))
			imports(path).forEach((p) => needed.add(p))
	const named = [...readFileSync(www + '/index.html', 'utf8').matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map((m) => m[1])
	assert.deepEqual(named.filter((p) => p.startsWith('/js/')), [...needed].filter((p) => p.startsWith('/js/')).sort())
	assert.deepEqual([...needed].filter((p) => p.startsWith('/vendor/') && !named.includes(p)), [])
})
