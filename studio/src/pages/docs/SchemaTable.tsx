import { record } from '../../api/json';
import type { JsonRecord } from '../../api/json';
import type { Property } from './openapi';
import { properties } from './openapi';

/** Deeper fields are behind a click, and not endless where a schema holds itself. */
const DEPTH = 4;

interface Props {
  document: unknown;
  schema: JsonRecord;
  depth?: number;
}

export function SchemaTable({ document, schema, depth = 0 }: Props) {
  return <PropertyTable document={document} properties={properties(document, schema)} depth={depth} />;
}

interface TableProps {
  document: unknown;
  properties: Property[];
  depth?: number;
}

export function PropertyTable({ document, properties: fields, depth = 0 }: TableProps) {
  if (fields.length === 0) {
    return null;
  }
  return (
    <ul className="properties">
      {fields.map((field) => (
        <li key={field.name}>
          <code className="property-name">{field.name}</code>
          <span className="property-type">{field.type}</span>
          {field.required && <span className="tag">required</span>}
          {field.note && <span className="property-note">{field.note}</span>}
          <Nested document={document} schema={field.schema} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

function Nested({ document, schema, depth }: Required<Props>) {
  const inner = schema.type === 'array' ? record(schema.items) : schema;
  if (depth >= DEPTH || properties(document, inner).length === 0) {
    return null;
  }
  return (
    <details>
      <summary>Its fields</summary>
      <SchemaTable document={document} schema={inner} depth={depth} />
    </details>
  );
}
