import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';

interface Props {
  created: { name?: string | undefined; key: string };
  onClose: () => void;
}

export function NewKeySecret({ created, onClose }: Props) {
  return (
    <section className="new-key" role="status" aria-label="New key">
      <h2 className="break">Copy the key “{created.name ?? ''}” now</h2>
      <p>It is shown this once: the server keeps only its hash.</p>
      <div className="new-key-secret">
        <code>{created.key}</code>
        <CopyButton text={created.key} label="Copy key" />
        <Button kind="quiet" onClick={onClose}>
          Done
        </Button>
      </div>
    </section>
  );
}
