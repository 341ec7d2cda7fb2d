import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { getMail, retryMail } from '../../api/mails';
import type { Mail } from '../../api/types';
import { useSendsMail } from '../../app/signInOptions';
import { useTitle } from '../../app/useTitle';
import { pieces } from '../../format/links';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Detail } from '../../ui/Detail';
import { NotLoaded } from '../../ui/NotLoaded';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { MailStateBadge } from '../../ui/StatusBadge';
import { RelativeTime } from '../../ui/Time';
import './mails.css';

export function MailPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['mail', id], queryFn: ({ signal }) => getMail(id, signal) });
  useTitle(query.data?.subject ?? 'Mail');
  if (!query.data) {
    return <NotLoaded what="mail" error={query.error} />;
  }
  return <LoadedMail mail={query.data} />;
}

function LoadedMail({ mail }: { mail: Mail }) {
  const sendsMail = useSendsMail();
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryMail(mail.id),
    onSuccess: (changed) => {
      queries.setQueryData(['mail', mail.id], changed);
      void queries.invalidateQueries({ queryKey: ['mails'] });
    },
  });
  return (
    <div className="page page-narrow">
      <p className="crumbs">
        <Link to="/admin/mails">Mails</Link>
      </p>
      <header className="page-head">
        <h1>{mail.subject}</h1>
        <MailStateBadge state={mail.state} />
        {mail.state !== 'sent' && (
          <Button icon="retry" busy={retry.isPending} onClick={() => retry.mutate()}>
            {mail.state === 'logged' && !sendsMail ? 'Write to the log again' : 'Try now'}
          </Button>
        )}
      </header>
      <ProblemBanner error={retry.error} title="Not tried" />
      {mail.lastError && mail.state !== 'sent' && (
        <Banner tone={mail.state === 'failed' ? 'error' : 'warning'} title="The last attempt failed">
          {mail.lastError}
        </Banner>
      )}
      <dl className="mail-details">
        <Detail label="To">
          <span className="break">{mail.to}</span>
        </Detail>
        <Detail label="Kind">{mail.kind}</Detail>
        <Detail label="Written">
          <RelativeTime at={mail.createdAt} />
        </Detail>
        <Detail label="Sent">
          {mail.sentAt ? (
            <RelativeTime at={mail.sentAt} />
          ) : mail.state === 'logged' ? (
            'no, only written to the server’s log'
          ) : (
            'not yet'
          )}
        </Detail>
        <Detail label="Attempts">{mail.attempts}</Detail>
      </dl>
      {mail.text === undefined || mail.text === null ? (
        <p className="muted">
          {mail.state === 'sent'
            ? 'The text is not kept once a mail was sent.'
            : 'The text cannot be read: the key that sealed it is not configured any more.'}
        </p>
      ) : (
        <MailText text={mail.text} />
      )}
    </div>
  );
}

function MailText({ text }: { text: string }) {
  return (
    <section aria-label="Text">
      <p className="mail-text">
        {pieces(text).map((piece, index) =>
          piece.href ? (
            <a key={index} href={piece.href} rel="noreferrer">
              {piece.text}
            </a>
          ) : (
            piece.text
          ),
        )}
      </p>
      <p className="muted">Anyone who opens these links acts as the recipient.</p>
    </section>
  );
}
