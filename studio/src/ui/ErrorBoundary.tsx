import type { ReactNode } from 'react';
import { Component } from 'react';
import { Banner } from './Banner';
import { Button } from './Button';

interface Props {
  /** Another value is another page: the error of the one before is forgotten. */
  page: string;
  children: ReactNode;
}

interface State {
  error: Error | undefined;
  page: string;
}

/** Keeps an error of one page from taking the others with it. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined, page: this.props.page };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.page === state.page ? null : { page: props.page, error: undefined };
  }

  override render() {
    if (!this.state.error) {
      return this.props.children;
    }
    return (
      <div className="page">
        <Banner tone="error" title="This page failed">
          {this.state.error.message}
        </Banner>
        <p>
          <Button onClick={() => location.reload()}>Load it again</Button>
        </p>
      </div>
    );
  }
}
