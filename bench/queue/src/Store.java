/** What a queue keeps its jobs in. */
enum Store {
  MEMORY("Memory"),
  SQLITE("SQLite"),
  POSTGRES("PostgreSQL"),
  REDIS("Redis");

  final String title;

  Store(String title) {
    this.title = title;
  }
}
