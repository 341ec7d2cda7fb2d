import { useInfiniteQuery } from '@tanstack/react-query';
import { listMails } from '../../api/mails';
import { messageOf } from '../../api/problem';
import { useTitle } from '../../app/useTitle';
import { Banner } from '../../ui/Banner';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { Skeleton } from '../../ui/Skeleton';
import { MailRow } from './MailRow';
import './mails.css';

/** What has just been asked for is to be seen soon: without a mail server this page is the way to it. */
const REFRESH_MILLIS = 5000;

export function MailsPage() {
  useTitle('Mails');
  const query = useInfiniteQuery({
    queryKey: ['mails'],
    queryFn: ({ pageParam, signal }) => listMails(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: (state) => (state.state.error ? false : REFRESH_MILLIS),
  });
  const mails = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Mails</h1>
          <p className="muted">Every mail of the last 30 days, and what became of it.</p>
        </div>
      </header>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={5} label="Loading mails" />}
      {query.data && mails.length === 0 && (
        <Empty title="No mails yet">
          <p>People get one when they sign up, or ask for a link or a code.</p>
        </Empty>
      )}
      {mails.length > 0 && (
        <ul className="rows" aria-label="Mails">
          {mails.map((mail) => (
            <MailRow key={mail.id} mail={mail} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </div>
  );
}
