/** SQLite in memory, compiled to WebAssembly: as kysely's SqliteDialect wants its database, and without a native build. */
import { SqliteDialect } from 'kysely';
import initSqlJs from 'sql.js';

export async function memoryDialect() {
  const { Database } = await initSqlJs();
  const database = new Database();
  return new SqliteDialect({ database: { prepare: (sql) => statement(database, sql), close: () => database.close() } });
}

function statement(database, sql) {
  const rows = (parameters) => {
    const prepared = database.prepare(sql);
    try {
      prepared.bind(parameters.map(plain));
      const found = [];
      while (prepared.step()) {
        found.push(prepared.getAsObject());
      }
      return found;
    } finally {
      prepared.free();
    }
  };
  return {
    reader: /^\s*(select|with|pragma)\b|\breturning\b/i.test(sql),
    all: rows,
    run: (parameters) => {
      rows(parameters);
      return { changes: database.getRowsModified() };
    },
  };
}

function plain(value) {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  return value instanceof Date ? value.toISOString() : (value ?? null);
}
