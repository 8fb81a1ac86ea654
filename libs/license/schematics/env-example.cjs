'use strict';

const variables = [
  {
    name: 'LICENSE_ENCRYPTION_KEYS',
    lines: [
      '# The secret of this deployment, the same for the license-server and every service:',
      '# "npx latchkey encryption-key" makes one. LICENSE_ENCRYPTION_KEYS_FILE reads it from a file.',
      'LICENSE_ENCRYPTION_KEYS=',
    ],
  },
  {
    name: 'NATS_URL',
    lines: ['# Where licenses come from; "off" for no NATS.', 'NATS_URL=nats://127.0.0.1:4222'],
  },
  {
    name: 'LICENSE_KEY_PATH',
    lines: [
      '# Where this service keeps its license. Default: ~/.ai-agent-os/license.key',
      '# LICENSE_KEY_PATH=',
    ],
  },
];

/**
 * The text of `.env.example` with the variables it does not mention yet added at its end. Every line it has stays.
 *
 * @param {string} text
 * @returns {string}
 */
function withLicenseVariables(text) {
  const missing = variables.filter(
    ({ name }) => !new RegExp(`^[#\\s]*(export\\s+)?${name}\\s*=`, 'm').test(text),
  );
  if (missing.length === 0) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const added = ['# Licensing (@latchkey/license)', ...missing.flatMap(({ lines }) => lines), ''];
  const gap = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
  return text + gap + added.join(newline);
}

module.exports = { withLicenseVariables };
