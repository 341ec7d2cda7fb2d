/** Pages of a repository's host about one branch and commit. */
export interface WorkLinks {
  repository: string;
  branch?: string;
  commit?: string;
  /** Where a pull request is opened. */
  request?: { url: string; label: string };
}

interface Work {
  repoUrl: string;
  branch: string | undefined;
  commit: string | undefined;
  base: string | undefined;
}

/**
 * Where a task's work can be seen. The pages of the big hosts are known by their names, and those of others by the
 * software's name in them; of any other host there is the repository alone.
 *
 * @returns undefined for a repository without a web page, such as a local path
 */
export function workLinks({ repoUrl, branch, commit, base }: Work): WorkLinks | undefined {
  if (!URL.canParse(repoUrl)) return undefined;
  const url = new URL(repoUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const repository = `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\.git$/, '')}`;
  const name = branch === undefined ? undefined : branch.split('/').map(encodeURIComponent).join('/');
  const of = (path: string, value: string | undefined) =>
    value === undefined ? undefined : `${repository}/${path}${value}`;
  const query = branch === undefined ? '' : encodeURIComponent(branch);
  const range = `${base === undefined ? '' : `${base.split('/').map(encodeURIComponent).join('/')}...`}${name ?? ''}`;
  const request = (path: string, label: string) =>
    branch === undefined || branch === base ? undefined : { url: `${repository}/${path}`, label };
  switch (software(url.hostname)) {
    case 'github':
      return {
        repository,
        branch: of('tree/', name),
        commit: of('commit/', commit),
        request: request(`compare/${range}?expand=1`, 'Create pull request'),
      };
    case 'gitlab':
      return {
        repository,
        branch: of('-/tree/', name),
        commit: of('-/commit/', commit),
        request: request(
          `-/merge_requests/new?merge_request%5Bsource_branch%5D=${query}`,
          'Create merge request',
        ),
      };
    case 'bitbucket':
      return {
        repository,
        branch: of('branch/', name),
        commit: of('commits/', commit),
        request: request(`pull-requests/new?source=${query}`, 'Create pull request'),
      };
    case 'gitea':
      return {
        repository,
        branch: of('src/branch/', name),
        commit: of('commit/', commit),
        request: request(`compare/${range}`, 'Create pull request'),
      };
    case undefined:
      return { repository };
  }
}

function software(host: string): 'github' | 'gitlab' | 'bitbucket' | 'gitea' | undefined {
  const labels = host.split('.');
  if (labels.includes('github')) return 'github';
  if (labels.includes('gitlab')) return 'gitlab';
  if (host === 'bitbucket.org') return 'bitbucket';
  if (host === 'codeberg.org' || labels.includes('gitea') || labels.includes('forgejo')) return 'gitea';
  return undefined;
}
