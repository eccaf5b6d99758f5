// The page's beginning.
import {render} from 'preact';
import {App} from './app';
import {setLocale} from './format';
import './tokens.css';
import './style.css';
import {applyTheme} from './theme';

applyTheme();
setLocale(navigator.language);
render(<App />, document.getElementById('app')!);
