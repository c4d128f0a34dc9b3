// Endings of files that are something else than a SQLite database: whoever looks for databases under
// any name need not look at those.

/** Of source code, texts, pictures, sounds, archives and what tools make: of nearly all files of a project. */
const ordinary = new Set(
  (
    'js mjs cjs jsx ts mts cts tsx vue svelte astro json jsonc json5 ndjson jsonl map lock yml yaml toml ini cfg conf ' +
    'env xml xsd xsl html htm css scss sass less styl md mdx rst adoc txt text csv tsv log diff patch sql graphql gql ' +
    'proto py pyi pyc pyx ipynb rb erb rake gemspec go mod sum rs java class jar kt kts groovy gradle scala clj cljs ' +
    'php twig blade cs csproj sln fs fsproj vb c h cc cpp cxx hpp hh m mm swift dart lua pl pm t r jl ex exs heex eex ' +
    'erl hrl hs elm ml mli sh bash zsh fish ps1 psm1 bat cmd mk cmake make nix tf tfvars hcl prisma snap tmpl tpl hbs ' +
    'ejs pug liquid njk po pot mo strings properties png jpg jpeg gif webp avif heic bmp ico svg tif tiff psd ai eps ' +
    'mp3 wav ogg flac aac m4a mp4 mov mkv webm avi pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub zip tar gz tgz ' +
    'bz2 xz zst 7z rar whl egg so dll dylib a o obj exe node wasm woff woff2 ttf otf eot pem crt cer key pub p12 asc ' +
    'sig bak tmp swp example sample dockerignore gitignore gitattributes gitkeep npmrc nvmrc editorconfig eslintrc'
  ).split(' '),
);

/** False for a file whose name says that it is something else; names without an ending say nothing. */
export function mayBeDatabaseByName(name: string): boolean {
  const dot = name.lastIndexOf('.');
  if (dot <= 0)
    return !/^(?:LICEN[CS]E|README|CHANGELOG|Makefile|Dockerfile|Procfile|Gemfile|Rakefile|\..*)$/i.test(
      name,
    );
  return !ordinary.has(name.slice(dot + 1).toLowerCase());
}
