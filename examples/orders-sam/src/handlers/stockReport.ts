import { catalogue } from '@lib/catalogue';

/** What a schedule hands over, as far as it is used here. */
interface ScheduledEvent {
  time: string;
}

export const handler = async ({ time }: ScheduledEvent) => {
  const limit = Number(process.env.REORDER_BELOW);
  const scarce = catalogue.filter(({ stock }) => stock < limit);
  for (const { sku, stock } of scarce) console.warn(`${sku}: only ${stock} left`);
  return { day: time.slice(0, 10), reorder: scarce.map(({ sku }) => sku) };
};
