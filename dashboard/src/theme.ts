// Light or dark: the system's choice unless the reader made one, which this browser remembers.
export type Theme = 'system' | 'light' | 'dark';

const kKey = 'meterhound.theme';

// Storage may be forbidden; then choices hold until the page is closed.
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows of some browsers refuse; nothing is lost but the memory of it.
  }
}

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function theme(): Theme {
  const stored = remembered(kKey);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function setTheme(choice: Theme): void {
  remember(kKey, choice);
  applyTheme(choice);
}

export function applyTheme(choice: Theme = theme()): void {
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}
