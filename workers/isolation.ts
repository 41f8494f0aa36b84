/** Shared memory needs a cross-origin isolated page. Where the host sends the headers it is one already; elsewhere a
 *  service worker adds them and the page is loaded once more. Settled before the engine starts: true when isolated. */

const tried = 'isolation-tried';

export async function settleIsolation(basePath: string): Promise<boolean> {
  if (window.crossOriginIsolated) {
    sessionStorage.removeItem(tried);
    return true;
  }
  if (!window.isSecureContext || !('serviceWorker' in navigator) || sessionStorage.getItem(tried)) return false;
  try {
    await navigator.serviceWorker.register(`${basePath}/coi-sw.js`, { scope: `${basePath}/` });
    await within(3000, navigator.serviceWorker.ready);
    if (!navigator.serviceWorker.controller) await within(2000, controlled());
  } catch {
    return false; // service workers refused: one thread it is
  }
  sessionStorage.setItem(tried, '1');
  window.location.reload();
  return new Promise(() => {}); // the page that asks is about to go
}

const controlled = () => new Promise<void>((resolve) => {
  navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true });
});

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`no service worker after ${ms} ms`)), ms));
  return Promise.race([promise, late]);
}
