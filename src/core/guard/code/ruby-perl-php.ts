// Languages whose words reach files and programs without a module: closed lists of those words.

import { noImports, type Language } from './language.ts';
import { unknownMember } from './quiet-members.ts';

export const perl: Language = {
  imports: noImports,
  modules: {},
  reaches:
    /(?<![$@%\w])(open|sysopen|unlink|rename|truncate|rmdir|mkdir|link|symlink|chmod|chown|utime|system|exec|fork|eval|do|require|use|no|dbmopen|dbmclose|syscall|kill|qx|readpipe|glob|tie|bless|select|syswrite|BEGIN|END)(?!\w)|`|->|\(\?\??\{|[/}](?=\w*e)\w*\s*(;|$|["'])/m,
  reading: [
    /\buse\s+(?:strict|warnings|utf8|feature|JSON::PP|List::Util|Data::Dumper|POSIX|Time::\w+|Scalar::Util|Text::\w+|Encode|MIME::Base64|Digest::\w+)\b[^;]*;?/g,
    /\bopen\s*\(?\s*(?:my\s+)?\$\w+\s*,\s*["']<(?::[\w():-]+)?["']\s*,/g,
    /\bdo\s*(?=\{)/g,
    /\b(?:BEGIN|END)\s*(?=\{)/g,
    // `s{a}{b}` and hashes end in a brace, too.
    /\}\s*(?:else|elsif|foreach|while|unless|until|if)\b/g,
  ],
};

export const ruby: Language = {
  imports: noImports,
  modules: {},
  reaches: new RegExp(
    String.raw`\b(FileUtils|IO|Pathname|Kernel|Process|Open3|Object|ObjectSpace|Marshal|open|system|exec|spawn|fork|eval|instance_eval|class_eval|module_eval|send|__send__|public_send|method|const_get|define_method|require|require_relative|load|autoload|syscall|trap|at_exit|binding|delete\w*|destroy\w*|update\w*|save|create\w*|write)\b|` +
      '`|%x' +
      `|${unknownMember.source}|\\w!`,
  ),
  reading: [
    /\brequire\s*\(?\s*["'](?:json|yaml|set|date|time|csv|erb|digest|securerandom|pp|ostruct|bigdecimal|uri|optparse|base64|zlib|stringio|English)["']\s*\)?/g,
    /!=/g,
  ],
};

export const php: Language = {
  imports: noImports,
  modules: {},
  reaches:
    /`|\b(include|require|include_once|require_once|eval|new|exec|system|passthru)\b|(?:::|->)\s*(?!(?:count|first|find|all|where|get|pluck|exists|sum|avg|min|max|orderBy|limit|toArray|toJson|select|latest|value|name|id)\b)\w+|(?<![\w$>:])(?!(?:echo|print|print_r|var_dump|var_export|strlen|count|json_encode|json_decode|phpversion|implode|explode|str_replace|strtoupper|strtolower|trim|date|time|array_\w+|in_array|is_\w+|number_format|round|floor|ceil|max|min|range|sprintf|printf|md5|sha1|hash|base64_encode|base64_decode|urlencode|urldecode|preg_match|preg_split|file_exists|file_get_contents|dirname|basename|getenv|php_uname|extension_loaded|get_loaded_extensions|ini_get|if|while|for|foreach|switch|function|fn|isset|empty|and|or|exit|die|PHP_\w+)\b)[A-Za-z_]\w*\s*\(/,
  reading: [],
};
