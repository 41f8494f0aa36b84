/** The places of the site. Plain links: each place starts the engine afresh, and Explore's address is an experiment. */
const base = process.env.NEXT_PUBLIC_BASE_PATH ?? '';
const PLACES = [{ name: 'Explore', href: `${base}/` }, { name: 'Reference', href: `${base}/reference` }];

export function Places({ current }: { current: string }) {
  return (
    <nav aria-label="Places" className="flex gap-4">
      {PLACES.map(({ name, href }) => <a key={name} href={href} aria-current={name === current ? 'page' : undefined} className={name === current ? 'font-medium underline decoration-2 underline-offset-8' : 'text-ink-2 hover:text-ink'}>{name}</a>)}
    </nav>
  );
}
