import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router';
import { SignInPage } from '../pages/sign-in/SignInPage';
import { TasksPage } from '../pages/tasks/TasksPage';
import { NotFoundPage } from './NotFoundPage';
import { createQueries } from './queries';
import { Shell } from './Shell';

/** Pages that show themselves to anybody. */
const OPEN = ['/sign-in', '/sign-up', '/links', '/docs'];

function createApp() {
  const router = createBrowserRouter([
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
      hydrateFallbackElement: <></>,
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
  ]);
  const queries = createQueries(() => {
    const { pathname, search } = router.state.location;
    if (!OPEN.some((page) => pathname.startsWith(page))) {
      void router.navigate(`/sign-in?to=${encodeURIComponent(pathname + search)}`);
    }
  });
  return { router, queries };
}

export function App() {
  const [{ router, queries }] = useState(createApp);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
