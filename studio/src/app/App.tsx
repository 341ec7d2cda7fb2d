import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { RouteObject } from 'react-router';
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router';
import { SignInPage } from '../pages/sign-in/SignInPage';
import { TasksPage } from '../pages/tasks/TasksPage';
import { NotFoundPage } from './NotFoundPage';
import {
  addressChanged,
  basename as currentBasename,
  navigateBy,
  pathIn,
  useBasename,
  visit,
} from './organization';
import { PageFailed } from './PageFailed';
import { createQueries } from './queries';
import { Shell } from './Shell';

/** Pages that show themselves to anybody. */
const OPEN = ['/sign-in', '/sign-up', '/links', '/docs'];

const routes: RouteObject[] = [
  { path: '/sign-in', element: <SignInPage /> },
  {
    path: '/sign-in/forgot',
    lazy: async () => ({ Component: (await import('../pages/sign-in/ForgotPage')).ForgotPage }),
  },
  {
    path: '/sign-in/reset',
    lazy: async () => ({ Component: (await import('../pages/sign-in/ResetPage')).ResetPage }),
  },
  {
    path: '/sign-in/two-factor',
    lazy: async () => ({ Component: (await import('../pages/sign-in/TwoFactorPage')).TwoFactorPage }),
  },
  {
    path: '/sign-up',
    lazy: async () => ({ Component: (await import('../pages/sign-up/SignUpPage')).SignUpPage }),
  },
  {
    path: '/links/:act',
    lazy: async () => ({ Component: (await import('../pages/links/LinkPage')).LinkPage }),
  },
  {
    path: '/invitations/:id',
    lazy: async () => ({
      Component: (await import('../pages/invitation/InvitationPage')).InvitationPage,
    }),
  },
  {
    element: <Shell />,
    children: [
      {
        errorElement: <PageFailed />,
        children: [
          { index: true, element: <Navigate to="/tasks" replace /> },
          { path: 'tasks', element: <TasksPage /> },
          {
            path: 'tasks/new',
            lazy: async () => ({ Component: (await import('../pages/new-task/NewTaskPage')).NewTaskPage }),
          },
          {
            path: 'tasks/:id',
            lazy: async () => ({ Component: (await import('../pages/task/TaskPage')).TaskPage }),
          },
          {
            path: 'queues',
            lazy: async () => ({ Component: (await import('../pages/queues/QueuesPage')).QueuesPage }),
          },
          {
            path: 'queues/:queue',
            lazy: async () => ({ Component: (await import('../pages/queue/QueuePage')).QueuePage }),
          },
          {
            path: 'queues/:queue/jobs/:id',
            lazy: async () => ({ Component: (await import('../pages/job/JobPage')).JobPage }),
          },
          {
            path: 'keys',
            lazy: async () => ({ Component: (await import('../pages/keys/KeysPage')).KeysPage }),
          },
          {
            path: 'account',
            lazy: async () => ({ Component: (await import('../pages/account/AccountPage')).AccountPage }),
          },
          {
            path: 'organization',
            lazy: async () => ({
              Component: (await import('../pages/organization/OrganizationPage')).OrganizationPage,
            }),
          },
          {
            path: 'admin',
            lazy: async () => ({ Component: (await import('../pages/admin/AdminLayout')).AdminLayout }),
            children: [
              { index: true, element: <Navigate to="/admin/users" replace /> },
              {
                path: 'users',
                lazy: async () => ({ Component: (await import('../pages/admin/UsersPage')).UsersPage }),
              },
              {
                path: 'users/:id',
                lazy: async () => ({ Component: (await import('../pages/admin/UserPage')).UserPage }),
              },
              {
                path: 'organizations',
                lazy: async () => ({
                  Component: (await import('../pages/admin/OrganizationsPage')).OrganizationsPage,
                }),
              },
              {
                path: 'audit-log',
                lazy: async () => ({ Component: (await import('../pages/admin/AuditPage')).AuditPage }),
              },
              {
                path: 'mails',
                lazy: async () => ({ Component: (await import('../pages/mails/MailsPage')).MailsPage }),
              },
              {
                path: 'mails/:id',
                lazy: async () => ({ Component: (await import('../pages/mails/MailPage')).MailPage }),
              },
            ],
          },
          {
            path: 'docs',
            lazy: async () => ({ Component: (await import('../pages/docs/DocsPage')).DocsPage }),
          },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
];

/** A link has led into an organization: all that follows is below its prefix. */
function OrganizationEntered() {
  useEffect(addressChanged, []);
  return null;
}

function createApp(basename: string) {
  const router = createBrowserRouter(
    [
      {
        errorElement: <PageFailed />,
        hydrateFallbackElement: <></>,
        children: [...routes, { path: '/o/:organization/*', element: <OrganizationEntered /> }],
      },
    ],
    { basename },
  );
  const queries = createQueries({
    onSignedOut: () => {
      const { pathname, search } = location;
      if (!OPEN.some((page) => pathIn(undefined, pathname).startsWith(page))) {
        visit(`/sign-in?to=${encodeURIComponent(pathname + search)}`);
      }
    },
    // The organization of the address is not the caller's any more, or has another slug now.
    onNotMember: () => {
      // Answers may come late, when another one has led away already.
      if (basename === currentBasename()) {
        visit(pathIn(undefined, location.pathname), { replace: true });
      }
    },
  });
  return { router, queries };
}

export function App() {
  const basename = useBasename();
  // Another organization is another studio: nothing that was loaded or is open stays.
  return <Studio key={basename} basename={basename} />;
}

function Studio({ basename }: { basename: string }) {
  const [{ router, queries }] = useState(() => createApp(basename));
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    const end = navigateBy((path, manner) => void router.navigate(path, manner));
    return () => {
      mounted.current = false;
      end();
      // In development effects run twice: what is mounted again at once goes on.
      setTimeout(() => mounted.current || router.dispose());
    };
  }, [router]);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
