import { expect, it } from 'vitest';
import { summarize } from './parse';

const DIFF = `diff --git a/greet.sh b/greet.sh
index 7d9f1c2..3a5c6de 100755
--- a/greet.sh
+++ b/greet.sh
@@ -1,2 +1,3 @@
 #!/usr/bin/env bash
-echo "Helo, $1!"
+echo "Hello, $1!"
+# done
diff --git a/old.txt b/old.txt
deleted file mode 100644
index e69de29..0000000
--- a/old.txt
+++ /dev/null
@@ -1 +0,0 @@
-gone
diff --git a/new file.txt b/new file.txt
new file mode 100644
index 0000000..e69de29
--- /dev/null
+++ b/new file.txt
@@ -0,0 +1 @@
+here
diff --git a/logo.png b/logo.png
new file mode 100644
index 0000000..4a1b2c3
Binary files /dev/null and b/logo.png differ
diff --git a/from.md b/to.md
similarity index 100%
rename from from.md
rename to to.md
`;

it('counts by file and in all', () => {
  const summary = summarize(DIFF);
  expect(summary).toMatchObject({ additions: 3, deletions: 2 });
  expect(
    summary.files.map(({ path, type, additions, deletions }) => [path, type, additions, deletions]),
  ).toEqual([
    ['greet.sh', 'modify', 2, 1],
    ['old.txt', 'delete', 0, 1],
    ['new file.txt', 'add', 1, 0],
    ['logo.png', 'add', 0, 0],
    ['to.md', 'rename', 0, 0],
  ]);
  expect(summary.files[3]?.binary).toBe(true);
  expect(summary.files[4]?.from).toBe('from.md');
});

it('finds nothing in nothing', () => {
  expect(summarize('')).toEqual({ files: [], additions: 0, deletions: 0, cut: false });
  expect(summarize('\n').files).toEqual([]);
});

it('keeps what a cut diff holds', () => {
  const cut = summarize(DIFF.slice(0, DIFF.indexOf('--- a/old.txt') + 13));
  expect(cut.files.map((file) => file.path)).toEqual(['greet.sh']);
  expect(cut.cut).toBe(true);
});

it('reads paths that git had to quote', () => {
  const diff = `diff --git "a/caf\\303\\251 \\"x\\".txt" "b/caf\\303\\251 \\"x\\".txt"
index 1..2 100644
--- "a/caf\\303\\251 \\"x\\".txt"
+++ "b/caf\\303\\251 \\"x\\".txt"
@@ -1 +1 @@
-a
+b
`;
  expect(summarize(diff).files.map((file) => file.path)).toEqual(['café "x".txt']);
});
