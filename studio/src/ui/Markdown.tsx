import type { ComponentProps } from 'react';
import { memo } from 'react';
import type { Components } from 'react-markdown';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

const PLUGINS = [remarkGfm];

/**
 * What a model writes is not trusted. Raw HTML stays text, and images are links: one that loaded by itself could carry
 * what the model has read to whoever answers for its address.
 */
const COMPONENTS: Components = {
  a: ({ href, children }: ComponentProps<'a'>) => <OutLink href={href}>{children}</OutLink>,
  img: ({ src, alt }: ComponentProps<'img'>) => (
    <OutLink href={typeof src === 'string' ? src : undefined}>{`[image: ${alt || 'untitled'}]`}</OutLink>
  ),
  table: ({ children }: ComponentProps<'table'>) => (
    <div className="table-scroll">
      <table>{children}</table>
    </div>
  ),
};

function OutLink({ href, children }: ComponentProps<'a'>) {
  if (!href || !/^https?:/i.test(href)) {
    return <span>{children}</span>;
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
    </a>
  );
}

export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  );
});
