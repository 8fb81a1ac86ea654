import { registerDecorator, type ValidationArguments } from 'class-validator';

import { LicenseError } from '@latchkey/license/protocol';

/**
 * The variable must be text that `parse` reads. What `parse` throws is the message; the value itself is never
 * repeated here, so a secret stays out of the error.
 *
 * @param parse throws {@link LicenseError} for text it refuses; empty text means that the variable is not set
 */
export function Reads(parse: (text: string) => unknown): PropertyDecorator {
  return (target, name) => {
    registerDecorator({
      name: 'reads',
      target: target.constructor,
      propertyName: String(name),
      validator: {
        validate: (text) => problemOf(parse, text) === null,
        defaultMessage: (found?: ValidationArguments) => problemOf(parse, found?.value) ?? '',
      },
    });
  };
}

function problemOf(parse: (text: string) => unknown, text: unknown): string | null {
  try {
    parse(String(text));
    return null;
  } catch (error) {
    // class-validator puts the value where a message says $value: nobody's key may get there.
    if (error instanceof LicenseError) return error.message.replaceAll('$', '');
    throw error;
  }
}
