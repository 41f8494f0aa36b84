import { count } from '../marks';
import { ThemeButton } from '../controls/ThemeButton';
import { CopyButton } from '../controls/CopyButton';
import { Places } from '../Places';
import { useExplorer } from './explorer';
import { address } from './useBoot';

export function Header() {
  const data = useExplorer((state) => state.built?.data ?? null);
  return (
    <header className="flex h-11 items-center gap-4 border-b border-line px-4 wide:px-6">
      <h1 className="text-lg font-semibold tracking-tight whitespace-nowrap max-sm:sr-only">Index Factory</h1>
      <Places current="Explore" />
      <p className="label hidden truncate wide:block">A Faiss factory string, built and searched for real, in this tab</p>
      <p className="ml-auto min-w-0 truncate text-sm text-ink-2 max-sm:hidden" title={data ? `${data.attribution}; ${data.licence}` : undefined}>
        {data ? `${data.title} · n = ${count(data.n)} · d = ${data.d}` : ''}
      </p>
      <div className="flex shrink-0 gap-1 max-sm:ml-auto">
        <CopyButton className="button button-quiet" label="Share" name="Share: copy the link to this experiment" text={address} />
        <ThemeButton />
      </div>
    </header>
  );
}
