// testvectors/decisions.json: which license is in force, told as sequences of what is offered and when.
import { addAddressees } from './decisions-addressees.mjs';
import { addClocks } from './decisions-clocks.mjs';
import { addDates } from './decisions-dates.mjs';
import { addInsiders } from './decisions-insiders.mjs';
import { addRestarts } from './decisions-restarts.mjs';
import { addRevocations } from './decisions-revocations.mjs';
import { addSerials } from './decisions-serials.mjs';
import { VectorFile } from './vector-file.mjs';

export function decisions(vendors) {
  const file = new VectorFile(
    'Decisions: which license is in force',
    [
      'Each test is a sequence of "steps", told to one instance under the "policy" of its group. A step has the two',
      'clocks of the instance and at most one word: an "offer" of statements, a "sealed" license, or a "keyFile" from',
      'which the instance starts anew. They name "documents" of the group. A step without any is time that passed:',
      'what is kept for later is judged again. "expect" is the verdict, and what is trusted after it.',
      'A test is valid when nothing in it is refused and it ends with a license in force. The code of an invalid one',
      'is that of the first refusal, or says why there is no license in force at its end.',
    ],
    5001,
  );
  addSerials(file, vendors);
  addDates(file, vendors);
  addRevocations(file, vendors);
  addClocks(file, vendors);
  addAddressees(file, vendors);
  addInsiders(file, vendors);
  addRestarts(file, vendors);
  return file;
}
