import { Popover } from 'radix-ui';
import { CopyButton } from './CopyButton';

type Props = {
  /** Null where Faiss would refuse the string. */
  code: () => string | null;
  disabled: boolean;
};

/** The experiment as a program for Faiss, to look at and to copy. Pasted into the factory field it is its string again. */
export function FactoryPython({ code, disabled }: Props) {
  return (
    <Popover.Root>
      <Popover.Trigger className="button button-small mt-2" disabled={disabled} title="This index in Faiss’s Python">Python</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="floating z-30 w-[42rem] max-w-[calc(100vw-16px)] px-3 py-2" align="end" sideOffset={6} collisionPadding={8} aria-label="Python for Faiss">
          <div className="flex items-center gap-3 pb-1">
            <p className="label grow">The same with Faiss, on vectors of your own</p>
            <CopyButton className="button button-small" label="Copy" name="Copy the Python" text={() => code() ?? ''} />
          </div>
          <pre className="mono max-h-[60vh] overflow-auto border-t border-line pt-2 text-xs leading-5" tabIndex={0} aria-label="Python">{code()}</pre>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
