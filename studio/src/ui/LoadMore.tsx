import { Button } from './Button';

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

/** The end of a list that has more. */
export function LoadMore({ query }: Props) {
  return query.hasNextPage ? (
    <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      Load more
    </Button>
  ) : null;
}
