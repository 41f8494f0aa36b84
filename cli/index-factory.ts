/** The command line: the engine without a browser. Exit status 0, or 2 with one line on standard error. */

const help = `index-factory explain STRING [--d 128] [--metric L2|IP] [--json]     blocks, bytes, limits, knobs, or the problem under a caret
index-factory check                                                  JSON lines in, JSON lines out: what Faiss would say
index-factory bench STRING… (--data NAME | --base F --query F) …     train, search, and measure recall and time
index-factory speed                                                  kernel speeds of this machine, one thread
index-factory build STRING --base F --out x.index                    (not available yet)
index-factory search x.index --query F --out F.ivecs                 (not available yet)

Each takes --help.`;

/** Commands are loaded when asked for, so that `check` starts without kernels and threads. */
const commands: { [name: string]: (args: string[]) => Promise<number> } = {
  explain: async (args) => (await import('./explain')).explain(args),
  check: async (args) => (await import('./check')).check(args),
  bench: async (args) => (await import('./bench')).bench(args),
  speed: async () => (await import('./speed')).speed(),
  build: (args) => notYet('build', args),
  search: (args) => notYet('search', args),
};

async function notYet(name: string, args: string[]): Promise<number> {
  const sentence = `index-factory ${name} is not available yet; index files cannot be written or read by this version`;
  if (args.includes('--help')) { console.log(sentence); return 0; }
  throw new Error(sentence);
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') { console.log(help); return 0; }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Error(`index-factory has no command "${name}"; there are ${Object.keys(commands).join(', ')}`);
  return command(args);
}

/** A reader that closes the pipe early, such as head, is no error. */
process.stdout.on('error', (problem: NodeJS.ErrnoException) => { process.exit(problem.code === 'EPIPE' ? 0 : 2); });

main(process.argv.slice(2)).then(
  (status) => { process.exitCode = status; },
  (problem: unknown) => {
    console.error((problem instanceof Error ? problem.message : String(problem)).split('\n')[0]);
    process.exitCode = 2;
  },
);
