import { useState } from 'react';
import { CopyButton } from '../../ui/CopyButton';
import { Icon } from '../../ui/Icon';
import type { Operation } from './openapi';
import { curl, typeName } from './openapi';
import { PropertyTable, SchemaTable } from './SchemaTable';

interface Props {
  document: unknown;
  operation: Operation;
  initiallyOpen: boolean;
}

export function OperationView({ document, operation, initiallyOpen }: Props) {
  const [open, setOpen] = useState(initiallyOpen);
  const example = curl(document, operation, location.origin);
  return (
    <article className="operation" id={operation.id}>
      <button type="button" className="operation-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron" />
        <span className={`method method-${operation.method.toLowerCase()}`}>{operation.method}</span>
        <code>{operation.path}</code>
        <span className="operation-summary">{operation.summary}</span>
        <span className="tag">{operation.scope || (operation.open ? 'public' : 'signed in')}</span>
      </button>
      {open && (
        <div className="operation-body">
          {operation.parameters.length > 0 && (
            <>
              <h3>Parameters</h3>
              <PropertyTable document={document} properties={operation.parameters} />
            </>
          )}
          {operation.body && (
            <>
              <h3>Request body</h3>
              <SchemaTable document={document} schema={operation.body} />
            </>
          )}
          {operation.responses.map((response) => (
            <div key={response.status}>
              <h3>
                {response.status === 'default' ? 'Errors' : `Answer ${response.status}`}{' '}
                <span className="muted">
                  {response.type} {response.schema && typeName(response.schema)}
                </span>
              </h3>
              {response.schema && <SchemaTable document={document} schema={response.schema} />}
            </div>
          ))}
          <h3>Example</h3>
          <pre className="code">{example}</pre>
          <CopyButton text={example} />
        </div>
      )}
    </article>
  );
}
