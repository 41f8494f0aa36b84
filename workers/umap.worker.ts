/** UMAP in a thread of its own: neither the page nor the engine waits for it. */
import { expose } from 'comlink';
import { layOut } from './umap';

const api = { layOut };
export type UmapApi = typeof api;

expose(api);
