import type { Client } from '../workers/client';
import { createAsking } from './asking';
import type { SliceAsk } from './asking';
import { build } from './building';
import { openSession, spoken } from './session';
import type { LayOut, Session } from './session';
import { parameters } from './setting';
import type { Setting } from './setting';
import { createState } from './store';
import type { Store } from './store';
import { sweepSoon } from './sweep';
import { readUrl } from './url';

/** What the page can do. Every change of the setting goes through `change`; what the engine is asked follows from it. */
export type Explorer = {
  store: Store;
  /** Once, with the URL's query string: starts the engine and builds what the URL says. */
  start: (search: string) => Promise<void>;
  change: (action: (setting: Setting) => Setting) => void;
  /** The query follows the pointer: searched at every step; the plane hears of it when it is let go. */
  drag: (action: (setting: Setting) => Setting, done: boolean) => void;
  build: () => void;
  cancel: () => void;
  /** The same query again. */
  rerun: () => void;
  slice: (ask: SliceAsk) => void;
  dismiss: (field: string) => void;
};

export function createExplorer(engine: () => Client, layOut: LayOut): Explorer {
  const store = createState();
  const session = openSession(store, engine, layOut);
  const asking = createAsking(session);
  const rebuild = () => build(session).then(() => { asking.look(); asking.near(); if (store.getState().setting.plane === 'umap') asking.plane(); });
  return {
    store,
    start: (search) => start(session, search, rebuild),
    change(action) {
      const before = store.getState().setting;
      const setting = action(before);
      store.setState({ setting });
      const { rebuilt, searched, planed, looked, chosen, swept } = consequences(before, setting);
      if (rebuilt) return void rebuild();
      if (searched) asking.search();
      if (planed) asking.plane();
      if (looked) asking.look();
      if (chosen) asking.near();
      if (swept) sweepSoon(session);
    },
    drag(action, done) {
      store.setState(({ setting }) => ({ setting: action(setting) }));
      asking.search();
      asking.look();
      if (done) asking.plane();
    },
    build: () => void rebuild(),
    cancel() {
      session.generation++;
      engine().cancel();
      store.setState({ job: null, sweep: null });
    },
    rerun: asking.search,
    slice: asking.slice,
    dismiss: (field) => store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.field !== field) })),
  };
}

async function start(session: Session, search: string, build: () => Promise<void>) {
  const { getState, setState } = session.store;
  if (getState().engine || getState().job) return;
  setState({ ...readUrl(search), job: { name: 'start', progress: null } });
  try {
    setState({ engine: await session.engine().call('start', {}), job: null });
    await build();
  } catch (thrown) {
    setState({ job: null, failure: spoken(thrown) });
  }
}

/** Which answers a change makes old. The string alone waits until it is built by hand: it is wrong while it is typed. */
function consequences(before: Setting, after: Setting) {
  const changed = (...fields: (keyof Setting)[]) => fields.some((field) => before[field] !== after[field]);
  const measured = changed('k', ...parameters);
  return {
    rebuilt: changed('data', 'n', 'metric', 'seed', 'opq'),
    searched: measured || changed('query'),
    planed: changed('query', 'plane'),
    looked: measured || changed('query', 'view', 'selected'),
    chosen: changed('selected', 'k'),
    swept: measured,
  };
}
