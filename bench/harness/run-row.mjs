// Runs one row in this process and hands the result to the process that started it.
import { Logger } from '@nestjs/common';

Logger.overrideLogger(false);
const [name, mode] = process.argv.slice(2);
const quick = mode === 'quick';
const { run } = await import(`../rows/${name}.mjs`);
const result = await run({ quick, rounds: quick ? 5 : 9 });
process.send(JSON.parse(JSON.stringify(result)), () => process.exit(0));
