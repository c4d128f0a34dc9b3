// Which names, of variables, options, headers and fields, promise a secret as their value.

const secretWord =
  /^(?:pass|passwd|pw|pwd|secret|token|key|auth|authorization|authentication|cred|credential|dsn|cookie|jwt|otp|pin|pat|sas|salt|bearer)s?$/;
const secretEnd =
  /(?:password|passwd|passphrase|passcode|passwort|pass|pwd|secret|token|apikey|key|credential)s?$/;
const secretStart = /^(?:password|passwd|passphrase|secret|token|apikey)/;

/** Whatever word of it, in whatever spelling: `DB_PASSWORD1`, `apiKey`, `--x-api-key`. `PWD` is none. */
export function namesSecret(name: string): boolean {
  if (/^(?:OLD)?PWD$/.test(name)) return false;
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some(
    (word) => secretWord.test(word) || secretEnd.test(word) || secretStart.test(word),
  );
}
