/**
 * Stands in for the native module `@vscode/spdlog` in the browser-served editor, so that installing it needs no
 * compiler. Without this module the log output channels of extensions stay empty. Same interface, plain files.
 */
const fs = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  constructor(_kind, _name, file, maxBytes, maxFiles) {
    this.file = file;
    this.maxBytes = maxBytes;
    this.maxFiles = maxFiles;
    this.level = 2;
    this.plain = false;
    this.fd = fs.openSync(file, 'a');
    this.bytes = fs.fstatSync(this.fd).size;
  }

  write(level, message) {
    if (level < this.level || this.fd === undefined) return;
    const text = this.plain ? message : `${timestamp()} [${levels[level]}] ${message}\n`;
    const data = Buffer.from(text);
    if (this.bytes > 0 && this.bytes + data.length > this.maxBytes) this.rotate();
    fs.writeSync(this.fd, data);
    this.bytes += data.length;
  }

  rotate() {
    fs.closeSync(this.fd);
    const { dir, name, ext } = path.parse(this.file);
    const numbered = (n) => (n === 0 ? this.file : path.join(dir, `${name}.${n}${ext}`));
    for (let n = this.maxFiles - 1; n > 0; n--)
      if (fs.existsSync(numbered(n - 1))) fs.renameSync(numbered(n - 1), numbered(n));
    this.fd = fs.openSync(this.file, 'w');
    this.bytes = 0;
  }

  trace(message) {
    this.write(0, message);
  }
  debug(message) {
    this.write(1, message);
  }
  info(message) {
    this.write(2, message);
  }
  warn(message) {
    this.write(3, message);
  }
  error(message) {
    this.write(4, message);
  }
  critical(message) {
    this.write(5, message);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {
    // The editor asks for one pattern only, the one `write` uses.
    this.plain = false;
  }
  clearFormatters() {
    this.plain = true;
  }
  flush() {}
  drop() {
    if (this.fd !== undefined) fs.closeSync(this.fd);
    this.fd = undefined;
  }
}

function timestamp() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
    .toISOString()
    .slice(0, 23)
    .replace('T', ' ');
}

async function create(kind, name, file, maxBytes, maxFiles) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger(kind, name, file, maxBytes, maxFiles);
}

exports.version = 10000;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = (...args) => create('rotating', ...args);
exports.createAsyncRotatingLogger = (...args) => create('rotating_async', ...args);
