import { checkDomain, FcRefused, type Fields } from './fcRules.ts';

/** Domains of the account, with the functions that their routes lead to. */
export class FcDomains {
  readonly byName = new Map<string, Fields>();
  readonly #mustExist: (name: string, qualifier: string | undefined) => void;

  /** `mustExist` throws for a function that there is not. */
  constructor(mustExist: (name: string, qualifier: string | undefined) => void) {
    this.#mustExist = mustExist;
  }

  handle(operation: string, name: string, body: Fields): Fields {
    switch (operation) {
      case 'CreateCustomDomain': {
        const domain = String(body['domainName']);
        if (this.byName.has(domain)) throw new FcRefused(409, 'DomainNameAlreadyExists');
        return this.#put(domain, body);
      }
      case 'GetCustomDomain':
        return this.#get(name);
      case 'DeleteCustomDomain':
        this.#get(name);
        this.byName.delete(name);
        return {};
      case 'UpdateCustomDomain':
        return this.#put(name, { ...this.#get(name), ...body });
      default:
        throw new Error(`no ${operation}`);
    }
  }

  #get(name: string): Fields {
    const found = this.byName.get(name);
    if (!found) throw new FcRefused(404, 'DomainNameNotFound', name);
    return found;
  }

  #put(name: string, body: Fields): Fields {
    checkDomain(body);
    for (const route of (body['routeConfig'] as { routes: Fields[] }).routes)
      this.#mustExist(String(route['functionName']), route['qualifier'] as string | undefined);
    this.byName.set(name, body);
    return body;
  }
}
