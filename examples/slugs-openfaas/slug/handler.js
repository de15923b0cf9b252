'use strict';

const longest = Number(process.env.LONGEST ?? 60);

/** A title as it may stand in an address. */
function slugOf(title) {
  const plain = title
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
}

module.exports = async (event, context) => {
  const title = typeof event.body === 'string' ? event.body : event.body?.title;
  if (!title) return context.status(400).succeed({ error: 'Give a title.' });
  const slug = slugOf(title);
  console.log('slug', slug);
  return context.status(200).headers({ 'Content-Type': 'application/json' }).succeed({ slug });
};
