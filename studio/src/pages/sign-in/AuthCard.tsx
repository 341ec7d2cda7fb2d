import type { ReactNode } from 'react';
import './sign-in.css';

/** The frame of the pages of who is not signed in. */
export function AuthCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/favicon.svg" width="40" height="40" alt="" />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
