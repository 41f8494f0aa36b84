/** At most one run is under way; of what is asked meanwhile only the latest is run. So a slider may ask at every step. */
export function coalesce<A>(run: (ask: A) => Promise<void>): (ask: A) => Promise<void> {
  let waiting: { ask: A } | null = null;
  let running: Promise<void> | null = null;

  async function drain() {
    while (waiting) {
      const { ask } = waiting;
      waiting = null;
      await run(ask);
    }
    running = null;
  }

  return (ask) => {
    waiting = { ask };
    running ??= drain();
    return running;
  };
}
