import { Popover, Toolbar } from 'radix-ui';
import { useState } from 'react';
import { OfferList } from './OfferList';
import type { TermOffer } from './OfferList';

type Props = { place: string; offers: () => TermOffer[]; onChoose: (index: string) => void };

/** A station on the line where a term can be put in. */
export function AddBlock({ place, offers, onChoose }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Toolbar.Button asChild><Popover.Trigger className="flow-add" aria-label={`Add a term ${place}`} title={`Add a term ${place}`}>+</Popover.Trigger></Toolbar.Button>
      <Popover.Portal>
        <Popover.Content className="floating z-30 w-96 max-w-[calc(100vw-16px)] px-3 py-2" align="start" sideOffset={6} collisionPadding={8} aria-label={`Terms that may stand ${place}`}>
          <p className="label pb-1">What may stand {place}, and bytes per vector then</p>
          {open && <OfferList label={`Terms ${place}`} offers={offers()} onChoose={(index) => { setOpen(false); onChoose(index); }} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
