import { useEffect } from 'react';
import { knobsFor } from '@/state/factory';
import { printUrl } from '@/state/url';
import { settleIsolation } from '@/workers/isolation';
import { explorer } from './explorer';

/** Isolation first, then the engine with what the URL says; from then on the address bar follows the setting. It is
 *  replaced, not pushed: "back" leaves the page. */
export function useBoot() {
  useEffect(() => {
    let gone = false;
    void settleIsolation(process.env.NEXT_PUBLIC_BASE_PATH ?? '').then(() => {
      if (!gone) void explorer.start(window.location.search);
    });
    return () => { gone = true; };
  }, []);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = explorer.store.subscribe(({ setting, engine }, before) => {
      if (!engine || setting === before.setting && engine === before.engine) return;
      clearTimeout(timer); // browsers refuse more than a hundred changes in half a minute
      timer = setTimeout(() => window.history.replaceState(window.history.state, '', address()), 250);
    });
    return () => { stop(); clearTimeout(timer); };
  }, []);
}

/** Where this very experiment is found. */
export function address(): string {
  const { setting } = explorer.store.getState();
  return `${window.location.origin}${window.location.pathname}${printUrl(setting, knobsFor(setting.index).map((knob) => knob.name))}`;
}
