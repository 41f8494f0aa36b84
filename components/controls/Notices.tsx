type Props = { notices: { field: string; message: string }[]; onDismiss: (field: string) => void };

/** What had to be replaced in what the visitor asked for, until they have read it. */
export function Notices({ notices, onDismiss }: Props) {
  if (notices.length === 0) return null;
  return (
    <div role="status" className="mx-4 mt-2 rounded-md border border-line bg-panel wide:mx-6">
      <ul aria-label="Notices" className="divide-y divide-line">
        {notices.map(({ field, message }) => (
          <li key={field} className="flex items-center gap-3 pr-1 pl-3">
            <p className="min-w-0 grow text-sm">{message}</p>
            <button type="button" className="button button-quiet button-small" onClick={() => onDismiss(field)}>Dismiss<span className="sr-only"> the notice about {field}</span></button>
          </li>
        ))}
      </ul>
    </div>
  );
}
