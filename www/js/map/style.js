// SPDX-License-Identifier: GPL-3.0-or-later
// The base map's style, light and dark.  Labels are drawn with the reader's own fonts: no glyph server.

const light = { sea: '#dfe8ec', land: '#f7f7f4', lake: '#dfe8ec', river: '#c3d5dd', border: '#a9b2b6', state: '#c9cfd1', county: '#dfe2e2', grid: '#e6e9e9', label: '#5b666b', halo: '#f7f7f4' }
const dark = { sea: '#11191d', land: '#1c2326', lake: '#11191d', river: '#25363d', border: '#4b575c', state: '#343e42', county: '#283034', grid: '#232b2e', label: '#a3afb4', halo: '#1c2326' }

/** @param {boolean} isDark @returns {any} */
export function baseStyle(isDark) {
	const c = isDark ? dark : light
	const empty = { type: 'FeatureCollection', features: [] }
	/** @param {string} id @param {string} source @param {string} kind @param {string} colour @param {any} width @param {any} [more] */
	const line = (id, source, kind, colour, width, more = {}) => ({
		id, type: 'line', source, filter: ['==', ['get', 'kind'], kind],
		paint: { 'line-color': colour, 'line-width': width, ...more.paint }, ...(more.minzoom ? { minzoom: more.minzoom } : {}),
	})
	/** @param {string} kind */
	const is = (kind) => ['==', ['get', 'kind'], kind]
	return {
		version: 8,
		sources: {
			land: { type: 'geojson', data: '/vendor/basemap/land.json', tolerance: 0.2, attribution: 'Natural Earth · GeoNames (CC BY 4.0)' },
			lines: { type: 'geojson', data: '/vendor/basemap/lines.json', tolerance: 0.2 },
			land10: { type: 'geojson', data: empty, tolerance: 0.1 },
			counties: { type: 'geojson', data: empty },
			graticule: { type: 'geojson', data: empty },
			places: { type: 'geojson', data: empty },
			tours: { type: 'geojson', data: empty },
			marks: { type: 'geojson', data: empty },
			areas: { type: 'geojson', data: empty, tolerance: 0.1 },
			area: { type: 'geojson', data: empty, tolerance: 0.1 },
		},
		layers: [
			{ id: 'sea', type: 'background', paint: { 'background-color': c.sea } },
			{ id: 'land', type: 'fill', source: 'land', filter: is('land'), paint: { 'fill-color': c.land } },
			{ id: 'land10', type: 'fill', source: 'land10', paint: { 'fill-color': c.land }, minzoom: 6 },
			{ id: 'lake', type: 'fill', source: 'land', filter: is('lake'), paint: { 'fill-color': c.lake } },
			line('graticule', 'graticule', 'grid', c.grid, 1),
			line('county', 'counties', 'county', c.county, ['interpolate', ['linear'], ['zoom'], 6, 0.5, 11, 1.5], { minzoom: 6 }),
			line('river', 'lines', 'river', c.river, 1),
			line('state', 'lines', 'state', c.state, ['interpolate', ['linear'], ['zoom'], 3, 0.6, 9, 2]),
			line('border', 'lines', 'border', c.border, ['interpolate', ['linear'], ['zoom'], 2, 0.6, 9, 2.2]),
			{ id: 'area-fill', type: 'fill', source: 'areas', paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': ['coalesce', ['get', 'opacity'], isDark ? 0.3 : 0.22] } },
			{ id: 'area-line', type: 'line', source: 'areas', layout: { 'line-join': 'round' }, paint: { 'line-color': ['get', 'colour'], 'line-width': ['coalesce', ['get', 'line'], 1.6] } },
			{ id: 'area-on', type: 'line', source: 'area', layout: { 'line-join': 'round' }, paint: { 'line-color': isDark ? '#ffffff' : '#10181c', 'line-width': 3 } },
			{ id: 'tour-case', type: 'line', source: 'tours', layout: { 'line-cap': 'round', 'line-join': 'round' },
				paint: { 'line-color': isDark ? '#0d1113' : '#ffffff', 'line-width': ['case', ['get', 'main'], 5.5, 0], 'line-opacity': 0.85 } },
			{ id: 'tour', type: 'line', source: 'tours', layout: { 'line-cap': 'round', 'line-join': 'round' },
				paint: { 'line-color': ['get', 'colour'], 'line-width': ['case', ['get', 'main'], 2.6, 1.3], 'line-opacity': ['case', ['get', 'main'], 0.95, 0.5] } },
			{ id: 'mark', type: 'circle', source: 'marks', filter: is('partner'),
				paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 5, 3.5, 10, 7], 'circle-color': isDark ? '#e6ebed' : '#182125', 'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 5, 1.2, 10, 2.5], 'circle-stroke-color': isDark ? '#182125' : '#ffffff' } },
			{ id: 'place', type: 'symbol', source: 'places',
				layout: { 'text-field': ['get', 'name'], 'text-font': ['sans-serif'], 'text-padding': 6, 'symbol-sort-key': ['-', 0, ['get', 'pop']],
					'text-size': ['interpolate', ['linear'], ['get', 'pop'], 1000, 11, 100000, 12.5, 5000000, 15] },
				paint: { 'text-color': c.label, 'text-halo-color': c.halo, 'text-halo-width': 1.4 } },
			{ id: 'home', type: 'circle', source: 'marks', filter: is('home'),
				paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 5, 2.5, 10, 5.5], 'circle-color': isDark ? '#182125' : '#ffffff', 'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 5, 1.2, 10, 2.5], 'circle-stroke-color': isDark ? '#e6ebed' : '#182125' } },
			{ id: 'mark-label', type: 'symbol', source: 'marks', filter: ['any', is('partner'), is('home')], minzoom: 8,
				layout: { 'text-field': ['get', 'label'], 'text-font': ['sans-serif'], 'text-size': 12, 'text-offset': [0, 1.1], 'text-anchor': 'top', 'text-optional': true },
				paint: { 'text-color': isDark ? '#e6ebed' : '#182125', 'text-halo-color': c.halo, 'text-halo-width': 1.6 } },
			{ id: 'area-label', type: 'symbol', source: 'marks', filter: is('area'),
				layout: { 'text-field': ['get', 'label'], 'text-font': ['sans-serif'], 'text-size': 12.5, 'text-max-width': 9, 'text-padding': 6, 'text-letter-spacing': 0.06 },
				paint: { 'text-color': isDark ? '#b6c6cc' : '#3c5059', 'text-halo-color': c.halo, 'text-halo-width': 1.8 } },
			{ id: 'unit-label', type: 'symbol', source: 'marks', filter: is('unit'),
				layout: { 'text-field': ['get', 'label'], 'text-font': ['sans-serif'], 'text-size': 13.5, 'text-max-width': 9, 'text-padding': 4 },
				paint: { 'text-color': isDark ? '#ffffff' : '#10181c', 'text-halo-color': c.halo, 'text-halo-width': 2 } },
			{ id: 'count', type: 'symbol', source: 'marks', filter: is('count'),
				layout: { 'text-field': ['get', 'label'], 'text-font': ['sans-serif'], 'text-size': 11, 'text-padding': 1, 'symbol-sort-key': ['-', 0, ['get', 'n']] },
				paint: { 'text-color': isDark ? '#ffffff' : '#10181c', 'text-halo-color': c.halo, 'text-halo-width': 1.4 } },
			{ id: 'order', type: 'symbol', source: 'marks', filter: is('order'), minzoom: 9,
				layout: { 'text-field': ['get', 'label'], 'text-font': ['sans-serif'], 'text-size': 11, 'text-offset': [0, -1.25], 'text-padding': 0 },
				paint: { 'text-color': isDark ? '#e6ebed' : '#182125', 'text-halo-color': c.halo, 'text-halo-width': 1.8 } },
		],
	}
}

/** Lines of latitude and longitude for a view: it gives scale where the base map is blank. @param {[number, number, number, number]} bounds w s e n @param {number} zoom */
export function graticule(bounds, zoom) {
	const steps = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005]
	const step = steps[Math.max(0, Math.min(steps.length - 1, Math.round(zoom - 1)))]
	const [w, s, e, n] = [Math.max(-180, bounds[0]), Math.max(-84, bounds[1]), Math.min(180, bounds[2]), Math.min(84, bounds[3])]
	const coordinates = []
	for (let x = Math.ceil(w / step) * step; x <= e; x += step)
		coordinates.push([[x, s], [x, n]])
	for (let y = Math.ceil(s / step) * step; y <= n; y += step)
		coordinates.push([[w, y], [e, y]])
	return { type: 'Feature', properties: { kind: 'grid' }, geometry: { type: 'MultiLineString', coordinates } }
}
