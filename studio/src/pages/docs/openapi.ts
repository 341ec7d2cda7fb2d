import { isRecord, list, record, text } from '../../api/json';
import type { JsonRecord } from '../../api/json';

/** The parts of an OpenAPI 3.1 document that the reference shows. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  group: string;
  scope: string;
  open: boolean;
  parameters: Property[];
  body: JsonRecord | undefined;
  responses: { status: string; type: string; schema: JsonRecord | undefined }[];
}

export interface Property {
  name: string;
  type: string;
  required: boolean;
  note: string;
  schema: JsonRecord;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export function operations(document: unknown): Operation[] {
  return Object.entries(record(record(document).paths)).flatMap(([path, methods]) =>
    METHODS.filter((method) => isRecord(record(methods)[method])).map((method) =>
      operation(path, method, record(record(methods)[method])),
    ),
  );
}

function operation(path: string, method: string, source: JsonRecord): Operation {
  return {
    id: text(source.operationId) || `${method}-${path}`,
    method: method.toUpperCase(),
    path,
    summary: text(source.summary),
    group: text(list(source.tags)[0]) || 'other',
    scope: text(source['x-scope']),
    open: list(source.security).length === 0,
    parameters: list(source.parameters)
      .map(record)
      .map((parameter) => ({
        name: text(parameter.name),
        type: `${typeName(record(parameter.schema))}, in ${text(parameter.in)}`,
        required: parameter.required === true,
        note: text(parameter.description),
        schema: record(parameter.schema),
      })),
    body: schemaOf(record(source.requestBody).content)?.schema,
    responses: Object.entries(record(source.responses)).map(([status, response]) => ({
      status,
      type: schemaOf(record(response).content)?.type ?? '',
      schema: schemaOf(record(response).content)?.schema,
    })),
  };
}

function schemaOf(content: unknown): { type: string; schema: JsonRecord } | undefined {
  const [entry] = Object.entries(record(content));
  return entry && { type: entry[0], schema: record(record(entry[1]).schema) };
}

/** Follows a reference into the document's components. */
export function resolve(document: unknown, schema: JsonRecord): JsonRecord {
  const name = refName(schema);
  return name === undefined ? schema : record(record(record(record(document).components).schemas)[name]);
}

export function refName(schema: JsonRecord): string | undefined {
  return text(schema.$ref).split('/').pop() || undefined;
}

export function typeName(schema: JsonRecord): string {
  const name = refName(schema);
  if (name !== undefined) return name;
  if (Array.isArray(schema.enum)) return schema.enum.map((word) => JSON.stringify(word)).join(' | ');
  if (schema.type === 'array') return `${typeName(record(schema.items))}[]`;
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : text(schema.type) || 'any';
  return text(schema.format) ? `${type} (${text(schema.format)})` : type;
}

export function properties(document: unknown, schema: JsonRecord): Property[] {
  const resolved = resolve(document, schema);
  const object = resolved.type === 'array' ? resolve(document, record(resolved.items)) : resolved;
  const required = list(object.required);
  return Object.entries(record(object.properties)).map(([name, value]) => ({
    name,
    type: typeName(record(value)),
    required: required.includes(name),
    note: [text(record(value).description), bounds(record(value))].filter(Boolean).join('; '),
    schema: record(value),
  }));
}

function bounds(schema: JsonRecord): string {
  const parts: string[] = [];
  const between = (low: unknown, high: unknown, unit: string) => {
    if (typeof low === 'number' && typeof high === 'number') parts.push(`${low} to ${high}${unit}`);
    else if (typeof high === 'number') parts.push(`at most ${high}${unit}`);
    else if (typeof low === 'number') parts.push(`at least ${low}${unit}`);
  };
  between(schema.minimum, schema.maximum, '');
  between(schema.minLength, schema.maxLength, ' characters');
  return parts.join(', ');
}

/** A request that can be pasted into a shell. */
export function curl(document: unknown, operation: Operation, origin: string): string {
  const lines = [
    `curl ${origin}${operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`)}`,
  ];
  if (operation.method !== 'GET' && !(operation.method === 'POST' && operation.body)) {
    lines[0] = lines[0]?.replace('curl ', `curl -X ${operation.method} `) ?? '';
  }
  if (!operation.open) {
    lines.push('-H "Authorization: Bearer $MAINSTAY_KEY"');
  }
  if (operation.body) {
    lines.push(
      '-H "Content-Type: application/json"',
      `-d '${JSON.stringify(example(document, operation.body, 0))}'`,
    );
  }
  return lines.join(' \\\n  ');
}

const DEPTH = 3;

/** The required part of a schema, with a value of each field's type. */
export function example(document: unknown, schema: JsonRecord, depth: number): unknown {
  const resolved = resolve(document, schema);
  if (Array.isArray(resolved.enum)) return resolved.enum[0] as unknown;
  switch (resolved.type) {
    case 'string':
      return '…';
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return depth >= DEPTH ? [] : [example(document, record(resolved.items), depth + 1)];
    default: {
      const required = properties(document, resolved).filter((property) => property.required);
      return Object.fromEntries(
        required.map((property) => [
          property.name,
          depth >= DEPTH ? null : example(document, property.schema, depth + 1),
        ]),
      );
    }
  }
}
