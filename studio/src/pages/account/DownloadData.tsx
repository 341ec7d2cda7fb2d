import { useMutation } from '@tanstack/react-query';
import { getMyData } from '../../api/account';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';

export function DownloadData({ locked }: { locked: boolean }) {
  const { mutate, isPending, error } = useMutation({ mutationFn: getMyData, onSuccess: save });
  return (
    <div className="setting-form">
      <ProblemBanner error={error} title="Not downloaded" />
      <Button className="setting-button" busy={isPending} disabled={locked} onClick={() => mutate()}>
        Download my data
      </Button>
    </div>
  );
}

function save(json: string) {
  const url = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'mainstay-account.json';
  link.click();
  URL.revokeObjectURL(url);
}
