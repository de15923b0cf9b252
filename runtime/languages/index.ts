import type { LanguageId } from '../model/words.ts';
import { custom } from './custom/index.ts';
import type { Language } from './language.ts';
import { nodejs } from './nodejs/index.ts';
import { php } from './php/index.ts';
import { python } from './python/index.ts';

const members = new Map<LanguageId, Language>(
  [nodejs, python, php, custom].map((language) => [language.id, language]),
);

/** The language with this id, if it is one we can run. */
export function findLanguage(id: LanguageId): Language | undefined {
  return members.get(id);
}
