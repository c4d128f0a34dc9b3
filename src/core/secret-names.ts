// Which names, of variables and options, promise a secret as their value.

const secretName = /(?:KEY|SECRET|TOKEN|PASS|PASSWD|PASSWORD|CREDENTIALS?|AUTH)(?:_|$)/i;

/** `PWD` is none of them. */
export function namesSecret(name: string): boolean {
  return secretName.test(name);
}
