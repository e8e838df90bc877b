export { Digits } from './digits.arch';
