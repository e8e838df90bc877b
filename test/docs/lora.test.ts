import { testPage } from './program-page.js';

testPage('lora');
