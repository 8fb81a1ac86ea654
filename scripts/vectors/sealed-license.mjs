// testvectors/sealed-license.json: the envelopes that travel, and the key files that stay.
import { addSealedContents } from './sealed-contents.mjs';
import { freshRing } from './sealed-documents.mjs';
import { addSealedForms } from './sealed-form.mjs';
import { addSealedHeaders } from './sealed-header.mjs';
import { VectorFile } from './vector-file.mjs';

export function sealedLicense(vendors) {
  const file = new VectorFile(
    'Sealed licenses and key files',
    [
      'Each test is a compact JWE ("sealed"), to be opened with the group\'s "testOnlyEncryptionKeys" as what the',
      'type of the group says. A valid one yields "content"; the statements in there are not verified.',
      'The encryption keys were made for these tests and seal nothing else.',
    ],
    3001,
  );
  const ring = freshRing();
  addSealedForms(file, ring);
  addSealedHeaders(file, ring, vendors);
  addSealedContents(file, ring);
  return file;
}
