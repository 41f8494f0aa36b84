/** Where a curve over a parameter would stand, for an index that has none. */
export function NoParameter({ label, height }: { label: string | undefined; height: number }) {
  return (
    <p className="label grid place-items-center px-4 text-center" style={{ height }}>
      {label ? `${label} has no search parameter: it stands as one point in “Recall against speed”.` : 'Build an index to measure it.'}
    </p>
  );
}
