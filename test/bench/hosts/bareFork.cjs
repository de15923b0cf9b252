// The reference for a cold start: a forked process that loads one function, calls it and tells the result.
const [file] = process.argv.slice(2);

require(file)
  .handler({})
  .then((result) => process.send(result, () => process.disconnect()));
