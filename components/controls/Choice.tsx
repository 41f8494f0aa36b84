type Props<T extends string> = {
  label: string;
  value: T;
  options: readonly { value: T; text: string }[];
  onChange: (value: T) => void;
  hint?: string;
};

/** One of a few words, from a list. */
export function Choice<T extends string>({ label, value, options, onChange, hint }: Props<T>) {
  const choose = (text: string) => {
    const option = options.find((one) => one.value === text);
    if (option) onChange(option.value);
  };
  return (
    <label className="flex min-w-0 items-center gap-1.5" title={hint}>
      <span className="label">{label}</span>
      <select className="control min-w-0" value={value} onChange={(event) => choose(event.target.value)}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.text}</option>)}
      </select>
    </label>
  );
}
