import type { Parameter } from '@/state/setting';

/** The control of a search parameter comes into view and takes the keyboard. */
export function focusParameter(name: Parameter): void {
  const slider = document.querySelector<HTMLInputElement>(`input[aria-label="${name} slider"]`);
  slider?.scrollIntoView({ block: 'nearest' });
  slider?.focus();
}
