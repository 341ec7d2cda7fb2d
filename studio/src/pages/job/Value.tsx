import { CopyButton } from '../../ui/CopyButton';
import { Output } from '../../ui/Output';

/** JSON as it is, indented. */
export function Value({ title, value }: { title: string; value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <section>
      <div className="job-section-head">
        <h2>{title}</h2>
        <CopyButton text={text} />
      </div>
      <Output text={text} label={title} />
    </section>
  );
}
