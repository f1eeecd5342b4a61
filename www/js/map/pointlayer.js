// SPDX-License-Identifier: GPL-3.0-or-later
// All outlets in one WebGL draw: 50,000 points cost a few milliseconds.  Positions are mercator coordinates split
// into a high and a low float, taken relative to the map's centre, so that they do not shake when zoomed in.
// Of half a million only those in sight are drawn, and where many lie on one spot of the screen the first of them.
// Plain uniforms and one vertex array object: uniform buffers were broken by map library versions before.
import { mercX, mercY } from './lasso.js'
import { detailLevels, inSight, levelAt } from './detail.js'

const vertex = `#version 300 es
in vec2 a_hi; in vec2 a_lo; in vec4 a_color; in vec2 a_state;
uniform mat4 u_matrix; uniform vec2 u_hi; uniform vec2 u_lo; uniform float u_size;
out vec4 v_color; flat out float v_state; flat out float v_shape; flat out float v_size;
void main() {
	vec2 p = (a_hi - u_hi) + (a_lo - u_lo);
	float state = a_state.x;
	gl_Position = u_matrix * vec4(p, 0.0, 1.0);
	v_size = u_size * (state == 2.0 ? 0.62 : state == 4.0 ? 1.75 : state == 1.0 ? 1.3 : 1.0) + 3.0;
	gl_PointSize = v_size;
	v_color = a_color; v_state = state; v_shape = a_state.y;
}`
const fragment = `#version 300 es
precision mediump float;
in vec4 v_color; flat in float v_state; flat in float v_shape; flat in float v_size;
uniform vec4 u_ring; uniform vec4 u_edge;
out vec4 o;
float dist(vec2 p) {
	if (v_shape < 0.5) return length(p);
	if (v_shape < 1.5) return max(abs(p.x), abs(p.y)) * 1.12;
	if (v_shape < 2.5) return (abs(p.x) + abs(p.y)) * 0.86;
	return max(p.y * 1.15 + 0.08, abs(p.x) * 1.08 - p.y * 0.62 + 0.18) ;
}
void main() {
	vec2 p = gl_PointCoord * 2.0 - 1.0;
	float d = dist(p), px = 2.0 / v_size, a = 1.0 - smoothstep(1.0 - px, 1.0, d);
	if (a <= 0.0) discard;
	bool strong = v_state == 1.0 || v_state == 4.0;
	float rim = strong ? (v_size > 14.0 ? 2.6 : 1.5) * px : 1.1 * px;
	vec4 edge = strong ? u_ring : u_edge;
	vec4 c = mix(v_color, edge, smoothstep(1.0 - rim - px, 1.0 - rim, d));
	float alpha = a * c.a * (v_state == 2.0 ? 0.38 : 1.0);
	o = vec4(c.rgb * alpha, alpha);
}`

export const STATE = { normal: 0, selected: 1, dimmed: 2, hidden: 3, hover: 4 }

export class PointLayer {
	id = 'points'
	type = /** @type {const} */ ('custom')
	renderingMode = /** @type {const} */ ('2d')
	n = 0
	/** Mercator, 0..1; NaN for outlets without coordinates. */
	x = new Float64Array(0)
	y = new Float64Array(0)
	colour = new Uint8Array(0)
	/** Two bytes a point: state, shape. */
	state = new Uint8Array(0)
	ring = [1, 1, 1, 1]
	edge = [1, 1, 1, 0.8]
	/** Usual distance of neighbours, mercator: dense places get small points. */
	spacing = 1
	/** How close the map must be for each point to be seen. */
	#level = new Uint8Array(0)
	/** Places of the box that is drawn, and whether it has to be made anew. @type {{x0: number, y0: number, x1: number, y1: number, level: number, n: number} | null} */
	#drawn = null
	#cell = 1
	/** @type {any} */
	#map = null
	/** @type {WebGL2RenderingContext | null} */
	#gl = null
	/** @type {any} */
	#p = null

	/** @param {Float64Array} lon @param {Float64Array} lat @param {number} always so many are drawn whatever they cover @param {Uint8Array} [rank] which come first where they crowd */
	setPlaces(lon, lat, always, rank) {
		this.n = lon.length
		this.x = lon.map(mercX)
		this.y = lat.map(mercY)
		this.colour = new Uint8Array(4 * this.n).fill(255)
		this.state = new Uint8Array(2 * this.n)
		for (let i = 0; i < this.n; i++)
			if (Number.isNaN(lon[i]))
				this.state[2 * i] = STATE.hidden
		const detail = detailLevels(this.x, this.y, always, rank)
		this.#level = detail.level
		this.#cell = detail.cell
		this.#drawn = null
		if (this.#gl)
			this.#upload()
	}
	/** After `colour` or `state` were written. */
	refresh() {
		this.#drawn = null
		const gl = this.#gl
		if (gl && this.#p) {
			gl.bindBuffer(gl.ARRAY_BUFFER, this.#p.colour)
			gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.colour)
			gl.bindBuffer(gl.ARRAY_BUFFER, this.#p.state)
			gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.state)
			gl.bindBuffer(gl.ARRAY_BUFFER, null)
		}
		this.#map?.triggerRepaint()
	}
	/** Diameter on the screen in css pixels. @param {number} zoom */
	size(zoom) {
		return Math.max(4, Math.min(17, 4 + (zoom - 7) * 1.3, Math.max(5, 1.7 * this.spacing * 512 * 2 ** zoom)))
	}

	/** @param {any} map @param {WebGL2RenderingContext} gl */
	onAdd(map, gl) {
		this.#map = map
		this.#gl = gl
		/** @param {number} kind @param {string} source */
		const shader = (kind, source) => {
			const s = /** @type {WebGLShader} */ (gl.createShader(kind))
			gl.shaderSource(s, source)
			gl.compileShader(s)
			if (!gl.getShaderParameter(s, gl.COMPILE_STATUS))
				console.error(gl.getShaderInfoLog(s))
			return s
		}
		const program = /** @type {WebGLProgram} */ (gl.createProgram())
		gl.attachShader(program, shader(gl.VERTEX_SHADER, vertex))
		gl.attachShader(program, shader(gl.FRAGMENT_SHADER, fragment))
		gl.linkProgram(program)
		/** @type {Record<string, WebGLUniformLocation | null>} */
		const u = {}
		for (const name of ['u_matrix', 'u_hi', 'u_lo', 'u_size', 'u_ring', 'u_edge'])
			u[name] = gl.getUniformLocation(program, name)
		this.#p = {
			program, u, vao: gl.createVertexArray(), hi: gl.createBuffer(), lo: gl.createBuffer(),
			colour: gl.createBuffer(), state: gl.createBuffer(), index: gl.createBuffer(),
		}
		this.#upload()
	}
	#upload() {
		const gl = /** @type {WebGL2RenderingContext} */ (this.#gl), p = this.#p
		const hi = new Float32Array(2 * this.n), lo = new Float32Array(2 * this.n)
		for (let i = 0; i < this.n; i++) {
			const x = Number.isNaN(this.x[i]) ? 0 : this.x[i], y = Number.isNaN(this.y[i]) ? 0 : this.y[i]
			hi[2 * i] = x
			hi[2 * i + 1] = y
			lo[2 * i] = x - hi[2 * i]
			lo[2 * i + 1] = y - hi[2 * i + 1]
		}
		gl.bindVertexArray(p.vao)
		/** @param {WebGLBuffer} buffer @param {ArrayBufferView} data @param {string} name @param {number} size @param {number} type @param {boolean} norm */
		const attribute = (buffer, data, name, size, type, norm) => {
			gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
			gl.bufferData(gl.ARRAY_BUFFER, /** @type {any} */ (data), gl.DYNAMIC_DRAW)
			const at = gl.getAttribLocation(p.program, name)
			gl.enableVertexAttribArray(at)
			gl.vertexAttribPointer(at, size, type, norm, 0, 0)
		}
		attribute(p.hi, hi, 'a_hi', 2, gl.FLOAT, false)
		attribute(p.lo, lo, 'a_lo', 2, gl.FLOAT, false)
		attribute(p.colour, this.colour, 'a_color', 4, gl.UNSIGNED_BYTE, true)
		attribute(p.state, this.state, 'a_state', 2, gl.UNSIGNED_BYTE, false)
		gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, p.index)
		gl.bindVertexArray(null)
		gl.bindBuffer(gl.ARRAY_BUFFER, null)
	}
	/** The points in sight and somewhat around, those in the background first. @param {WebGL2RenderingContext} gl @param {number} cx @param {number} cy */
	#sight(gl, cx, cy) {
		const zoom = this.#map.getZoom(), scale = 512 * 2 ** zoom, box = this.#map.getContainer(), level = levelAt(this.#cell * scale)
		const w = (box.clientWidth / 2 + 16) / scale, h = (box.clientHeight / 2 + 16) / scale, d = this.#drawn
		if (d && d.level === level && cx - w >= d.x0 && cx + w <= d.x1 && cy - h >= d.y0 && cy + h <= d.y1)
			return d.n
		const at = { x0: cx - 1.6 * w, y0: cy - 1.6 * h, x1: cx + 1.6 * w, y1: cy + 1.6 * h, level }
		const list = inSight(this.x, this.y, this.#level, this.state, at)
		gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, list, gl.DYNAMIC_DRAW)
		this.#drawn = { ...at, n: list.length }
		return list.length
	}
	/** @param {WebGL2RenderingContext} gl @param {any} args */
	render(gl, args) {
		const p = this.#p
		if (!p || !this.n)
			return
		const centre = this.#map.getCenter()
		const cx = mercX(centre.lng), cy = mercY(centre.lat)
		const m = args.defaultProjectionData.mainMatrix
		// The translation to the centre is folded in here, in double precision.
		const matrix = new Float32Array(16)
		for (let i = 0; i < 16; i++)
			matrix[i] = m[i]
		for (let r = 0; r < 4; r++)
			matrix[12 + r] = m[r] * cx + m[4 + r] * cy + m[12 + r]
		const hx = Math.fround(cx), hy = Math.fround(cy)
		gl.useProgram(p.program)
		gl.uniformMatrix4fv(p.u.u_matrix, false, matrix)
		gl.uniform2f(p.u.u_hi, hx, hy)
		gl.uniform2f(p.u.u_lo, cx - hx, cy - hy)
		gl.uniform1f(p.u.u_size, this.size(this.#map.getZoom()) * (window.devicePixelRatio || 1))
		gl.uniform4fv(p.u.u_ring, this.ring)
		gl.uniform4fv(p.u.u_edge, this.edge)
		gl.disable(gl.DEPTH_TEST)
		gl.disable(gl.STENCIL_TEST)
		gl.enable(gl.BLEND)
		gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
		gl.bindVertexArray(p.vao)
		gl.drawElements(gl.POINTS, this.#sight(gl, cx, cy), gl.UNSIGNED_INT, 0)
		gl.bindVertexArray(null)
	}
	onRemove() {
		const gl = this.#gl, p = this.#p
		if (gl && p) {
			for (const b of [p.hi, p.lo, p.colour, p.state, p.index])
				gl.deleteBuffer(b)
			gl.deleteVertexArray(p.vao)
			gl.deleteProgram(p.program)
		}
		this.#gl = this.#p = null
	}
}
