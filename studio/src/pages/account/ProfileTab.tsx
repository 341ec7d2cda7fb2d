import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { updateUser } from '../../api/account';
import type { Account, User } from '../../api/types';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { DeleteAccount } from './DeleteAccount';
import { DownloadData } from './DownloadData';
import { PicturePreview } from './PicturePreview';
import { Setting } from '../../ui/Setting';
import { pictureFault } from './picture';

interface Props {
  user: User;
  accounts: Account[];
  locked: boolean;
}

export function ProfileTab({ user, accounts, locked }: Props) {
  return (
    <>
      <Setting title="Profile" about="What others see of you.">
        <ProfileForm user={user} locked={locked} />
      </Setting>
      <Setting
        title="Your data"
        about="Profile, sessions, keys, memberships and what else this server keeps about you, as JSON."
      >
        <DownloadData locked={locked} />
      </Setting>
      <Setting title="Delete the account" about="With its sessions and keys. It does not come back.">
        <DeleteAccount user={user} accounts={accounts} locked={locked} />
      </Setting>
    </>
  );
}

function ProfileForm({ user, locked }: { user: User; locked: boolean }) {
  const queries = useQueryClient();
  const saved = { name: user.name, image: user.image ?? '' };
  const [fields, setFields] = useState(saved);
  const { form, run, busy, errors, error, done } = useSubmit({
    check: ({ name, image }: typeof saved) => ({
      name: name === '' ? 'Tell us how to call you' : undefined,
      image: pictureFault(image),
    }),
    send: ({ name, image }: typeof saved) => updateUser(name, image),
    onDone: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['me'] }),
        queries.invalidateQueries({ queryKey: ['session'] }),
      ]),
  });
  return (
    <form
      ref={form}
      className="setting-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run({ name: fields.name.trim(), image: fields.image.trim() });
      }}
    >
      <ProblemBanner error={error} title="Not saved" />
      <Field label="Name" error={errors.name}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            name="name"
            autoComplete="name"
            maxLength={200}
            disabled={locked}
            value={fields.name}
            onChange={(event) => setFields({ ...fields, name: event.target.value })}
          />
        )}
      </Field>
      <div className="picture-field">
        <Field label="Picture" error={errors.image} hint="The address of an image, https://…; empty for none">
          {(attributes) => (
            <input
              {...attributes}
              type="url"
              name="image"
              autoComplete="photo"
              spellCheck={false}
              maxLength={2048}
              disabled={locked}
              value={fields.image}
              onChange={(event) => setFields({ ...fields, image: event.target.value })}
            />
          )}
        </Field>
        <PicturePreview name={fields.name} url={fields.image.trim()} />
      </div>
      <p className="setting-end">
        <Button type="submit" kind="primary" busy={busy} disabled={locked}>
          Save
        </Button>
        <span role="status" className="form-done">
          {done && fields.name.trim() === saved.name && fields.image.trim() === saved.image && 'Saved'}
        </span>
      </p>
    </form>
  );
}
