import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { updateOrganization } from '../../api/organization';
import { currentOrganization, pathIn, visit } from '../../app/organization';
import { slugFault } from '../../format/slug';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { pictureFault } from '../account/picture';
import { PicturePreview } from '../account/PicturePreview';
import { useOrganization } from './useOrganization';

export function OrganizationForm() {
  const { organization, may, changed } = useOrganization();
  const queries = useQueryClient();
  const saved = { name: organization.name, slug: organization.slug, logo: organization.logo ?? '' };
  const [fields, setFields] = useState(saved);
  const locked = !may('organization:update');
  const { form, run, busy, errors, error, done } = useSubmit({
    check: ({ name, slug, logo }: typeof saved) => ({
      name: name === '' ? 'Give it a name' : undefined,
      slug: slugFault(slug),
      logo: pictureFault(logo),
    }),
    send: updateOrganization,
    onDone: async (_, { slug }) => {
      if (slug !== saved.slug && currentOrganization() === saved.slug) {
        visit(pathIn(slug, '/organization'), { replace: true });
        return;
      }
      await Promise.all([changed(), queries.invalidateQueries({ queryKey: ['organizations'] })]);
    },
  });
  const set = (change: Partial<typeof saved>) => setFields({ ...fields, ...change });
  return (
    <form
      ref={form}
      className="setting-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run({ name: fields.name.trim(), slug: fields.slug.trim(), logo: fields.logo.trim() });
      }}
    >
      <ProblemBanner error={error} title="Not saved" />
      <fieldset className="setting-form" disabled={locked}>
        <Field label="Name" error={errors.name ?? errors['data.name']}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              autoComplete="organization"
              maxLength={100}
              value={fields.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="Slug" error={errors.slug} hint="Names it in addresses, such as analytical-society">
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              className="mono"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={100}
              value={fields.slug}
              onChange={(event) => set({ slug: event.target.value })}
            />
          )}
        </Field>
        <div className="picture-field">
          <Field label="Logo" error={errors.logo} hint="The address of an image, https://…; empty for none">
            {(attributes) => (
              <input
                {...attributes}
                type="url"
                spellCheck={false}
                maxLength={2048}
                value={fields.logo}
                onChange={(event) => set({ logo: event.target.value })}
              />
            )}
          </Field>
          <PicturePreview name={fields.name} url={fields.logo.trim()} />
        </div>
      </fieldset>
      {locked ? (
        <p className="field-hint">Your role does not let you change this.</p>
      ) : (
        <p className="setting-end">
          <Button type="submit" kind="primary" busy={busy}>
            Save
          </Button>
          <span role="status" className="form-done">
            {done && fields.name.trim() === saved.name && fields.logo.trim() === saved.logo && 'Saved'}
          </span>
        </p>
      )}
    </form>
  );
}
