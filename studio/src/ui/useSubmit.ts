import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { problemFields } from '../format/problems';

type Errors = Record<string, string | undefined>;

interface Options<V, T> {
  /** What is wrong at which field, seen before anything is sent. It names every field that shows what is wrong. */
  check?: (values: V) => Errors;
  send: (values: V) => Promise<T>;
  onDone?: (result: T, values: V) => unknown;
}

/** Sends a form: once at a time, with what is wrong at its fields, and the focus on the first of it. */
export function useSubmit<V, T>({ check, send, onDone }: Options<V, T>) {
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<Errors>({});
  const mutation = useMutation({ mutationFn: send, onSuccess: (result, values) => onDone?.(result, values) });
  const told = problemFields(mutation.error);
  const shown = mutation.variables === undefined ? {} : (check?.(mutation.variables) ?? {});
  const atFields = Object.entries(told).filter(([field]) => field in shown);
  // After the render that marks what is wrong: only then is there something to find.
  useEffect(() => focusError(form.current), [mutation.error, wrong]);
  const run = (values: V) => {
    if (mutation.isPending) return;
    const found = Object.entries(check?.(values) ?? {}).filter(([, fault]) => fault !== undefined);
    mutation.reset();
    setWrong(Object.fromEntries(found));
    if (found.length === 0) {
      mutation.mutate(values);
    }
  };
  return {
    form,
    run,
    busy: mutation.isPending,
    /** Of the work that is under way, or was last. */
    values: mutation.variables,
    errors: { ...Object.fromEntries(atFields), ...wrong },
    /** What is not shown at a field. */
    error: atFields.length === 0 ? mutation.error : null,
    done: mutation.isSuccess,
    reset: () => {
      setWrong({});
      mutation.reset();
    },
  };
}

function focusError(form: HTMLFormElement | null): void {
  const first =
    form?.querySelector<HTMLElement>('[aria-invalid="true"]') ??
    form?.querySelector<HTMLElement>('.banner-error');
  first?.focus();
}
