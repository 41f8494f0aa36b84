import { useCallback, useLayoutEffect, useState } from 'react';
import { openRenderer, type Renderer, type Scene } from './renderer';

/** A renderer for as long as its host is on the page. Give `attach` to the host as its ref. */
export function useRenderer() {
  const [renderer, setRenderer] = useState<Renderer | null>(null);
  const attach = useCallback((host: HTMLElement | null) => {
    if (!host) return;
    let open = openRenderer(host, (next) => setRenderer((open = next)));
    setRenderer(open);
    return () => open.close();
  }, []);
  return { renderer, attach };
}

export function useDraw(renderer: Renderer | null, scene: Scene | null) {
  useLayoutEffect(() => {
    if (renderer && scene) renderer.draw(scene);
  }, [renderer, scene]);
}
