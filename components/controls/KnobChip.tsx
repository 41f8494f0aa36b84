import { Popover, Toolbar } from 'radix-ui';
import { ParameterSlider } from './ParameterSlider';

export type BlockKnob = { name: string; meaning: string; value: number; stops: readonly number[]; min: number; max: number };
type Props = { knob: BlockKnob; onChange: (value: number) => void };

/** The value of a search parameter at the block it belongs to; it opens the parameter's slider. */
export function KnobChip({ knob, onChange }: Props) {
  return (
    <Popover.Root>
      <Toolbar.Button asChild>
        <Popover.Trigger className="flow-knob" title={knob.meaning}>{knob.name} <strong className="font-medium text-ink">{knob.value}</strong></Popover.Trigger>
      </Toolbar.Button>
      <Popover.Portal>
        <Popover.Content className="floating z-30 w-80 max-w-[calc(100vw-16px)] px-3 py-2" align="start" sideOffset={6} collisionPadding={8} aria-label={`Search parameter ${knob.name}`}>
          <ParameterSlider {...knob} onChange={onChange} />
          <p className="label pt-1">{knob.meaning} It changes searches, not the index.</p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
