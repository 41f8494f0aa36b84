/** One WebGL2 program. Attribute 0 is `at`, attribute 1 is `colour`. */
export function makeProgram(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error('the context was lost before its shaders were made');
    gl.shaderSource(shader, `#version 300 es\n${source}`);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.bindAttribLocation(program, 0, 'at');
  gl.bindAttribLocation(program, 1, 'colour');
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(`shader program: ${gl.getProgramInfoLog(program) ?? 'not linked'}`);
  return program;
}

/** Keeps what was uploaded for as long as it is drawn: call `get` for all that a frame needs, then `sweep`. */
export function makeCache<K, V>(upload: (key: K) => V, free: (value: V) => void) {
  const kept = new Map<K, V>();
  const used = new Set<K>();
  return {
    get(key: K): V {
      used.add(key);
      const value = kept.get(key) ?? upload(key);
      kept.set(key, value);
      return value;
    },
    sweep() {
      for (const [key, value] of kept) {
        if (used.has(key)) continue;
        free(value);
        kept.delete(key);
      }
      used.clear();
    },
  };
}
