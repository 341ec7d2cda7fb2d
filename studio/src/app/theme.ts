import { useState } from 'react';
import { load, save } from '../ui/storage';

export type Theme = 'system' | 'light' | 'dark';

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

function stored(): Theme {
  const value = load('theme');
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** The chosen theme, and a way to the next one. public/theme.js applies it before the first paint. */
export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState(stored);
  const next = () => {
    const chosen = NEXT[theme];
    save('theme', chosen === 'system' ? undefined : chosen);
    if (chosen === 'system') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = chosen;
    }
    setTheme(chosen);
  };
  return [theme, next];
}
