/** Where a curve over a parameter would stand, for an index that has none. */
export function NoParameter({ label, height }: { label: string | undefined; height: number }) {
  return (
    <p className="label grid place-items-center px-4 text-center" style={{ height }}>
      {label ?? 'This index'} has no search parameter; searched, it is one point in “Recall against speed”.
    </p>
  );
}
