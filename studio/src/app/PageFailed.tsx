import { useEffect, useState } from 'react';
import { Link, useRouteError } from 'react-router';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { isChunkError, mayReload } from './chunks';
import { waitForServer } from './server';
import { useTitle } from './useTitle';

/** What is shown in place of a page that could not be loaded or drawn; the framework's own page is never seen. */
export function PageFailed() {
  const error = useRouteError();
  return isChunkError(error) ? <NotReached /> : <Broken />;
}

function Broken() {
  useTitle('Something went wrong');
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <h1>Something went wrong</h1>
      </header>
      <Banner tone="error" title="This page could not be shown">
        Try again. If it keeps happening, tell the people who run this server what you did.
      </Banner>
      <p className="form-actions">
        <Button kind="primary" onClick={() => location.reload()}>
          Try again
        </Button>{' '}
        <Link to="/tasks">Go to your tasks</Link>
      </p>
    </div>
  );
}

/**
 * Part of the studio could not be fetched. Either the server is away, and the page comes by itself when it is back; or
 * it has been upgraded under an open tab, and the page must be loaded anew, once.
 */
function NotReached() {
  useTitle('Loading');
  const [stuck, setStuck] = useState(false);
  useEffect(() => {
    const end = new AbortController();
    void waitForServer('/health/live', end.signal).then((there) => {
      if (!there) return;
      if (mayReload(sessionStorage, location.pathname, Date.now())) {
        location.reload();
      } else {
        setStuck(true);
      }
    });
    return () => end.abort();
  }, []);
  if (stuck) return <Broken />;
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <h1>The server can’t be reached</h1>
      </header>
      <div role="status">
        <Banner tone="warning" title="Trying again …">
          You may be offline, or the server may be restarting. This page loads as soon as the server answers.
        </Banner>
      </div>
      <p className="form-actions">
        <Button onClick={() => location.reload()}>Try now</Button>
      </p>
    </div>
  );
}
