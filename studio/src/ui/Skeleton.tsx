/** Grey lines in the place of what is being loaded. */
export function Skeleton({ lines, label }: { lines: number; label: string }) {
  return (
    <div className="skeletons" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="skeleton" />
      ))}
    </div>
  );
}
