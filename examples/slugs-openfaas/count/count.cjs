'use strict';

const { readFileSync } = require('node:fs');

const text = readFileSync(0, 'utf8');
const words = text.split(/\s+/).filter(Boolean);
console.error(`read ${text.length} characters, ${process.env.Http_Method} ${process.env.Http_Path}`);
process.stdout.write(JSON.stringify({ words: words.length, characters: [...text].length }));
