// The documents by themselves: signed licenses and lists, license files, sealed envelopes and key files.
import fc from 'fast-check';

import {
  formatLicenseText,
  openKeyFile,
  openSealedLicense,
  parseLicenseText,
  readUnverifiedLicense,
  readUnverifiedRevocation,
  verifySignedLicense,
  verifySignedRevocation,
} from '@latchkey/license/protocol';

import { changeCompact, steps } from './change-compact.mjs';
import { assertGenuine, assertGenuineList, attempt, Breach } from './oracle.mjs';

const changed = (texts) =>
  fc
    .tuple(fc.noBias(fc.nat(texts.length - 1)), steps)
    .map(([base, program]) => changeCompact(texts[base], program, texts));

/** Signed documents, changed: read as a license, as a revocation list, and by those who only look. */
export const signedDocuments = (corpus) => ({
  name: 'signed documents',
  share: 30,
  input: changed(corpus.signedTexts),
  judge(text) {
    const license = attempt(() => verifySignedLicense(text, corpus.keys), text);
    if (license.value !== undefined) assertGenuine(license.value, corpus);
    const list = attempt(() => verifySignedRevocation(text, corpus.keys), text);
    if (list.value !== undefined) assertGenuineList(list.value, corpus);
    const shown = attempt(() => readUnverifiedLicense(text), text);
    const shownList = attempt(() => readUnverifiedRevocation(text), text);
    return [license, list, shown, shownList].map(({ code }) => code).join(' ');
  },
});

/** What mail, editors and forgers do to a license file. */
const wrappings = [
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\uFEFF${text}`,
  (text) => text.replaceAll('\n', ''),
  (text) => text.replace('-----BEGIN LICENSE-----', ''),
  (text) => text.replace('-----END LICENSE-----', ''),
  (text) => text.replaceAll('LICENSE', 'PUBLIC KEY'),
  (text) => text.toLowerCase(),
  (text) => `${text}${text}`,
  (text) => `Dear customer,\n${text}`,
  (text) => `${text}Kind regards`,
  (text) => text.replaceAll('\n', '\n> '),
  (text) => text.replaceAll('.', ' . '),
  (text) => text.replaceAll('.', '\u00AD.'),
  (text) => text.replaceAll('\n', '\u2028'),
  (text) => `${text}\0`,
  (text) => text.slice(0, text.length / 2),
  (text) => ' '.repeat(70_000) + text,
  (text) => text.replaceAll('\n', '\n'.repeat(300)),
];

export const licenseFiles = (corpus) => ({
  name: 'license files',
  share: 10,
  input: fc
    .tuple(changed(corpus.signedTexts), fc.noBias(fc.array(fc.nat(wrappings.length - 1), { maxLength: 2 })))
    .map(([jws, program]) => program.reduce((text, index) => wrappings[index](text), formatLicenseText(jws))),
  judge(text) {
    const jws = attempt(() => parseLicenseText(text), text);
    if (jws.value === undefined) return jws.code;
    const license = attempt(() => verifySignedLicense(jws.value, corpus.keys), text);
    if (license.value !== undefined) assertGenuine(license.value, corpus);
    return `read ${license.code}`;
  },
});

/** Sealed documents as an outsider changes them: without the key, only the very text that was sealed opens. */
export const sealedDocuments = (corpus) => ({
  name: 'sealed documents',
  share: 20,
  input: changed(corpus.sealedTexts),
  judge(text) {
    const envelope = attempt(() => openSealedLicense(text, corpus.ring), text);
    const keyFile = attempt(() => openKeyFile(text, corpus.ring), text);
    const opened = envelope.value !== undefined || keyFile.value !== undefined;
    if (opened && !corpus.sealedHere.has(text)) throw new Breach('opened what this deployment did not seal');
    if (envelope.value !== undefined && keyFile.value !== undefined)
      throw new Breach('took one kind for the other');
    return `${envelope.code} ${keyFile.code}`;
  },
});
