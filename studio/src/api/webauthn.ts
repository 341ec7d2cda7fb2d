/**
 * WebAuthn (Level 3) in the browser: what the server sends is JSON, with base64url where the browser wants bytes. The
 * browser's own functions for it are missing where it is a few years old, and where a password manager stands in for it.
 */

export interface KeyDescriptor {
  id: string;
  type: string;
  transports?: readonly string[] | null;
}

export interface RegistrationOptions {
  challenge: string;
  rp: { name: string; id: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: readonly { alg: number; type: string }[];
  timeout: number;
  attestation: string;
  excludeCredentials: readonly KeyDescriptor[];
  authenticatorSelection: {
    residentKey?: string | null;
    userVerification?: string | null;
    requireResidentKey?: boolean;
    authenticatorAttachment?: string | null;
  };
  extensions: { credProps?: boolean };
}

export interface AuthenticationOptions {
  rpId: string;
  challenge: string;
  allowCredentials?: readonly KeyDescriptor[] | null;
  timeout: number;
  userVerification: string;
}

/** Why the browser made or used no passkey. */
export type PasskeyFault = 'canceled' | 'known' | 'host' | 'unsupported';

export class PasskeyError extends Error {
  readonly fault: PasskeyFault;

  constructor(fault: PasskeyFault, cause: unknown) {
    super(fault, { cause });
    this.name = 'PasskeyError';
    this.fault = fault;
  }
}

/** Passkeys need a page that came by https, or from the own machine. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function';
}

/** Whether the browser offers passkeys in a form's own list of suggestions. */
export async function offersPasskeys(): Promise<boolean> {
  return (
    hasPasskeys() &&
    typeof PublicKeyCredential.isConditionalMediationAvailable === 'function' &&
    (await PublicKeyCredential.isConditionalMediationAvailable())
  );
}

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function toText(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function descriptors(keys: readonly KeyDescriptor[]): PublicKeyCredentialDescriptor[] {
  return keys.map(({ id, transports }) => ({
    id: toBytes(id),
    type: 'public-key',
    ...(transports && { transports: transports as AuthenticatorTransport[] }),
  }));
}

/** Makes a passkey: WebAuthn's RegistrationResponseJSON. */
export async function createPasskey(options: RegistrationOptions): Promise<Record<string, unknown>> {
  const { residentKey, userVerification, requireResidentKey, authenticatorAttachment } =
    options.authenticatorSelection;
  const credential = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: toBytes(options.challenge),
        rp: options.rp,
        user: { ...options.user, id: toBytes(options.user.id) },
        pubKeyCredParams: options.pubKeyCredParams.map(({ alg }) => ({ alg, type: 'public-key' })),
        timeout: options.timeout,
        attestation: options.attestation as AttestationConveyancePreference,
        excludeCredentials: descriptors(options.excludeCredentials),
        authenticatorSelection: {
          ...(residentKey && { residentKey: residentKey as ResidentKeyRequirement }),
          ...(userVerification && { userVerification: userVerification as UserVerificationRequirement }),
          ...(requireResidentKey !== undefined && { requireResidentKey }),
          ...(authenticatorAttachment && {
            authenticatorAttachment: authenticatorAttachment as AuthenticatorAttachment,
          }),
        },
        extensions: { credProps: options.extensions.credProps === true },
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

export interface Asking {
  /** Wait until the person picks a passkey among the suggestions of a field. */
  inField: boolean;
  signal: AbortSignal;
}

/** Signs with a passkey: WebAuthn's AuthenticationResponseJSON. */
export async function signByPasskey(
  options: AuthenticationOptions,
  { inField, signal }: Asking,
): Promise<Record<string, unknown>> {
  const credential = await ask(() =>
    navigator.credentials.get({
      mediation: inField ? 'conditional' : 'optional',
      signal,
      publicKey: {
        challenge: toBytes(options.challenge),
        rpId: options.rpId,
        timeout: options.timeout,
        userVerification: options.userVerification as UserVerificationRequirement,
        allowCredentials: descriptors(options.allowCredentials ?? []),
      },
    }),
  );
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      ...(response.userHandle && { userHandle: toText(response.userHandle) }),
    },
  };
}

function common(credential: PublicKeyCredential) {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    ...(credential.authenticatorAttachment && {
      authenticatorAttachment: credential.authenticatorAttachment,
    }),
  };
}

async function ask(call: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential;
  try {
    credential = await call();
  } catch (error) {
    throw new PasskeyError(faultOf(error), error);
  }
  if (!(credential instanceof PublicKeyCredential)) {
    throw new PasskeyError('canceled', credential);
  }
  return credential;
}

/** By the name of the browser's exception (WebAuthn Level 3, sections 5.1.3 and 5.1.4). */
function faultOf(error: unknown): PasskeyFault {
  switch (error instanceof Error ? error.name : '') {
    case 'InvalidStateError':
      return 'known';
    case 'SecurityError':
      return 'host';
    case 'NotSupportedError':
    case 'ConstraintError':
      return 'unsupported';
    default:
      return 'canceled';
  }
}
