import { byId } from './dom.js';
import { say } from './status.js';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const signs: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };
const key = 'archc-playground-theme';

/** Light or dark as the system has it, or as the reader chooses with the button in the header. */
export function startTheme(): void {
  const button = byId<HTMLButtonElement>('theme');
  let theme = stored();
  const apply = () => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = signs[theme];
    button.setAttribute('aria-label', `Theme: ${theme}`);
  };
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
    apply();
    store(theme);
    say(theme === 'system' ? 'The theme is that of the system' : `The theme is ${theme}`);
  });
  apply();
}

/** Browsers that block storage have the theme of the system in each visit. */
function stored(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system';
  } catch {
    return 'system';
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // The choice lasts as long as the page.
  }
}
