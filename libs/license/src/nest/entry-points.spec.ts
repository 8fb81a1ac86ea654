import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import * as main from '../index.js';
import * as issuing from '../issuing.js';
import * as protocol from '../protocol.js';
import * as testing from '../testing.js';

/** What an entry point says that it exports; `type X` for what exists for the compiler only. */
function statedExports(file: string): string[] {
  const path = join(import.meta.dirname, '..', file);
  const { statements } = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext);
  return statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return ['not an export'];
    const { exportClause: clause, isTypeOnly } = statement;
    if (clause === undefined || !ts.isNamedExports(clause)) return ['not a list'];
    return clause.elements.map(
      ({ name, isTypeOnly: isType }) => `${isTypeOnly || isType ? 'type ' : ''}${name.text}`,
    );
  });
}

// What is listed here is what hosts may rely on: adding a name is a promise, removing one breaks somebody.
const entryPoints = {
  'index.ts': {
    loaded: main,
    values: `CommunityAllowed LicenseError LicenseGuard LicenseHealthIndicator LicenseInterceptor LicenseInventory LicenseMetrics LicenseModule
      LicenseRequiredException LicenseService RequireEdition RequireEnterprise RequireFeature`,
    types: `Clock Demand EditionName Environment Explanation ExplanationReason FeatureName FeatureValue FeatureValueOf
      GatedHandler HandlerTransport JsonWebKeyInput LicenseAdapters LicenseErrorCode LicenseErrorDetails LicenseHealth
      LicenseModuleOptions LicenseOptionsFactory LicenseOrigin LicenseQuestion LicenseReason LicenseSource
      LicenseSourceListener LicenseState LicenseStatus LicenseStore LicensedEditions LicensedFeatures LicensedLimits
      LimitName NatsTransportOptions PrometheusClient RefusalBody RefusalCode RefusalEvent
      RefusalNote RefusalOptions Requirement TrustedKeyInput`,
  },
  'protocol.ts': {
    loaded: protocol,
    values: `EditionLadder EncryptionKeyRing LicenseError TrustedKeyRing TrustedState WatchedFile acceptLicense
      acceptNext defaultSubjectPrefix encodeRequest expiryWarning formatLicenseText jittered natsOptionsFromEnvironment
      natsVariables openAndAccept openKeyFile openSealedLicense parseBroadcast parseDuration parseEncryptionKeys
      parseLicenseText parseNatsUrl parseReply persistentConnection readTextFile readUnverifiedLicense
      readUnverifiedRevocation readVariable sealKeyFile sealLicense sealedMessage standingOf subjectsFor
      systemClock verifySignedLicense verifySignedRevocation`,
    types: `
      Clock CurrentLicense EncryptionKey Environment ExpiryWarning FeatureValue JsonWebKeyInput Judgement
      KeyFileContent License LicenseClaims LicenseEnvelope LicenseErrorCode LicenseErrorDetails
      LicenseOffer LicenseRequest NatsTransportOptions RevocationClaims SealedMessage SignatureAlgorithm
      SignedLicense SignedRevocation Standing Subjects TimeFloor TrustPolicy TrustedKey TrustedKeyInput
      Verdict`,
  },
  'issuing.ts': {
    loaded: issuing,
    values: `exportSigningKey generateEncryptionKey generateSigningKey publicJwk readSigningKey signLicense
      signRevocation`,
    types: `LicenseClaims PublicJwk RevocationClaims SigningKey`,
  },
  'testing.ts': {
    loaded: testing,
    values: `LicenseTestingModule ManualClock TestIssuer expectAllFeaturesGated licenseMatchers licenseOf overrideLicense
      until`,
    types: `GatedInCode LicenseControl LicenseMatchers LicenseTestingOptions`,
  },
};
const namesIn = (list: string): string[] => list.split(/\s+/).filter((name) => name !== '');

describe.each(Object.entries(entryPoints))('the entry point %s', (file, { loaded, values, types }) => {
  it('exports these values', () => {
    expect(Object.keys(loaded).toSorted()).toEqual(namesIn(values).toSorted());
  });

  it('and these types, by name, and nothing else', () => {
    const expected = [...namesIn(values), ...namesIn(types).map((name) => `type ${name}`)];
    expect(statedExports(file).toSorted()).toEqual(expected.toSorted());
  });
});
