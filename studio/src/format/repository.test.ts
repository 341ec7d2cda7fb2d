import { expect, test } from 'vitest';
import { workLinks } from './repository';

const work = { branch: 'mainstay/ab12', commit: 'c0ffee', base: 'main' };

test.each([
  [
    'https://github.com/you/project.git',
    'https://github.com/you/project/tree/mainstay/ab12',
    'https://github.com/you/project/commit/c0ffee',
    'https://github.com/you/project/compare/main...mainstay/ab12?expand=1',
  ],
  [
    'https://github.example.com/you/project/',
    'https://github.example.com/you/project/tree/mainstay/ab12',
    'https://github.example.com/you/project/commit/c0ffee',
    'https://github.example.com/you/project/compare/main...mainstay/ab12?expand=1',
  ],
  [
    'https://gitlab.com/group/sub/project',
    'https://gitlab.com/group/sub/project/-/tree/mainstay/ab12',
    'https://gitlab.com/group/sub/project/-/commit/c0ffee',
    'https://gitlab.com/group/sub/project/-/merge_requests/new?merge_request%5Bsource_branch%5D=mainstay%2Fab12',
  ],
  [
    'https://bitbucket.org/you/project.git',
    'https://bitbucket.org/you/project/branch/mainstay/ab12',
    'https://bitbucket.org/you/project/commits/c0ffee',
    'https://bitbucket.org/you/project/pull-requests/new?source=mainstay%2Fab12',
  ],
  [
    'http://gitea.internal:3000/you/project',
    'http://gitea.internal:3000/you/project/src/branch/mainstay/ab12',
    'http://gitea.internal:3000/you/project/commit/c0ffee',
    'http://gitea.internal:3000/you/project/compare/main...mainstay/ab12',
  ],
])('the work of %s is found', (repoUrl, branch, commit, request) => {
  const links = workLinks({ repoUrl, ...work });
  expect(links?.branch).toBe(branch);
  expect(links?.commit).toBe(commit);
  expect(links?.request?.url).toBe(request);
});

test('what is odd in a branch is encoded', () => {
  const links = workLinks({ ...work, repoUrl: 'https://github.com/a/b', branch: 'fix/#1 ?x' });
  expect(links?.branch).toBe('https://github.com/a/b/tree/fix/%231%20%3Fx');
});

test('no request is offered for the base itself, or without a push', () => {
  const repoUrl = 'https://github.com/a/b';
  expect(workLinks({ ...work, repoUrl, branch: 'main' })?.request).toBeUndefined();
  expect(workLinks({ ...work, repoUrl, branch: undefined })?.request).toBeUndefined();
});

test('of a host that is not known there is the repository', () => {
  expect(workLinks({ ...work, repoUrl: 'https://git.example.org/a.git' })).toEqual({
    repository: 'https://git.example.org/a',
  });
});

test.each(['/srv/git/a.git', 'file:///srv/git/a.git', 'javascript:alert(1)', ''])(
  '%s has no page',
  (repoUrl) => {
    expect(workLinks({ ...work, repoUrl })).toBeUndefined();
  },
);
