import { testPage } from './program-page.js';

testPage('sessions');
