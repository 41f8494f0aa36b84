import type { Renderer, Scene } from '../renderer';
import { addCanvas, resize } from './canvas';
import { makeDotsPass } from './dotsPass';
import { makeRasterPass } from './rasterPass';

const software = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** A renderer on graphics hardware, or why there is none. */
export function openWebgl(host: HTMLElement, onLost: () => void): Renderer | { refused: string } {
  const canvas = addCanvas(host);
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false });
  const refused = gl ? refusal(gl) : 'this browser has no WebGL2';
  if (!gl || refused) {
    canvas.remove();
    return { refused };
  }
  const draw = tryDraw(gl, canvas);
  if (typeof draw === 'string') {
    canvas.remove();
    return { refused: draw };
  }
  const close = () => {
    canvas.removeEventListener('webglcontextlost', lost);
    canvas.remove();
  };
  const lost = () => {
    close();
    onLost();
  };
  canvas.addEventListener('webglcontextlost', lost);
  return { kind: 'WebGL2', why: rendererName(gl), draw, close };
}

function rendererName(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

function refusal(gl: WebGL2RenderingContext): string {
  if (!software.test(rendererName(gl))) return '';
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return 'WebGL2 is emulated in software here';
}

/** A driver that refuses the shaders is as good as none: the reason is told and the CPU draws. */
function tryDraw(gl: WebGL2RenderingContext, canvas: HTMLCanvasElement) {
  try {
    return makeDraw(gl, canvas);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function makeDraw(gl: WebGL2RenderingContext, canvas: HTMLCanvasElement) {
  const [rasters, dots] = [makeRasterPass(gl), makeDotsPass(gl)];
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
  return (scene: Scene) => {
    resize(canvas, scene);
    gl.viewport(0, 0, canvas.width, canvas.height);
    const [r, g, b] = scene.ground;
    gl.clearColor(r / 255, g / 255, b / 255, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    rasters(scene);
    dots(scene);
  };
}
