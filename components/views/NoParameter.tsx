/** Where a curve over a parameter would stand, for an index that has none: its one value. */
export function NoParameter({ value, label, height }: { value: string | null; label: string | undefined; height: number }) {
  return (
    <div className="flex flex-col gap-1 pt-2" style={{ height }}>
      <p className="text-xl font-medium">{value ?? '\u00a0'}</p>
      <p className="label">{label ? `${label} has no search parameter: one point, and no curve.` : 'An index without a search parameter is one point, and no curve.'}</p>
    </div>
  );
}
