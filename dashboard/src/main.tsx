// The page's beginning.
import {render} from 'preact';
import {App} from './app';
import {setLocale} from './format';
import './style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/controls.css';
import './style/pieces.css';
import './style/tables.css';
import './style/case.css';
import './style/pages.css';
import './style/states.css';
import './style/media.css';
import {applyTheme} from './theme';

applyTheme();
setLocale(navigator.language);
render(<App />, document.getElementById('app')!);
