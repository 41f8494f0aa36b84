import type { Window2 } from '../workers/protocol';
import { coalesce } from './latest';
import { paramsOf, planeAsk, planeKeyOf, refOf, spoken, withQuery } from './session';
import type { Session } from './session';
import type { Built } from './store';
import { isLook, viewFor } from './views';

export type SliceAsk = { window: Window2; width: number; height: number; iteration: number | null };

/** The short questions: asked at every step of a slider or a drag, at most one of each kind under way. */
export type Asking = { search: () => void; plane: () => void; slice: (ask: SliceAsk) => void; look: () => void; near: () => void };

export function createAsking(session: Session): Asking {
  const search = coalesce(askSearch);
  const plane = coalesce((of: Session) => askPlane(of, () => void plane(of)));
  const slice = coalesce<SliceAsk>((ask) => askSlice(session, ask));
  const look = coalesce(askLook);
  const near = coalesce(askNear);
  return { near: () => void near(session), look: () => void look(session), search: () => void search(session), plane: () => void plane(session), slice: (ask) => void slice(ask) };
}

/** The index that may be asked now: while one is being built its own first search follows anyway. */
function live({ store }: Session): Built | null {
  const { built, job } = store.getState();
  return built?.live && !job ? built : null;
}

async function askSearch(session: Session) {
  const built = live(session);
  if (!built || built.index.unsearchable) return;
  const { generation, store } = session;
  const { setting } = store.getState();
  try {
    const search = await session.engine().call('search', { query: refOf(setting, built.data), k: setting.k, params: paramsOf(setting, built.of.index) });
    if (generation === session.generation) store.setState({ search, searchFailure: null });
  } catch (thrown) {
    if (generation === session.generation) store.setState({ searchFailure: spoken(thrown) });
  }
}

/** Nothing is asked while the view on screen is one of the plane. */
async function askLook(session: Session) {
  const built = live(session);
  if (!built) return;
  const { generation, store } = session;
  const { setting } = store.getState(), kind = viewFor(built.of.index, setting.view);
  if (!isLook(kind)) return;
  const { k } = setting, selected = setting.selected !== null && setting.selected < built.of.n ? setting.selected : null;
  try {
    const look = await session.engine().call('look', { kind, query: refOf(setting, built.data), k, params: paramsOf(setting, built.of.index), selected });
    if (generation === session.generation) store.setState({ look, searchFailure: null });
  } catch (thrown) {
    if (generation === session.generation) store.setState({ searchFailure: spoken(thrown) });
  }
}

/** The true neighbours of the vector looked at closely. */
async function askNear(session: Session) {
  const built = live(session), { generation, store } = session, { selected, k } = store.getState().setting;
  if (!built || selected === null || selected >= built.of.n) return store.setState({ near: null });
  try {
    const near = await session.engine().call('near', { id: selected, k: Math.min(k, built.of.n - 1) });
    if (generation === session.generation) store.setState({ near });
  } catch (thrown) {
    if (generation === session.generation) store.setState({ searchFailure: spoken(thrown) });
  }
}

async function askPlane(session: Session, again: () => void) {
  const built = live(session);
  if (!built) return;
  const { generation, store } = session;
  const { setting } = store.getState();
  const ref = refOf(setting, built.data);
  const ask = planeAsk(session, setting, ref), key = planeKeyOf(ask);
  if (setting.plane === 'umap') void lay(session, again);
  if (key === session.planeKey) return store.setState((state) => ({ plane: state.plane && withQuery(state.plane, ref) }));
  try {
    const plane = await session.engine().call('plane', ask);
    if (generation !== session.generation) return;
    if (ask.layout && session.laid) session.laid.sent = true;
    session.planeKey = key;
    store.setState({ plane: withQuery(plane, ref), slice: null });
  } catch (thrown) {
    if (generation === session.generation) store.setState({ searchFailure: spoken(thrown) });
  }
}

/** Lays the vectors out, once a set; the plane is asked again when they are. */
async function lay(session: Session, again: () => void) {
  const { held, store } = session;
  if (!held || session.laid?.of === held.key) return;
  const mine = { of: held.key, layout: null, sent: false }, current = () => session.laid === mine;
  session.laid = mine;
  try {
    const knn = await session.engine().call('knn', {});
    const layout = await session.layOut(knn, (done, total) => { if (current()) store.setState({ laying: { n: knn.n, done, total } }); });
    if (!current()) return;
    session.laid = { ...mine, layout };
    again();
  } catch (thrown) {
    if (!current()) return;
    session.laid = null;
    store.setState({ searchFailure: spoken(thrown) });
  } finally {
    store.setState({ laying: null });
  }
}

/** A slice of a plane that has been replaced meanwhile is dropped. */
async function askSlice(session: Session, ask: SliceAsk) {
  const built = live(session);
  if (!built?.index.ivf) return;
  const { generation, planeKey, store } = session;
  try {
    const slice = await session.engine().call('slice', ask);
    if (generation === session.generation && planeKey === session.planeKey) store.setState({ slice });
  } catch (thrown) {
    if (generation === session.generation) store.setState({ searchFailure: spoken(thrown) });
  }
}
