import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewApp } from '../../api/twoFactor';
import { disableTwoFactor, enableApp, newBackupCodes } from '../../api/twoFactor';
import type { User } from '../../api/types';
import { Button } from '../../ui/Button';
import { BackupCodes } from './BackupCodes';
import { ConfirmApp } from './ConfirmApp';
import { ByPassword } from './ByPassword';

interface Props {
  user: User;
  byPassword: boolean;
  locked: boolean;
}

type Step =
  | { name: 'rest' | 'enable' | 'disable' | 'renew' }
  | { name: 'confirm'; app: NewApp }
  | { name: 'codes'; codes: string[] };

const REST: Step = { name: 'rest' };

/** Turning the second factor on and off. Each takes the password, or a session of the last day where there is none. */
export function TwoFactorSetting({ user, byPassword, locked }: Props) {
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>(REST);
  const rest = () => setStep(REST);
  const changed = () => queries.invalidateQueries({ queryKey: ['session'] });
  switch (step.name) {
    case 'rest':
      return (
        <AtRest enabled={user.twoFactorEnabled} locked={locked} onChoose={(name) => setStep({ name })} />
      );
    case 'enable':
      return (
        <ByPassword
          asked={byPassword}
          label="Go on"
          failure="Not turned on"
          send={enableApp}
          onDone={(app) => setStep({ name: 'confirm', app })}
          onBack={rest}
        />
      );
    case 'confirm':
      return (
        <ConfirmApp
          app={step.app}
          onDone={async () => {
            setStep({ name: 'codes', codes: step.app.backupCodes });
            await changed();
          }}
          onBack={rest}
        />
      );
    case 'codes':
      return <BackupCodes codes={step.codes} onDone={rest} />;
    case 'disable':
      return (
        <ByPassword
          asked={byPassword}
          label="Turn it off"
          failure="Not turned off"
          danger
          send={disableTwoFactor}
          onDone={async () => {
            await changed();
            rest();
          }}
          onBack={rest}
        />
      );
    case 'renew':
      return (
        <ByPassword
          asked={byPassword}
          label="Make new codes"
          failure="No codes were made"
          send={newBackupCodes}
          onDone={(codes) => setStep({ name: 'codes', codes })}
          onBack={rest}
        />
      );
  }
}

interface AtRestProps {
  enabled: boolean;
  locked: boolean;
  onChoose: (step: 'enable' | 'disable' | 'renew') => void;
}

function AtRest({ enabled, locked, onChoose }: AtRestProps) {
  if (!enabled) {
    return (
      <Button disabled={locked} onClick={() => onChoose('enable')}>
        Set up an app …
      </Button>
    );
  }
  return (
    <div className="setting-form">
      <p>
        <span className="tag">on</span> You are asked for a code when you sign in.
      </p>
      <div className="actions">
        <Button disabled={locked} onClick={() => onChoose('renew')}>
          New backup codes …
        </Button>
        <Button kind="danger" disabled={locked} onClick={() => onChoose('disable')}>
          Turn it off …
        </Button>
      </div>
    </div>
  );
}
