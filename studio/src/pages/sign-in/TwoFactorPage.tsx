import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { safeTarget } from '../../app/target';
import { useTitle } from '../../app/useTitle';
import { Button } from '../../ui/Button';
import { AuthCard } from './AuthCard';
import { SendTwoFactorCode } from './SendTwoFactorCode';
import { TwoFactorForm } from './TwoFactorForm';
import type { TwoFactorWay } from './twoFactorWays';
import { waysOf, WAYS } from './twoFactorWays';

const TITLE = 'One more step';

/** The second factor. The server's links lead here too, with `callbackURL` and `methods`. */
export function TwoFactorPage() {
  useTitle(TITLE);
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const target = safeTarget(query.get('callbackURL'));
  const ways = waysOf(query.get('methods'));
  const [way, setWay] = useState<TwoFactorWay>(ways[0]);
  const [sent, setSent] = useState(false);
  const [trust, setTrust] = useState(false);
  const enter = async () => {
    queries.clear();
    await navigate(target, { replace: true });
  };
  return (
    <AuthCard title={TITLE}>
      {way === 'mail' && !sent ? (
        <SendTwoFactorCode target={target} onSent={() => setSent(true)} />
      ) : (
        <TwoFactorForm
          key={way}
          way={way}
          target={target}
          trust={trust}
          onTrust={setTrust}
          onSignedIn={enter}
        />
      )}
      {ways.length > 1 && (
        <p className="divider">
          <span>or</span>
        </p>
      )}
      {ways
        .filter((other) => other !== way)
        .map((other) => (
          <Button key={other} onClick={() => setWay(other)}>
            {WAYS[other].choose}
          </Button>
        ))}
    </AuthCard>
  );
}
