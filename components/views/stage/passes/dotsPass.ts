import type { Scene } from '../renderer';
import { makeCache, makeProgram } from './program';

const vertex = `
in vec2 at;
in vec4 colour;
uniform vec4 view; // x0 y0 x1 y1 of the viewport
uniform float radius; // device pixels
out vec4 tint;
void main() {
  tint = colour;
  gl_Position = vec4((at - view.xy) / (view.zw - view.xy) * 2. - 1., 0., 1.);
  gl_PointSize = 2. * radius + 1.;
}`;
const fragment = `
precision highp float; // a uniform shared by both shaders has one precision
uniform float radius;
in vec4 tint;
out vec4 colour;
void main() {
  float away = length(gl_PointCoord - .5) * (2. * radius + 1.);
  colour = vec4(tint.rgb, tint.a * clamp(radius + .5 - away, 0., 1.));
}`;

/** Draws layers of round dots, one call a layer. Positions and colours are uploaded when they are first seen. */
export function makeDotsPass(gl: WebGL2RenderingContext) {
  const program = makeProgram(gl, vertex, fragment);
  const at = (name: string) => gl.getUniformLocation(program, name);
  const [view, radiusAt] = [at('view'), at('radius')];
  const vertices = gl.createVertexArray();
  const buffers = makeCache((data: Float32Array | Uint8Array) => upload(gl, data), (buffer) => gl.deleteBuffer(buffer));
  return ({ viewport: { window }, dots, radius, ratio }: Scene) => {
    gl.useProgram(program);
    gl.bindVertexArray(vertices);
    gl.enableVertexAttribArray(0);
    gl.enableVertexAttribArray(1);
    gl.uniform4f(view, window.x0, window.y0, window.x1, window.y1);
    for (const { points, colours, scale } of dots) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers.get(points));
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 12, 0);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers.get(colours));
      gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, 0, 0);
      gl.uniform1f(radiusAt, radius * scale * ratio);
      gl.drawArrays(gl.POINTS, 0, points.length / 3);
    }
    buffers.sweep();
  };
}

function upload(gl: WebGL2RenderingContext, data: Float32Array | Uint8Array): WebGLBuffer {
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  return buffer;
}
