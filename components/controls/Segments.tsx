type Props<T extends string> = {
  label: string;
  value: T;
  options: readonly { value: T; text: string }[];
  onChange: (value: T) => void;
  disabled?: boolean;
};

/** Two or three choices side by side. */
export function Segments<T extends string>({ label, value, options, onChange, disabled = false }: Props<T>) {
  return (
    <div role="group" aria-label={label} className="segments">
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value} disabled={disabled} onClick={() => onChange(option.value)}>{option.text}</button>
      ))}
    </div>
  );
}
