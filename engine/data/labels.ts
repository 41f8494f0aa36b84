/** How to show one vector to a person. */
export type Label =
  | { kind: 'word'; text: string }
  | { kind: 'image'; width: number; height: number; /** grey, row by row */ pixels: Uint8Array; text?: string }
  | { kind: 'number'; text: string };
