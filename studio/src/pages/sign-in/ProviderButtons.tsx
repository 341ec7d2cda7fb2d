import { useMutation, useQuery } from '@tanstack/react-query';
import type { ProviderTargets } from '../../api/social';
import { listProviders, signInAt } from '../../api/social';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { ProviderMark } from '../../ui/ProviderMark';
import './provider-buttons.css';

/** The ways in by an account elsewhere, above the one by mail; nothing where there are none. */
export function ProviderButtons({ targets }: { targets: ProviderTargets }) {
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: ({ signal }) => listProviders(signal),
    staleTime: Infinity,
  });
  const go = useMutation({
    mutationFn: (provider: string) => signInAt(provider, targets),
    onSuccess: (url) => location.assign(url),
  });
  // The page stays until the provider's has come.
  const leaving = go.isPending || go.isSuccess;
  if (!providers.data || providers.data.length === 0) return null;
  return (
    <section className="provider-buttons" aria-label="Sign in by an account elsewhere">
      <ProblemBanner error={go.error} title="Not signed in" />
      {providers.data.map(({ id, name }) => (
        <Button
          key={id}
          busy={leaving && go.variables === id}
          disabled={leaving}
          onClick={() => go.mutate(id)}
        >
          <ProviderMark id={id} name={name} />
          Continue with {name}
        </Button>
      ))}
      <p className="divider">
        <span>or by mail</span>
      </p>
    </section>
  );
}
