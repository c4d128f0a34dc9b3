// What the status is made of.

export interface StatusLine {
  readonly mark: 'good' | 'notice' | 'bad';
  readonly name: string;
  readonly text: string;
}
