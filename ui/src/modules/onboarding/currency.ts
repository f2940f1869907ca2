// The currency a country most likely keeps books in: the register's word if it has one, else a short list.
import type { Country, Currency } from '../../gen/contract.ts';

const EURO = 'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK'.split(' ');
const OTHER: Record<string, string> = { GB: 'GBP', US: 'USD', CH: 'CHF', LI: 'CHF', SE: 'SEK', NO: 'NOK', DK: 'DKK', PL: 'PLN', CZ: 'CZK', HU: 'HUF', RO: 'RON', BG: 'BGN', JP: 'JPY', CA: 'CAD', AU: 'AUD', NZ: 'NZD', IN: 'INR', ZA: 'ZAR', BR: 'BRL', MX: 'MXN', TR: 'TRY', KW: 'KWD', AE: 'AED', SA: 'SAR', SG: 'SGD', HK: 'HKD', KR: 'KRW', IL: 'ILS' };

export function currencyOf(country: Country, currencies: Currency[]): string | null {
  const code = country.currency ?? (EURO.includes(country.code) ? 'EUR' : OTHER[country.code]);
  return code && currencies.some((c) => c.code === code) ? code : null;
}
