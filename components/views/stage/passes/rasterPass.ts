import type { Raster, Scene } from '../renderer';
import { makeCache, makeProgram } from './program';

const vertex = `
uniform vec4 view; // x0 y0 x1 y1 of the viewport
uniform vec4 place; // x0 y0 x1 y1 of the raster
out vec2 texel;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  texel = vec2(corner.x, 1. - corner.y);
  vec2 at = mix(place.xy, place.zw, corner);
  gl_Position = vec4((at - view.xy) / (view.zw - view.xy) * 2. - 1., 0., 1.);
}`;
const fragment = `
precision mediump float;
uniform sampler2D raster;
uniform float alpha;
in vec2 texel;
out vec4 colour;
void main() { colour = vec4(texture(raster, texel).rgb, alpha); }`;

/** Paints rasters as textured rectangles, smoothed between pixels: the borders drawn above hide the blur. */
export function makeRasterPass(gl: WebGL2RenderingContext) {
  const program = makeProgram(gl, vertex, fragment);
  const at = (name: string) => gl.getUniformLocation(program, name);
  const [view, place, alphaAt] = [at('view'), at('place'), at('alpha')];
  const bare = gl.createVertexArray();
  const textures = makeCache((raster: Raster) => upload(gl, raster), (texture) => gl.deleteTexture(texture));
  return ({ viewport: { window }, rasters }: Scene) => {
    gl.useProgram(program);
    gl.bindVertexArray(bare);
    gl.uniform4f(view, window.x0, window.y0, window.x1, window.y1);
    for (const { raster, alpha } of rasters) {
      gl.bindTexture(gl.TEXTURE_2D, textures.get(raster));
      gl.uniform4f(place, raster.window.x0, raster.window.y0, raster.window.x1, raster.window.y1);
      gl.uniform1f(alphaAt, alpha);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
    textures.sweep();
  };
}

function upload(gl: WebGL2RenderingContext, { pixels, width, height }: Raster): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
  return texture;
}
