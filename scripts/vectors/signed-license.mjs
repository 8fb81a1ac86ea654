// testvectors/signed-license.json: what is a signed license, before anybody reads its claims.
import { addAlgorithms } from './signed-algorithms.mjs';
import { addForms } from './signed-form.mjs';
import { addHeaderJson } from './signed-header-json.mjs';
import { addHeaders } from './signed-header.mjs';
import { addKeyWindows } from './signed-key-window.mjs';
import { addSignatures } from './signed-signatures.mjs';
import { VectorFile } from './vector-file.mjs';

export function signedLicense(vendors) {
  const file = new VectorFile(
    'Signed licenses: form, header, algorithm, signature, key window',
    [
      'Each test is a compact JWS ("jws"), to be verified as a license under the group\'s "trustedKeys".',
      'A valid one yields "claims".',
    ],
    1,
  );
  addForms(file, vendors);
  addHeaderJson(file, vendors);
  addHeaders(file, vendors);
  addAlgorithms(file, vendors);
  addSignatures(file, vendors);
  addKeyWindows(file, vendors);
  return file;
}
