import { useEffect } from 'react';
import type { Theme } from '../state/viewSlice.ts';

const prefersDark = () => window.matchMedia('(prefers-color-scheme: dark)');

/** Whether the page is dark now. */
export const isDark = (): boolean => document.documentElement.dataset['theme'] === 'dark';

/** Puts the theme on `<html>`, where tokens and charts read it; 'system' follows the device while it lasts. */
export function useTheme(theme: Theme): void {
  useEffect(() => {
    const query = prefersDark();
    const apply = () => {
      const dark = theme === 'dark' || (theme === 'system' && query.matches);
      document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
    };
    apply();
    query.addEventListener('change', apply);
    return () => query.removeEventListener('change', apply);
  }, [theme]);
}
