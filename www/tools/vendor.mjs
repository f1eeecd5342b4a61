// SPDX-License-Identifier: GPL-3.0-or-later
// Copies what the browser needs out of node_modules into www/vendor, with bare imports rewritten to
// paths (an import map would need either an inline script, which the CSP forbids, or a second fetch),
// and builds the offline base map.  Nothing here runs at the user's site: a release carries the result.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBasemap } from './basemap.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const modules = join(root, 'node_modules')
const out = join(root, 'www', 'vendor')

/** package -> files to copy; a `.d.ts` beside a module lets `tsc` check our use of it */
const packages = {
	'lit-html': ['lit-html.js', 'lit-html.d.ts', 'directive.js', 'directive.d.ts',
		'directive-helpers.js', 'directive-helpers.d.ts', 'async-directive.js', 'async-directive.d.ts',
		'directives/repeat.js', 'directives/repeat.d.ts', 'directives/live.js', 'directives/live.d.ts',
		'directives/ref.js', 'directives/ref.d.ts', 'directives/keyed.js', 'directives/keyed.d.ts',
		'LICENSE'],
	'@preact/signals-core': ['dist/signals-core.mjs', 'dist/signals-core.d.ts', 'LICENSE'],
	'maplibre-gl': ['dist/maplibre-gl.mjs', 'dist/maplibre-gl-worker.mjs', 'dist/maplibre-gl.css', 'dist/maplibre-gl.d.ts', 'LICENSE.txt'],
	// Its ES modules ask for CommonJS packages: the bundle for browsers is what runs without a bundler.
	'tus-js-client': ['dist/tus.min.js', 'lib/index.d.ts', 'LICENSE'],
}
/** bare specifier -> file under www/vendor */
const entry = {
	'lit-html': 'lit-html/lit-html.js',
	'@preact/signals-core': 'signals-core/signals-core.js',
}

/** Where a file lands: scope and dist/ are dropped; .mjs becomes .js, which every web server knows as a script. */
const place = (pkg, file) =>
	join(pkg.replace(/^@[^/]+\//, ''), file.replace(/^dist\//, '').replace(/\.mjs$/, '.js'))

/** Rewrites `from "pkg"` and `from "pkg/sub"` to a relative path. */
function rewrite(text, target) {
	return text.replace(/(maplibre-gl-\w+)\.mjs/g, '$1.js').replace(/(from\s*|import\s*)(["'])([^."'/][^"']*)\2/g, (all, word, q, spec) => {
		const file = entry[spec] ?? (spec.startsWith('lit-html/') ? spec : null)
		if (!file)
			return all
		let path = relative(dirname(target), file)
		if (!path.startsWith('.'))
			path = './' + path
		return word + q + path + q
	})
}

const text = new Set(['.js', '.mjs', '.css'])
await rm(out, { recursive: true, force: true })
const versions = {}
for (const [pkg, files] of Object.entries(packages)) {
	versions[pkg] = JSON.parse(await readFile(join(modules, pkg, 'package.json'), 'utf8')).version
	for (const file of files) {
		const target = place(pkg, file)
		await mkdir(dirname(join(out, target)), { recursive: true })
		const ext = file.slice(file.lastIndexOf('.'))
		if (!text.has(ext)) {
			await cp(join(modules, pkg, file), join(out, target))
			continue
		}
		// Source maps are not shipped; a browser would ask for them in vain.
		const source = (await readFile(join(modules, pkg, file), 'utf8'))
			.replace(/\n?\/[/*]# sourceMappingURL=.*$/m, '\n')
		await writeFile(join(out, target), ext === '.css' ? source : rewrite(source, target))
	}
}
await buildBasemap(modules, join(out, 'basemap'))
await writeFile(join(out, 'versions.json'), JSON.stringify(versions, null, '\t') + '\n')
console.log('www/vendor:', Object.entries(versions).map(([k, v]) => `${k} ${v}`).join(', '))
