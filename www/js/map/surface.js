// SPDX-License-Identifier: GPL-3.0-or-later
// Two surfaces with one face: the WebGL map, and a plain canvas for machines without WebGL (remote desktops,
// virtual machines).  Both draw the PointLayer's arrays, lines and marks, and turn places into pixels and back.
import { baseFile, landFor, placesFor } from './basemap.js'
import { latOf, mercX, mercY } from './lasso.js'
import { PointLayer, STATE } from './pointlayer.js'
import { slideWhenSlow } from './slide.js'
import { baseStyle, graticule } from './style.js'

/** @typedef {[number, number, number, number]} Bounds w s e n */
/** @typedef {{lon: number, lat: number, zoom: number}} View the middle */
/**
 * @typedef {object} Surface
 * @property {PointLayer} points
 * @property {(x: number, y: number) => {x: number, y: number}} unproject  pixels to mercator
 * @property {() => number} scale  pixels of the whole world
 * @property {(b: Bounds, animate?: boolean) => void} fit
 * @property {(by: number) => void} zoom
 * @property {() => View} view  what is looked at
 * @property {(v: View) => void} look  at the same as another surface
 * @property {(lines: any[], marks: any[]) => void} setLines
 * @property {(areas: any[], on: any) => void} setAreas  outlines, and the one that is pointed at
 * @property {Set<() => void>} onMove  called as the view changes
 * @property {(dark: boolean) => void} setDark
 * @property {() => void} refresh
 * @property {() => void} remove
 */

const ROOM = { padding: { top: 68, bottom: 44, left: 44, right: 44 }, maxZoom: 17 }

/** @param {HTMLElement} node @param {boolean} dark @param {Promise<Bounds | null> | null} opening where it opens, waited for; null = the world @returns {Promise<Surface | null>} null when the machine has no WebGL */
export async function glSurface(node, dark, opening = null) {
	if (typeof WebGL2RenderingContext === 'undefined')
		return null
	const [{ Map: GlMap, AttributionControl, ScaleControl }, bounds] = await Promise.all([import('../../vendor/maplibre-gl/maplibre-gl.js'), opening])
	const points = new PointLayer()
	/** @type {any} */
	let map
	try {
		map = new GlMap({
			container: node, style: baseStyle(dark), ...(bounds ? { bounds, fitBoundsOptions: ROOM } : { center: [0, 20], zoom: 1.2 }), attributionControl: false, boxZoom: false,
			dragRotate: false, pitchWithRotate: false, fadeDuration: 120, maxZoom: 18.5, keyboard: true,
		})
	} catch (e) {
		console.warn(e)
		return null
	}
	map.touchZoomRotate.disableRotation()
	slideWhenSlow(map)
	map.addControl(new AttributionControl({ compact: false }), 'bottom-right')
	map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left')
	let lines = /** @type {any[]} */ ([]), marks = /** @type {any[]} */ ([]), areas = /** @type {any[]} */ ([])
	/** @type {any} */
	let area = null
	const collection = (/** @type {any[]} */ features) => ({ type: 'FeatureCollection', features })
	let turn = 0
	const around = async () => {
		const mine = ++turn
		const b = map.getBounds(), zoom = map.getZoom()
		const box = /** @type {Bounds} */ ([b.getWest(), b.getSouth(), b.getEast(), b.getNorth()])
		map.getSource('graticule')?.setData(graticule(box, zoom))
		if (zoom > 5.5 && !fine) {
			fine = true
			map.getSource('counties')?.setData('/vendor/basemap/counties.json')
		}
		if (zoom > 5.5) {
			const land = await landFor(box)
			if (mine !== turn)
				return
			map.getSource('land10')?.setData(collection(land))
			coarse = false
		}
		const places = await placesFor(box, zoom)
		if (mine === turn)
			map.getSource('places')?.setData(collection(places))
	}
	let fine = false, coarse = true
	// The coarse land stands in until the fine one is drawn: a plan does not begin at sea.
	map.on('sourcedata', (/** @type {any} */ e) => {
		if (e.sourceId === 'land10' && e.isSourceLoaded && !coarse && map.getLayer('land')?.maxzoom !== 6)
			map.setLayerZoomRange('land', 0, 6)
	})
	const ready = () => {
		if (!map.getLayer('points'))
			map.addLayer(points, 'mark')
		map.getSource('tours')?.setData(collection(lines))
		map.getSource('marks')?.setData(collection(marks))
		map.getSource('areas')?.setData(collection(areas))
		map.getSource('area')?.setData(collection(area ? [area] : []))
		fine = false
		coarse = true
		void around()
	}
	map.on('style.load', ready)
	let rest = 0
	map.on('moveend', (/** @type {any} */ e) => {
		clearTimeout(rest)
		if (e.follows) // another map: it ends a move with each frame of that
			rest = window.setTimeout(around, 150)
		else
			void around()
	})
	map.on('move', () => surface.onMove.forEach((f) => f()))
	const edges = (/** @type {boolean} */ d) => {
		points.ring = d ? [1, 1, 1, 1] : [0.06, 0.1, 0.12, 1]
		// Half clear: where many lie on each other their colours stay to be seen.
		points.edge = d ? [0.05, 0.07, 0.08, 0.5] : [1, 1, 1, 0.5]
	}
	edges(dark)
	await new Promise((done) => map.once('style.load', done))
	/** @type {Surface} */
	const surface = {
		points,
		onMove: new Set(),
		unproject(x, y) {
			const p = map.unproject([x, y])
			return { x: mercX(p.lng), y: mercY(p.lat) }
		},
		scale: () => 512 * 2 ** map.getZoom(),
		fit: (b, animate) => map.fitBounds(b, { ...ROOM, animate: !!animate, duration: 450 }),
		zoom: (by) => map.easeTo({ zoom: map.getZoom() + by, duration: 200 }),
		view: () => ({ lon: map.getCenter().lng, lat: map.getCenter().lat, zoom: map.getZoom() }),
		look: (v) => map.jumpTo({ center: [v.lon, v.lat], zoom: v.zoom }, { follows: true }),
		setLines(l, m) {
			lines = l
			marks = m
			map.getSource('tours')?.setData(collection(l))
			map.getSource('marks')?.setData(collection(m))
		},
		setAreas(all, on) {
			if (all !== areas)
				map.getSource('areas')?.setData(collection(all))
			if (on !== area)
				map.getSource('area')?.setData(collection(on ? [on] : []))
			areas = all
			area = on
		},
		setDark(d) {
			edges(d)
			map.setStyle(baseStyle(d), { diff: false })
		},
		refresh: () => points.refresh(),
		remove() {
			clearTimeout(rest)
			map.remove()
		},
	}
	return surface
}

/** @param {HTMLElement} node @param {boolean} dark @returns {Surface} */
export function canvasSurface(node, dark) {
	const canvas = document.createElement('canvas')
	canvas.className = 'flat'
	canvas.tabIndex = 0
	node.append(canvas)
	const points = new PointLayer()
	let cx = 0.5, cy = 0.45, scale = 1024, frame = 0, isDark = dark
	/** @type {any[]} */
	let lines = []
	/** @type {any[]} */
	let marks = []
	/** @type {any[]} */
	let areas = []
	/** @type {any} */
	let area = null
	/** @type {any} */
	let land = null
	void baseFile('land').then((l) => {
		land = l
		later()
	})
	const later = () => {
		frame ||= requestAnimationFrame(draw)
	}
	/** @param {number[]} p lon, lat */
	const at = (p) => /** @type {[number, number]} */ ([(mercX(p[0]) - cx) * scale + canvas.clientWidth / 2, (mercY(p[1]) - cy) * scale + canvas.clientHeight / 2])
	function draw() {
		frame = 0
		surface.onMove.forEach((f) => f())
		const g = canvas.getContext('2d')
		if (!g)
			return
		const ratio = devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight
		canvas.width = w * ratio
		canvas.height = h * ratio
		g.scale(ratio, ratio)
		g.fillStyle = isDark ? '#11191d' : '#dfe8ec'
		g.fillRect(0, 0, w, h)
		const trace = (/** @type {number[][]} */ ring) => ring.forEach((p, i) => (i ? g.lineTo(...at(p)) : g.moveTo(...at(p))))
		for (const f of land?.features ?? []) {
			g.fillStyle = f.properties.kind === 'lake' ? (isDark ? '#11191d' : '#dfe8ec') : isDark ? '#1c2326' : '#f7f7f4'
			g.beginPath()
			for (const poly of f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates)
				poly.forEach(trace)
			g.fill('evenodd')
		}
		for (const f of [...areas, ...(area ? [area] : [])]) {
			g.beginPath()
			for (const poly of f.geometry.coordinates)
				poly.forEach(trace)
			g.fillStyle = g.strokeStyle = f === area ? (isDark ? '#fff' : '#10181c') : f.properties.colour
			g.lineWidth = f === area ? 3 : f.properties.line || 1.6
			g.globalAlpha = f.properties.opacity ?? 0.22
			if (f !== area)
				g.fill('evenodd')
			g.globalAlpha = 1
			g.stroke()
		}
		for (const l of lines) {
			g.strokeStyle = l.properties.colour
			g.lineWidth = l.properties.main ? 2.5 : 1.2
			g.beginPath()
			trace(l.geometry.coordinates)
			g.stroke()
		}
		const size = points.size(Math.log2(scale / 512))
		const { x, y, colour, state } = points
		for (const pass of [STATE.dimmed, STATE.normal, STATE.selected, STATE.hover])
			for (let i = 0; i < points.n; i++) {
				if (state[2 * i] !== pass)
					continue
				const px = (x[i] - cx) * scale + w / 2, py = (y[i] - cy) * scale + h / 2
				if (px < -9 || py < -9 || px > w + 9 || py > h + 9)
					continue
				const r = size / 2 * (pass === STATE.selected ? 1.4 : pass === STATE.hover ? 1.8 : pass === STATE.dimmed ? 0.7 : 1)
				g.globalAlpha = pass === STATE.dimmed ? 0.4 : 1
				g.fillStyle = `rgb(${colour[4 * i]},${colour[4 * i + 1]},${colour[4 * i + 2]})`
				g.fillRect(px - r, py - r, 2 * r, 2 * r)
				if (pass === STATE.selected || pass === STATE.hover) {
					g.strokeStyle = isDark ? '#fff' : '#10181c'
					g.lineWidth = 2
					g.strokeRect(px - r, py - r, 2 * r, 2 * r)
				}
			}
		g.globalAlpha = 1
		g.fillStyle = isDark ? '#e6ebed' : '#182125'
		g.font = '12px system-ui, sans-serif'
		for (const m of marks) {
			const [px, py] = at(m.geometry.coordinates)
			if (m.properties.kind === 'partner')
				g.fillRect(px - 5, py - 5, 10, 10)
			else if (m.properties.kind === 'home')
				g.strokeRect(px - 4, py - 4, 8, 8)
			g.fillText(m.properties.label, px + 7, py - 5)
		}
	}
	/** @param {number} by @param {number} px @param {number} py */
	const zoomAt = (by, px, py) => {
		const k = 2 ** by, ox = px - canvas.clientWidth / 2, oy = py - canvas.clientHeight / 2
		const next = Math.max(400, Math.min(5e7, scale * k))
		cx += ox / scale - ox / next
		cy += oy / scale - oy / next
		scale = next
		later()
	}
	canvas.addEventListener('wheel', (e) => {
		e.preventDefault()
		zoomAt(-e.deltaY / 240, e.offsetX, e.offsetY)
	}, { passive: false })
	canvas.addEventListener('mousedown', () => {
		const move = (/** @type {MouseEvent} */ e) => {
			cx -= e.movementX / scale
			cy -= e.movementY / scale
			later()
		}
		const up = () => {
			removeEventListener('mousemove', move)
			removeEventListener('mouseup', up)
		}
		addEventListener('mousemove', move)
		addEventListener('mouseup', up)
	})
	const watch = new ResizeObserver(later)
	watch.observe(canvas)
	/** @type {Surface} */
	const surface = {
		points,
		onMove: new Set(),
		unproject: (px, py) => ({ x: cx + (px - canvas.clientWidth / 2) / scale, y: cy + (py - canvas.clientHeight / 2) / scale }),
		scale: () => scale,
		fit(b) {
			const [x0, y0, x1, y1] = [mercX(b[0]), mercY(b[3]), mercX(b[2]), mercY(b[1])]
			cx = (x0 + x1) / 2
			cy = (y0 + y1) / 2
			scale = Math.min((canvas.clientWidth - 80) / Math.max(1e-6, x1 - x0), (canvas.clientHeight - 80) / Math.max(1e-6, y1 - y0), 2e7)
			later()
		},
		zoom: (by) => zoomAt(by, canvas.clientWidth / 2, canvas.clientHeight / 2),
		view: () => ({ lon: cx * 360 - 180, lat: latOf(cy), zoom: Math.log2(scale / 512) }),
		look(v) {
			cx = mercX(v.lon)
			cy = mercY(v.lat)
			scale = 512 * 2 ** v.zoom
			later()
		},
		setLines(l, m) {
			lines = l
			marks = m
			later()
		},
		setAreas(all, on) {
			areas = all
			area = on
			later()
		},
		setDark(d) {
			isDark = d
			later()
		},
		refresh: later,
		remove() {
			watch.disconnect()
			canvas.remove()
		},
	}
	return surface
}
