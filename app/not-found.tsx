export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center gap-3 p-6 text-center">
      <h1 className="text-xl">There is no page here</h1>
      {/* A plain link: the explorer's address also carries an experiment, which a full load reads afresh. */}
      <a className="underline" href={`${process.env.NEXT_PUBLIC_BASE_PATH ?? ''}/`}>Open the explorer</a>
    </main>
  );
}
