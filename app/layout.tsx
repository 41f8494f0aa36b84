import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import '@/components/theme.css';

export const metadata: Metadata = {
  title: 'Index Factory Explorer',
  description: 'Type a Faiss factory string, watch it train and search on real vectors in your browser, and see where the recall went.',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

/** Before the first paint, so that a dark room stays dark: the theme chosen earlier, else the system's. */
const theme = `try{var t=localStorage.getItem('theme')}catch(e){}
document.documentElement.dataset.theme=t==='light'||t==='dark'?t:matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'`;

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head><script dangerouslySetInnerHTML={{ __html: theme }} /></head>
      <body>{children}</body>
    </html>
  );
}
