import { useEffect, useRef, useState } from 'react';
import { isRecord } from '../../api/json';
import { initials, pictureFault } from './picture';

const SETTLED_MILLIS = 600;

/**
 * The picture as it is being chosen, above the initials. A frame shows it: this page may load images from its own server
 * alone, so that nothing in it can be made to carry data away.
 */
export function PicturePreview({ name, url }: { name: string; url: string }) {
  const settled = useSettled(pictureFault(url) === undefined ? url : '');
  return (
    <div className="picture-preview">
      <span className="picture" aria-hidden="true">
        {initials(name)}
        {settled !== '' && <Frame key={settled} url={settled} />}
      </span>
    </div>
  );
}

function Frame({ url }: { url: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.source === frame.current?.contentWindow && isRecord(event.data)) {
        setFailed(event.data.picture === 'failed');
      }
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, []);
  return (
    <>
      <iframe
        ref={frame}
        title="Preview of the picture"
        src={`/picture.html#${encodeURIComponent(url)}`}
        sandbox="allow-scripts"
        tabIndex={-1}
      />
      {failed && <span className="picture-failed">Cannot be loaded</span>}
    </>
  );
}

/** A value once it has not changed for a moment: half of an address is not asked for. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MILLIS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
