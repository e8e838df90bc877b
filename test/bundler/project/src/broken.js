import './broken.arch';
