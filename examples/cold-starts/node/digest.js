'use strict';

const { createHash } = require('node:crypto');

exports.handler = async ({ text = '' }) => ({
  sha256: createHash('sha256').update(text).digest('hex'),
  language: 'Node.js',
});
