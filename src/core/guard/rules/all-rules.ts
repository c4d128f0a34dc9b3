// The rules that ship, for tools whose words alone tell what they do. Readable tables: add a tool as one
// more entry beside its kin, and its lines to the case table of the tests.
//
// A pattern is words that follow the program's name, options and their values left out. `a|b` is either,
// `*` stands for any text in a word, `...` for any words in between, and a word with a dash is an option
// that has to be there. What fits `harmless` never counts; what fits neither is not known.

import type { ToolRule } from '../../layouts/tool-rule.ts';
import { systemRules } from '../../layouts/all-layouts.ts';
import { applications } from './applications.ts';
import { javascriptTools } from './javascript-tools.ts';
import { pythonTools, rubyAndPhpTools } from './python-ruby-php-tools.ts';
import { standaloneTools } from './standalone-tools.ts';
import { databaseClients, dockerTools } from './database-and-container-tools.ts';

export const toolRules: readonly ToolRule[] = [
  ...javascriptTools,
  ...pythonTools,
  ...rubyAndPhpTools,
  ...standaloneTools,
  ...applications,
  ...databaseClients,
  ...dockerTools,
  ...systemRules,
];
